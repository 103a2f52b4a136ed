using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Browser;

/// <summary>
/// From an application on another origin and back to it. Chromium holds every redirect that follows a form to the form page's
/// <c>form-action</c>; the way back to the application, and where the application itself goes on to, must not be caught by it.
/// </summary>
[Collection(nameof(Chromium))]
public sealed class ApplicationTests(Chromium chromium)
{
    private const string Password = "an unlikely sequence of words";

    public static TheoryData<Look, bool> Cases => new()
    {
        { new Look("en", 1280, false), true }, { new Look("en", 1280, false), false }, { new Look("fa", 390, true), false },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task Returns_to_the_application_and_on_to_where_that_leads(Look look, bool firstParty)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        await using var home = await HomeAsync();
        await using var callback = await CallbackAsync(home.Urls.Single());
        using var admin = await server.AdminAsync(tenant);
        using var user = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "ann@example.com" }, email_verified = true, password = Password });
        await user.ReadJsonAsync(HttpStatusCode.Created);
        var redirectUri = callback.Urls.Single() + "/callback";
        using var made = await admin.PostAsJsonAsync("api/v1/clients", new
        {
            name = "Photo Album", type = "public", first_party = firstParty, redirect_uris = new[] { redirectUri }, grant_types = new[] { "authorization_code" }, scopes = new[] { "openid", "profile", "email" },
        });
        var client = (await made.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").GetProperty("id").GetString()!;

        await using var she = await Visitor.ComeAsync(chromium, tenant, look, firstParty ? "application" : "application-consent");
        await she.GoAsync("/oauth2/authorize?" + Query(new()
        {
            ["response_type"] = "code", ["client_id"] = client, ["redirect_uri"] = redirectUri, ["scope"] = "openid profile email", ["state"] = "s",
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", ["code_challenge_method"] = "S256", ["ui_locales"] = look.Language,
        }));
        await she.SeeAsync("sign-in");
        (await she.Page.TextContentAsync("main"))!.ShouldContain("Photo Album");
        await she.FillAsync("email", "ann@example.com");
        await she.SubmitAsync();
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
        if (!firstParty)
        {
            await she.ArriveAsync("**/consent*");
            await she.SeeAsync("consent");
            await she.Page.ClickAsync("main form button.primary");
        }
        await she.ArriveAsync(home.Urls.Single() + "/**");
        (await she.Page.TextContentAsync("body")).ShouldBe("home");
        if (firstParty) return;
        await she.GoAsync("/account/applications");
        await she.SeeAsync("applications");
        await she.SubmitAsync("main li form");
        await she.SeeAsync("applications-empty");
    }

    private static string Query(Dictionary<string, string> fields) =>
        string.Join('&', fields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}"));

    /// <summary>The application's own front: a third origin, for ports make origins.</summary>
    private static async Task<WebApplication> HomeAsync() => await Elsewhere.StartAsync(app => app.MapGet("/", () => Results.Text("home")));

    private static async Task<WebApplication> CallbackAsync(string home) =>
        await Elsewhere.StartAsync(app => app.MapGet("/callback", (string code) => code.Length > 0 ? Results.Redirect(home + "/") : Results.BadRequest()));
}
