using System.Net;
using System.Web;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>What a flow asks for one application is asked of whoever is signed in already, too.</summary>
public sealed class SessionRulesTests
{
    private const string Callback = "https://shop.example.com/callback";

    [Theory, BothDatabases]
    public async Task A_session_begun_elsewhere_does_not_go_round_a_second_step(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var (payroll, shop) = (await NewAsync(world.Server, world.Tenant), await NewAsync(world.Server, world.Tenant));
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, $$$"""{"id":"s","type":"second_factor","when":{"client":["{{{payroll}}}"]}}""");
        (await world.PasswordAsync()).Address.AbsolutePath.ShouldEndWith("/account");
        (await CodeAsync(world, shop)).ShouldNotBeNull();
        (await ErrorAsync(world, payroll, "&prompt=none")).ShouldBe("interaction_required");

        var page = await world.Browser.GetAsync(Authorize(payroll));
        page.Address.AbsolutePath.ShouldEndWith("/signin/code");
        (await CodeAsync(world, payroll)).ShouldBeNull("the code has not been given");
        using (var done = await world.Browser.SendAsync(page, [("code", world.Code())], "/signin/code")) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(world, payroll)).ShouldNotBeNull();
        (await world.MethodsAsync()).ShouldBe(["pwd", "otp", "mfa"]);
    }

    [Theory, BothDatabases]
    public async Task Whom_the_flow_denies_an_application_gets_no_code_for_it(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var (payroll, shop) = (await NewAsync(world.Server, world.Tenant), await NewAsync(world.Server, world.Tenant));
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, $$$"""{"id":"d","type":"deny","when":{"client":["{{{payroll}}}"]}}""");
        await world.PasswordAsync();
        (await ErrorAsync(world, payroll)).ShouldBe("access_denied");
        (await CodeAsync(world, shop)).ShouldNotBeNull();
    }

    [Theory, BothDatabases]
    public async Task Terms_of_one_application_are_asked_about_when_she_comes_to_it(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var payroll = await NewAsync(world.Server, world.Tenant);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, $$$"""{"id":"t","type":"terms","terms":"pay","version":"1","title":{"en":"Payroll"},"text":{"en":"Be fair."},"when":{"client":["{{{payroll}}}"]}}""");
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.GetAsync(Authorize(payroll));
        page.ShouldBe(HttpStatusCode.OK, "Be fair.").Address.AbsolutePath.ShouldEndWith("/signin/terms");
        using (var agreed = await world.Browser.SendAsync(page, [("accept", "yes")])) agreed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var response = await world.Browser.Http.GetAsync(Authorize(payroll));
        HttpUtility.ParseQueryString(response.Headers.Location!.Query)["code"].ShouldNotBeNull();
    }

    [Theory, BothDatabases]
    public async Task Who_began_in_a_way_that_an_application_does_not_take_begins_anew(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var payroll = await NewAsync(world.Server, world.Tenant);
        await FlowWorld.PutAsync(world.Server, world.Tenant, $$$"""{"id":"k","type":"first_factor","any_of":["passkey"],"when":{"client":["{{{payroll}}}"]}}""", FlowWorld.First);
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.GetAsync(Authorize(payroll))).Address.AbsolutePath.ShouldEndWith("/signin");
        using var response = await world.Browser.Http.GetAsync(Authorize(payroll, "&prompt=none"));
        HttpUtility.ParseQueryString(response.Headers.Location!.Query)["error"].ShouldBe("interaction_required");
    }

    [Fact]
    public async Task A_code_of_a_key_just_made_makes_no_session_younger()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        var shop = await NewAsync(server, world.Tenant);
        await world.Browser.SignInAsync(SignInWorld.Email);
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        var page = await world.Browser.GetAsync("account/two-step/app");
        (await world.Browser.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), server))], "two-step/app")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        using var silent = await world.Browser.Http.GetAsync(Authorize(shop, "&prompt=none&max_age=200"));
        HttpUtility.ParseQueryString(silent.Headers.Location!.Query)["error"].ShouldBe("login_required");
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"value":"\ud800"}}}""")]
    [InlineData("""{"id_token":{"acr":{"values":["\udc00"]}}}""")]
    [InlineData("""{"id_token":{"\ud800":null}}""")]
    public async Task Half_a_character_in_claims_is_bad_input(string claims)
    {
        using var world = await SignInWorld.OpenAsync();
        using var response = await world.Browser.Http.GetAsync(Authorize(await NewAsync(world.Server, world.Tenant), "&claims=" + Uri.EscapeDataString(claims)));
        HttpUtility.ParseQueryString(response.Headers.Location.ShouldNotBeNull(response.StatusCode.ToString()).Query)["error"].ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Half_a_character_in_a_definition_is_bad_input()
    {
        using var world = await SignInWorld.OpenAsync();
        foreach (var step in new[] { """{"id":"\ud800","type":"deny"}""", """{"id":"d","type":"deny","when":{"role":["\udfff"]}}""" })
            (await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First, step))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    internal static async Task<string> NewAsync(TestServer server, TestTenant tenant)
    {
        using var admin = await server.AdminAsync(tenant);
        return (await admin.CreateClientAsync(new { first_party = true })).ClientId();
    }

    internal static string Authorize(string client, string more = "") =>
        $"oauth2/authorize?client_id={client}&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code&scope=openid&state=s&code_challenge={HeadlessApp.Challenge}&code_challenge_method=S256{more}";

    private static Task<string?> CodeAsync(TwoStepWorld world, string client) => AnswerAsync(world, client, "", "code");

    private static Task<string?> ErrorAsync(TwoStepWorld world, string client, string more = "") => AnswerAsync(world, client, more, "error");

    private static async Task<string?> AnswerAsync(TwoStepWorld world, string client, string more, string member)
    {
        using var response = await world.Browser.Http.GetAsync(Authorize(client, more));
        return HttpUtility.ParseQueryString(response.Headers.Location.ShouldNotBeNull().Query)[member];
    }
}
