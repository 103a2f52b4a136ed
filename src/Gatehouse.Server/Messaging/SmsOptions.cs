using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.E164;

namespace Gatehouse.Messaging;

/// <summary>Who takes our text messages. Section <c>Messaging:Sms</c>.</summary>
public sealed class SmsOptions
{
    internal const string ByTwilio = "twilio", ByHttp = "http";

    /// <summary><c>twilio</c> or <c>http</c>; empty (the default): no text message leaves.</summary>
    public string Provider { get; set; } = "";

    public TwilioOptions Twilio { get; set; } = new();

    public HttpSmsOptions Http { get; set; } = new();
}

/// <summary>Twilio, or whoever speaks as it does.</summary>
public sealed class TwilioOptions
{
    /// <summary>Where the API is. https, or http on this machine; default <c>https://api.twilio.com</c>.</summary>
    public string Url { get; set; } = "https://api.twilio.com";

    /// <summary>The account, <c>AC…</c>.</summary>
    public string AccountSid { get; set; } = "";

    /// <summary>An API key, <c>SK…</c>; empty (the default): the account itself, with its auth token as <see cref="Secret"/>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The API key's secret or the account's auth token. Better in the environment than in a file.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The sender: a number with its country (<c>+49…</c>), a name of 1 to 11 letters and digits, or a messaging service (<c>MG…</c>).</summary>
    public string From { get; set; } = "";
}

/// <summary>A provider that takes JSON by POST.</summary>
public sealed class HttpSmsOptions
{
    /// <summary>Where messages are posted to. https, or http on this machine.</summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// The JSON document to post. In its texts <c>{{to}}</c> stands for the number (<c>+49…</c>), <c>{{to_digits}}</c> for the same without the
    /// plus, <c>{{text}}</c> for the message, <c>{{id}}</c> for a name of the message that stays the same at every attempt, <c>{{secret}}</c> for
    /// <see cref="Secret"/>. Must contain the number and the text.
    /// </summary>
    public string Body { get; set; } = """{"to":"{{to}}","text":"{{text}}","id":"{{id}}"}""";

    /// <summary>Headers, each as <c>Name: value</c>, with the same placeholders; for example <c>Authorization: Bearer {{secret}}</c>.</summary>
    public IReadOnlyList<string> Headers { get; set; } = [];

    /// <summary>What <c>{{secret}}</c> stands for. Better in the environment than in a file.</summary>
    public string Secret { get; set; } = "";
}

/// <summary>A header as it is configured.</summary>
internal static class SmsHeader
{
    internal static (string Name, string Value)? Parse(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || line.Any(char.IsControl)) return null;
        var (name, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
        using var probe = new HttpRequestMessage();
        return value.Length > 0 && probe.Headers.TryAddWithoutValidation(name, "x") ? (name, value) : null;
    }
}

/// <summary>What must hold of <see cref="SmsOptions"/>; said before the process begins to listen.</summary>
internal static class SmsOptionsCheck
{
    /// <returns>Null when they will do.</returns>
    internal static string? Check(SmsOptions options) => options.Provider switch
    {
        "" => null,
        SmsOptions.ByTwilio => Check(options.Twilio),
        SmsOptions.ByHttp => Check(options.Http),
        _ => "Messaging:Sms:Provider is twilio, http or empty.",
    };

    private static string? Check(TwilioOptions twilio)
    {
        if (!IsSafe(twilio.Url)) return "Messaging:Sms:Twilio:Url is an https address (http only on this machine).";
        if (twilio.AccountSid.Length == 0) return "Messaging:Sms:Twilio:AccountSid is required with Messaging:Sms:Provider twilio.";
        if (twilio.Secret.Length == 0) return "Messaging:Sms:Twilio:Secret is required with Messaging:Sms:Provider twilio.";
        var name = twilio.From.Length is > 0 and <= 11 && twilio.From.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ') && twilio.From.Any(char.IsAsciiLetter);
        var service = twilio.From.Length == 34 && twilio.From.StartsWith("MG", StringComparison.Ordinal);
        return name || service || PhoneNumber.Parse(twilio.From) is not null || (twilio.From.Length is >= 3 and <= 8 && twilio.From.All(char.IsAsciiDigit))
            ? null
            : "Messaging:Sms:Twilio:From is a number with its country (+49…), a short code, a name of at most 11 letters and digits, or a messaging service (MG…).";
    }

    private static string? Check(HttpSmsOptions http)
    {
        if (!IsSafe(http.Url)) return "Messaging:Sms:Http:Url is an https address (http only on this machine).";
        try
        {
            if (JsonNode.Parse(http.Body) is not (JsonObject or JsonArray)) return "Messaging:Sms:Http:Body is a JSON object or array.";
        }
        catch (JsonException e)
        {
            return $"Messaging:Sms:Http:Body is no JSON: {e.Message}";
        }
        if (!(http.Body.Contains("{{to}}", StringComparison.Ordinal) || http.Body.Contains("{{to_digits}}", StringComparison.Ordinal)) || !http.Body.Contains("{{text}}", StringComparison.Ordinal))
            return "Messaging:Sms:Http:Body contains {{to}} (or {{to_digits}}) and {{text}}.";
        foreach (var header in http.Headers)
            if (SmsHeader.Parse(header) is null) return "Messaging:Sms:Http:Headers are each written Name: value, and Content-Type is not among them.";
        if (http.Secret.Any(char.IsControl)) return "Messaging:Sms:Http:Secret contains a control character.";
        return http.Secret.Length == 0 && (http.Body.Contains("{{secret}}", StringComparison.Ordinal) || http.Headers.Any(h => h.Contains("{{secret}}", StringComparison.Ordinal)))
            ? "Messaging:Sms:Http:Secret is empty, but {{secret}} is used."
            : null;
    }

    private static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && Loopback.IsHost(uri.Host)));
}
