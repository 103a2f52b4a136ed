using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>What an application may ask of the pages: that they begin with registration, know an address already, or take nobody else.</summary>
public sealed class DemandTests
{
    private const string Callback = "https://shop.example.com/callback", Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    public async Task Prompt_create_begins_with_registration_unless_she_has_an_account()
    {
        using var world = await SignInWorld.OpenAsync();
        var shop = await NewShopAsync(world);
        var page = await world.Browser.GetAsync(Authorize(shop, ("prompt", "create"), ("login_hint", "bea@example.com")));
        page.ShouldBe(HttpStatusCode.OK, "Create your account").Address.AbsolutePath.ShouldEndWith("/signup");
        page.Html.ShouldContain("value=\"bea@example.com\"");
        var have = await world.Browser.GetAsync(page.Address.AbsoluteUri.Replace("/signup?", "/signin?existing&", StringComparison.Ordinal));
        have.ShouldBe(HttpStatusCode.OK, "Sign in").Address.AbsolutePath.ShouldEndWith("/signin");
        page.Html.ShouldContain("existing");

        // And registration ends where the application waits.
        (await world.Browser.SubmitAsync(page, [("email", "bea@example.com"), ("name", "Bea")])).ShouldBe(HttpStatusCode.OK, "Check your mail");
        var choose = await world.Browser.GetAsync(await world.LinkAsync("verify_email", "bea@example.com"));
        using var done = await world.Browser.SendAsync(choose, [("password", PageBrowser.Password)]);
        (await CodeAsync(world, done)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Prompt_create_begins_with_sign_in_where_registration_is_closed()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { registration = new { open = false } });
        (await world.Browser.GetAsync(Authorize(await NewShopAsync(world), ("prompt", "create")))).ShouldBe(HttpStatusCode.OK, "Sign in").Address.AbsolutePath.ShouldEndWith("/signin");
    }

    [Theory]
    [InlineData("ann@example.com", "value=\"ann@example.com\"")]
    [InlineData("\"><script>", "value=\"&quot;&gt;&lt;script&gt;\"")]
    public async Task Login_hint_fills_the_address_and_is_text(string hint, string shown)
    {
        using var world = await SignInWorld.OpenAsync();
        var page = await world.Browser.GetAsync(Authorize(await NewShopAsync(world), ("login_hint", hint)));
        page.Html.ShouldContain(shown);
        page.Html.ShouldNotContain("<script>");
        var forgot = await world.Browser.GetAsync(page.Address.AbsoluteUri.Replace("/signin?", "/signin/forgot?", StringComparison.Ordinal));
        forgot.Html.ShouldContain(shown);
    }

    [Theory, BothDatabases]
    public async Task Id_token_hint_takes_nobody_but_whom_it_speaks_of(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var shop = await NewShopAsync(world);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        var hint = await IdTokenAsync(world, shop, SignInWorld.Email);

        using var other = world.AnotherBrowser();
        var step = await other.SubmitAsync(await other.GetAsync(Authorize(shop, ("id_token_hint", hint))), [("email", "eve@example.com")]);
        var refused = await other.SubmitAsync(step, [("password", PageBrowser.Password)]);
        refused.ShouldBe(HttpStatusCode.UnprocessableEntity, "The application asked for another account.");
        (await other.IsSignedInAsync()).ShouldBeFalse();
        (await world.AuditAsync("session.refused"))[0].Reason.ShouldBe("wrong_account");

        // A wrong password says nothing of it, and the right person goes on from the same page.
        (await other.SubmitAsync(step, [("password", "not the password at all")])).Text.ShouldNotContain("another account");

        // Nor does a right one of somebody to whom it opens nothing.
        await FlowWorld.PutAsync(world.Server, world.Tenant, """{"id":"k","type":"first_factor","any_of":["passkey"],"when":{"role":["administrator"]}}""", FlowWorld.First);
        var root = await SignInWorld.NewUserAsync(world.Server, world.Tenant, "root@example.com");
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var granted = await admin.PutAsync($"api/v1/users/{root}/roles/administrator", null))
            granted.IsSuccessStatusCode.ShouldBeTrue(await granted.Content.ReadAsStringAsync());
        using var third = world.AnotherBrowser();
        var guess = await third.SubmitAsync(await third.GetAsync(Authorize(shop, ("id_token_hint", hint))), [("email", "root@example.com")]);
        (await third.SubmitAsync(guess, [("password", PageBrowser.Password)])).ShouldBe(HttpStatusCode.UnprocessableEntity, "The address or the password is wrong").Text.ShouldNotContain("another account");
        (await world.AuditAsync("session.refused"))[0].Reason.ShouldBe("wrong_account");
        var again = await other.SubmitAsync(await other.GetAsync(step.Address.AbsoluteUri.Replace("/signin/password?", "/signin?", StringComparison.Ordinal)), [("email", SignInWorld.Email)]);
        using var done = await other.SendAsync(again, [("password", PageBrowser.Password)]);
        (await CodeAsync(world, done, other)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Id_token_hint_does_not_take_the_session_of_somebody_else()
    {
        using var world = await SignInWorld.OpenAsync();
        var shop = await NewShopAsync(world);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        var hint = await IdTokenAsync(world, shop, SignInWorld.Email);
        using var other = world.AnotherBrowser();
        await other.SignInAsync("eve@example.com");
        (await other.GetAsync(Authorize(shop, ("id_token_hint", hint)))).ShouldBe(HttpStatusCode.OK, "Sign in").Address.AbsolutePath.ShouldEndWith("/signin");
    }

    private static async Task<(string Id, string Secret)> NewShopAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var made = await admin.CreateClientAsync(new { first_party = true });
        return (made.ClientId(), made.GetProperty("secret").GetString()!);
    }

    private static string Authorize((string Id, string Secret) shop, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var url = new StringBuilder($"oauth2/authorize?client_id={shop.Id}&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code&scope=openid&state=s&code_challenge={Challenge}&code_challenge_method=S256");
        foreach (var (name, value) in more) url.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return url.ToString();
    }

    private static async Task<string> IdTokenAsync(SignInWorld world, (string Id, string Secret) shop, string email)
    {
        var step = await world.Browser.SubmitAsync(await world.Browser.GetAsync(Authorize(shop)), [("email", email)]);
        using var done = await world.Browser.SendAsync(step, [("password", PageBrowser.Password)]);
        using var answer = await world.Browser.Http.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = await CodeAsync(world, done), ["redirect_uri"] = Callback, ["code_verifier"] = Verifier,
            ["client_id"] = shop.Id, ["client_secret"] = shop.Secret,
        }));
        return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("id_token").GetString()!;
    }

    /// <summary>Follows the page that a completed sign-in answers with, to the application's code.</summary>
    private static async Task<string> CodeAsync(SignInWorld world, HttpResponseMessage done, PageBrowser? browser = null)
    {
        var next = new Uri(done.Headers.GetValues("Refresh").Single().Split("url=")[1]);
        using var back = await (browser ?? world.Browser).Http.GetAsync(next);
        var location = back.Headers.Location.ShouldNotBeNull().AbsoluteUri;
        location.ShouldStartWith(Callback + "?");
        return System.Web.HttpUtility.ParseQueryString(new Uri(location).Query)["code"]!;
    }
}
