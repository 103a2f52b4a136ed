using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>
/// Twilio's Messages resource, which others offer too: <c>POST /2010-04-01/Accounts/{sid}/Messages.json</c>, a form, Basic authentication,
/// 201 with a message or an error with a <c>code</c>. Twilio documents no idempotency key, so an answer that is lost may mean a second message, with the same
/// code; ours goes along all the same, for those who took over the requests and know one.
/// </summary>
internal sealed class TwilioTransport(IOptions<MessagingOptions> options, SmsConnection connection) : ISmsTransport
{
    // Its codes for what will not change by trying again: numbers that are none, cannot be texted, are not allowed, or said STOP.
    private static readonly int[] final = [21211, 21214, 21217, 21408, 21610, 21612, 21614, 21617, 30004, 30005, 30006];

    public async Task<(Delivery, string?)> SendAsync(MailId id, SmsMessage message, CancellationToken ct)
    {
        var twilio = options.Value.Sms.Twilio;
        var from = twilio.From.StartsWith("MG", StringComparison.Ordinal) ? "MessagingServiceSid" : "From";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{twilio.Url.TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(twilio.AccountSid)}/Messages.json")
        {
            Content = new FormUrlEncodedContent([new("To", message.To), new(from, twilio.From), new("Body", message.Text)]),
        };
        var user = twilio.ApiKey.Length > 0 ? twilio.ApiKey : twilio.AccountSid;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{twilio.Secret}")));
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"\"{id}\"");
        var (status, answer) = await connection.SendAsync(request, ct);
        return status is { } known ? Read(known, answer) : (Delivery.Later, answer);
    }

    /// <summary>An error's own code decides; its text may repeat the number and is left out of the log.</summary>
    internal static (Delivery, string?) Read(HttpStatusCode status, string answer)
    {
        var (code, state) = Parse(answer);
        var reason = code is { } number ? string.Create(CultureInfo.InvariantCulture, $"status {(int)status}, error {number}") : $"status {(int)status}";
        if (code is { } known && final.Contains(known)) return (Delivery.Refused, reason);
        var meaning = SmsConnection.Meaning(status);
        // Accepted and failed at once: it says so in the message itself.
        if (meaning == Delivery.Sent) return state is "failed" or "undelivered" ? (Delivery.Refused, reason) : (Delivery.Sent, null);
        return (meaning, reason);
    }

    private static (int? Code, string? State) Parse(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root) return default;
            int? Number(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
            // An error says "status" as a number, a message says it as a word.
            var state = root.TryGetProperty("status", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            return (Number("code") ?? Number("error_code"), state);
        }
        catch (JsonException)
        {
            return default;     // a proxy's page: the status has to do
        }
    }
}
