using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc9068;

/// <summary>RFC 9068 §2 and §4: the shape of access tokens, and that nothing else passes for one.</summary>
public sealed class AccessTokenTests
{
    [Theory, BothDatabases]
    public async Task Carries_the_claims_of_section_2_2(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var token = (await world.TokensAsync(world.Web)).Text("access_token");
        var header = Json.Header(token);
        header.Text("typ").ShouldBe("at+jwt");
        header.Text("alg").ShouldBe("ES256");
        header.Text("kid").ShouldNotBeEmpty();
        var claims = Json.Claims(token);
        claims.Text("iss").ShouldBe(world.Issuer);
        claims.Text("sub").ShouldBe(world.UserId);
        claims.Text("aud").ShouldBe(world.Issuer);
        claims.Text("client_id").ShouldBe(world.Web.Id);
        claims.Text("scope").ShouldBe("openid profile email offline_access");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(600);
        claims.GetProperty("auth_time").GetInt64().ShouldBeLessThanOrEqualTo(claims.GetProperty("iat").GetInt64());
        claims.Text("acr").ShouldNotBeEmpty();
        claims.GetProperty("amr")[0].GetString().ShouldBe("pwd");
        claims.Text("sid").ShouldStartWith("ses_");
        claims.Text("gid").ShouldStartWith("gra_");
        claims.Text("jti").Length.ShouldBe(22);
    }

    [Theory, BothDatabases]
    public async Task Names_the_client_as_subject_where_no_person_is_involved(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            var claims = Json.Claims((await (await world.TokenAsync(world.Web, ("grant_type", "client_credentials"), ("scope", "orders:read"))).ReadJsonAsync(HttpStatusCode.OK)).Text("access_token"));
            claims.Text("sub").ShouldBe(world.Web.Id);
            claims.Text("client_id").ShouldBe(world.Web.Id);
            claims.Text("aud").ShouldBe(World.Orders);
            claims.Has("gid").ShouldBeFalse();
            claims.Has("auth_time").ShouldBeFalse();
            tokens.Add(claims.Text("jti")).ShouldBeTrue();
        }
    }

    [Theory, BothDatabases]
    public async Task Lives_as_long_as_the_api_says(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        await world.PostAsync("apis", new { identifier = "https://short.example.com/", name = "Short", access_token_seconds = 30, scopes = new[] { new { name = "short:read" } } });
        var app = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = new[] { "short:read" } });
        var answer = await (await world.TokenAsync(app, ("grant_type", "client_credentials"))).ReadJsonAsync(HttpStatusCode.OK);
        answer.GetProperty("expires_in").GetInt32().ShouldBe(30);
        var claims = Json.Claims(answer.Text("access_token"));
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBe(30);
    }

    [Theory, BothDatabases]
    public async Task Is_not_replaced_by_an_id_token_anywhere(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        using var info = await world.UserInfoAsync(tokens.Text("id_token"));
        info.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await world.IntrospectAsync(world.Web, tokens.Text("id_token"))).GetProperty("active").GetBoolean().ShouldBeFalse();
        // Nor does an access token pass for an ID Token.
        var hinted = await world.NewVisitor().AuthorizeAsync(world.Web, r => r["id_token_hint"] = tokens.Text("access_token"));
        hinted.ShouldBeError("invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Of_one_tenant_is_nothing_to_another(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var tokens = await world.TokensAsync(world.Web);
        using var main = world.Server.Client();
        main.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("access_token"));
        using var info = await main.GetAsync("oauth2/userinfo");
        info.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
