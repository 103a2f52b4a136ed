using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Credentials;

/// <summary><c>/api/v1/users/{id}/passkeys</c>.</summary>
public sealed class UserPasskeysTests
{
    private static async Task<JsonElement[]> ListAsync(HttpClient admin, string user)
    {
        using var response = await admin.GetAsync($"api/v1/users/{user}/passkeys");
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()];
    }

    [Theory, BothDatabases]
    public async Task Shows_a_user_s_passkeys_and_nothing_of_their_keys(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        var passkey = (await ListAsync(admin, world.People.UserId)).ShouldHaveSingleItem();
        passkey.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "name", "aaguid", "attested", "backup_eligible", "backed_up", "created_at", "last_used_at"]);
        (passkey.GetProperty("name").GetString(), passkey.GetProperty("attested").GetBoolean(), passkey.GetProperty("backup_eligible").GetBoolean()).ShouldBe(("My key", false, true));
        passkey.GetProperty("last_used_at").ValueKind.ShouldBe(JsonValueKind.Null);
        await world.SignInAsync();
        (await ListAsync(admin, world.People.UserId))[0].GetProperty("last_used_at").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Theory, BothDatabases]
    public async Task Removes_a_lost_one_and_tells_her(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        var path = $"api/v1/users/{world.People.UserId}/passkeys/{(await ListAsync(admin, world.People.UserId))[0].GetProperty("id").GetString()}";
        using var removed = await admin.DeleteAsync(path);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync(admin, world.People.UserId)).ShouldBeEmpty();
        (await world.People.AuditAsync("passkey.removed")).ShouldHaveSingleItem().Outcome.ShouldBe("success");
        (await world.People.MailsAsync()).ShouldContain("passkey_removed");
        await world.RefuseAsync("credential_unknown");
        using var again = await admin.DeleteAsync(path);
        await again.ShouldBeProblemAsync(HttpStatusCode.NotFound, "passkey_not_found");
        (await world.People.AuditAsync("passkey.removed")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Touches_neither_another_user_s_nor_another_tenant_s(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        var (server, tenant) = (world.People.Server, world.People.Tenant);
        using var admin = await server.AdminAsync(tenant);
        var passkey = (await ListAsync(admin, world.People.UserId))[0].GetProperty("id").GetString();
        var eve = await SignInWorld.NewUserAsync(server, tenant, "eve@example.com");
        (await ListAsync(admin, eve)).ShouldBeEmpty();
        foreach (var id in new[] { passkey, "pky_00000000000000000000000001", "x" })
        {
            using var refused = await admin.DeleteAsync($"api/v1/users/{eve}/passkeys/{id}");
            await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "passkey_not_found");
        }

        var other = await server.NewTenantAsync();
        using var stranger = await server.AdminAsync(other);
        foreach (var id in new[] { world.People.UserId, "usr_00000000000000000000000000", "nobody" })
        {
            using var list = await stranger.GetAsync($"api/v1/users/{id}/passkeys");
            await list.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
            using var refused = await stranger.DeleteAsync($"api/v1/users/{id}/passkeys/{passkey}");
            await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        }
        await server.ShouldNeedAsync(tenant, "GET", $"api/v1/users/{world.People.UserId}/passkeys", "sessions:read");
        await server.ShouldNeedAsync(tenant, "DELETE", $"api/v1/users/{world.People.UserId}/passkeys/{passkey}", "users:read");
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }
}
