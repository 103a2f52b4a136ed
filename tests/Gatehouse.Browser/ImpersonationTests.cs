using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Browser;

/// <summary>An administrator who acts as a person: asked, begun, always told so, kept out of what is the person's own, ended; and what the person sees of it.</summary>
[Collection(nameof(Chromium))]
public sealed class ImpersonationTests(Chromium chromium)
{
    private const string Hana = "hana.karimi@example.com", Sara = "sara.ahmadi@example.com", Password = "an unlikely sequence of words";
    // RFC 7636 appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Acts_as_a_person_who_is_told(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        async Task<JsonElement> MakeAsync(string path, object body)
        {
            using var made = await admin.PostAsJsonAsync("api/v1/" + path, body);
            return await made.ReadJsonAsync(HttpStatusCode.Created);
        }
        var hana = (await MakeAsync("users", new { emails = new[] { Hana }, email_verified = true, password = Password })).GetProperty("id").GetString()!;
        var sara = (await MakeAsync("users", new { emails = new[] { Sara }, email_verified = true, password = Password, display_name = look.IsRightToLeft ? "سارا احمدی" : "Sara Ahmadi" })).GetProperty("id").GetString()!;
        await MakeAsync("roles", new { key = "support", permissions = new[] { "users:impersonate" } });
        await MakeAsync("role-assignments", new { holder = hana, role = "support" });
        await using var console = await Elsewhere.StartAsync(app => app.MapGet("/callback", () => Results.Text("console")));
        var callback = console.Urls.Single() + "/callback";
        var client = await MakeAsync("clients", new { name = "Console", type = "confidential", first_party = true, redirect_uris = new[] { callback }, grant_types = new[] { "authorization_code" }, scopes = new[] { "users:impersonate" } });

        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "impersonation");
        using var api = await TokenAsync(she, server, tenant, client, callback, look);
        using var answer = await api.PostAsJsonAsync($"api/v1/users/{sara}/impersonations", new { reason = look.IsRightToLeft ? "درخواست ۴۷۱۱: سبد خرید او خالی است" : "Ticket 4711: her cart is empty", minutes = 15 });
        var link = (await answer.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString()!;

        await she.GoAsync(link);
        await she.SeeAsync("asks");
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
        (await she.Page.TextContentAsync(".banner"))!.ShouldContain(Sara);
        await she.SeeAsync("acting");
        await she.GoAsync("/account/organizations");
        await she.SeeAsync("acting-organizations");
        foreach (var page in new[] { "password", "passkeys", "two-step", "emails", "phones", "sessions", "applications", "privacy", "activity", "profile" })
        {
            await she.GoAsync("/account/" + page);
            (await she.Page.TextContentAsync(".banner"))!.ShouldContain(Sara, customMessage: page);
            (await she.Page.Locator("main form").CountAsync()).ShouldBe(0, page);
        }
        await she.SeeAsync("closed", refused: true);
        await she.FollowAsync(".banner button");
        await she.ArriveAsync("**/account");
        (await she.Page.Locator(".banner").CountAsync()).ShouldBe(0);
        (await she.Page.TextContentAsync("body"))!.ShouldContain(Hana);
        await she.GoAsync(link);
        await she.SeeAsync("link-used", refused: true);

        await using var person = await Visitor.ComeAsync(chromium, tenant, look, "impersonation-told");
        await person.SignInAsync(Sara, Password);
        await person.ArriveAsync("**/account");
        await person.OpenMailAsync(Sara, "impersonated");
        await person.SeeAsync("activity");
    }

    /// <summary>Signs her in to the console, which asks to manage, and makes its token of the code.</summary>
    private static async Task<HttpClient> TokenAsync(Visitor she, TestServer server, TestTenant tenant, JsonElement made, string callback, Look look)
    {
        var (client, secret) = (made.GetProperty("client").GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
        await she.GoAsync($"/oauth2/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(callback)}&scope=users:impersonate&state=s"
            + $"&resource={Uri.EscapeDataString(tenant.Url + "/api/v1")}&code_challenge={Challenge}&code_challenge_method=S256&ui_locales={look.Language}");
        await she.FillAsync("email", Hana);
        await she.SubmitAsync();
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
        await she.FollowAsync("main button[value=allow]");
        await she.ArriveAsync(callback + "**");
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(she.Page.Url).Query)["code"].ShouldNotBeNull(she.Page.Url);
        var http = server.Client(tenant);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}")));
        using var answer = await http.PostAsync("oauth2/token", new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", callback), new("code_verifier", Verifier)]));
        var token = (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }
}
