using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>
/// Any provider that takes a JSON document by POST: the operator writes the document and the headers, with <c>{{to}}</c>, <c>{{text}}</c>,
/// <c>{{id}}</c> and <c>{{secret}}</c> in them. The values are put into the parsed document, so that no text can end a string of it.
/// </summary>
internal sealed class HttpSmsTransport(IOptions<MessagingOptions> options, SmsConnection connection) : ISmsTransport
{
    public async Task<(Delivery, string?)> SendAsync(MailId id, SmsMessage message, CancellationToken ct)
    {
        var http = options.Value.Sms.Http;
        Dictionary<string, string> values = new(StringComparer.Ordinal)
        {
            ["to"] = message.To, ["to_digits"] = message.To[1..], ["text"] = message.Text, ["id"] = id.ToString(), ["secret"] = http.Secret,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, http.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body(http.Body, values))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var header in http.Headers)
            if (SmsHeader.Parse(header) is var (name, value)) request.Headers.TryAddWithoutValidation(name, Fill(value, values));
        var (status, answer) = await connection.SendAsync(request, ct);
        return status is not { } known ? (Delivery.Later, answer) : SmsConnection.Meaning(known) is var meaning && meaning == Delivery.Sent ? (meaning, null) : (meaning, $"status {(int)known}");
    }

    /// <summary>The document with its values.</summary>
    internal static string Body(string template, IReadOnlyDictionary<string, string> values)
    {
        var root = JsonNode.Parse(template)!;
        Fill(root, values);
        return root.ToJsonString();
    }

    /// <returns>What takes the place of a text; null where the node itself stays.</returns>
    private static JsonValue? Fill(JsonNode node, IReadOnlyDictionary<string, string> values)
    {
        switch (node)
        {
            case JsonObject document:
                foreach (var name in document.Select(member => member.Key).ToArray())
                    if (document[name] is { } member && Fill(member, values) is { } filled) document[name] = filled;
                return null;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is { } item && Fill(item, values) is { } filled) list[i] = filled;
                return null;
            case JsonValue text when text.TryGetValue<string>(out var template): return JsonValue.Create(Fill(template, values));
            default: return null;
        }
    }

    /// <summary>Values are not read again: one that looks like a placeholder stays what it is.</summary>
    private static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : template.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) return filled.Append(template, at, template.Length - at).ToString();
            filled.Append(template, at, open - at);
            filled.Append(values.TryGetValue(template[(open + 2)..close], out var value) ? value : template[open..(close + 2)]);
            at = close + 2;
        }
        return filled.ToString();
    }
}
