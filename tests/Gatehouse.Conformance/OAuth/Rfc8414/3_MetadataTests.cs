using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc8414;

/// <summary>RFC 8414 §2 and §3, OpenID Connect Discovery §3 and §4, RFC 7517: what the server says of itself is so, in every layout.</summary>
public sealed class MetadataTests
{
    [Theory, BothDatabases]
    public async Task Is_found_in_every_layout(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var bodies = new HashSet<string>();
        using var root = world.Server.Client();
        foreach (var address in (string[])
        [
            $"{world.Issuer}/.well-known/openid-configuration", $"{world.Issuer}/.well-known/oauth-authorization-server",
            $"{world.Server.Url}/.well-known/openid-configuration/t/{world.Tenant.Slug}", $"{world.Server.Url}/.well-known/oauth-authorization-server/t/{world.Tenant.Slug}",
        ])
        {
            using var answer = await root.GetAsync(address);
            (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("issuer").ShouldBe(world.Issuer);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
            answer.Headers.GetValues("Access-Control-Allow-Origin").Single().ShouldBe("*");
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }
        bodies.Count.ShouldBe(1);
        using var main = await root.GetAsync(".well-known/openid-configuration");
        (await main.ReadJsonAsync(HttpStatusCode.OK)).Text("issuer").ShouldBe(world.Server.Url);
        using var unknown = await root.GetAsync($"{world.Server.Url}/.well-known/openid-configuration/t/no-such-tenant");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, BothDatabases]
    public async Task Names_endpoints_that_answer(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await world.Http.GetAsync(".well-known/openid-configuration");
        var metadata = await answer.ReadJsonAsync(HttpStatusCode.OK);
        foreach (var name in (string[])["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "revocation_endpoint", "introspection_endpoint", "end_session_endpoint"])
        {
            metadata.Text(name).ShouldStartWith(world.Issuer + "/");
            using var endpoint = await world.Http.GetAsync(metadata.Text(name));
            endpoint.StatusCode.ShouldNotBe(HttpStatusCode.NotFound, name);
            ((int)endpoint.StatusCode).ShouldBeLessThan(500, name);
        }
        Values(metadata, "response_types_supported").ShouldBe(["code"]);
        Values(metadata, "response_modes_supported").ShouldBe(["query", "fragment", "form_post"]);
        Values(metadata, "code_challenge_methods_supported").ShouldBe(["S256"]);
        Values(metadata, "subject_types_supported").ShouldBe(["public"]);
        Values(metadata, "id_token_signing_alg_values_supported").ShouldContain("RS256");
        Values(metadata, "token_endpoint_auth_methods_supported").ShouldBe(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
        Values(metadata, "token_endpoint_auth_signing_alg_values_supported").ShouldContain("ES256");
        Values(metadata, "token_endpoint_auth_signing_alg_values_supported").ShouldNotContain("none");
        Values(metadata, "introspection_endpoint_auth_methods_supported").ShouldNotContain("none");
        metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("request_uri_parameter_supported").GetBoolean().ShouldBeFalse();
        metadata.GetProperty("claims_parameter_supported").GetBoolean().ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Publishes_public_keys_alone(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await world.Http.GetAsync("oauth2/jwks");
        var keys = (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("keys").EnumerateArray().ToArray();
        keys.Select(k => k.Text("kid")).Distinct().Count().ShouldBe(keys.Length);
        foreach (var key in keys)
        {
            key.Text("use").ShouldBe("sig");
            key.Has("alg").ShouldBeTrue();
            foreach (var secret in (string[])["d", "p", "q", "dp", "dq", "qi", "k"]) key.Has(secret).ShouldBeFalse();
        }
        answer.Headers.CacheControl!.MaxAge.ShouldNotBeNull();
    }

    private static IEnumerable<string?> Values(System.Text.Json.JsonElement metadata, string name) => metadata.GetProperty(name).EnumerateArray().Select(v => v.GetString());
}
