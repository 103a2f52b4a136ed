using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>What a tenant's program said of somebody is good for her session and for the flow as it was.</summary>
public sealed class SessionHookTests
{
    [Theory, BothDatabases]
    public async Task A_program_is_asked_once_for_a_session_and_anew_by_another_version(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new TestServerOptions { Settings = new Dictionary<string, string?> { ["Http:AllowPrivateTargets"] = "true" } });
        using var world = await SignInWorld.OpenAsync(server);
        await using var hook = await HookServer.StartAsync();
        await HookTests.NewKeyAsync(server, world.Tenant);
        var payroll = await SessionRulesTests.NewAsync(server, world.Tenant);
        var when = $$$""","when":{"client":["{{{payroll}}}"]}""";
        await FlowWorld.PutAsync(server, world.Tenant, FlowWorld.First, hook.Step(more: when));
        await world.Browser.SignInAsync(SignInWorld.Email);
        hook.Asked.ShouldBeEmpty("her own account asks nobody");
        (await AnswerAsync(world, payroll, "&prompt=none", "error")).ShouldBe("interaction_required");
        hook.Asked.ShouldBeEmpty("nobody is asked behind her back");

        hook.Answer = http => HookServer.Say(http, """{"decision":"deny"}""");
        (await ComeAsync(world, payroll)).ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AnswerAsync(world, payroll, "", "code")).ShouldBeNull();
        hook.Answer = http => HookServer.Say(http, """{"decision":"continue"}""");
        (await ComeAsync(world, payroll)).ShouldBe(HttpStatusCode.OK);
        (await AnswerAsync(world, payroll, "", "code")).ShouldNotBeNull();
        (await AnswerAsync(world, payroll, "&prompt=none", "code")).ShouldNotBeNull();
        hook.Asked.Count.ShouldBe(2);

        await FlowWorld.PutAsync(server, world.Tenant, FlowWorld.First, hook.Step(timeout: 1900, more: when));
        (await AnswerAsync(world, payroll, "", "code")).ShouldBeNull("the flow is another one");
        using var other = world.AnotherBrowser();
        await other.SignInAsync(SignInWorld.Email);
        using var response = await other.Http.GetAsync(SessionRulesTests.Authorize(payroll));
        System.Web.HttpUtility.ParseQueryString(response.Headers.Location.ShouldNotBeNull().Query)["code"].ShouldBeNull("another session is another one");
    }

    /// <summary>Goes where the authorization endpoint sends her.</summary>
    private static async Task<HttpStatusCode> ComeAsync(SignInWorld world, string client)
    {
        using var sent = await world.Browser.Http.GetAsync(SessionRulesTests.Authorize(client));
        using var page = await world.Browser.Http.GetAsync(sent.Headers.Location);
        return page.StatusCode;
    }

    private static async Task<string?> AnswerAsync(SignInWorld world, string client, string more, string member)
    {
        using var response = await world.Browser.Http.GetAsync(SessionRulesTests.Authorize(client, more));
        return System.Web.HttpUtility.ParseQueryString(response.Headers.Location.ShouldNotBeNull().Query)[member];
    }
}
