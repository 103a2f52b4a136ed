using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Organizations;

/// <summary>
/// What an organization decides for whoever works in it. Each value is laid over the tenant's so that the stricter of both holds: nobody can loosen here what the
/// tenant asks. Null: as the tenant has it.
/// </summary>
public sealed record OrganizationSettings
{
    public static OrganizationSettings None { get; } = new();

    public const string Invite = "invite", Domain = "domain", Request = "request", Open = "open";

    /// <summary>How people come in: <c>invite</c> (default), <c>domain</c> (also whoever has a verified address at one of its verified domains), <c>request</c> (also who asks and is let in), <c>open</c> (anybody).</summary>
    public string? Enrolment { get; init; }

    /// <summary>With <c>domain</c>: whether she joins by signing in (true), or may join in her account (default).</summary>
    public bool? JoinAtSignIn { get; init; }

    /// <summary><c>required</c>: a second step of every member, whatever the tenant asks, and no trusted browser in its place.</summary>
    public string? SecondFactor { get; init; }

    /// <summary>With what her sign-in may begin: some of <c>password</c>, <c>passkey</c>, <c>email_code</c>, <c>sms_code</c>, of those that the tenant offers.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>Longest pause of a session in which the organization is the active one, seconds. 60 to 2592000.</summary>
    public int? SessionIdleSeconds { get; init; }

    /// <summary>Longest life of such a session, seconds. 300 to 31536000.</summary>
    public int? SessionAbsoluteSeconds { get; init; }

    /// <summary>The organization's colour, <c>#rrggbb</c>: on its invitations, and on pages once it is known that she goes on in it. Kept readable whatever it is.</summary>
    public string? Accent { get; init; }

    [JsonIgnore]
    public string EnrolmentMode => Enrolment ?? Invite;

    [JsonIgnore]
    public bool RequiresSecondFactor => SecondFactor == SignInSettings.Required;

    /// <summary>Whether anything here asks more of a sign-in than the tenant does.</summary>
    [JsonIgnore]
    public bool AsksMore => RequiresSecondFactor || Methods is not null;

    internal static OrganizationSettings Read(string stored) => stored == "{}" ? None : JsonSerializer.Deserialize(stored, OrganizationsJson.Default.OrganizationSettings) ?? None;

    internal string Write() => JsonSerializer.Serialize(this, OrganizationsJson.Default.OrganizationSettings);

    /// <summary>RFC 7396 over the members there are: null goes back to the tenant's.</summary>
    /// <returns>Or <c>member_unknown</c>, <c>setting_invalid</c>.</returns>
    internal static Result<OrganizationSettings, Problem> Merge(OrganizationSettings current, JsonElement patch)
    {
        if (patch.ValueKind == JsonValueKind.Null) return None;
        if (patch.ValueKind != JsonValueKind.Object) return Problem.Invalid("setting_invalid", "settings is an object.", "settings");
        var settings = current;
        foreach (var member in patch.EnumerateObject())
        {
            var (value, cleared) = (member.Value, member.Value.ValueKind == JsonValueKind.Null);
            switch (member.Name)
            {
                case "enrolment":
                    if (!cleared && Text(value) is not (Invite or Domain or Request or Open)) return Wrong(member.Name, $"One of {Invite}, {Domain}, {Request}, {Open}.");
                    settings = settings with { Enrolment = Text(value) };
                    break;
                case "join_at_sign_in":
                    if (!cleared && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return Wrong(member.Name, "True or false.");
                    settings = settings with { JoinAtSignIn = cleared ? null : value.GetBoolean() };
                    break;
                case "second_factor":
                    if (!cleared && Text(value) is not (SignInSettings.Required or SignInSettings.Optional)) return Wrong(member.Name, $"{SignInSettings.Required}, or {SignInSettings.Optional}: as the tenant has it.");
                    settings = settings with { SecondFactor = Text(value) };
                    break;
                case "methods":
                    string[] known = [SignInSettings.Password, SignInSettings.Passkey, SignInSettings.EmailCode, SignInSettings.SmsCode];
                    if (!cleared && (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || value.EnumerateArray().Any(m => Text(m) is not { } name || !known.Contains(name))
                        || value.EnumerateArray().Select(Text).Distinct().Count() != value.GetArrayLength())) return Wrong(member.Name, $"At least one of {string.Join(", ", known)}, each once.");
                    settings = settings with { Methods = cleared ? null : [.. value.EnumerateArray().Select(m => m.GetString()!)] };
                    break;
                case "session_idle_seconds":
                    if (!cleared && Number(value) is not (>= 60 and <= 30 * 86400)) return Wrong(member.Name, "A number from 60 to 2592000.");
                    settings = settings with { SessionIdleSeconds = Number(value) };
                    break;
                case "session_absolute_seconds":
                    if (!cleared && Number(value) is not (>= 300 and <= 365 * 86400)) return Wrong(member.Name, "A number from 300 to 31536000.");
                    settings = settings with { SessionAbsoluteSeconds = Number(value) };
                    break;
                case "accent":
                    if (!cleared && (Text(value) is not { Length: 7 } colour || colour[0] != '#' || !colour.AsSpan(1).ToString().All(char.IsAsciiHexDigit))) return Wrong(member.Name, "A colour is written #rrggbb.");
                    settings = settings with { Accent = Text(value) };
                    break;
                default:
                    return Problem.Invalid("member_unknown", "There is no such setting.", $"settings.{(member.Name.Length <= 100 ? member.Name : member.Name[..100])}");
            }
        }
        return settings;
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static Problem Wrong(string member, string detail) => Problem.Invalid("setting_invalid", detail, $"settings.{member}");
}
