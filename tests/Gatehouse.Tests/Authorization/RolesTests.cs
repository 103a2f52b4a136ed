using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization;

public sealed class RolesTests
{
    [Theory, BothDatabases]
    public async Task Gives_shows_and_takes_a_role(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var (ann, bea) = ((await admin.CreateUserAsync("ann@example.com")).Id(), (await admin.CreateUserAsync("bea@example.com")).Id());
        await (await admin.GetAsync(Path(ann))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "role_not_held");
        foreach (var user in (string[])[ann, bea, ann]) (await admin.PutAsync(Path(user), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await (await admin.GetAsync(Path(ann))).ReadJsonAsync(HttpStatusCode.OK)).Text("role").ShouldBe("administrator");
        using var list = await admin.GetAsync($"api/v1/users/{ann}/roles");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await admin.DeleteAsync(Path(ann))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.DeleteAsync(Path(ann))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "role_not_held");

        using var audit = await admin.GetAsync($"api/v1/audit?target={ann}");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action"))
            .ShouldBe(["role.revoked", "role.granted", "user.created"]);
    }

    [Theory, BothDatabases]
    public async Task The_last_administrator_stays_one_who_can_sign_in(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var (ann, bea) = ((await admin.CreateUserAsync("ann@example.com")).Id(), (await admin.CreateUserAsync("bea@example.com")).Id());
        foreach (var user in (string[])[ann, bea]) (await admin.PutAsync(Path(user), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.PostAsync($"api/v1/users/{bea}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);

        // Bea still holds the role but cannot sign in: Ann is the last.
        await (await admin.DeleteAsync(Path(ann))).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
        await (await admin.PostAsync($"api/v1/users/{ann}/disable", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
        await (await admin.DeleteAsync($"api/v1/users/{ann}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
        await (await admin.PostAsync($"api/v1/users/{bea}/enable", null)).ReadJsonAsync(HttpStatusCode.OK);
        (await admin.DeleteAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.DeleteAsync(Path(bea))).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
    }

    [Theory, BothDatabases]
    public async Task Of_administrators_who_remove_each_other_at_once_one_is_left(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        List<string> all = [];
        for (var i = 0; i < 8; i++)
        {
            all.Add((await admin.CreateUserAsync($"a{i}@example.com")).Id());
            (await admin.PutAsync(Path(all[i]), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        var answers = await Task.WhenAll(all.Select((user, i) => i % 2 == 0 ? admin.DeleteAsync(Path(user)) : admin.PostAsync($"api/v1/users/{user}/disable", null)));
        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(7);
        await answers.Single(a => !a.IsSuccessStatusCode).ShouldBeProblemAsync(HttpStatusCode.Conflict, "last_administrator");
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_the_scope_a_role_and_a_user_of_the_tenant(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(one);
        using var other = await server.AdminAsync(two);
        var ann = (await admin.CreateUserAsync("ann@example.com")).Id();
        foreach (var (method, path) in ((string, string)[])[("GET", $"api/v1/users/{ann}/roles"), ("GET", Path(ann)), ("PUT", Path(ann)), ("DELETE", Path(ann))])
        {
            await server.ShouldNeedAsync(one, method, path, "users:write");
            await (await other.SendAsync(People.Request(method, path))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
            if (path.EndsWith("administrator", StringComparison.Ordinal))
                await (await admin.SendAsync(People.Request(method, $"api/v1/users/{ann}/roles/emperor"))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "role_unknown");
        }
    }

    private static string Path(string user) => $"api/v1/users/{user}/roles/administrator";
}
