using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.BadInput;

/// <summary>The words that the fuzz mixes: real ids and secrets of one tenant, the protocol's own names, and everything that parsers stumble over.</summary>
internal sealed class Vocabulary
{
    private static readonly string[] parameters =
    [
        "client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age", "login_hint", "ui_locales", "id_token_hint", "code_challenge",
        "code_challenge_method", "resource", "request", "request_uri", "grant_type", "code", "code_verifier", "refresh_token", "token", "token_type_hint", "post_logout_redirect_uri", "interaction", "email",
        "password", "csrf", "decision", "display_name", "limit", "cursor", "search", "lang", "session", "client", "new_password", "action", "actor", "target", "from", "to", "status", "x", "",
    ];

    private static readonly string[] members =
    [
        "emails", "email_verified", "display_name", "given_name", "family_name", "locale", "attributes", "password", "name", "type", "first_party", "redirect_uris", "post_logout_redirect_uris", "grant_types",
        "scopes", "id_token_algorithm", "administrator", "enabled", "identifier", "access_token_seconds", "signing_algorithm", "slug", "settings", "sessions", "idle_seconds", "tokens", "locales", "offered", "email", "host",
        "subject", "text", "html", "status", "expires_at", "role", "x", "",
    ];

    private static readonly string[] odd =
    [
        "", " ", "0", "-1", "1", "2147483648", "9223372036854775808", "1e309", "NaN", "null", "true", "\u0000", "\u202e", "\ufeff", "\ud83d\ude00", "e\u0301", "ß", "İ", "'", "\"", "' OR 1=1 --", "<script>", "{{7*7}}", "${x}", "%s%n", "../..", "..%2f", "\r\nX: y",
        "https://evil.example/", "//evil.example", "javascript:alert(1)", "a@example.com", "A@EXAMPLE.COM", "a@b@c", "2024-02-30T25:61:61Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "en", "fa", "xx-invalid-locale-tag-that-is-long", "none", "login", "code",
        "authorization_code", "refresh_token", "client_credentials", "openid", "openid profile", "S256", "plain", "query", "form_post", "allow", "deny", "usr_", "int_", "*", "v1", "\"v1\"", "W/\"v1\"",
    ];

    private readonly string[] real;

    private Vocabulary(TestTenant tenant, string email, string authorize, string[] real) => (Tenant, Email, Authorize, this.real) = (tenant, email, authorize, real);

    internal TestTenant Tenant { get; }
    internal string Email { get; }
    internal string Authorize { get; }
    internal string Origin => new Uri(Tenant.Url).GetLeftPart(UriPartial.Authority);

    internal static async Task<Vocabulary> CreateAsync(TestServer server)
    {
        var world = await Peers.PeerWorld.CreateAsync(server);
        using var admin = await server.AdminAsync(world.Tenant);
        var (client, secret) = await world.NewClientAsync(new { name = "Shop", first_party = true, redirect_uris = new[] { Attacked.Callback }, post_logout_redirect_uris = new[] { Attacked.Home } });
        List<string> real = [client, secret!, Attacked.Callback, Attacked.Home, world.Email, world.Tenant.Id, world.Tenant.Slug, "https://orders.example/api", "orders.read", "administrator"];
        foreach (var list in (string[])["users", "apis", "keys"])
        {
            using var answer = await admin.GetAsync($"api/v1/{list}");
            foreach (var item in (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()) real.Add(item.GetProperty("id").GetString()!);
        }
        var authorize = $"/oauth2/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(Attacked.Callback)}&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        return new(world.Tenant, world.Email, authorize, [.. real]);
    }

    internal string Parameter(ByteSource bytes) => bytes.Pick(parameters);

    internal string Word(ByteSource bytes) => bytes.Below(10) switch
    {
        < 4 => bytes.Pick(real),
        < 8 => bytes.Pick(odd),
        8 => Spoil(bytes.Pick(real), bytes),
        _ => new string((char)('a' + bytes.Below(26)), bytes.Below(400)),
    };

    internal string Ascii(ByteSource bytes)
    {
        var word = Word(bytes);
        return word.All(c => c is >= ' ' and < '\x7f') ? word : "x";
    }

    /// <summary>A JSON text, sometimes of a shape that nobody expects.</summary>
    internal string Json(ByteSource bytes, int depth)
    {
        switch (depth == 0 ? bytes.Below(10) : depth > 3 ? 9 : 5 + bytes.Below(5))
        {
            case < 7 and var shape when shape != 6 || depth == 0:
                StringBuilder text = new("{");
                for (var n = bytes.Below(5) + 1; n > 0; n--) text.Append(text.Length > 1 ? "," : "").Append(Quote(bytes.Pick(members))).Append(':').Append(Json(bytes, depth + 1));
                return text.Append('}').ToString();
            case 6 or 7:
                return "[" + string.Join(',', Enumerable.Range(0, bytes.Below(4)).Select(_ => Json(bytes, depth + 1))) + "]";
            case 8:
                return bytes.Pick(["null", "true", "false", "0", "-1", "1.5", "1e400", "86400", "99999999999999999999", "\"\\u0000\"", "\"\\ud800\""]);
            default:
                return Quote(Word(bytes));
        }
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Spoil(string word, ByteSource bytes)
    {
        if (word.Length == 0) return "x";
        var at = bytes.Below(word.Length);
        return bytes.Below(4) switch { 0 => word[..at], 1 => word + word, 2 => word.Insert(at, "\u0301"), _ => word.ToUpperInvariant() };
    }
}
