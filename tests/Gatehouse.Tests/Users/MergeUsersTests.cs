using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;

namespace Gatehouse.Tests.Users;

/// <summary><c>POST /api/v1/users/{id}/merge</c>.</summary>
public sealed class MergeUsersTests
{
    private static async Task<JsonElement> GetAsync(HttpClient admin, string path)
    {
        using var answer = await admin.GetAsync($"api/v1/{path}");
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task One_account_has_what_two_had_and_the_other_says_where_it_went(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var admin = world.Admin;
        var into = (await admin.CreateUserAsync("stays@example.com", new { display_name = "Stays", attributes = new { team = "red", level = 1 } })).Id();
        var from = (await admin.CreateUserAsync("goes@example.com", new { display_name = "Goes", given_name = "Gwen", password = People.Password, attributes = new { team = "blue", badge = 7 } })).Id();
        using (var phone = await admin.PostAsJsonAsync($"api/v1/users/{from}/phones", new { number = "+4915112345678" })) phone.EnsureSuccessStatusCode();
        var (acme, beta) = (await world.OrganizationAsync("acme"), await world.OrganizationAsync("beta"));
        await world.JoinAsync(acme, into, from);
        await world.JoinAsync(beta, from);
        await world.GiveAsync(from, "organization_admin", new { organization = beta });
        await world.GiveAsync(from, "auditor");
        await world.GiveAsync(into, "auditor", new { ends_at = world.Server.Clock.GetUtcNow().AddDays(1) });
        using (var group = await admin.PostAsJsonAsync("api/v1/groups", new { name = "Crew" }))
            (await admin.PutAsync($"api/v1/groups/{(await group.ReadJsonAsync(HttpStatusCode.Created)).Id()}/members/{from}", null)).EnsureSuccessStatusCode();

        // A preview says what would happen, and changes nothing.
        JsonElement[] said = [];
        foreach (var preview in new[] { true, false })
        {
            using var answer = await admin.PostAsJsonAsync($"api/v1/users/{into}/merge", new { from, preview });
            said = [.. said, await answer.ReadJsonAsync(HttpStatusCode.OK)];
            if (preview) (await GetAsync(admin, $"users/{from}")).GetProperty("emails").GetArrayLength().ShouldBe(1);
        }
        foreach (var answer in said)
        {
            var moved = answer.GetProperty("moved");
            foreach (var (kind, count) in new[] { ("emails", 1), ("phones", 1), ("memberships", 1), ("groups", 1), ("roles", 2), ("consents", 0) }) moved.GetProperty(kind).GetInt32().ShouldBe(count, kind);
            answer.GetProperty("conflicts").EnumerateArray().Select(c => c.GetString()).ShouldBe(["display_name", "attributes.team"]);
        }
        var one = await GetAsync(admin, $"users/{into}");
        one.GetProperty("emails").EnumerateArray().Select(e => (e.Text("address"), e.GetProperty("primary").GetBoolean())).OrderBy(e => e.Item1, StringComparer.Ordinal).ShouldBe([("goes@example.com", false), ("stays@example.com", true)]);
        one.GetProperty("phones")[0].GetProperty("primary").GetBoolean().ShouldBeTrue();
        (one.Text("display_name"), one.Text("given_name")).ShouldBe(("Stays", "Gwen"));
        (one.GetProperty("attributes").Text("team"), one.GetProperty("attributes").GetProperty("badge").GetInt32(), one.GetProperty("attributes").GetProperty("level").GetInt32()).ShouldBe(("red", 7, 1));
        (await GetAsync(admin, $"users/{into}/organizations")).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await world.MayAsync(into, "members:write", new { organization = beta })).ShouldBeTrue();
        var roles = (await GetAsync(admin, $"role-assignments?holder={into}")).GetProperty("items").EnumerateArray().ToList();
        roles.Count.ShouldBe(2);
        roles.ShouldAllBe(r => r.GetProperty("ends_at").ValueKind == JsonValueKind.Null);
        (await GetAsync(admin, $"users/{into}/credentials")).GetProperty("password").ValueKind.ShouldBe(JsonValueKind.Null, "nobody's password moves");
        (await GetAsync(admin, "users?search=goes")).GetProperty("items")[0].Id().ShouldBe(into);

        using (var gone = await admin.GetAsync($"api/v1/users/{from}"))
        {
            gone.Headers.Location!.ToString().ShouldEndWith($"/api/v1/users/{into}");
            await gone.ShouldBeProblemAsync(HttpStatusCode.Gone, "user_merged");
        }
        foreach (var action in new[] { "user.merged", "user.deleted" }) (await GetAsync(admin, $"audit?action={action}")).GetProperty("items").GetArrayLength().ShouldBe(1, action);
        // Merged on, the first id leads to the last.
        var last = await world.UserAsync("last");
        await (await admin.PostAsJsonAsync($"api/v1/users/{last}/merge", new { from = into, on_conflict = "take" })).ReadJsonAsync(HttpStatusCode.OK);
        using (var gone = await admin.GetAsync($"api/v1/users/{from}")) gone.Headers.Location!.ToString().ShouldEndWith(last);
        (await GetAsync(admin, $"users/{last}")).Text("display_name").ShouldBe("Stays");
        (await admin.DeleteAsync($"api/v1/users/{last}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.GetAsync($"api/v1/users/{from}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
    }

    [Theory, BothDatabases]
    public async Task Of_merges_in_opposite_directions_at_once_one_happens(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        for (var turn = 0; turn < 5; turn++)
        {
            var (one, two) = (await world.UserAsync($"one{turn}"), await world.UserAsync($"two{turn}"));
            var answers = await Task.WhenAll(new[] { (one, two), (two, one), (one, two), (two, one) }.Select(p => world.Admin.PostAsJsonAsync($"api/v1/users/{p.Item1}/merge", new { from = p.Item2 })));
            answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            foreach (var other in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
                other.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity);
        }
    }

    [Theory, BothDatabases]
    public async Task Nobody_brings_together_what_she_does_not_hold(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob, cid, boss) = (await world.UserAsync("ann"), await world.UserAsync("bob"), await world.UserAsync("cid"), await world.UserAsync("boss"));
        await world.GiveAsync(ann, "user_manager");
        await world.GiveAsync(boss, "administrator");
        using var asAnn = await world.AsAsync(ann);
        foreach (var (into, from) in new[] { (bob, boss), (boss, bob) })
            await (await asAnn.PostAsJsonAsync($"api/v1/users/{into}/merge", new { from, preview = true })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        // A group of the one holds something where only the other is a member: together they would have it.
        var acme = await world.OrganizationAsync("acme");
        await world.JoinAsync(acme, cid);
        using var made = await world.Admin.PostAsJsonAsync("api/v1/groups", new { name = "Helpers" });
        var group = (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
        await world.GiveAsync(group, "organization_admin", new { organization = acme });
        (await world.Admin.PutAsync($"api/v1/groups/{group}/members/{bob}", null)).EnsureSuccessStatusCode();
        await (await asAnn.PostAsJsonAsync($"api/v1/users/{bob}/merge", new { from = cid })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await GetAsync(world.Admin, $"users/{cid}")).GetProperty("emails").GetArrayLength().ShouldBe(1);

        foreach (var (body, code) in new (object, string)[] { (new { from = bob }, "from_invalid"), (new { from = "usr_01h455vb4pex5vsknk084sn02q" }, "from_invalid"), (new { }, "from_invalid"), (new { from = cid, on_conflict = "both" }, "on_conflict_invalid") })
            await (await world.Admin.PostAsJsonAsync($"api/v1/users/{bob}/merge", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        using var elsewhere = await world.Server.AdminAsync(await world.Server.NewTenantAsync());
        var stranger = (await elsewhere.CreateUserAsync("stranger@example.com")).Id();
        await (await elsewhere.PostAsJsonAsync($"api/v1/users/{stranger}/merge", new { from = bob })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "from_invalid");
        await (await elsewhere.PostAsJsonAsync($"api/v1/users/{bob}/merge", new { from = stranger })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await world.Server.ShouldNeedAsync(world.Tenant, "POST", $"api/v1/users/{bob}/merge", "users:read", new { from = cid });
        // The last administrator's other account may be the one that stays.
        await (await world.Admin.PostAsJsonAsync($"api/v1/users/{cid}/merge", new { from = boss })).ReadJsonAsync(HttpStatusCode.OK);
        await (await world.Admin.DeleteAsync($"api/v1/users/{cid}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
    }
}
