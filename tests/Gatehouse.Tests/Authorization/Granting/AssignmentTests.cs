using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization.Granting;

public sealed class AssignmentTests
{
    [Theory, BothDatabases]
    public async Task A_role_counts_where_it_is_held(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read", "orders:write");
        await world.RoleAsync("reader", ["orders:read"]);
        await world.RoleAsync("writer", ["orders:write"], "reader");
        var (ann, robot) = (await world.UserAsync("ann"), await world.Admin.CreateClientAsync(new { name = "Robot", grant_types = new[] { "client_credentials" } }));
        var (here, there) = (await world.OrganizationAsync("here"), await world.OrganizationAsync("there"));
        await world.JoinAsync(here, ann);
        await world.JoinAsync(there, ann);
        await world.GiveAsync(ann, "reader", new { organization = here });
        await world.GiveAsync(ann, "writer", new { application = world.App });
        await world.GiveAsync(robot.ClientId(), "reader");

        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse("not in the whole tenant");
        (await world.MayAsync(ann, "orders:read", new { organization = here })).ShouldBeTrue();
        (await world.MayAsync(ann, "orders:write", new { organization = here })).ShouldBeFalse();
        (await world.MayAsync(ann, "orders:read", new { organization = there })).ShouldBeFalse();
        (await world.MayAsync(ann, "orders:write", new { application = world.App })).ShouldBeTrue();
        (await world.MayAsync(ann, "orders:write", new { organization = there, application = world.App })).ShouldBeTrue();
        (await world.MayAsync(robot.ClientId(), "orders:read", new { organization = there })).ShouldBeTrue("the whole tenant is everywhere in it");
        (await world.MayAsync(ann, "orders:unheard", new { organization = here })).ShouldBeFalse();

        // A batch answers in its order.
        using var batch = await world.Admin.PostAsJsonAsync("api/v1/permissions/check-batch", new { checks = new object[]
        {
            new { subject = ann, permission = "orders:read", organization = here }, new { subject = ann, permission = "orders:read", organization = there },
            new { subject = "usr_01h455vb4pex5vsknk084sn02q", permission = "orders:read" },
        } });
        (await batch.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("allowed").EnumerateArray().Select(a => a.GetBoolean()).ShouldBe([true, false, false]);

        // What she held as a member goes with the membership, and does not come back with it.
        (await world.Admin.DeleteAsync($"api/v1/organizations/{here}/members/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:read", new { organization = here })).ShouldBeFalse();
        await world.JoinAsync(here, ann);
        (await world.MayAsync(ann, "orders:read", new { organization = here })).ShouldBeFalse();
        // Nothing counts of an organization that is disabled.
        await world.GiveAsync(ann, "reader", new { organization = here });
        await (await world.Admin.PostAsync($"api/v1/organizations/{here}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read", new { organization = here })).ShouldBeFalse();
        await (await world.Admin.PostAsync($"api/v1/organizations/{here}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read", new { organization = here })).ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/organizations/{here}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:read", new { organization = here })).ShouldBeFalse();
        // Nor of somebody who is.
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:write", new { application = world.App })).ShouldBeFalse();
        await (await world.Admin.PostAsync($"api/v1/users/{ann}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:write", new { application = world.App })).ShouldBeTrue();
        await (await world.Admin.PatchAsJsonAsync($"api/v1/clients/{robot.ClientId()}", new { enabled = false })).ReadJsonAsync(HttpStatusCode.OK);
        (await world.MayAsync(robot.ClientId(), "orders:read")).ShouldBeFalse();
        (await world.Admin.DeleteAsync($"api/v1/clients/{world.App}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.MayAsync(ann, "orders:write", new { application = world.App })).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task A_role_counts_between_its_beginning_and_its_end(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await RoleWorld.OpenAsync(server);
        var ann = await world.UserAsync("ann");
        var start = server.Clock.GetUtcNow();
        var given = await world.GiveAsync(ann, "auditor", new { starts_at = start.AddHours(1), ends_at = start.AddHours(2) });
        async Task<bool> MayAsync() { using var fresh = await RoleWorldClock.AdminAsync(world); return await RoleWorldClock.MayAsync(fresh, ann, "users:read"); }
        (await MayAsync()).ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromMinutes(60));
        (await MayAsync()).ShouldBeTrue();
        server.Clock.Advance(TimeSpan.FromMinutes(59));
        (await MayAsync()).ShouldBeTrue();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await MayAsync()).ShouldBeFalse();

        using var admin = await RoleWorldClock.AdminAsync(world);
        foreach (var ends in (object[])[start, start.AddHours(2), "tomorrow", 7])
            await (await admin.PatchAsJsonAsync($"api/v1/role-assignments/{given.Id()}", new { ends_at = ends })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "period_invalid");
        var moved = await (await admin.PatchAsJsonAsync($"api/v1/role-assignments/{given.Id()}", new { ends_at = (string?)null })).ReadJsonAsync(HttpStatusCode.OK);
        moved.GetProperty("ends_at").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await MayAsync()).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Says_what_is_wrong_with_an_assignment_and_gives_one_once(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob, here) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.OrganizationAsync("here"));
        await world.JoinAsync(here, ann);
        foreach (var (body, code) in new (object, string)[]
        {
            (new { role = "auditor" }, "holder_unknown"), (new { holder = "nobody", role = "auditor" }, "holder_unknown"), (new { holder = "usr_01h455vb4pex5vsknk084sn02q", role = "auditor" }, "holder_unknown"),
            (new { holder = ann }, "role_unknown"), (new { holder = ann, role = "emperor" }, "role_unknown"),
            (new { holder = ann, role = "administrator", organization = here }, "role_not_assignable"), (new { holder = ann, role = "organization_admin" }, "role_not_assignable"),
            (new { holder = ann, role = "auditor", organization = "x" }, "scope_invalid"), (new { holder = ann, role = "organization_admin", organization = here, application = world.App }, "scope_invalid"),
            (new { holder = ann, role = "organization_admin", organization = "org_01h455vb4pex5vsknk084sn02q" }, "scope_unknown"), (new { holder = bob, role = "organization_admin", organization = here }, "holder_not_member"),
            (new { holder = ann, role = "auditor", application = "cli_01h455vb4pex5vsknk084sn02q" }, "scope_unknown"), (new { holder = ann, role = "auditor", ends_at = "2001-01-01T00:00:00Z" }, "period_invalid"),
        }) await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = ann, role = "auditor" })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(15);
        var made = await world.GiveAsync(ann, "organization_admin", new { organization = here });
        foreach (var (query, count) in new[] { ($"holder={ann}", 2), ("role=auditor", 1), ($"organization={here}", 1), ("", 2) })
            (await (await world.Admin.GetAsync($"api/v1/role-assignments?{query}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(count, query);
        foreach (var query in (string[])[$"holder={ann}&role=auditor", "holder=x", "role=emperor", "organization=x"])
            await (await world.Admin.GetAsync($"api/v1/role-assignments?{query}")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "filter_invalid");
        (await (await world.Admin.GetAsync($"api/v1/role-assignments/{made.Id()}")).ReadJsonAsync(HttpStatusCode.OK)).Text("organization").ShouldBe(here);
        (await world.Admin.DeleteAsync($"api/v1/role-assignments/{made.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.DeleteAsync($"api/v1/role-assignments/{made.Id()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "assignment_not_found");
        foreach (var bad in new object[] { new { subject = "x", permission = "a:b" }, new { subject = ann } })
            (await world.Admin.PostAsJsonAsync("api/v1/permissions/check", bad)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await (await world.Admin.PostAsJsonAsync("api/v1/permissions/check-batch", new { checks = Enumerable.Repeat(new { subject = ann, permission = "a:b" }, 101) }))
            .ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "checks_invalid");
    }

    [Theory, BothDatabases]
    public async Task Tells_what_somebody_may_do_and_why(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read", "orders:write");
        await world.RoleAsync("reader", ["orders:read"]);
        await world.RoleAsync("editor", ["orders:write"], "reader");
        await world.RoleAsync("chief", [], "editor");
        var (ann, here) = (await world.UserAsync("ann"), await world.OrganizationAsync("here"));
        await world.JoinAsync(here, ann);
        var chief = await world.GiveAsync(ann, "chief", new { organization = here });
        var reader = await world.GiveAsync(ann, "reader");

        var plain = await (await world.Admin.GetAsync($"api/v1/users/{ann}/effective-permissions")).ReadJsonAsync(HttpStatusCode.OK);
        plain.GetProperty("permissions").EnumerateArray().Select(p => p.Text("permission")).ShouldBe(["orders:read"]);
        plain.GetProperty("permissions")[0].GetProperty("reasons").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var explained = await (await world.Admin.GetAsync($"api/v1/users/{ann}/effective-permissions?organization={here}&explain=true")).ReadJsonAsync(HttpStatusCode.OK);
        explained.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["chief", "editor", "reader"]);
        var read = explained.GetProperty("permissions").EnumerateArray().Single(p => p.Text("permission") == "orders:read").GetProperty("reasons").EnumerateArray().ToList();
        read.Select(r => r.Text("assignment")).ShouldBe([chief.Id(), reader.Id()], ignoreOrder: true);
        var through = read.Single(r => r.Text("assignment") == chief.Id());
        through.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["chief", "editor", "reader"]);
        (through.Text("scope"), through.Text("scope_id")).ShouldBe(("organization", here));
        await (await world.Admin.GetAsync($"api/v1/users/{ann}/effective-permissions?explain=perhaps")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "explain_invalid");
        await (await world.Admin.GetAsync($"api/v1/users/{ann}/effective-permissions?organization=x")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_invalid");
    }
}

/// <summary>Questions after the clock was moved, each with a token that is still good.</summary>
internal static class RoleWorldClock
{
    internal static Task<HttpClient> AdminAsync(RoleWorld world) => world.Server.AdminAsync(world.Tenant);

    internal static async Task<bool> MayAsync(HttpClient admin, string subject, string permission)
    {
        using var answer = await admin.PostAsJsonAsync("api/v1/permissions/check", new { subject, permission });
        return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("allowed").GetBoolean();
    }
}
