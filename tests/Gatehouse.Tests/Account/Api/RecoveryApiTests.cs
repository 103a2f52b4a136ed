using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Account.Api;

/// <summary>A recovery as its person sees it from a session that she still has. Who is let in at all is <see cref="AccountAccessTests"/>'s.</summary>
public sealed class RecoveryApiTests
{
    [Theory, BothDatabases]
    public async Task Shows_and_stops_the_recovery_of_ones_own_account(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using var hers = world.World.AnotherBrowser();
        (await hers.SubmitAsync(await TwoStepWorld.PasswordAsync(hers), [("code", world.World.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
        using var eves = world.World.AnotherBrowser();
        await eves.SignInAsync("eve@example.com");

        using (var none = await CallAsync(hers, HttpMethod.Get)) await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        using (var none = await CallAsync(hers, HttpMethod.Delete)) await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        await world.StartAsync();

        // Nobody else's is hers to see or to stop.
        using (var other = await CallAsync(eves, HttpMethod.Get)) await other.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        using (var other = await CallAsync(eves, HttpMethod.Delete)) await other.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        using var read = await CallAsync(hers, HttpMethod.Get);
        var recovery = await read.ReadJsonAsync(HttpStatusCode.OK);
        recovery.GetProperty("needs_approval").GetBoolean().ShouldBeFalse();
        (recovery.GetProperty("ready_at").GetDateTimeOffset() - recovery.GetProperty("started_at").GetDateTimeOffset()).ShouldBe(RecoveryWorld.Delay);

        using (var stopped = await CallAsync(hers, HttpMethod.Delete)) stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var again = await CallAsync(hers, HttpMethod.Delete)) await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        (await world.AuditAsync("recovery.cancelled")).ShouldBe(["account"]);
        (await world.MailsAsync(RecoveryWorld.Second)).ShouldContain("recovery_cancelled");
    }

    private static async Task<HttpResponseMessage> CallAsync(PageBrowser browser, HttpMethod method)
    {
        using var request = new HttpRequestMessage(method, "account/v1/recovery");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (method != HttpMethod.Get) request.Headers.Add("X-Gatehouse-Csrf", "1");
        return await browser.Http.SendAsync(request);
    }
}
