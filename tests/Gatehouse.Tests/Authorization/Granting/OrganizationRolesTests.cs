using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization.Granting;

/// <summary>An organization's own administrators: everything there that their roles permit, and nothing anywhere else.</summary>
public sealed class OrganizationRolesTests
{
    [Theory, BothDatabases]
    public async Task An_owner_manages_her_organization_and_no_other(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bea, bob) = (await world.UserAsync("ann"), await world.UserAsync("bea"), await world.UserAsync("bob"));
        var (hers, other) = (await world.OrganizationAsync("hers", ann), await world.OrganizationAsync("other", bea));
        await world.JoinAsync(hers, bob);
        await world.JoinAsync(other, bob);
        using var she = await world.AsAsync(ann);
        string Path(string organization, string rest) => $"api/v1/organizations/{organization}/{rest}";

        (await she.GetAsync($"api/v1/organizations/{hers}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var roles = (await (await she.GetAsync(Path(hers, "roles"))).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(r => r.Text("key")).ToList();
        roles.ShouldBe(["organization_admin", "organization_member", "organization_owner"]);
        using var given = await she.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder = bob, role = "organization_admin" });
        var assignment = (await given.ReadJsonAsync(HttpStatusCode.Created)).Id();
        (await (await she.GetAsync(Path(hers, "role-assignments"))).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(2);

        // Everything else: another organization, there or not, and the tenant.
        var theirs = (await (await world.Admin.GetAsync($"api/v1/role-assignments?organization={other}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();
        foreach (var elsewhere in (string[])[other, "org_01h455vb4pex5vsknk084sn02q", "nonsense"])
            foreach (var (method, rest, body) in new (string, string, object?)[]
            {
                ("GET", "", null), ("PATCH", "", new { display_name = "Mine" }), ("GET", "members", null), ("GET", $"members/{bob}", null), ("DELETE", $"members/{bob}", null), ("GET", "roles", null),
                ("GET", "role-assignments", null), ("POST", "role-assignments", new { holder = bob, role = "organization_owner" }), ("DELETE", $"role-assignments/{theirs}", null),
            }) await (await she.SendAsync(People.Request(method, Path(elsewhere, rest).TrimEnd('/'), body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await she.DeleteAsync(Path(hers, $"role-assignments/{theirs}"))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "assignment_not_found");
        foreach (var path in (string[])["users", "roles", "role-assignments", "clients", "organizations", "audit", $"role-assignments/{assignment}"])
            await (await she.GetAsync("api/v1/" + path)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        foreach (var role in (string[])["administrator", "auditor"])
            await (await she.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder = ann, role })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "role_not_assignable");
        await (await she.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder = bea, role = "organization_member" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");

        // Of the tenant's applications and groups she says nothing: what they hold decides who may manage them.
        using var everybody = await world.Admin.PostAsJsonAsync("api/v1/groups", new { name = "everybody" });
        foreach (var holder in (string[])[world.App, (await everybody.ReadJsonAsync(HttpStatusCode.Created)).Id()])
            await (await she.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder, role = "organization_member" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");

        // A role of the tenant's making that permits more than she holds is not hers to give, even here.
        await world.RoleAsync("powerful", [Scopes.UsersWrite]);
        await (await she.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder = bob, role = "powerful" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");

        // Bob is her administrator, not her owner.
        using var he = await world.AsAsync(bob);
        (await he.GetAsync(Path(hers, "members"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await he.PatchAsJsonAsync($"api/v1/organizations/{hers}", new { display_name = "Mine" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await he.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder = bob, role = "organization_owner" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await he.DeleteAsync(Path(hers, $"members/{ann}"))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        // Dora owns it too, through a group of it: not his to remove either.
        var dora = await world.UserAsync("dora");
        await world.JoinAsync(hers, dora);
        using var made = await she.PostAsJsonAsync(Path(hers, "groups"), new { name = "owners" });
        var owners = (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
        (await she.PostAsJsonAsync(Path(hers, "role-assignments"), new { holder = owners, role = "organization_owner" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await she.PutAsync(Path(hers, $"groups/{owners}/members/{dora}"), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await he.DeleteAsync(Path(hers, $"members/{dora}"))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.DeleteAsync(Path(hers, $"role-assignments/{assignment}"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await he.GetAsync(Path(hers, "members"))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");

        // Two steps, where the organization asks for them; whoever may in the whole tenant is not its to ask.
        (await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{hers}", new { settings = new { second_factor = "required" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var refused = await she.GetAsync(Path(hers, "members")))
        {
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "second_step_required");
            refused.Challenge().ShouldContain("error=\"insufficient_user_authentication\"");
        }
        var auditor = await world.UserAsync("auditor");
        await world.GiveAsync(auditor, "auditor");
        using (var reader = await world.AsAsync(auditor)) (await reader.GetAsync(Path(hers, "members"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{hers}", new { settings = new { second_factor = (string?)null } });
        (await she.GetAsync(Path(hers, "members"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Nor when hers is disabled.
        await (await world.Admin.PostAsync(Path(hers, "disable"), null)).ReadJsonAsync(HttpStatusCode.OK);
        await (await she.GetAsync(Path(hers, "members"))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
    }

    [Theory, BothDatabases]
    public async Task An_organization_keeps_its_last_owner(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var owners = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.UserAsync($"o{i}")));
        var organization = await world.OrganizationAsync("acme", owners[0]);
        var first = (await (await world.Admin.GetAsync($"api/v1/role-assignments?holder={owners[0]}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();
        foreach (var (method, path) in new[]
        {
            ("DELETE", $"organizations/{organization}/members/{owners[0]}"), ("DELETE", $"organizations/{organization}/role-assignments/{first}"), ("DELETE", $"role-assignments/{first}"),
            ("POST", $"users/{owners[0]}/disable"), ("DELETE", $"users/{owners[0]}"),
        }) await (await world.Admin.SendAsync(People.Request(method, "api/v1/" + path))).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");

        await world.JoinAsync(organization, owners[1..]);
        foreach (var owner in owners[1..]) await world.GiveAsync(owner, "organization_owner", new { organization });
        var answers = await Task.WhenAll(owners.Select((o, i) => i % 3 == 0 ? world.Admin.DeleteAsync($"api/v1/organizations/{organization}/members/{o}")
            : i % 3 == 1 ? world.Admin.PostAsync($"api/v1/users/{o}/disable", null) : world.Admin.DeleteAsync($"api/v1/users/{o}")));
        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(5);
        await answers.Single(a => !a.IsSuccessStatusCode).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_owner");
        (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
