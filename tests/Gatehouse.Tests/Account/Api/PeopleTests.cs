using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Tests.Workspaces;

namespace Gatehouse.Tests.Account.Api;

/// <summary><c>/account/v1/people</c>: each level in list, search and get, and after somebody has left.</summary>
public sealed class PeopleTests
{
    private static async Task<List<string?>> NamesAsync(SignInWorld world, string query, int limit = 50)
    {
        List<string?> names = [];
        string? cursor = null;
        for (var turn = 0; turn < 30; turn++)
        {
            var page = await world.JsonAsync(HttpMethod.Get, $"/people?limit={limit}{query}{(cursor is null ? "" : "&cursor=" + cursor)}");
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(p => p.Text("display_name")));
            if ((cursor = page.Text("next")) is null) return [.. names.Order(StringComparer.Ordinal)];
        }
        throw new Xunit.Sdk.XunitException("The pages have no end.");
    }

    private static async Task<bool> SeesAsync(SignInWorld world, string id)
    {
        using var answer = await world.CallAsync(HttpMethod.Get, $"/people/{id}");
        if (answer.StatusCode == HttpStatusCode.OK) return true;
        await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, "person_not_found");
        return false;
    }

    [Theory, BothDatabases]
    public async Task By_workspace_she_sees_whom_she_works_with_and_nobody_when_it_is_archived_or_its_organization_disabled(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await world.Browser.SignInAsync(SignInWorld.Email);
        async Task<string> UserAsync(string name) => (await admin.CreateUserAsync($"{name}@people.example", new { display_name = $"Person {name}" })).Id();
        var (bea, cid, dan) = (await UserAsync("Bea"), await UserAsync("Cid"), await UserAsync("Dan"));
        var organization = (await (await admin.PostAsJsonAsync("api/v1/organizations", new { slug = "acme", display_name = "Acme" })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        foreach (var user in new[] { world.UserId, cid, dan }) await (await admin.PostAsJsonAsync($"api/v1/organizations/{organization}/members", new { user })).ReadJsonAsync(HttpStatusCode.Created);
        var (own, theirs) = (await admin.WorkspaceAsync("own"), await admin.WorkspaceAsync("theirs", organization));
        foreach (var user in new[] { world.UserId, bea }) await admin.EnterAsync(own, user);
        foreach (var user in new[] { world.UserId, cid }) await admin.EnterAsync(theirs, user);
        await (await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { users = new { visibility = "workspace" } })).ReadJsonAsync(HttpStatusCode.OK);

        foreach (var limit in new[] { 1, 50 }) (await NamesAsync(world, "", limit)).ShouldBe(["Ann", "Person Bea", "Person Cid"], "Dan is in the organization only");
        (await NamesAsync(world, "&search=rson")).ShouldBe(["Person Bea", "Person Cid"]);
        foreach (var (id, seen) in new[] { (bea, true), (cid, true), (dan, false), (world.UserId, true) }) (await SeesAsync(world, id)).ShouldBe(seen, id);
        await (await admin.PostAsync($"api/v1/organizations/{organization}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await NamesAsync(world, "")).ShouldBe(["Ann", "Person Bea"]);
        (await SeesAsync(world, cid)).ShouldBeFalse();
        await (await admin.PostAsync($"api/v1/workspaces/{own}/archive", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await NamesAsync(world, "", 1)).ShouldBe(["Ann"]);
        (await SeesAsync(world, bea)).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Each_level_shows_whom_it_says_in_list_search_and_get(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        await world.Browser.SignInAsync(SignInWorld.Email);
        async Task<string> UserAsync(string name) => (await admin.CreateUserAsync($"{name}@people.example", new { display_name = $"Person {name}" })).Id();
        async Task<string> OrganizationAsync(string slug, params string[] members)
        {
            using var made = await admin.PostAsJsonAsync("api/v1/organizations", new { slug, display_name = slug });
            var id = (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
            foreach (var user in members) await (await admin.PostAsJsonAsync($"api/v1/organizations/{id}/members", new { user })).ReadJsonAsync(HttpStatusCode.Created);
            return id;
        }
        async Task LevelAsync(string level) => await (await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { users = new { visibility = level } })).ReadJsonAsync(HttpStatusCode.OK);
        var (bea, cid, dan, eve) = (await UserAsync("Bea"), await UserAsync("Cid"), await UserAsync("Dan"), await UserAsync("Eve"));
        var one = await OrganizationAsync("one", world.UserId, bea, cid);
        var two = await OrganizationAsync("two", world.UserId, cid, dan);
        await OrganizationAsync("three", eve);

        // What is the default.
        (await NamesAsync(world, "")).ShouldBe(["Ann"]);
        (await NamesAsync(world, "&search=erson")).ShouldBeEmpty();
        (await SeesAsync(world, bea)).ShouldBeFalse();
        (await SeesAsync(world, world.UserId)).ShouldBeTrue();

        await LevelAsync("organization");
        foreach (var limit in new[] { 1, 50 })
        {
            (await NamesAsync(world, "", limit)).ShouldBe(["Ann", "Person Bea", "Person Cid", "Person Dan"]);
            (await NamesAsync(world, "&search=RSON", limit)).ShouldBe(["Person Bea", "Person Cid", "Person Dan"]);
            (await NamesAsync(world, "&filter=" + Uri.EscapeDataString("name co \"cid\""), limit)).ShouldBe(["Person Cid"]);
        }
        (await NamesAsync(world, "&search=eve")).ShouldBeEmpty();
        (await NamesAsync(world, "&search=pe")).Count.ShouldBe(3);
        (await NamesAsync(world, "&search=people.example")).ShouldBeEmpty("addresses are not searched");
        foreach (var (id, seen) in new[] { (bea, true), (dan, true), (world.UserId, true), (eve, false), ("usr_01h455vb4pex5vsknk084sn02q", false), ("nobody", false) }) (await SeesAsync(world, id)).ShouldBe(seen, id);
        (await world.JsonAsync(HttpMethod.Get, $"/people/{bea}")).EnumerateObject().Select(p => p.Name).ShouldBe(["id", "display_name", "given_name", "family_name"]);
        foreach (var filter in new[] { "email sw \"b\"", "status eq \"active\"", "attributes.x eq 1", "id eq \"x\"", "phone co \"4\"" })
            using (var refused = await world.CallAsync(HttpMethod.Get, "/people?filter=" + Uri.EscapeDataString(filter))) await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "filter_invalid");
        foreach (var (query, code) in new[] { ("sort=-match", "sort_invalid"), ("sort=created_at", "sort_invalid"), ("cursor=x", "cursor_invalid"), ("search=%E2%80%AE", "search_invalid") })
            using (var refused = await world.CallAsync(HttpMethod.Get, "/people?" + query)) await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);

        // Who is disabled, who has left, and whose organization is disabled.
        await (await admin.PostAsync($"api/v1/users/{bea}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await SeesAsync(world, bea)).ShouldBeFalse();
        (await NamesAsync(world, "", 1)).ShouldBe(["Ann", "Person Cid", "Person Dan"]);
        (await admin.DeleteAsync($"api/v1/organizations/{two}/members/{world.UserId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SeesAsync(world, dan)).ShouldBeFalse();
        (await NamesAsync(world, "&search=person")).ShouldBe(["Person Cid"]);
        await (await admin.PostAsync($"api/v1/organizations/{one}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await NamesAsync(world, "")).ShouldBe(["Ann"]);
        (await SeesAsync(world, cid)).ShouldBeFalse();

        await LevelAsync("tenant");
        (await NamesAsync(world, "", 2)).ShouldBe(["Ann", "Person Cid", "Person Dan", "Person Eve"]);
        (await NamesAsync(world, "&search=rson%20e", 2)).ShouldBe(["Person Eve"]);
        (await NamesAsync(world, "&search=erso", 1)).ShouldBe(["Person Cid", "Person Dan", "Person Eve"]);
        (await SeesAsync(world, eve)).ShouldBeTrue();
        (await SeesAsync(world, bea)).ShouldBeFalse();
        // Never into another tenant.
        using var other = await SignInWorld.OpenAsync(database, new { users = new { visibility = "tenant" } });
        await other.Browser.SignInAsync(SignInWorld.Email);
        (await NamesAsync(other, "")).ShouldBe(["Ann"]);
        (await SeesAsync(other, eve)).ShouldBeFalse();
        using var unknown = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { users = new { visibility = "world" } });
        await unknown.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
        using var nobody = world.Server.Client(world.Tenant);
        (await nobody.GetAsync("account/v1/people")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
