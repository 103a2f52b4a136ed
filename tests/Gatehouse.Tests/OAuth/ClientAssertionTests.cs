using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.OAuth;

/// <summary>RFC 7523 §3, OpenID Connect Core §9: clients that prove themselves by a signature.</summary>
public sealed class ClientAssertionTests
{
    [Theory, BothDatabases]
    public async Task Opens_every_endpoint_that_asks_who_the_client_is(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database));
        using var asked = await world.AskAsync(world.Assertion());
        var token = (await asked.ReadJsonAsync(HttpStatusCode.OK)).Text("access_token")!;
        using (var again = await world.AskAsync(world.Assertion(), ("client_id", world.ClientId))) again.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var typed = await world.AskAsync(world.Sign(world.Claims(), typ: "client-authentication+jwt"))) typed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var untyped = await world.AskAsync(world.Sign(world.Claims(), typ: null))) untyped.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var array = await world.AskAsync(world.Assertion(c => c["aud"] = new JsonArray(world.Tenant.Url)))) array.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var introspected = await world.PostAsync("oauth2/introspect", world.Assertion(), ("token", token));
        (await introspected.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean().ShouldBeTrue();
        using (var revoked = await world.PostAsync("oauth2/revoke", world.Assertion(), ("token", token))) revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var after = await world.PostAsync("oauth2/introspect", world.Assertion(), ("token", token));
        (await after.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean().ShouldBeFalse();
        using var unproved = await world.PostAsync("oauth2/introspect", world.Assertion(c => c["aud"] = "https://elsewhere.example"), ("token", token));
        await unproved.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Theory, BothDatabases]
    public async Task Works_once_however_many_present_it_together(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database));
        var assertion = world.Assertion();
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.AskAsync(assertion)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests).ShouldBe(63);
        foreach (var answer in answers) answer.Dispose();
        // Its name is used up, whatever else is signed under it; a new one works at once, whoever guessed before.
        var used = world.Claims();
        used["jti"] = "the same";
        using (var first = await world.AskAsync(world.Sign(used))) first.StatusCode.ShouldBe(HttpStatusCode.OK);
        used["iat"] = used["iat"]!.GetValue<long>() - 1;
        using (var second = await world.AskAsync(world.Sign(used))) second.IsSuccessStatusCode.ShouldBeFalse();
        using var right = await world.AskAsync(world.Assertion());
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_is_not_of_this_client_for_us_now(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database));
        var now = world.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        (string Why, Action<JsonObject> Change)[] spoiled =
        [
            ("another issuer", c => c["iss"] = "somebody"), ("no issuer", c => c.Remove("iss")), ("no subject", c => c.Remove("sub")),
            ("no audience", c => c.Remove("aud")), ("another audience", c => c["aud"] = "https://elsewhere.example"), ("an audience that only begins like us", c => c["aud"] = world.Tenant.Url + "/"),
            ("us and somebody else", c => c["aud"] = new JsonArray(world.Tenant.Url, "https://elsewhere.example")), ("the token endpoint", c => c["aud"] = world.Tenant.Url + "/oauth2/token"),
            ("the main tenant", c => c["aud"] = world.Server.Url),
            ("no end", c => c.Remove("exp")), ("over", c => c["exp"] = now - 31), ("an hour", c => c["exp"] = now + 3600), ("an end that is no number", c => c["exp"] = "soon"),
            ("not yet", c => c["nbf"] = now + 60), ("made in the future", c => c["iat"] = now + 60),
            ("no name", c => c.Remove("jti")), ("an empty name", c => c["jti"] = ""), ("a long name", c => c["jti"] = new string('x', 256)), ("a name that is no text", c => c["jti"] = 7),
        ];
        foreach (var (why, change) in spoiled)
            await world.RefusedAsync(world.Assertion(change), why);
        using (var named = await world.AskAsync(world.Assertion(), ("client_id", "cli_01h455vb4pex5vsknk084sn02q"))) await named.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        using (var typed = await world.Http.PostAsync("oauth2/token", new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_assertion", world.Assertion())])))
            await typed.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        using var fine = await world.AskAsync(world.Assertion());
        fine.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Refuses_every_other_key_and_algorithm(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database));
        using var stranger = SigningKey.Generate(JwsAlgorithm.ES256);
        var kid = world.Key.PublicKey.KeyId!;
        await world.RefusedAsync(world.Sign(world.Claims(), stranger), "a stranger's key");
        await world.RefusedAsync(Jws.Sign(stranger, "JWT", kid, Bytes(world.Claims())), "a stranger's key under our client's name");
        await world.RefusedAsync(Jws.Sign(stranger, "JWT", null, Bytes(world.Claims())), "a stranger's key under no name");
        await world.RefusedAsync(Unsigned("none", kid, world.Claims(), ""), "none");
        // The public key, in the forms in which one could have it, as the secret of an HMAC.
        foreach (var secret in (byte[][])[AssertionWorld.Jwks(world.Key)["keys"]![0]!.ToJsonString().Select(c => (byte)c).ToArray(), Encoding.ASCII.GetBytes(kid)])
        {
            var input = Unsigned("HS256", kid, world.Claims(), "")[..^1];
            await world.RefusedAsync($"{input}.{Base64(System.Security.Cryptography.HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}", "HMAC with the public key");
        }
        await world.RefusedAsync(world.Sign(world.Claims(), typ: "at+jwt"), "an access token's type");
        await world.RefusedAsync("a.b.c", "no JWT");
        await world.RefusedAsync(world.Assertion()[..^4] + "AAAA", "a spoiled signature");
        await world.RefusedAsync(new string('a', 9000) + "." + world.Assertion(), "a long one");

        // Another client of the tenant: its key opens only itself, its name is its own.
        var other = (await world.Admin.CreateClientAsync(AssertionWorld.Machine(new { jwks = AssertionWorld.Jwks(stranger) }))).ClientId();
        using (var own = await world.AskAsync(world.Sign(world.Claims(other), stranger))) own.StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.RefusedAsync(world.Sign(world.Claims(), stranger), "another client's key");
        await world.RefusedAsync(world.Sign(world.Claims(other)), "our client's key for the other one");
        var shared = world.Claims();
        using (var mine = await world.AskAsync(world.Sign(shared))) mine.StatusCode.ShouldBe(HttpStatusCode.OK);
        (shared["iss"], shared["sub"]) = (other, other);
        using (var hers = await world.AskAsync(world.Sign(shared, stranger))) hers.StatusCode.ShouldBe(HttpStatusCode.OK, "each client has its own jtis");

        // Another tenant's client, with a key that is good there.
        using var elsewhere = await AssertionWorld.OpenAsync(world.Server);
        var foreign = elsewhere.Claims();
        foreign["aud"] = world.Tenant.Url;
        await world.RefusedAsync(elsewhere.Sign(foreign), "another tenant's client");
        await world.RefusedAsync(elsewhere.Assertion(), "another tenant's assertion");

        // Only the algorithm it is registered for.
        using var rsa = SigningKey.Generate(JwsAlgorithm.PS256);
        var bare = AssertionWorld.Jwks(rsa);
        bare["keys"]![0]!.AsObject().Remove("alg");
        var pinned = (await world.Admin.CreateClientAsync(AssertionWorld.Machine(new { jwks = bare, token_endpoint_auth_signing_alg = "PS256" }))).ClientId();
        using (var right = await world.AskAsync(world.Sign(world.Claims(pinned), rsa))) right.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var pkcs1 = SigningKey.ImportPkcs8(JwsAlgorithm.RS256, rsa.ExportPkcs8());
        await world.RefusedAsync(Jws.Sign(pkcs1, "JWT", rsa.PublicKey.KeyId, Bytes(world.Claims(pinned))), "another algorithm with the same key");
    }

    [Theory, BothDatabases]
    public async Task One_way_and_the_registered_one(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database));
        var secret = (await world.Admin.CreateClientAsync(new { grant_types = new[] { "client_credentials" }, scopes = new[] { "orders:read" } }));
        await world.RefusedAsync(world.Sign(world.Claims(secret.ClientId())), "a client that has a secret");
        using (var both = await world.AskAsync(world.Assertion(), ("client_secret", "gh_sk_x"))) await both.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        using (var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token"))
        {
            request.Headers.Authorization = new("Basic", Base64(Encoding.ASCII.GetBytes($"{world.ClientId}:x")));
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_assertion_type", AssertionWorld.Type), KeyValuePair.Create("client_assertion", world.Assertion())]);
            using var answer = await world.Http.SendAsync(request);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        }
        using (var none = await world.Http.PostAsync("oauth2/token", new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("client_id", world.ClientId)])))
            await none.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        using (var no = await world.Admin.PostAsJsonAsync($"api/v1/clients/{world.ClientId}/secrets", new { })) await no.ShouldBeProblemAsync(HttpStatusCode.Conflict, "client_has_keys");

        // From a secret to keys: the secret is gone at once, and does not come back with the method.
        var (id, text) = (secret.ClientId(), secret.Text("secret")!);
        using (var before = await world.Http.AskForTokenAsync(id, text)) before.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var moved = await world.Admin.PutAsJsonAsync($"api/v1/clients/{id}/authentication", new { token_endpoint_auth_method = "private_key_jwt", jwks = AssertionWorld.Jwks(world.Key) }))
            (await moved.ReadJsonAsync(HttpStatusCode.OK)).Text("token_endpoint_auth_method").ShouldBe("private_key_jwt");
        using (var proved = await world.AskAsync(world.Sign(world.Claims(id)))) proved.StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await world.Http.AskForTokenAsync(id, text)).ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        using (var back = await world.Admin.PutAsJsonAsync($"api/v1/clients/{id}/authentication", new { token_endpoint_auth_method = "client_secret_basic" }))
            (await back.ReadJsonAsync(HttpStatusCode.OK)).TryGetProperty("jwks", out _).ShouldBeFalse();
        await (await world.Http.AskForTokenAsync(id, text)).ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        await world.RefusedAsync(world.Sign(world.Claims(id)), "keys that were taken back");
        using (var disabled = await world.Admin.PatchAsJsonAsync($"api/v1/clients/{world.ClientId}", new { enabled = false })) disabled.StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.RefusedAsync(world.Assertion(), "a disabled client");
    }

    [Theory, BothDatabases]
    public async Task The_token_endpoint_as_audience_is_the_tenants_choice(TestDatabase database)
    {
        using var world = await AssertionWorld.OpenAsync(await Servers.SharedAsync(database), new { tokens = new { assertions_for_token_endpoint = true } });
        using (var one = await world.AskAsync(world.Assertion(c => c["aud"] = world.Tenant.Url + "/oauth2/token"))) one.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var two = await world.AskAsync(world.Assertion(c => c["aud"] = new JsonArray(world.Tenant.Url, world.Tenant.Url + "/oauth2/token")))) two.StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.RefusedAsync(world.Assertion(c => c["aud"] = new JsonArray(world.Tenant.Url, "https://elsewhere.example")), "somebody else too");
    }

    private static byte[] Bytes(JsonObject claims) => Encoding.UTF8.GetBytes(claims.ToJsonString());

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string Unsigned(string alg, string kid, JsonObject claims, string signature) =>
        $"{Base64(Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = alg, ["kid"] = kid }.ToJsonString()))}.{Base64(Bytes(claims))}.{signature}";
}
