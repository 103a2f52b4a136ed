using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Organizations;

public sealed class ManageMembersTests
{
    [Theory, BothDatabases]
    public async Task Adds_shows_lists_and_removes_members_of_several_organizations(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var (acme, beta) = (await admin.CreateOrganizationAsync("acme"), await admin.CreateOrganizationAsync("beta"));
        var (ann, bob) = (await admin.CreateUserAsync("ann@example.com", new { display_name = "Ann" }), await admin.CreateUserAsync("bob@example.com"));
        using var added = await admin.PostAsJsonAsync($"api/v1/organizations/{acme.Id()}/members", new { user = ann.Id() });
        var member = await added.ReadJsonAsync(HttpStatusCode.Created);
        (member.Text("user"), member.Text("display_name"), member.Text("email"), member.Text("status")).ShouldBe((ann.Id(), "Ann", "ann@example.com", "active"));
        added.Headers.Location!.ToString().ShouldBe($"{tenant.Url}/api/v1/organizations/{acme.Id()}/members/{ann.Id()}");
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{acme.Id()}/members", new { user = ann.Id() })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "member_exists");
        await admin.AddMemberAsync(acme.Id(), bob.Id());
        await admin.AddMemberAsync(beta.Id(), ann.Id());

        (await admin.ListTextsAsync($"api/v1/users/{ann.Id()}/organizations", "slug")).ShouldBe(["acme", "beta"]);
        var first = await admin.GetJsonAsync($"api/v1/organizations/{acme.Id()}/members?limit=1");
        first.GetProperty("items")[0].Text("user").ShouldBe(bob.Id(), "newest first");
        (await admin.ListTextsAsync($"api/v1/organizations/{acme.Id()}/members?limit=1&cursor={first.Text("next")}", "user")).ShouldBe([ann.Id()]);
        await (await admin.GetAsync($"api/v1/organizations/{beta.Id()}/members/{bob.Id()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "member_not_found");

        (await admin.DeleteAsync($"api/v1/organizations/{acme.Id()}/members/{ann.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.DeleteAsync($"api/v1/organizations/{acme.Id()}/members/{ann.Id()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "member_not_found");
        (await admin.ListTextsAsync($"api/v1/users/{ann.Id()}/organizations", "slug")).ShouldBe(["beta"]);
        var told = (await admin.GetJsonAsync($"api/v1/audit?target={ann.Id()}")).GetProperty("items").EnumerateArray().Where(e => e.Text("action")!.StartsWith("member.", StringComparison.Ordinal)).ToList();
        told.Select(e => (e.Text("action"), e.GetProperty("details").Text("organization"))).ShouldBe([("member.removed", acme.Id()), ("member.added", beta.Id()), ("member.added", acme.Id())]);
    }

    [Theory, BothDatabases]
    public async Task A_deleted_user_belongs_to_nothing(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var acme = await admin.CreateOrganizationAsync("acme");
        var ann = await admin.CreateUserAsync("ann@example.com");
        await admin.AddMemberAsync(acme.Id(), ann.Id());
        (await admin.DeleteAsync($"api/v1/users/{ann.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.ListTextsAsync($"api/v1/organizations/{acme.Id()}/members", "user")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Of_sixty_four_who_add_or_remove_her_at_once_one_does(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        var ann = (await admin.CreateUserAsync("ann@example.com")).Id();
        var added = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => admin.PostAsJsonAsync($"api/v1/organizations/{acme}/members", new { user = ann })));
        added.GroupBy(a => a.StatusCode).ToDictionary(g => g.Key, g => g.Count()).ShouldBe(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 1, [HttpStatusCode.Conflict] = 63 }, ignoreOrder: true);
        var removed = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => admin.DeleteAsync($"api/v1/organizations/{acme}/members/{ann}")));
        removed.GroupBy(a => a.StatusCode).ToDictionary(g => g.Key, g => g.Count()).ShouldBe(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.NoContent] = 1, [HttpStatusCode.NotFound] = 63 }, ignoreOrder: true);
    }

    [Theory, BothDatabases]
    public async Task Whoever_joins_while_all_goes_away_leaves_nothing_behind_and_nothing_fails(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        for (var round = 0; round < 4; round++)
        {
            var acme = (await admin.CreateOrganizationAsync($"acme{round}")).Id();
            var ann = (await admin.CreateUserAsync($"ann{round}@example.com")).Id();
            var gone = round % 2 == 0 ? $"api/v1/organizations/{acme}" : $"api/v1/users/{ann}";
            var answers = await Task.WhenAll(admin.PostAsJsonAsync($"api/v1/organizations/{acme}/members", new { user = ann }), admin.DeleteAsync(gone));
            answers[0].StatusCode.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.NotFound);
            answers[1].StatusCode.ShouldBe(HttpStatusCode.NoContent);
            if (round % 2 == 0) (await admin.ListTextsAsync($"api/v1/users/{ann}/organizations", "slug")).ShouldBeEmpty();
            else (await admin.ListTextsAsync($"api/v1/organizations/{acme}/members", "user")).ShouldBeEmpty();
        }
    }
}
