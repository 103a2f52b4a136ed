using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization;

/// <summary>Changing an administrator, or making one, takes a token that carries every management scope.</summary>
public sealed class AdministratorGuardTests
{
    [Theory, BothDatabases]
    public async Task Refuses_to_change_or_make_an_administrator_with_a_part_of_the_scopes(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var ann = await admin.CreateUserAsync("ann@example.com", new { password = People.Password });
        var bob = (await admin.CreateUserAsync("bob@example.com")).Id();
        (await admin.PutAsync($"api/v1/users/{ann.Id()}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var part = await server.WithScopesAsync(tenant, [.. Scopes.All.Where(s => s != Scopes.TenantsWrite)]);

        var (her, email) = ($"api/v1/users/{ann.Id()}", ann.GetProperty("emails")[0].Id());
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("PUT", $"{her}/password", new { password = "another entirely new one" }),
            ("POST", $"{her}/password-reset", new { delivery = "link" }),
            ("POST", $"{her}/emails", new { address = "attacker@example.com", verified = true }),
            ("POST", $"{her}/emails/{email}/verify", null),
            ("POST", $"{her}/emails/{email}/primary", null),
            ("PATCH", her, new { display_name = "Eve" }),
            ("POST", $"{her}/disable", null),
            ("POST", $"{her}/enable", null),
            ("DELETE", $"{her}/roles/administrator", null),
            ("DELETE", her, null),
            ("PUT", $"api/v1/users/{bob}/roles/administrator", null),
        })
        {
            using var refused = await part.SendAsync(People.Request(method, path, body));
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        }

        // Everybody else is changed as before, and with every scope an administrator too.
        (await part.PutAsJsonAsync($"api/v1/users/{bob}/password", new { password = People.Password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await part.PatchAsJsonAsync($"api/v1/users/{bob}", new { display_name = "Bob" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await admin.PutAsJsonAsync($"{her}/password", new { password = "another entirely new one" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.PatchAsJsonAsync(her, new { display_name = "Ann" })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
