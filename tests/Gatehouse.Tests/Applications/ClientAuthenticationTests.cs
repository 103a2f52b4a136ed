using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;
using Gatehouse.Tests.OAuth;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Applications;

/// <summary>How a client's keys are registered and changed.</summary>
public sealed class ClientAuthenticationTests
{
    [Theory, BothDatabases]
    public async Task Shows_public_keys_and_makes_no_secret(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var key = SigningKey.Generate(JwsAlgorithm.ES384);
        var jwks = AssertionWorld.Jwks(key);
        jwks["keys"]![0]!["x5c"] = new JsonArray("AAAA");
        var made = await admin.CreateClientAsync(new { token_endpoint_auth_method = "private_key_jwt", jwks });
        made.TryGetProperty("secret", out _).ShouldBeFalse();
        var client = made.GetProperty("client");
        (client.Text("token_endpoint_auth_method"), client.GetProperty("secrets").GetArrayLength()).ShouldBe(("private_key_jwt", 0));
        JsonNode.DeepEquals(JsonNode.Parse(client.GetProperty("jwks").GetRawText()), AssertionWorld.Jwks(key)).ShouldBeTrue("only what is used is kept");
        client.TryGetProperty("jwks_uri", out _).ShouldBeFalse();

        var plain = await admin.CreateClientAsync();
        plain.GetProperty("client").Text("token_endpoint_auth_method").ShouldBe("client_secret_basic");
        var id = plain.ClientId();
        using var moved = await admin.PutAsJsonAsync($"api/v1/clients/{id}/authentication", new { token_endpoint_auth_method = "private_key_jwt", jwks_uri = "https://keys.example.com/jwks", token_endpoint_auth_signing_alg = "ES256" });
        client = await moved.ReadJsonAsync(HttpStatusCode.OK);
        (client.Text("jwks_uri"), client.Text("token_endpoint_auth_signing_alg"), client.GetProperty("secrets").GetArrayLength()).ShouldBe(("https://keys.example.com/jwks", "ES256", 0));
        moved.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        using var stale = People.Request("PUT", $"api/v1/clients/{id}/authentication", new { token_endpoint_auth_method = "client_secret_basic" });
        stale.Headers.TryAddWithoutValidation("If-Match", "\"v1\"");
        await (await admin.SendAsync(stale)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        using var audit = await admin.GetAsync($"api/v1/audit?target={id}");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).ShouldBe(["client.authentication_set", "client.created"]);
        using var spa = await admin.PostAsJsonAsync("api/v1/clients", Clients.Valid(new { type = "public" }));
        var open = (await spa.ReadJsonAsync(HttpStatusCode.Created));
        open.GetProperty("client").Text("token_endpoint_auth_method").ShouldBe("none");
        await (await admin.PutAsJsonAsync($"api/v1/clients/{open.ClientId()}/authentication", new { token_endpoint_auth_method = "private_key_jwt", jwks = AssertionWorld.Jwks(key) }))
            .ShouldBeProblemAsync(HttpStatusCode.Conflict, "client_public");
    }

