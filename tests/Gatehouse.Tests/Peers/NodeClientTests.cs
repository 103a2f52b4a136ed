using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Peers;

/// <summary>
/// Unmodified relying-party libraries of npm sign a person in, keep her signed in and sign her out, against a tenant below a path.
/// The scripts are in <c>tests/peers</c>; each line here is a step that one of them must have gone through.
/// </summary>
public sealed class NodeClientTests
{
    private const string Callback = "http://127.0.0.1:3999/callback", Home = "http://127.0.0.1:3999/";

    private static readonly Script[] scripts =
    [
        new("openid-client/v6.mjs", FirstParty: false, "ES256",
        [
            "discovery",
            "prompt=none without a session",
            "consent denied",
            "code with PKCE",
            "userinfo",
            "second authorization is silent, consent is remembered",
            "max_age=0 asks again",
            "response_mode=form_post",
            "introspection",
            "refresh",
            "revocation",
            "code replay",
            "a foreign code verifier",
            "client credentials",
            "client credentials by private_key_jwt",
            "RP-initiated logout",
        ]),
        new("openid-client/v5.mjs", FirstParty: true, "RS256",
        [
            "discovery",
            "code with PKCE and an RS256 ID token",
            "userinfo by GET and POST",
            "refresh",
            "introspection and revocation",
            "client credentials",
            "error at the callback",
            "RP-initiated logout",
        ]),
        new("oauth4webapi/strict.mjs", FirstParty: true, "ES256",
        [
            "discovery in both layouts",
            "a response without iss is refused",
            "code with PKCE, public client",
            "userinfo",
            "userinfo with a spoiled token is challenged",
            "refresh, public client",
            "revocation, public client",
            "code with PKCE, confidential client in the same browser",
            "introspection",
            "client credentials and the access token as a resource server sees it",
            "a wrong secret",
            "private_key_jwt, and the same assertion again",
            "RP-initiated logout",
        ]),
    ];

    /// <summary>One library's script.</summary>
    /// <param name="FirstParty">Else there is a consent to give.</param>
    /// <param name="Steps">What it must have gone through, in order.</param>
    private sealed record Script(string File, bool FirstParty, string IdTokenAlgorithm, string[] Steps);

    public static IEnumerable<object[]> Cases() =>
        from script in scripts from database in Enum.GetValues<TestDatabase>() select (object[])[database, script.File];

    [Theory, MemberData(nameof(Cases))]
    public async Task Finds_nothing_to_object_to(TestDatabase database, string file)
    {
        var script = scripts.Single(s => s.File == file);
        await NodePeer.RunAsync(file, await FurnishAsync(database, script), script.Steps);
    }

    private static async Task<object> FurnishAsync(TestDatabase database, Script script)
    {
        var world = await PeerWorld.CreateAsync(await Servers.SharedAsync(database));
        world.Tenant.Url.ShouldContain("/t/");
        var web = await world.NewClientAsync(new
        {
            name = "Web shop", type = "confidential", first_party = script.FirstParty, redirect_uris = new[] { Callback }, post_logout_redirect_uris = new[] { Home },
            grant_types = new[] { "authorization_code", "refresh_token" }, scopes = new[] { "openid", "profile", "email", "offline_access" }, id_token_algorithm = script.IdTokenAlgorithm,
        });
        var machine = await world.NewClientAsync(new { name = "Batch", type = "confidential", grant_types = new[] { "client_credentials" }, scopes = new[] { "orders.read" } });
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var signer = await world.NewClientAsync(new
        {
            name = "Signing batch", type = "confidential", grant_types = new[] { "client_credentials" }, scopes = new[] { "orders.read" }, token_endpoint_auth_method = "private_key_jwt",
            jwks = System.Text.Json.Nodes.JsonNode.Parse(new JsonWebKeySet([key.PublicKey]).ToUtf8Json()),
        });
        // RFC 8252 §7.3: a native application listens on whatever port is free.
        var native = await world.NewClientAsync(new { name = "Terminal", type = "public", first_party = true, redirect_uris = new[] { "http://127.0.0.1/callback" } });
        return new
        {
            issuer = world.Tenant.Url,
            person = world.Person,
            api = world.Api,
            web = new { id = web.Id, secret = web.Secret, redirect_uri = Callback, post_logout_redirect_uri = Home },
            signer = new { id = signer.Id, key = Convert.ToBase64String(key.ExportPkcs8()), kid = key.PublicKey.KeyId },
            machine = new { id = machine.Id, secret = machine.Secret },
            publicClient = new { id = native.Id, redirect_uri = "http://127.0.0.1:45123/callback" },
        };
    }
}
