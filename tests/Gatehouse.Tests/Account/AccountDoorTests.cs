using System.Net;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Account;

/// <summary>The account is an application of its own: what the flow asks for it is asked of a session that was begun for another.</summary>
public sealed class AccountDoorTests
{
    private const string Denied = "Your account is closed to you from here";

    [Theory, BothDatabases]
    public async Task A_session_begun_for_an_application_takes_the_second_step_before_the_account_opens(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var shop = await SessionRulesTests.NewAsync(world.Server, world.Tenant);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Unless("""{"id":"s","type":"second_factor",""", shop));
        await BeginAsync(world.Browser, shop);
        (await world.MethodsAsync()).ShouldBe(["pwd"], "the shop asks for no more");

        using (var refused = await CallAsync(world.Browser, "/profile"))
        {
            (await refused.ReadJsonAsync(HttpStatusCode.Unauthorized)).GetProperty("code").GetString().ShouldBe("more_proof_required");
            refused.Challenge().ShouldContain("error=\"insufficient_user_authentication\"");
            refused.Challenge().ShouldContain("acr_values=\"urn:gatehouse:acr:2fa\"");
        }
        foreach (var path in new[] { "account", "account/emails", "account/activity", "account/confirm?to=/account/emails" })
            (await world.Browser.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "Enter the code").Address.AbsolutePath.ShouldEndWith("/signin/code", customMessage: path);
        (await world.MethodsAsync()).ShouldBe(["pwd"], "nothing was given meanwhile");

        var page = await world.Browser.GetAsync("account/sessions");
        (await world.Browser.SubmitAsync(page, [("code", world.Code())], "/signin/code")).Address.AbsolutePath.ShouldEndWith("/account/sessions");
        (await world.MethodsAsync()).ShouldBe(["pwd", "otp", "mfa"]);
        using var let = await CallAsync(world.Browser, "/profile");
        let.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task A_token_of_a_session_that_the_flow_would_not_have_given_is_challenged(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var token = await world.TokenAsync(AccountScopes.Read);
        using var http = world.Server.Client(world.Tenant);
        await (await http.CallAsync(HttpMethod.Get, "/profile", token)).ReadJsonAsync(HttpStatusCode.OK);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"t","type":"terms","terms":"tos","version":"1","title":{"en":"Terms"},"text":{"en":"Be kind."}}""");
        using (var asked = await http.CallAsync(HttpMethod.Get, "/profile", token))
        {
            await asked.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "more_proof_required");
            asked.Challenge().ShouldContain("error=\"insufficient_user_authentication\"");
        }

        // She agrees in the browser; the token speaks for the same session.
        var page = await world.Browser.GetAsync("account");
        page.ShouldBe(HttpStatusCode.OK, "Be kind.").Address.AbsolutePath.ShouldEndWith("/signin/terms");
        (await world.Browser.SubmitAsync(page, [("accept", "yes")])).ShouldBe(HttpStatusCode.OK, "Your account");
        await (await http.CallAsync(HttpMethod.Get, "/profile", token)).ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Whom_the_flow_keeps_out_of_her_account_neither_pages_nor_api_let_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var shop = await SessionRulesTests.NewAsync(world.Server, world.Tenant);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Unless("""{"id":"d","type":"deny",""", shop));
        await BeginAsync(world.Browser, shop);
        foreach (var path in new[] { "account", "account/emails", "account/password", "account/confirm" }) (await world.Browser.GetAsync(path)).ShouldBe(HttpStatusCode.Forbidden, Denied);
        using (var refused = await CallAsync(world.Browser, "/profile")) await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "account_denied");
        (await world.Browser.GetAsync("signout")).ShouldBe(HttpStatusCode.OK, "Sign out");

        // An administrator's pages are no way round it.
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var granted = await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null))
            granted.IsSuccessStatusCode.ShouldBeTrue();
        (await world.Browser.GetAsync("console/applications")).ShouldBe(HttpStatusCode.Forbidden, Denied);
    }

    [Theory, BothDatabases]
    public async Task Who_began_in_a_way_that_the_account_does_not_take_begins_anew(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        var shop = await SessionRulesTests.NewAsync(world.People.Server, world.People.Tenant);
        await FlowWorld.PutAsync(world.People.Server, world.People.Tenant, $$$"""{"id":"shop","type":"first_factor","any_of":["password"],"when":{"client":["{{{shop}}}"]}}""", """{"id":"f","type":"first_factor","any_of":["passkey"]}""");
        await BeginAsync(world.Browser, shop);
        var page = await world.Browser.GetAsync("account");
        page.Address.AbsolutePath.ShouldEndWith("/signin");
        page.Html.ShouldContain(SignInWorld.Email);
        (await world.Browser.SubmitAsync(page, world.Signed(page), "/signin/passkey")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task A_browser_she_trusts_opens_her_account_for_as_long_as_the_trust_lasts(TestDatabase database)
    {
        var (world, browser, _) = await TrustWorld.TrustingAsync(database);
        await using var _1 = world;
        using var _2 = browser;
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"s","type":"second_factor","trusted_device":true}""");
        (await TwoStepWorld.PasswordAsync(browser)).ShouldBe(HttpStatusCode.OK, "Your account");
        (await browser.GetAsync("account/emails")).Address.AbsolutePath.ShouldEndWith("/account/emails");
        using (var let = await CallAsync(browser, "/profile")) let.StatusCode.ShouldBe(HttpStatusCode.OK);

        // When the trust ends, so does what it was worth.
        using (var ended = await CallAsync(browser, "/devices", HttpMethod.Delete)) ended.IsSuccessStatusCode.ShouldBeTrue(await ended.Content.ReadAsStringAsync());
        (await browser.GetAsync("account/emails")).Address.AbsolutePath.ShouldEndWith("/signin/code");
        using var refused = await CallAsync(browser, "/profile");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "more_proof_required");
    }

    /// <summary>A step of everybody who does not come to this application.</summary>
    private static string Unless(string step, string client) => step + "\"when\":{\"not\":{\"client\":[\"" + client + "\"]}}}";

    private static async Task BeginAsync(PageBrowser browser, string client)
    {
        var page = await browser.SubmitAsync(await browser.GetAsync(SessionRulesTests.Authorize(client)), [("email", SignInWorld.Email)]);
        using var done = await browser.SendAsync(page, [("password", PageBrowser.Password)], "/signin/password");
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> CallAsync(PageBrowser browser, string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "account/v1" + path);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("X-Gatehouse-Csrf", "1");
        return await browser.Http.SendAsync(request);
    }
}
