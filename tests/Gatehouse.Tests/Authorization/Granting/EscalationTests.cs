using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization.Granting;

/// <summary>Nobody gives, takes or reaches what she does not hold.</summary>
public sealed class EscalationTests
{
    [Theory, BothDatabases]
    public async Task Who_may_manage_roles_gives_no_more_than_she_holds(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read", "orders:write");
        await world.RoleAsync("clerk", ["orders:read"]);
        await world.RoleAsync("granter", [Scopes.RolesRead, Scopes.RolesWrite, "orders:read"]);
        await world.RoleAsync("orders_all", ["orders:write"], "clerk");
        var (eve, bob) = (await world.UserAsync("eve"), await world.UserAsync("bob"));
        await world.GiveAsync(eve, "granter");
        using var she = await world.AsAsync(eve);

        (await she.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = "clerk" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("POST", "api/v1/role-assignments", new { holder = eve, role = "administrator" }),
            ("PUT", $"api/v1/users/{eve}/roles/administrator", null),
            ("POST", "api/v1/role-assignments", new { holder = eve, role = "orders_all" }),
            ("POST", "api/v1/role-assignments", new { holder = bob, role = "auditor" }),
            ("POST", "api/v1/roles", new { key = "mine", permissions = new[] { "orders:write" } }),
            ("POST", "api/v1/roles", new { key = "mine", permissions = new[] { "users:write" } }),
            ("POST", "api/v1/roles", new { key = "mine", includes = new[] { "administrator" } }),
            ("PATCH", "api/v1/roles/clerk", new { permissions = new[] { "orders:read", "orders:write" } }),
            ("PATCH", "api/v1/roles/granter", new { includes = new[] { "orders_all" } }),
            ("DELETE", "api/v1/roles/orders_all", null),
        })
        {
            using var refused = await she.SendAsync(People.Request(method, path, body));
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        }
        (await world.MayAsync(eve, "orders:write")).ShouldBeFalse();

