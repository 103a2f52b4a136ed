using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Applications;

/// <summary>A token for a part of the management API is no way to a client that can do more, whoever would sign in to it.</summary>
public sealed class ScopeEscalationTests
{
    private static readonly string[] Callback = ["https://attacker.example/callback"], Management = ["openid", Scopes.UsersWrite];

    [Theory, BothDatabases]
    public async Task Refuses_a_client_with_management_scopes_that_the_callers_token_lacks(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var writer = await server.WithScopesAsync(tenant, Scopes.ClientsWrite, Scopes.ClientsRead);

        using var created = await writer.PostAsJsonAsync("api/v1/clients", new { name = "Trap", type = "confidential", first_party = true, redirect_uris = Callback, scopes = Management });
        await created.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");

        using var plain = await writer.PostAsJsonAsync("api/v1/clients", new { name = "Shop", type = "confidential", first_party = true, redirect_uris = Callback });
        var own = (await plain.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").Id();
        using var widened = await writer.PatchAsJsonAsync($"api/v1/clients/{own}", new { scopes = Management });
        await widened.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");

        using var admin = await server.AdminAsync(tenant);
        using var console = await admin.PostAsJsonAsync("api/v1/clients", new { name = "Console", type = "confidential", first_party = true, redirect_uris = Callback, scopes = Management });
        var others = (await console.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").Id();
        using var redirected = await writer.PatchAsJsonAsync($"api/v1/clients/{others}", new { redirect_uris = new[] { "https://attacker.example/other" } });
        await redirected.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        using var secret = await writer.PostAsJsonAsync($"api/v1/clients/{others}/secrets", new { });
        await secret.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");

        using var enough = await server.WithScopesAsync(tenant, Scopes.ClientsWrite, Scopes.UsersWrite);
        using var allowed = await enough.PatchAsJsonAsync($"api/v1/clients/{own}", new { scopes = Management });
        await allowed.ReadJsonAsync(HttpStatusCode.OK);
    }
}
