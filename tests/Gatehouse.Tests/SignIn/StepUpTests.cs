using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>Applications that ask for a stronger sign-in: <c>acr_values</c>, the <c>claims</c> parameter, RFC 9470.</summary>
public sealed class StepUpTests
{
    private const string Callback = "https://shop.example.com/callback", Two = "urn:gatehouse:acr:2fa", One = "urn:gatehouse:acr:1fa", Aal2 = "http://idmanagement.gov/ns/assurance/aal/2";

    [Theory, BothDatabases]
    public async Task A_session_of_one_factor_is_asked_for_the_other_alone(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var shop = await NewShopAsync(world);
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await ClaimsAsync(world, shop, "")).GetProperty("acr").GetString().ShouldBe(One);

        // She has no second step, and nobody asks her password again: she sets one up.
        var page = await world.Browser.GetAsync(Authorize(shop, $"&acr_values={Two}"));
        page.ShouldBe(HttpStatusCode.OK, "code").Address.AbsolutePath.ShouldEndWith("/signin/enrol");
        var key = TwoStepWorld.KeyOf(page);
        using (var done = await world.Browser.SendAsync(page, [("code", TwoStepWorld.CodeOf(key, world.Server))])) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var claims = await ClaimsAsync(world, shop, $"&acr_values={Two}");
        claims.GetProperty("acr").GetString().ShouldBe(Two);
        claims.GetProperty("amr").EnumerateArray().Select(a => a.GetString()).ShouldBe(["pwd", "otp", "mfa"]);
        // Once reached it holds; and is called as it was asked for.
        (await ClaimsAsync(world, shop, $"&acr_values={Uri.EscapeDataString(Aal2)}")).GetProperty("acr").GetString().ShouldBe(Aal2);
        (await ClaimsAsync(world, shop, $"&acr_values={One}")).GetProperty("acr").GetString().ShouldBe(One);
    }

    [Theory, BothDatabases]
    public async Task The_older_proof_stays_the_time_of_the_sign_in(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server);
        var shop = await NewShopAsync(world);
        var before = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        await world.Browser.SignInAsync(SignInWorld.Email);
        var signedIn = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        var page = await world.Browser.GetAsync(Authorize(shop, $"&acr_values={Two}"));
        (await world.Browser.SendAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), server))])).Dispose();
        var claims = await ClaimsAsync(world, shop, $"&acr_values={Two}");
        claims.GetProperty("auth_time").GetInt64().ShouldBeInRange(before, signedIn);
        // So what wants a fresh proof of both still asks for it.
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await world.Browser.GetAsync("account/two-step/app")).Address.AbsolutePath.ShouldEndWith("/signin");
    }

    [Theory, BothDatabases]
    public async Task An_old_session_alone_sets_up_no_second_step(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server);
        var shop = await NewShopAsync(world);
        await world.Browser.SignInAsync(SignInWorld.Email);
        server.Clock.Advance(TimeSpan.FromMinutes(20));
        // What a thief of the cookie would do: ask for more than the session reached, and choose the key.
        var page = await world.Browser.GetAsync(Authorize(shop, $"&acr_values={Two}"));
        page.Address.AbsolutePath.ShouldEndWith("/signin");
        (await world.Browser.GetAsync($"signin/enrol{page.Address.Query}")).Address.AbsolutePath.ShouldEndWith("/signin");
        using (var image = await world.Browser.Http.GetAsync($"signin/enrol/qr.svg{page.Address.Query}")) image.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // She proves who she is, and goes on.
        page = await world.Browser.SubmitAsync(page, [("email", SignInWorld.Email)], "/signin?");
        (await world.Browser.SubmitAsync(page, [("password", PageBrowser.Password)])).Address.AbsolutePath.ShouldEndWith("/signin/enrol");
    }

    [Theory, BothDatabases]
    public async Task Ending_the_session_between_the_steps_ends_the_step_up(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var shop = await NewShopAsync(world);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.GetAsync(Authorize(shop, $"&acr_values={Two}"));
        var key = TwoStepWorld.KeyOf(page);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var ended = await admin.DeleteAsync($"api/v1/users/{world.UserId}/sessions"))
            ended.IsSuccessStatusCode.ShouldBeTrue();
        using var answer = await world.Browser.SendAsync(page, [("code", TwoStepWorld.CodeOf(key, world.Server))]);
        answer.Headers.TryGetValues("Set-Cookie", out var set).ShouldBe(set is not null);
        (set ?? []).ShouldNotContain(c => c.Contains("gh-session", StringComparison.Ordinal));
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task A_key_that_verified_nobody_is_joined_by_her_password(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database, new { passkeys = new { require_user_verification = false } });
        var shop = await NewShopAsync(world.People);
        world.Key.Flags = 0x19;
        var page = await world.Browser.GetAsync(Authorize(shop, $"&acr_values={Two}"));
        page = await world.Browser.SubmitAsync(page, world.Signed(page), "/signin/passkey");
        page.ShouldBe(HttpStatusCode.OK, SignInWorld.Email).Address.AbsolutePath.ShouldEndWith("/signin/password");
        (await world.Browser.SubmitAsync(page, [("password", "not my password at all")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        using (var done = await world.Browser.SendAsync(page, [("password", PageBrowser.Password)])) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var claims = await ClaimsAsync(world.People, shop, $"&acr_values={Two}");
        claims.GetProperty("acr").GetString().ShouldBe(Two);
        claims.GetProperty("amr").EnumerateArray().Select(a => a.GetString()).ShouldBe(["swk", "user", "pwd", "mfa"]);
    }

    [Theory, BothDatabases]
    public async Task The_password_beside_a_key_is_that_of_its_owner(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database, new { passkeys = new { require_user_verification = false } });
        await SignInWorld.NewUserAsync(world.People.Server, world.People.Tenant, "bob@example.com");
        var shop = await NewShopAsync(world.People);
        world.Key.Flags = 0x19;
        var page = await world.Browser.GetAsync(Authorize(shop, $"&acr_values={Two}"));
        var beside = await world.Browser.SubmitAsync(page, world.Signed(page), "/signin/passkey");
        // Another address in the same run forgets the key; his password is then one factor of his, not the second of hers.
        page = await world.Browser.SubmitAsync(await world.Browser.GetAsync(page.Address.AbsoluteUri), [("email", "bob@example.com")], "/signin?");
        (await world.Browser.SubmitAsync(page, [("password", PageBrowser.Password)])).Address.AbsolutePath.ShouldEndWith("/signin/enrol");
        (await world.Browser.SubmitAsync(beside, [("password", PageBrowser.Password)])).Address.AbsolutePath.ShouldNotEndWith("/account");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_reached_is_refused_and_what_is_unknown_is_no_wish()
    {
        using var world = await SignInWorld.OpenAsync();
        var shop = await NewShopAsync(world);
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await ClaimsAsync(world, shop, "&acr_values=1%202")).GetProperty("acr").GetString().ShouldBe(One);
        async Task<string?> ErrorAsync(string more)
        {
            using var response = await world.Browser.Http.GetAsync(Authorize(shop, more));
            return System.Web.HttpUtility.ParseQueryString(response.Headers.Location!.Query)["error"];
        }
        (await ErrorAsync($"&prompt=none&acr_values={Two}")).ShouldBe("login_required");
        (await ErrorAsync("&claims=" + Uri.EscapeDataString("""{"id_token":{"acr":{"essential":true,"values":["unknown"]}}}"""))).ShouldBe("unmet_authentication_requirements");
        (await ErrorAsync("&claims=" + Uri.EscapeDataString("[]"))).ShouldBe("invalid_request");
        (await ErrorAsync("&claims=" + Uri.EscapeDataString("""{"id_token":{"acr":{"values":[1]}}}"""))).ShouldBe("invalid_request");
        var essential = "&claims=" + Uri.EscapeDataString("{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"" + Two + "\"}}}");
        (await world.Browser.GetAsync(Authorize(shop, essential))).Address.AbsolutePath.ShouldEndWith("/signin/enrol");

        // A key that never leaves its device: a code app is not one. She signs in as well as she can, and the application is told.
        var page = await world.Browser.GetAsync(Authorize(shop, "&acr_values=urn:gatehouse:acr:hwk"));
        using var done = await world.Browser.SendAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), world.Server))]);
        var onward = System.Text.RegularExpressions.Regex.Match(await done.Content.ReadAsStringAsync(), "href=\"([^\"]*/oauth2/authorize/continue[^\"]*)\"").Groups[1].Value;
        using var refused = await world.Browser.Http.GetAsync(WebUtility.HtmlDecode(onward));
        System.Web.HttpUtility.ParseQueryString(refused.Headers.Location!.Query)["error"].ShouldBe("unmet_authentication_requirements");
    }

    [Theory, BothDatabases]
    public async Task A_program_is_led_to_the_level_it_asks_for(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await app.StartAsync(Two);
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        var enrol = await app.AnswerAsync("password", ("password", PageBrowser.Password));
        HeadlessApp.Open(enrol.Body).ShouldBe(["enrol_totp"]);
        var key = Protocols.Otp.KeyText.Decode(enrol.Body.GetProperty("steps")[0].GetProperty("data").GetProperty("key").GetString()!)!;
        var done = await app.AnswerAsync("enrol_totp", ("code", TwoStepWorld.CodeOf(key, world.Server)));
        HeadlessApp.Claims((await app.RedeemAsync(done.Body.GetProperty("authorization_code").GetString()!)).Body).GetProperty("acr").GetString().ShouldBe(Two);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"acr":"a b","level":1}]""")]
    [InlineData("""[{"acr":"a","level":4}]""")]
    [InlineData("""[{"acr":"a","level":1},{"acr":"a","level":2}]""")]
    public async Task Levels_are_validated(string levels)
    {
        using var world = await SignInWorld.OpenAsync();
        using var admin = await world.Server.AdminAsync();
        using var refused = await admin.PatchAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new StringContent("{\"sign_in\":{\"levels\":" + levels + "}}", System.Text.Encoding.UTF8, "application/merge-patch+json"));
        (await refused.ReadJsonAsync(HttpStatusCode.UnprocessableEntity)).GetProperty("field").GetString().ShouldStartWith("sign_in.levels");
    }

    [Fact]
    public async Task A_tenants_own_names_are_published_and_answered()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { sign_in = new { levels = new[] { new { acr = "low", level = 1 }, new { acr = "high", level = 2 } } } });
        var shop = await NewShopAsync(world);
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await ClaimsAsync(world, shop, "&acr_values=low")).GetProperty("acr").GetString().ShouldBe("low");
        using var metadata = await world.Browser.Http.GetAsync(".well-known/openid-configuration");
        (await metadata.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("acr_values_supported").EnumerateArray().Select(a => a.GetString()).ShouldBe(["low", "high"]);
    }

    private static Task<(string Id, string Secret)> NewShopAsync(SignInWorld world) => NewShopAsync(world.Server, world.Tenant);

    internal static async Task<(string Id, string Secret)> NewShopAsync(TestServer server, TestTenant tenant)
    {
        using var admin = await server.AdminAsync(tenant);
        var made = await admin.CreateClientAsync(new { first_party = true });
        return (made.ClientId(), made.GetProperty("secret").GetString()!);
    }

    internal static string Authorize((string Id, string Secret) shop, string more) =>
        $"oauth2/authorize?client_id={shop.Id}&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code&scope=openid&state=s&code_challenge={HeadlessApp.Challenge}&code_challenge_method=S256{more}";

    private static async Task<JsonElement> ClaimsAsync(SignInWorld world, (string Id, string Secret) shop, string more)
    {
        using var response = await world.Browser.Http.GetAsync(Authorize(shop, more));
        var code = System.Web.HttpUtility.ParseQueryString(response.Headers.Location.ShouldNotBeNull().Query)["code"].ShouldNotBeNull(response.Headers.Location!.AbsoluteUri);
        using var answer = await world.Browser.Http.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Callback, ["code_verifier"] = HeadlessApp.Verifier, ["client_id"] = shop.Id, ["client_secret"] = shop.Secret,
        }));
        return HeadlessApp.Claims(await answer.ReadJsonAsync(HttpStatusCode.OK));
    }
}
