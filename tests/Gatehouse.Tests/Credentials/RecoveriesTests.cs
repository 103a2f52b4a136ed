using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

/// <summary>What administrators see of recoveries and decide.</summary>
public sealed class RecoveriesTests
{
    private const string None = "rcv_01h455vb4pex5vsknk084sn02q";

    private static async Task<SignInWorld> OpenAsync(TestDatabase database) => await SignInWorld.OpenAsync(database, RecoveryWorld.Settings());

    /// <summary>A recovery of somebody's, for which nothing but the mailbox was proved.</summary>
    private static async Task<string> BeginAsync(SignInWorld world, string email, RecoveryProof proof = RecoveryProof.None)
    {
        UserId.TryParse(email == SignInWorld.Email ? world.UserId : await SignInWorld.NewUserAsync(world.Server, world.Tenant, email), out var user).ShouldBeTrue();
        var (context, recoveries) = (await world.Server.ContextAsync(world.Tenant), world.Server.Services.GetRequiredService<Recoveries>());
        (await world.Server.InAsync(context, tx => recoveries.RequestAsync(tx, context, user, proof, "en", RequestFacts.None, default))).ShouldBe(RecoveryAnswer.Sent);
        using var browser = world.AnotherBrowser();
        (await browser.SubmitAsync(await browser.GetAsync(await world.LinkAsync("recovery_confirm", email)), [])).Status.ShouldBe(HttpStatusCode.OK);
        return (await world.Server.InAsync(context, tx => recoveries.FindAsync(tx, user, default))).ShouldNotBeNull().Id.ToString();
    }

    [Theory, BothDatabases]
    public async Task Lists_reads_approves_and_cancels(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using (var nothing = await admin.GetAsync($"api/v1/users/{world.UserId}/recovery")) await nothing.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        string[] ids = [await BeginAsync(world, SignInWorld.Email), await BeginAsync(world, "bob@example.com", RecoveryProof.Password), await BeginAsync(world, "eve@example.com")];

        var page = await (await admin.GetAsync("api/v1/recoveries?limit=2")).ReadJsonAsync(HttpStatusCode.OK);
        page.GetProperty("items").EnumerateArray().Select(r => r.Id()).ShouldBe([ids[2], ids[1]]);
        page.GetProperty("items")[1].GetProperty("needs_approval").GetBoolean().ShouldBeFalse();
        page = await (await admin.GetAsync($"api/v1/recoveries?limit=2&cursor={page.Text("next")}")).ReadJsonAsync(HttpStatusCode.OK);
        (page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Id(), page.Text("next")).ShouldBe((ids[0], null));
        using (var bad = await admin.GetAsync("api/v1/recoveries?limit=0")) await bad.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "limit_invalid");
        using (var bad = await admin.GetAsync("api/v1/recoveries?cursor=x")) await bad.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor_invalid");

        var one = await (await admin.GetAsync($"api/v1/users/{world.UserId}/recovery")).ReadJsonAsync(HttpStatusCode.OK);
        (one.Id(), one.Text("user_id"), one.Text("proof"), one.Text("approved_by")).ShouldBe((ids[0], world.UserId, "none", null));
        // Twice is no fault, and one that needs no approval is as it was.
        foreach (var id in new[] { ids[0], ids[0], ids[1] })
            (await (await admin.PostAsync($"api/v1/recoveries/{id}/approve", null)).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("needs_approval").GetBoolean().ShouldBeFalse();
        (await world.AuditAsync("recovery.approved")).Count.ShouldBe(1);
        one = await (await admin.GetAsync($"api/v1/users/{world.UserId}/recovery")).ReadJsonAsync(HttpStatusCode.OK);
        one.Text("approved_by")!.ShouldStartWith("cli_");

        using (var cancelled = await admin.DeleteAsync($"api/v1/recoveries/{ids[0]}")) cancelled.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var id in new[] { ids[0], None, "nothing" })
        {
            using var again = await admin.DeleteAsync($"api/v1/recoveries/{id}");
            await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
            using var late = await admin.PostAsync($"api/v1/recoveries/{id}/approve", null);
            await late.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
        }
        (await world.MailsAsync())[0].ShouldBe("recovery_cancelled");
        (await world.AuditAsync("recovery.cancelled")).Single().Reason.ShouldBe("administrator");
    }

    [Theory, BothDatabases]
    public async Task Knows_nothing_of_another_tenant_and_lets_nobody_in_without_the_right(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var id = await BeginAsync(world, SignInWorld.Email);
        var other = await world.Server.NewTenantAsync(RecoveryWorld.Settings());
        using var admin = await world.Server.AdminAsync(other);
        (await (await admin.GetAsync("api/v1/recoveries")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
        foreach (var (method, path) in new[] { ("GET", $"users/{world.UserId}/recovery"), ("POST", $"recoveries/{id}/approve"), ("DELETE", $"recoveries/{id}") })
        {
            using var refused = await admin.SendAsync(People.Request(method, "api/v1/" + path));
            await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "recovery_not_found");
            await world.Server.ShouldNeedAsync(world.Tenant, method, "api/v1/" + path, method == "GET" ? "sessions:read" : "users:read");
        }
        await world.Server.ShouldNeedAsync(world.Tenant, "GET", "api/v1/recoveries", "sessions:read");
        using var own = await world.Server.AdminAsync(world.Tenant);
        (await (await own.GetAsync($"api/v1/users/{world.UserId}/recovery")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("needs_approval").GetBoolean().ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Nobody_approves_her_own(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var id = await BeginAsync(world, SignInWorld.Email);
        using var parent = await world.Server.AdminAsync(world.Tenant);
        (await parent.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var colleague = await SignInWorld.NewUserAsync(world.Server, world.Tenant, "bob@example.com");
        (await parent.PutAsync($"api/v1/users/{colleague}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var app = (await parent.CreateClientAsync(new { scopes = Scopes.All })).ClientId();
        var context = await world.Server.ContextAsync(world.Tenant);

        async Task<HttpResponseMessage> ApproveAsync(string by)
        {
            var claims = await world.Server.ClaimsAsync();
            (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) = (world.Tenant.Url, world.Tenant.Url + "/api/v1", by, app);
            (claims["auth_time"], claims["amr"]) = (world.Server.Clock.GetUtcNow().ToUnixTimeSeconds(), new JsonArray("pwd"));
            using var http = world.Server.Client(world.Tenant);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/recoveries/{id}/approve");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await world.Server.SignAsync(claims, tenant: context));
            return await http.SendAsync(request);
        }

        using (var own = await ApproveAsync(world.UserId)) await own.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "own_recovery");
        using var colleagues = await ApproveAsync(colleague);
        (await colleagues.ReadJsonAsync(HttpStatusCode.OK)).Text("approved_by").ShouldBe(colleague);
    }
}