    [Theory, BothDatabases]
    public async Task Refuses_keys_that_are_unsound_or_unclear(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        JsonNode Spoiled(Action<JsonObject> spoil)
        {
            var jwks = AssertionWorld.Jwks(key);
            spoil(jwks["keys"]![0]!.AsObject());
            return jwks;
        }
        var twin = AssertionWorld.Jwks(key, key);
        var nameless = AssertionWorld.Jwks(key, key);
        nameless["keys"]![1]!.AsObject().Remove("kid");
        var many = new JsonObject { ["keys"] = new JsonArray([.. Enumerable.Range(0, 11).Select(i => { var one = AssertionWorld.Jwks(key)["keys"]![0]!.DeepClone(); one["kid"] = $"k{i}"; return one; })]) };
        (object Jwks, string Code)[] cases =
        [
            (Spoiled(k => k["d"] = "AAAA"), "jwks_invalid"), (Spoiled(k => k["use"] = "enc"), "jwks_invalid"), (Spoiled(k => k["alg"] = "ES512"), "jwks_invalid"), (Spoiled(k => k["x"] = "AAAA"), "jwks_invalid"),
            (Spoiled(k => k["kty"] = "oct"), "jwks_invalid"), (Spoiled(k => k["kid"] = ""), "jwks_invalid"), (Spoiled(k => k["alg"] = "HS256"), "jwks_invalid"), (Spoiled(k => k["key_ops"] = new JsonArray("sign")), "jwks_invalid"),
            (twin, "jwks_invalid"), (nameless, "jwks_invalid"), (many, "jwks_invalid"), (new { keys = Array.Empty<object>() }, "jwks_invalid"), (new { }, "jwks_invalid"), ("text", "jwks_invalid"),
        ];
        var count = 0;
        foreach (var (jwks, code) in cases)
        {
            count++;
            using var answer = await admin.PostAsJsonAsync("api/v1/clients", AssertionWorld.Machine(new { jwks, scopes = Array.Empty<string>() }));
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, $"case {count}");
            await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }
        var good = AssertionWorld.Jwks(key);
        (object Changes, string Code)[] mixtures =
        [
            (new { }, "jwks_required"), (new { jwks = good, jwks_uri = "https://keys.example.com" }, "jwks_required"), (new { jwks = good, token_endpoint_auth_signing_alg = "none" }, "algorithm_invalid"),
            (new { jwks = good, token_endpoint_auth_signing_alg = "HS256" }, "algorithm_invalid"), (new { jwks = good, token_endpoint_auth_signing_alg = "RS256" }, "jwks_invalid"),
            (new { jwks_uri = "http://keys.example.com" }, "jwks_uri_invalid"), (new { jwks_uri = "file:///etc/passwd" }, "jwks_uri_invalid"), (new { jwks_uri = "https://a:b@keys.example.com" }, "jwks_uri_invalid"), (new { jwks_uri = "keys" }, "jwks_uri_invalid"),
            (new { jwks = good, token_endpoint_auth_method = "client_secret_basic" }, "auth_method_invalid"), (new { token_endpoint_auth_method = "tls_client_auth" }, "auth_method_invalid"), (new { token_endpoint_auth_method = "none" }, "auth_method_invalid"),
        ];
        foreach (var (changes, code) in mixtures)
        {
            using var answer = await admin.PostAsJsonAsync("api/v1/clients", AssertionWorld.Machine(System.Text.Json.JsonSerializer.SerializeToNode(changes)!.AsObject().Append(KeyValuePair.Create<string, JsonNode?>("scopes", new JsonArray())).ToDictionary(p => p.Key, p => p.Value?.DeepClone())));
            await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }
    }

    [Theory, BothDatabases]
    public async Task Only_who_may_act_as_the_client_sets_its_keys_and_only_in_her_tenant(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var body = new { token_endpoint_auth_method = "private_key_jwt", jwks = AssertionWorld.Jwks(key) };
        var id = (await admin.CreateClientAsync(new { grant_types = new[] { "client_credentials" }, administrator = true })).ClientId();
        using (var stranger = server.Client(tenant)) await (await stranger.PutAsJsonAsync($"api/v1/clients/{id}/authentication", body)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
        using var elsewhere = await server.AdminAsync(await server.NewTenantAsync());
        await (await elsewhere.PutAsJsonAsync($"api/v1/clients/{id}/authentication", body)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "client_not_found");
        // Who writes clients, and no more, does not get into one that administers.
        await (await admin.PostAsJsonAsync("api/v1/roles", new { key = "client-keeper", name = "Keeper", permissions = new[] { "clients:write" }, assignable_at = new[] { "tenant" } })).ReadJsonAsync(HttpStatusCode.Created);
        var keeper = await admin.CreateClientAsync(new { grant_types = new[] { "client_credentials" }, scopes = new[] { "clients:write" } });
        await (await admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = keeper.ClientId(), role = "client-keeper" })).ReadJsonAsync(HttpStatusCode.Created);
        using var http = server.Client(tenant);
        using var token = await http.AskForTokenAsync(keeper.ClientId(), keeper.Text("secret")!, "clients:write");
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await token.ReadJsonAsync(HttpStatusCode.OK)).Text("access_token"));
        await (await http.PutAsJsonAsync($"api/v1/clients/{id}/authentication", body)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        using (var refused = await http.PutAsJsonAsync($"api/v1/clients/{id}/authentication", new { token_endpoint_auth_method = "none" })) await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "auth_method_invalid");
        (await admin.PutAsJsonAsync($"api/v1/clients/{id}/authentication", body)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
