using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Users;

public sealed class ChangeEmailsTests
{
    private static JsonElement Email(JsonElement user, string address) => user.GetProperty("emails").EnumerateArray().Single(e => e.Text("address") == address);

    [Theory, BothDatabases]
    public async Task Adds_verifies_makes_primary_and_removes(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var first = await admin.CreateUserAsync("ann@example.com");
        var path = $"api/v1/users/{first.Id()}/emails";

        using var added = await admin.PostAsJsonAsync(path, new { address = "New@Example.com" });
        var user = await added.ReadJsonAsync(HttpStatusCode.Created);
        var id = Email(user, "New@example.com").Id();
        Email(user, "New@example.com").GetProperty("verified").GetBoolean().ShouldBeFalse();

        using var verified = await admin.PostAsync($"{path}/{id}/verify", null);
        Email(await verified.ReadJsonAsync(HttpStatusCode.OK), "New@example.com").GetProperty("verified").GetBoolean().ShouldBeTrue();
        using var primary = await admin.PostAsync($"{path}/{id}/primary", null);
        user = await primary.ReadJsonAsync(HttpStatusCode.OK);
        (Email(user, "New@example.com").GetProperty("primary").GetBoolean(), Email(user, "ann@example.com").GetProperty("primary").GetBoolean()).ShouldBe((true, false));
        primary.Headers.ETag!.Tag.ShouldBe("\"v4\"");

        using var refused = await admin.DeleteAsync($"{path}/{id}");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "email_primary");
        using var removed = await admin.DeleteAsync($"{path}/{first.GetProperty("emails")[0].Id()}");
        (await removed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails").GetArrayLength().ShouldBe(1);
        await admin.CreateUserAsync("ann@example.com");
    }

    [Theory, BothDatabases]
    public async Task Refuses_taken_invalid_and_too_many(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        await admin.CreateUserAsync("bob@example.com");
        var user = await admin.CreateUserAsync("ann@example.com");
        var path = $"api/v1/users/{user.Id()}/emails";
        foreach (var (address, status, code) in new[] { ("BOB@example.com", HttpStatusCode.Conflict, "email_taken"), ("ann@example.com", HttpStatusCode.Conflict, "email_taken"), ("x", HttpStatusCode.UnprocessableEntity, "email_invalid") })
        {
            using var response = await admin.PostAsJsonAsync(path, new { address });
            await response.ShouldBeProblemAsync(status, code);
        }
        foreach (var wrong in new[] { "eml_00000000000000000000000001", "nonsense" })
            foreach (var (method, at) in new[] { ("DELETE", $"{path}/{wrong}"), ("POST", $"{path}/{wrong}/primary"), ("POST", $"{path}/{wrong}/verify") })
            {
                using var response = await admin.SendAsync(People.Request(method, at));
                await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "email_not_found");
                await server.ShouldNeedAsync(tenant, method, at, "users:read");
            }

        // Twenty at once: ten is ten, whoever comes first.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => admin.PostAsJsonAsync(path, new { address = $"more{i}@example.com" })));
        for (var i = 0; i < 12; i++) using (await admin.PostAsJsonAsync(path, new { address = $"last{i}@example.com" })) { }
        answers.ShouldAllBe(a => (int)a.StatusCode < 500);
        using var eleventh = await admin.PostAsJsonAsync(path, new { address = "eleventh@example.com" });
        await eleventh.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "emails_invalid");
        using var found = await admin.GetAsync($"api/v1/users/{user.Id()}");
        (await found.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails").GetArrayLength().ShouldBe(10);
        await server.ShouldNeedAsync(tenant, "POST", path, "users:read", new { address = "x@example.com" });
    }
}
