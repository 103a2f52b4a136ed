using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Flows;

/// <summary>The keys with which requests to tenants' programs are signed.</summary>
public sealed class FlowKeysTests
{
    private const string Hook = """{"id":"hook","type":"webhook","url":"https://hooks.example.com/in","on_failure":"allow"}""";

    [Theory, BothDatabases]
    public async Task Shows_a_secret_once_and_turns_keys_over(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var early = await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First, Hook));
        (early.Status, early.Body.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Conflict, "flow_key_missing"));

        using var made = await admin.PostAsync("api/v1/flow-keys", null);
        var first = await made.ReadJsonAsync(HttpStatusCode.Created);
        first.GetProperty("secret").GetString()!.ShouldStartWith("whsec_");
        await FlowWorld.PutAsync(server, tenant, FlowWorld.First, Hook);
        using (var listed = await admin.GetAsync("api/v1/flow-keys"))
        {
            var text = (await listed.ReadJsonAsync(HttpStatusCode.OK)).ToString();
            text.ShouldContain(first.GetProperty("id").GetString()!);
            text.ShouldNotContain("secret");
        }
        using (var last = await admin.DeleteAsync($"api/v1/flow-keys/{first.GetProperty("id").GetString()}"))
            (await last.ReadJsonAsync(HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("flow_key_needed");
        for (var i = 0; i < 2; i++)
            using (var more = await admin.PostAsync("api/v1/flow-keys", null)) more.StatusCode.ShouldBe(HttpStatusCode.Created);
        using (var many = await admin.PostAsync("api/v1/flow-keys", null))
            (await many.ReadJsonAsync(HttpStatusCode.Conflict)).GetProperty("code").GetString().ShouldBe("flow_keys_too_many");
        using (var gone = await admin.DeleteAsync($"api/v1/flow-keys/{first.GetProperty("id").GetString()}")) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var id in new[] { first.GetProperty("id").GetString(), "x" })
            using (var missing = await admin.DeleteAsync($"api/v1/flow-keys/{id}"))
                (await missing.ReadJsonAsync(HttpStatusCode.NotFound)).GetProperty("code").GetString().ShouldBe("flow_key_not_found");
        using var audit = await admin.GetAsync("api/v1/audit?action=flow_key.created");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(3);
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_has_its_own(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        using var stranger = await server.AdminAsync(other);
        using var made = await admin.PostAsync("api/v1/flow-keys", null);
        var id = (await made.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString();
        using (var listed = await stranger.GetAsync("api/v1/flow-keys")) (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
        using (var refused = await stranger.DeleteAsync($"api/v1/flow-keys/{id}")) refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var nobody = server.Client(tenant);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            using (var request = new HttpRequestMessage(method, "api/v1/flow-keys"))
            using (var response = await nobody.SendAsync(request)) response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using (var response = await nobody.DeleteAsync($"api/v1/flow-keys/{id}")) response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, BothDatabases]
    public async Task A_program_that_is_away_locks_no_administrator_out(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await SignIn.Headless.HookTests.NewKeyAsync(world.Server, world.Tenant);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var granted = await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null))
            granted.IsSuccessStatusCode.ShouldBeTrue();
        var strict = Hook.Replace("allow", "deny", StringComparison.Ordinal);
        async Task<HttpStatusCode> PutAsync(string step) => (await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First, step))).Status;
        (await PutAsync(strict)).ShouldBe(HttpStatusCode.Conflict);
        (await PutAsync(strict[..^1] + ""","when":{"not":{"role":["administrator"]}}}""")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(Hook)).ShouldBe(HttpStatusCode.OK);
    }
}