        // A token that carries less than its holder may gives less.
        using var less = await world.AsAsync(eve, Scopes.RolesRead);
        await (await less.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = "granter" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        using var some = await world.AsAsync(eve, Scopes.RolesWrite);
        await (await some.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = "granter" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
    }

    [Theory, BothDatabases]
    public async Task What_is_held_for_a_time_or_a_place_is_given_for_no_longer_and_nowhere_else(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.RoleAsync("granter", [Scopes.RolesRead, Scopes.RolesWrite]);
        var (eve, bob, here) = (await world.UserAsync("eve"), await world.UserAsync("bob"), await world.OrganizationAsync("here"));
        await world.JoinAsync(here, eve, bob);
        var tomorrow = world.Server.Clock.GetUtcNow().AddDays(1);
        var held = await world.GiveAsync(eve, "granter", new { ends_at = tomorrow });
        using var she = await world.AsAsync(eve);
        foreach (var ends in (DateTimeOffset?[])[null, tomorrow.AddSeconds(1)])
            await (await she.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = "granter", ends_at = ends })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await she.PatchAsJsonAsync($"api/v1/role-assignments/{held.Id()}", new { ends_at = (string?)null })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await she.PostAsJsonAsync("api/v1/roles", new { key = "forever", includes = new[] { "granter" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = "granter", ends_at = tomorrow })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task An_administrator_for_a_time_reaches_nobody_who_is_one_for_longer(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (eve, ann, bob) = (await world.UserAsync("eve"), await world.UserAsync("ann"), await world.UserAsync("bob"));
        var tomorrow = world.Server.Clock.GetUtcNow().AddDays(1);
        await world.GiveAsync(eve, "administrator", new { ends_at = tomorrow });
        await world.GiveAsync(ann, "administrator");
        await world.GiveAsync(bob, "administrator", new { ends_at = tomorrow });
        await world.RoleAsync("chief", [], "administrator");
        using var she = await world.AsAsync(eve);
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("PUT", $"api/v1/users/{ann}/password", new { password = People.Password }),
            ("POST", "api/v1/clients", Clients.Valid(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), administrator = true })),
            ("PATCH", "api/v1/roles/chief", new { includes = Array.Empty<string>() }),
        }) await (await she.SendAsync(People.Request(method, path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.PutAsJsonAsync($"api/v1/users/{bob}/password", new { password = People.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, BothDatabases]
    public async Task A_user_manager_reaches_nobody_who_may_do_more(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (eve, ann, bob) = (await world.UserAsync("eve"), await world.UserAsync("ann"), await world.UserAsync("bob"));
        await world.GiveAsync(eve, "user_manager");
        await world.GiveAsync(ann, "administrator");
        using var she = await world.AsAsync(eve);
        (await she.PatchAsJsonAsync($"api/v1/users/{bob}", new { display_name = "Bob" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await she.PatchAsJsonAsync($"api/v1/users/{eve}", new { display_name = "Eve" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("PUT", $"api/v1/users/{ann}/password", new { password = People.Password }), ("POST", $"api/v1/users/{ann}/password-reset", new { delivery = "link" }),
            ("POST", $"api/v1/users/{ann}/emails", new { address = "eve2@example.com", verified = true }), ("POST", $"api/v1/users/{ann}/disable", null), ("DELETE", $"api/v1/users/{ann}", null),
        }) await (await she.SendAsync(People.Request(method, path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        // Also where it has not begun: she would only have to wait.
        var cat = await world.UserAsync("cat");
        await world.GiveAsync(cat, "administrator", new { starts_at = world.Server.Clock.GetUtcNow().AddDays(1) });
        await (await she.PutAsJsonAsync($"api/v1/users/{cat}/password", new { password = People.Password })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await she.GetAsync("api/v1/clients")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
    }

    [Theory, BothDatabases]
    public async Task An_application_manager_makes_no_administrator_of_a_client_and_gets_no_secret_of_one(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var eve = await world.UserAsync("eve");
        await world.GiveAsync(eve, "application_manager");
        using var she = await world.AsAsync(eve);
        var robot = new { name = "Robot", grant_types = new[] { "client_credentials" }, scopes = new[] { "clients:read" } };
        var hers = await she.CreateClientAsync(robot);
        var chief = (await world.Admin.CreateClientAsync(new { name = "Chief", grant_types = new[] { "client_credentials" }, administrator = true })).ClientId();
        var clerk = (await world.Admin.CreateClientAsync(new { name = "Clerk", grant_types = new[] { "client_credentials" } })).ClientId();
        await world.GiveAsync(clerk, "user_manager");
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("POST", "api/v1/clients", Clients.Valid(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), administrator = true })),
            ("PATCH", $"api/v1/clients/{hers.ClientId()}", new { administrator = true }),
            ("POST", $"api/v1/clients/{chief}/secrets", null), ("PATCH", $"api/v1/clients/{chief}", new { name = "Mine" }), ("DELETE", $"api/v1/clients/{chief}", null),
            ("POST", $"api/v1/clients/{clerk}/secrets", null), ("PATCH", $"api/v1/clients/{clerk}", new { name = "Mine" }),
        }) await (await she.SendAsync(People.Request(method, path, body))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        // A client that holds a role acts within it.
        using var http = world.Server.Client(world.Tenant);
        using var answer = await http.AskForTokenAsync(hers.ClientId(), hers.Text("secret")!, "clients:read");
        var token = "Bearer " + (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("access_token");
        await (await http.GetWithAsync(token, "api/v1/clients")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        var given = await world.GiveAsync(hers.ClientId(), "auditor");
        (await http.GetWithAsync(token, "api/v1/clients")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.Admin.DeleteAsync($"api/v1/role-assignments/{given.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await http.GetWithAsync(token, "api/v1/clients")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        // Nor does she lead the tokens of those who may do more, who use the tenant's own applications, to an address of hers.
        await (await she.PatchAsJsonAsync($"api/v1/clients/{world.App}", new { redirect_uris = new[] { "https://eve.example.com/cb" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
    }

    [Theory, BothDatabases]
    public async Task Only_an_administrator_works_in_the_tenants_below(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var child = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        var robot = await admin.CreateClientAsync(new { name = "Robot", grant_types = new[] { "client_credentials" }, scopes = Scopes.All });
        using var given = await admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = robot.ClientId(), role = "auditor" });
        given.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var http = server.Client();
        using var answer = await http.AskForTokenAsync(robot.ClientId(), robot.Text("secret")!, string.Join(' ', Scopes.All));
        var token = "Bearer " + (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("access_token");
        foreach (var own in (string[])[server.Main.Slug, server.Main.Id.ToString()]) (await http.GetWithAsync(token, tenant: own)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var name in (string[])[child.Id, child.Slug, "nobody"]) await (await http.GetWithAsync(token, tenant: name)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "administrator_required");
    }

    [Theory, BothDatabases]
    public async Task The_administrator_who_holds_it_for_a_time_is_not_the_last(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var first = await world.GiveAsync(ann, "administrator");
        await world.GiveAsync(bob, "administrator", new { ends_at = world.Server.Clock.GetUtcNow().AddYears(1) });
        await (await world.Admin.DeleteAsync($"api/v1/role-assignments/{first.Id()}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
        await (await world.Admin.PatchAsJsonAsync($"api/v1/role-assignments/{first.Id()}", new { ends_at = world.Server.Clock.GetUtcNow().AddYears(1) })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
    }
}
