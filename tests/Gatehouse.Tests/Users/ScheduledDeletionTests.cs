using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Users.Deleting;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Users;

/// <summary><c>/api/v1/users/{id}/deletion</c>, what a person does about her own, and the worker that carries them out.</summary>
public sealed class ScheduledDeletionTests
{
    private static async Task<JsonElement> ScheduleAsync(HttpClient admin, string user, object? body = null)
    {
        using var made = await admin.PostAsJsonAsync($"api/v1/users/{user}/deletion", body ?? new { });
        return await made.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task<string?> StatusAsync(HttpClient admin, string user)
    {
        using var answer = await admin.GetAsync($"api/v1/users/{user}");
        return answer.StatusCode == HttpStatusCode.NotFound ? null : (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("status");
    }

    private static Task RunAsync(TestServer server) => server.Services.GetRequiredService<DeletionWorker>().RunAsync(CancellationToken.None);

    private static async Task<int> CountAsync(HttpClient admin, string action)
    {
        using var response = await admin.GetAsync($"api/v1/audit?action={action}&limit=200");
        return (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength();
    }

    [Theory, BothDatabases]
    public async Task Is_made_shown_and_called_off(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var ann = await world.UserAsync("ann");
        await (await world.Admin.GetAsync($"api/v1/users/{ann}/deletion")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "deletion_not_found");
        var made = await ScheduleAsync(world.Admin, ann);
        (made.GetProperty("at").GetDateTimeOffset() - world.Server.Clock.GetUtcNow()).TotalDays.ShouldBe(30, 0.1);
        (await StatusAsync(world.Admin, ann)).ShouldBe("disabled");
        await (await world.Admin.PostAsJsonAsync($"api/v1/users/{ann}/deletion", new { })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "deletion_scheduled");
        (await (await world.Admin.GetAsync($"api/v1/users/{ann}/deletion")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("disabled").GetBoolean().ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}/deletion")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(world.Admin, ann)).ShouldBe("active");
        await (await world.Admin.DeleteAsync($"api/v1/users/{ann}/deletion")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "deletion_not_found");
        (await Mailbox.ReadAsync(world.Server, world.Tenant, "ann@example.com")).Select(m => m.Template).ShouldBe(["deletion_cancelled", "deletion_scheduled"]);

        // Who is disabled for another reason stays so.
        await ScheduleAsync(world.Admin, ann);
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}/deletion")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(world.Admin, ann)).ShouldBe("disabled");
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await ScheduleAsync(world.Admin, ann, new { disable = false })).GetProperty("disabled").GetBoolean().ShouldBeFalse();
        (await StatusAsync(world.Admin, ann)).ShouldBe("active");
        // Deleted at once, nothing is left of it.
        (await world.Admin.DeleteAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/users/{ann}/deletion")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
    }

    [Theory, BothDatabases]
    public async Task Takes_what_deleting_takes(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob, boss) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("boss"));
        await world.GiveAsync(ann, "user_manager");
        await world.GiveAsync(boss, "administrator");
        var owner = await world.UserAsync("owner");
        await world.OrganizationAsync("acme", owner);
        using var asAnn = await world.AsAsync(ann);
        await (await asAnn.PostAsJsonAsync($"api/v1/users/{boss}/deletion", new { })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await asAnn.PostAsJsonAsync($"api/v1/users/{bob}/deletion", new { erase_audit = true })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await world.Admin.PostAsJsonAsync($"api/v1/users/{boss}/deletion", new { })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
        await (await world.Admin.PostAsJsonAsync($"api/v1/users/{owner}/deletion", new { })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        foreach (var at in new[] { "tomorrow", "2001-01-01T00:00:00Z", "2030-01-01T00:00:00", world.Server.Clock.GetUtcNow().AddDays(400).ToString("O") })
            await (await asAnn.PostAsJsonAsync($"api/v1/users/{bob}/deletion", new { at })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "at_invalid");
        await ScheduleAsync(world.Admin, bob);
        using (var stranger = await world.AsAsync(await world.UserAsync("eve"))) (await stranger.DeleteAsync($"api/v1/users/{bob}/deletion")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var elsewhere = await world.Server.AdminAsync(await world.Server.NewTenantAsync());
        foreach (var method in new[] { "POST", "GET", "DELETE" })
        {
            using var refused = await elsewhere.SendAsync(People.Request(method, $"api/v1/users/{bob}/deletion", method == "POST" ? new { } : null));
            await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
            await world.Server.ShouldNeedAsync(world.Tenant, method, $"api/v1/users/{bob}/deletion", method == "GET" ? "users:write" : "users:read", method == "POST" ? new { } : null);
        }
        using var settings = await world.Admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { users = new { deletion_grace_days = 400 } });
        await settings.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
    }

    [Theory, BothDatabases]
    public async Task Happens_once_when_its_time_has_come(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        // What the server's own turn has claimed is not done yet when the others have passed over it.
        await server.Services.GetRequiredService<DeletionWorker>().StopAsync(CancellationToken.None);
        using var world = await RoleWorld.OpenAsync(server);
        var (ann, bob, cid, eve) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("cid"), await world.UserAsync("eve"));
        var (first, second) = (await world.UserAsync("first"), await world.UserAsync("second"));
        await world.GiveAsync(first, "administrator");
        await world.GiveAsync(second, "administrator");
        await world.GiveAsync(cid, "user_manager");
        var at = server.Clock.GetUtcNow().AddHours(2);
        await ScheduleAsync(world.Admin, ann, new { at });
        await ScheduleAsync(world.Admin, bob, new { at, erase_audit = true });
        await ScheduleAsync(world.Admin, first, new { at, disable = false });
        using (var asCid = await world.AsAsync(cid)) await ScheduleAsync(asCid, eve, new { at });
        // Meanwhile one is the last administrator, and the other may do more than who asked.
        await (await world.Admin.PostAsync($"api/v1/users/{second}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        await world.GiveAsync(eve, "administrator");
        await RunAsync(server);
        (await StatusAsync(world.Admin, ann)).ShouldBe("disabled", "it is not time yet");

        server.Clock.Advance(TimeSpan.FromMinutes(121));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync(server)));
        await RunAsync(server);
        using (var admin = await server.AdminAsync(world.Tenant))
        {
            foreach (var gone in new[] { ann, bob }) (await StatusAsync(admin, gone)).ShouldBeNull();
            (await CountAsync(admin, "user.deleted")).ShouldBe(2);
            (await CountAsync(admin, "audit.person_erased")).ShouldBe(1);
            (await Mailbox.ReadAsync(server, world.Tenant, "ann@example.com")).Select(m => m.Template).ShouldBe(["account_removed", "deletion_scheduled"]);
            foreach (var (kept, why) in new[] { (first, "last_administrator"), (eve, "permission_escalation") })
                (await (await admin.GetAsync($"api/v1/users/{kept}/deletion")).ReadJsonAsync(HttpStatusCode.OK)).Text("refused").ShouldBe(why);
            (await CountAsync(admin, "user.deletion_refused")).ShouldBe(2);
            await (await admin.PostAsync($"api/v1/users/{second}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        }
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        await RunAsync(server);
        using (var admin = await server.AdminAsync(world.Tenant))
        {
            (await StatusAsync(admin, first)).ShouldBeNull("there is another one now");
            (await StatusAsync(admin, eve)).ShouldBe("disabled");
            (await CountAsync(admin, "user.deletion_refused")).ShouldBe(2, "said once");
        }
    }

    [Theory, BothDatabases]
    public async Task She_asks_for_it_herself_and_thinks_again(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { account = new { deletion = true, deletion_grace_days = 7 } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        using (var none = await world.CallAsync(HttpMethod.Get, "/deletion")) await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "deletion_not_found");
        var end = await world.JsonAsync(HttpMethod.Delete, "/profile", null, HttpStatusCode.Accepted);
        (end.GetProperty("at").GetDateTimeOffset() - world.Server.Clock.GetUtcNow()).TotalDays.ShouldBe(7, 0.1);
        (await world.JsonAsync(HttpMethod.Get, "/deletion")).GetProperty("by_me").GetBoolean().ShouldBeTrue();
        using (var twice = await world.CallAsync(HttpMethod.Delete, "/profile")) await twice.ShouldBeProblemAsync(HttpStatusCode.Conflict, "deletion_scheduled");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        using (var kept = await world.CallAsync(HttpMethod.Delete, "/deletion")) kept.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var gone = await world.CallAsync(HttpMethod.Delete, "/deletion")) await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, "deletion_not_found");

        // The same on pages.
        var ask = await world.Browser.GetAsync("account/privacy/delete");
        ask.Html.ShouldContain("for 7 days");
        var page = await world.Browser.SubmitAsync(ask, [("name", SignInWorld.Email)]);
        page.ShouldBe(HttpStatusCode.OK, "Your account will be deleted");
        page.Html.ShouldNotContain("/account/privacy/delete\"");
        (await world.Browser.SubmitAsync(page, [], "/privacy/delete/cancel")).ShouldBe(HttpStatusCode.OK, "Your account is kept");

        // What others decided she cannot undo.
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await ScheduleAsync(admin, world.UserId, new { disable = false });
        using (var refused = await world.CallAsync(HttpMethod.Delete, "/deletion")) await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "deletion_by_administrator");
        (await world.JsonAsync(HttpMethod.Get, "/deletion")).GetProperty("by_me").GetBoolean().ShouldBeFalse();
        (await world.Browser.GetAsync("account/privacy")).Html.ShouldNotContain("delete/cancel");
    }

    [Theory, BothDatabases]
    public async Task The_audit_forgets_nobody_for_who_may_not_ask_for_it_any_more(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await RoleWorld.OpenAsync(server);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        await world.GiveAsync(ann, "user_manager");
        await world.RoleAsync("eraser", ["audit:write"]);
        var eraser = (await world.GiveAsync(ann, "eraser")).Id();
        using (var asAnn = await world.AsAsync(ann)) await ScheduleAsync(asAnn, bob, new { at = server.Clock.GetUtcNow().AddHours(2), erase_audit = true });
        (await world.Admin.DeleteAsync($"api/v1/role-assignments/{eraser}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        server.Clock.Advance(TimeSpan.FromMinutes(121));
        await RunAsync(server);
        using var admin = await server.AdminAsync(world.Tenant);
        (await CountAsync(admin, "audit.person_erased")).ShouldBe(0);
        (await (await admin.GetAsync($"api/v1/users/{bob}/deletion")).ReadJsonAsync(HttpStatusCode.OK)).Text("refused").ShouldBe("permission_escalation");
        (await StatusAsync(admin, bob)).ShouldBe("disabled", "who may decides: calls it off, or asks anew");
    }
}
