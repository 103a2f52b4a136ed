using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth;

/// <summary>Where a walk through our pages ended.</summary>
/// <param name="Address">The application's address the browser was sent to; null when it stopped at a page of ours.</param>
/// <param name="Parameters">What the application was told.</param>
/// <param name="Response">The last answer of ours.</param>
public sealed record Arrival(Uri? Address, IReadOnlyDictionary<string, string> Parameters, HttpResponseMessage Response)
{
    public string this[string name] => Parameters.TryGetValue(name, out var value) ? value : throw new Xunit.Sdk.XunitException($"No {name} in {Address}: {string.Join(", ", Parameters)}");
    public bool Has(string name) => Parameters.ContainsKey(name);

    public void ShouldBeError(string code)
    {
        if (!Parameters.TryGetValue("error", out var error) || error != code) throw new Xunit.Sdk.XunitException($"Expected the error {code} at the application, got {Address} ({(int)Response.StatusCode}).");
        Has("code").ShouldBeFalse();
    }
}

/// <summary>A person at a browser without JavaScript: follows redirects and refreshes, reads forms and fills them in.</summary>
public sealed partial class Visitor(World world, HttpClient browser)
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const int MaxSteps = 20;

    public HttpClient Browser => browser;

    /// <summary>What she does on the consent page.</summary>
    public string Decision { get; set; } = "allow";

    /// <summary>Stops at the first page whose form goes to this path instead of filling it in.</summary>
    public string? StopAt { get; set; }

    /// <summary>How many times she had to give her password.</summary>
    public int PasswordsGiven { get; private set; }
    public int ConsentsGiven { get; private set; }

    /// <summary>A valid authorization request.</summary>
    public Dictionary<string, string?> Request(TestApp app) => new(StringComparer.Ordinal)
    {
        ["response_type"] = "code",
        ["client_id"] = app.Id,
        ["redirect_uri"] = app.RedirectUri,
        ["scope"] = "openid profile email offline_access orders:read",
        ["state"] = "af0ifjsldkj",
        ["nonce"] = "n-0S6_WzA2Mj",
        ["code_challenge"] = Pkce.Challenge(Verifier),
        ["code_challenge_method"] = "S256",
    };

    /// <summary>Sends the request and walks until the application has the answer or a page cannot be passed.</summary>
    public async Task<Arrival> AuthorizeAsync(TestApp app, Action<Dictionary<string, string?>>? change = null)
    {
        var request = Request(app);
        change?.Invoke(request);
        return await WalkAsync(await browser.GetAsync("oauth2/authorize?" + Query(request)));
    }

    public async Task<string> CodeAsync(TestApp app, Action<Dictionary<string, string?>>? change = null) => (await AuthorizeAsync(app, change))["code"];

    public static string Query(IEnumerable<KeyValuePair<string, string?>> parameters) =>
        string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));

    public async Task<Arrival> WalkAsync(HttpResponseMessage response)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            if (response.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.Found)
            {
                var location = response.Headers.Location!.IsAbsoluteUri ? response.Headers.Location : new Uri(response.RequestMessage!.RequestUri!, response.Headers.Location);
                if (!IsOurs(location)) return Arrived(location, response);
                response = await browser.GetAsync(location);
                continue;
            }
            if (response.Headers.TryGetValues("Refresh", out var refresh))
            {
                response = await browser.GetAsync(new Uri(world.Server.Url + new Uri(new Uri(world.Server.Url), refresh.Single()["0;url=".Length..]).PathAndQuery));
                continue;
            }
            if (response.StatusCode != HttpStatusCode.OK) return Stopped(response);
            var html = await response.Content.ReadAsStringAsync();
            if (FormTag().Match(html) is not { Success: true } form) return Stopped(response);
            var action = new Uri(response.RequestMessage!.RequestUri!, HttpUtility.HtmlDecode(form.Groups[1].Value));
            var fields = Fields(html);
            if (!IsOurs(action)) return new(action, fields, response);
            var path = action.AbsolutePath[new Uri(world.Issuer).AbsolutePath.TrimEnd('/').Length..];
            if (path == StopAt || !Fill(path, fields)) return Stopped(response);
            response = await browser.PostAsync(action, new FormUrlEncodedContent(fields));
        }
        throw new Xunit.Sdk.XunitException($"More than {MaxSteps} steps; the last was {response.RequestMessage!.RequestUri}.");
    }

    /// <summary>The form on a page: where it goes and its fields.</summary>
    public static async Task<(string Action, Dictionary<string, string> Fields)> ReadFormAsync(HttpResponseMessage page)
    {
        var html = await page.Content.ReadAsStringAsync();
        var form = FormTag().Match(html);
        if (!form.Success) throw new Xunit.Sdk.XunitException($"No form on {page.RequestMessage!.RequestUri}: {html}");
        return (HttpUtility.HtmlDecode(form.Groups[1].Value), Fields(html));
    }

    private bool Fill(string path, Dictionary<string, string> fields)
    {
        switch (path)
        {
            case "/signin":
                fields["email"] = World.Email;
                return true;
            case "/signin/password":
                fields["password"] = World.Password;
                PasswordsGiven++;
                return true;
            case "/consent":
                fields["decision"] = Decision;
                ConsentsGiven++;
                return true;
            case "/oauth2/logout/confirm":
                return true;
            default:
                return false;
        }
    }

    private bool IsOurs(Uri address) => address.AbsoluteUri.StartsWith(world.Server.Url + "/", StringComparison.Ordinal);

    private static Arrival Stopped(HttpResponseMessage response) => new(null, new Dictionary<string, string>(), response);

    private static Arrival Arrived(Uri location, HttpResponseMessage response)
    {
        var said = HttpUtility.ParseQueryString(location.Fragment.Length > 1 ? location.Fragment[1..] : location.Query);
        return new(location, said.AllKeys.Where(k => k is not null).ToDictionary(k => k!, k => said[k]!, StringComparer.Ordinal), response);
    }

    private static Dictionary<string, string> Fields(string html)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match input in HiddenInput().Matches(html)) fields[HttpUtility.HtmlDecode(input.Groups[1].Value)] = HttpUtility.HtmlDecode(input.Groups[2].Value);
        return fields;
    }

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"")]
    private static partial Regex FormTag();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenInput();
}
