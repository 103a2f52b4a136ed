using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization;

/// <summary>Each test spoils one thing of a call that would be let in.</summary>
public sealed class ManagementAccessTests
{
    [Theory, BothDatabases]
    public async Task Lets_a_good_token_in_and_tells_one_without_a_token_how(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var http = server.Client();
        (await http.GetWithAsync("bearer " + await server.SignAsync(await server.ClaimsAsync()))).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var header in (string?[])[null, "Basic dXNlcjpwYXNz", "Bearer"])
        {
            using var refused = await http.GetWithAsync(header);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
            refused.Challenge().ShouldBe($"Bearer realm=\"{server.Url}\"");      // RFC 6750 §3.1: no error code
        }
    }

    public static TheoryData<string, string, string?> SpoiledClaims => new()
    {
        { "iss", "\"https://other.example\"", "at+jwt" },
        { "iss", "null", "at+jwt" },
        { "aud", "\"https://orders.example.com\"", "at+jwt" },
        { "aud", "null", "at+jwt" },
        { "exp", "1000", "at+jwt" },
        { "exp", "null", "at+jwt" },
        { "nbf", "99999999999", "at+jwt" },
        { "jti", "null", "at+jwt" },
        { "client_id", "null", "at+jwt" },
        { "client_id", "\"cli_01h455vb4pex5vsknk084sn02q\"", "at+jwt" },
        { "sub", "\"usr_01h455vb4pex5vsknk084sn02q\"", "at+jwt" },
        { "sub", "\"somebody\"", "at+jwt" },
        { "sub", "null", "at+jwt" },
        { "sid", "\"nonsense\"", "at+jwt" },
        { "sid", "7", "at+jwt" },
        { "x", "1", "JWT" },
        { "x", "1", "id+jwt" },
        { "x", "1", null },
    };

    [Theory, MemberData(nameof(SpoiledClaims))]
    public async Task Refuses_a_token_with_one_thing_wrong(string claim, string value, string? typ)      // RFC 9068 §4
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var http = server.Client();
        var claims = await server.ClaimsAsync();
        if (value == "null") claims.Remove(claim);
        else claims[claim] = JsonNode.Parse(value);
        using var refused = await http.GetWithAsync("Bearer " + await server.SignAsync(claims, typ));
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        refused.Challenge().ShouldBe($"Bearer realm=\"{server.Url}\", error=\"invalid_token\"");
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_changed_signature_and_two_headers(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var http = server.Client();
        var token = await server.SignAsync(await server.ClaimsAsync());
        var last = token[^2] == 'A' ? 'B' : 'A';
        await (await http.GetWithAsync($"Bearer {token[..^2]}{last}{token[^1]}")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        await (await http.GetWithAsync("Bearer a.b.c")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        await (await http.GetWithAsync("Bearer eyJhbGciOiJub25lIn0.e30.")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/users?access_token=" + token);
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);      // tokens never in a query
    }

    [Theory, BothDatabases]
    public async Task Names_the_scope_that_is_missing(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var http = server.Client();
        using var refused = await http.GetWithAsync("Bearer " + await server.TokenAsync("audit:read"));
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        refused.Challenge().ShouldBe($"Bearer realm=\"{server.Url}\", error=\"insufficient_scope\", scope=\"users:read\"");
    }

    [Theory, BothDatabases]
    public async Task A_token_of_one_tenant_is_worth_nothing_at_another(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var child = await server.NewTenantAsync();
        using var atChild = server.Client(child);
        var token = await server.TokenAsync([.. Scopes.All]);
        await (await atChild.GetWithAsync("Bearer " + token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        await (await atChild.GetWithAsync("Bearer " + token, tenant: server.Main.Id.ToString())).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        await (await atChild.GetWithAsync("Bearer " + token, tenant: child.Id)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Theory, BothDatabases]
    public async Task X_Tenant_narrows_to_self_and_below_by_id_or_slug_and_never_widens(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var main = server.Client();
        var token = "Bearer " + await server.TokenAsync([.. Scopes.All]);
        using (var admin = await server.AdminAsync(one)) await admin.CreateUserAsync("ann@example.com");
        foreach (var name in (string[])[one.Id, one.Slug])
            (await (await main.GetWithAsync(token, tenant: name)).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1, name);
        (await main.GetWithAsync(token, tenant: server.Main.Id.ToString())).StatusCode.ShouldBe(HttpStatusCode.OK);

        // A child's own administrator sees neither her sister nor her parent.
        var (childToken, atOne) = await AdministratorOfAsync(server, one);
        using (atOne)
        {
            (await atOne.GetWithAsync(childToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
            foreach (var hidden in (string[])[two.Id, two.Slug, server.Main.Id.ToString(), "main", "nobody", "tnt_01h455vb4pex5vsknk084sn02q"])
                await (await atOne.GetWithAsync(childToken, tenant: hidden)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
        }
        await (await main.GetWithAsync(token, tenant: new string('x', 101))).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "tenant_header_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_client_that_loses_the_role_or_is_disabled_or_deleted_is_out_at_once(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var parent = await server.AdminAsync(tenant);
        var (token, http) = await AdministratorOfAsync(server, tenant);
        using var _ = http;
        var id = (await (await http.GetWithAsync(token, "api/v1/clients")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();
        await (await parent.PatchAsJsonAsync($"api/v1/clients/{id}", new { administrator = false })).ReadJsonAsync(HttpStatusCode.OK);
        await (await http.GetWithAsync(token)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        await (await parent.PatchAsJsonAsync($"api/v1/clients/{id}", new { administrator = true })).ReadJsonAsync(HttpStatusCode.OK);
        (await http.GetWithAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await parent.PatchAsJsonAsync($"api/v1/clients/{id}", new { enabled = false })).ReadJsonAsync(HttpStatusCode.OK);
        await (await http.GetWithAsync(token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_deleted_client_is_out_at_once(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var parent = await server.AdminAsync(tenant);
        var (token, http) = await AdministratorOfAsync(server, tenant);
        using var _ = http;
        var id = (await (await http.GetWithAsync(token, "api/v1/clients")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();
        (await parent.DeleteAsync($"api/v1/clients/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await http.GetWithAsync(token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_person_is_let_in_while_she_is_administrator_active_and_in_her_session(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        var context = await server.ContextAsync(tenant);
        using var parent = await server.AdminAsync(tenant);
        using var http = server.Client(tenant);
        var ann = (await parent.CreateUserAsync("ann@example.com")).Id();
        var app = (await parent.CreateClientAsync(new { scopes = Scopes.All })).ClientId();
        var claims = await server.ClaimsAsync();
        (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) = (tenant.Url, tenant.Url + "/api/v1", ann, app);
        var token = "Bearer " + await server.SignAsync(claims, tenant: context);

        await (await http.GetWithAsync(token)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        (await parent.PutAsync($"api/v1/users/{ann}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.GetWithAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        claims["sid"] = "ses_01h455vb4pex5vsknk084sn02q";       // a session that is not, or no longer, there
        await (await http.GetWithAsync("Bearer " + await server.SignAsync(claims, tenant: context))).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");

        var bea = (await parent.CreateUserAsync("bea@example.com")).Id();
        (await parent.PutAsync($"api/v1/users/{bea}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await parent.PostAsync($"api/v1/users/{ann}/disable", null)).ReadJsonAsync(HttpStatusCode.OK);
        await (await http.GetWithAsync(token)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    /// <summary>The authorization header of a service account that administers a tenant, and a client at that tenant.</summary>
    private static async Task<(string Token, HttpClient Http)> AdministratorOfAsync(TestServer server, TestTenant tenant)
    {
        using var parent = await server.AdminAsync(tenant);
        var robot = await parent.CreateClientAsync(new { name = "Robot", grant_types = new[] { "client_credentials" }, scopes = Scopes.All, administrator = true });
        var http = server.Client(tenant);
        using var answer = await http.AskForTokenAsync(robot.ClientId(), robot.Text("secret")!, string.Join(' ', Scopes.All));
        return ("Bearer " + (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("access_token"), http);
    }
}
