using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Credentials;

public sealed class RemoveTwoStepTests
{
    [Theory, BothDatabases]
    public async Task Leaves_her_with_her_password_and_tells_her(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        for (var time = 0; time < 2; time++)
        {
            using var removed = await admin.DeleteAsync($"api/v1/users/{world.UserId}/two-step");
            removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        (await world.AuditAsync("second_step.removed")).Count.ShouldBe(1);
        (await world.MailsAsync()).Count(m => m == "second_step_removed").ShouldBe(1);
        (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Knows_nobody_of_another_tenant(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        var other = await world.Server.NewTenantAsync();
        using var admin = await world.Server.AdminAsync(other);
        foreach (var id in new[] { world.UserId, "usr_00000000000000000000000000", "nobody" })
        {
            using var refused = await admin.DeleteAsync($"api/v1/users/{id}/two-step");
            await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        }
        (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, "Enter the code");
        await world.Server.ShouldNeedAsync(world.Tenant, "DELETE", $"api/v1/users/{world.UserId}/two-step", "users:read");
    }
}
