using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.Jose;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Oidc;

/// <summary>The behaviours of the OpenID Foundation's basic certification plan, by its module names.</summary>
public sealed class BasicPlanTests
{
    private static readonly Dictionary<string, Func<World, Task>> modules = new(StringComparer.Ordinal)
    {
        ["oidcc-server"] = HappyFlow,
        ["oidcc-response-type-missing"] = async w => (await w.NewVisitor().AuthorizeAsync(w.Web, r => r["response_type"] = null)).ShouldBeError("invalid_request"),
        ["oidcc-idtoken-signature"] = w => SignatureAsync(w, "ES256"),
        ["oidcc-idtoken-rs256"] = w => SignatureAsync(w, "RS256"),
        ["oidcc-userinfo-get"] = async w => await UserInfoAsync(w, "openid"),
        ["oidcc-userinfo-post-header"] = w => PostUserInfoAsync(w, inBody: false),
        ["oidcc-userinfo-post-body"] = w => PostUserInfoAsync(w, inBody: true),
        ["oidcc-ensure-request-without-nonce-succeeds-for-code-flow"] = async w => Json.Claims((await w.TokensAsync(w.Web, r => r["nonce"] = null)).Text("id_token")).Has("nonce").ShouldBeFalse(),
        ["oidcc-scope-profile"] = ProfileAsync,
        ["oidcc-scope-email"] = EmailAsync,
        ["oidcc-scope-address"] = w => OnlySubjectAsync(w, "openid address"),
        ["oidcc-scope-phone"] = PhoneAsync,
        ["oidcc-scope-all"] = async w => { var info = await UserInfoAsync(w, "openid profile email address phone"); info.Text("email").ShouldBe(World.Email); info.Text("name").ShouldBe(World.Name); },
        ["oidcc-alternate-happy-flow"] = async w => { var info = await UserInfoAsync(w, "email openid"); info.Text("email").ShouldBe(World.Email); },
        ["oidcc-display-page"] = w => SucceedsAsync(w, "display", "page"),
        ["oidcc-display-popup"] = w => SucceedsAsync(w, "display", "popup"),
        ["oidcc-prompt-login"] = PromptLoginAsync,
        ["oidcc-prompt-none-not-logged-in"] = async w => (await w.NewVisitor().AuthorizeAsync(w.Web, r => r["prompt"] = "none")).ShouldBeError("login_required"),
        ["oidcc-prompt-none-logged-in"] = PromptNoneAsync,
        ["oidcc-max-age-1"] = MaxAgeAsync,
        ["oidcc-max-age-10000"] = async w => { var v = await w.SignInAsync(); await v.CodeAsync(w.Web, r => r["max_age"] = "10000"); v.PasswordsGiven.ShouldBe(1); },
        ["oidcc-ensure-request-with-unknown-parameter-succeeds"] = w => SucceedsAsync(w, "extra", "foobar"),
        ["oidcc-id-token-hint"] = IdTokenHintAsync,
        ["oidcc-login-hint"] = LoginHintAsync,
        ["oidcc-ui-locales"] = UiLocalesAsync,
        ["oidcc-claims-locales"] = w => SucceedsAsync(w, "claims_locales", "se"),
        ["oidcc-ensure-request-with-acr-values-succeeds"] = async w => Json.Claims((await w.TokensAsync(w.Web, r => r["acr_values"] = "1 2")).Text("id_token")).Text("acr").ShouldNotBeEmpty(),
        ["oidcc-codereuse"] = CodeReuseAsync,
        ["oidcc-codereuse-30seconds"] = CodeReuseAsync,
        ["oidcc-ensure-registered-redirect-uri"] = async w => { var a = await w.NewVisitor().AuthorizeAsync(w.Web, r => r["redirect_uri"] = World.Callback + "/bad"); (a.Address, a.Response.StatusCode).ShouldBe((null, HttpStatusCode.BadRequest)); },
        ["oidcc-ensure-redirect-uri-in-authorization-request"] = async w => { var a = await w.NewVisitor().AuthorizeAsync(w.Web, r => r["redirect_uri"] = null); (a.Address, a.Response.StatusCode).ShouldBe((null, HttpStatusCode.BadRequest)); },
        ["oidcc-redirect-uri-query-OK"] = RedirectQueryAsync,
        ["oidcc-redirect-uri-query-mismatch"] = RedirectQueryAsync,
        ["oidcc-redirect-uri-query-added"] = RedirectQueryAsync,
        ["oidcc-redirect-uri-regfrag"] = RegisteredFragmentAsync,
        ["oidcc-ensure-post-request-succeeds"] = PostRequestAsync,
        ["oidcc-server-client-secret-post"] = ClientSecretPostAsync,
        ["oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported"] = async w => (await w.NewVisitor().AuthorizeAsync(w.Web, r => r["request_uri"] = "https://app.example.com/request")).ShouldBeError("request_uri_not_supported"),
        ["oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported"] = async w => (await w.NewVisitor().AuthorizeAsync(w.Web, r => r["request"] = "eyJhbGciOiJub25lIn0.e30.")).ShouldBeError("request_not_supported"),
        ["oidcc-ensure-request-object-with-redirect-uri"] = async w => (await w.NewVisitor().AuthorizeAsync(w.Web, r => r["request"] = "eyJhbGciOiJub25lIn0.e30.")).ShouldBeError("request_not_supported"),
        ["oidcc-claims-essential"] = w => SucceedsAsync(w, "claims", "{\"userinfo\":{\"name\":{\"essential\":true}}}"),
        ["oidcc-refresh-token"] = RefreshAsync,
        ["oidcc-ensure-request-with-valid-pkce-succeeds"] = async w => await w.TokensAsync(w.Web),
        ["oidcc-server-rotate-keys"] = RotateKeysAsync,
    };

    public static TheoryData<string, TestDatabase> Modules()
    {
        var data = new TheoryData<string, TestDatabase>();
        foreach (var module in modules.Keys)
            foreach (var database in Enum.GetValues<TestDatabase>()) data.Add(module, database);
        return data;
    }

    [Theory, MemberData(nameof(Modules))]
    public async Task Behaves_as_the_module_asks(string module, TestDatabase database) => await modules[module](await World.SharedAsync(database));

    private static async Task HappyFlow(World world)
    {
        var tokens = await world.TokensAsync(world.Web);
        var claims = Json.Claims(tokens.Text("id_token"));
        claims.Text("iss").ShouldBe(world.Issuer);
        claims.Text("aud").ShouldBe(world.Web.Id);
        claims.Text("sub").ShouldBe(world.UserId);
        claims.Text("at_hash").ShouldBe(Base64UrlStrict.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(tokens.Text("access_token"))).AsSpan(0, 16)));
        claims.GetProperty("exp").GetInt64().ShouldBeGreaterThan(claims.GetProperty("iat").GetInt64());
        claims.GetProperty("auth_time").GetInt64().ShouldBeLessThanOrEqualTo(claims.GetProperty("iat").GetInt64());
        foreach (var unasked in (string[])["email", "name", "given_name"]) claims.Has(unasked).ShouldBeFalse();
        using var info = await world.UserInfoAsync(tokens.Text("access_token"));
        (await info.ReadJsonAsync(HttpStatusCode.OK)).Text("sub").ShouldBe(claims.Text("sub"));
    }

    private static async Task SignatureAsync(World world, string algorithm)
    {
        var app = await world.NewAppAsync(new { id_token_algorithm = algorithm });
        await ShouldVerifyAsync(world, (await world.TokensAsync(app)).Text("id_token"), algorithm);
    }

    private static async Task ShouldVerifyAsync(World world, string token, string algorithm)
    {
        using var answer = await world.Http.GetAsync("oauth2/jwks");
        JsonWebKeySet.Parse(await answer.Content.ReadAsByteArrayAsync()).TryGet(out var keys, out _).ShouldBeTrue();
        var expected = new JwsVerification { Keys = VerificationKey.CreateAll(keys!, JwsAlgorithm.TryParse(algorithm)!) };
        Jws.Verify(token, expected).TryGet(out var jws, out var error).ShouldBeTrue(error?.Detail);
        jws!.Header.KeyId.ShouldNotBeNull();
        jws.Header.Algorithm.Name.ShouldBe(algorithm);
    }

    private static async Task<JsonElement> UserInfoAsync(World world, string scope)
    {
        using var info = await world.UserInfoAsync((await world.TokensAsync(world.Web, r => r["scope"] = scope)).Text("access_token"));
        return await info.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task PostUserInfoAsync(World world, bool inBody)
    {
        var token = (await world.TokensAsync(world.Web)).Text("access_token");
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/userinfo");
        if (inBody) request.Content = new FormUrlEncodedContent([KeyValuePair.Create("access_token", token)]);
        else request.Headers.Authorization = new("Bearer", token);
        using var answer = await world.Http.SendAsync(request);
        (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("sub").ShouldBe(world.UserId);
    }

    private static async Task ProfileAsync(World world)
    {
        var info = await UserInfoAsync(world, "openid profile");
        info.Text("name").ShouldBe(World.Name);
        info.Text("given_name").ShouldBe("Ada");
        info.Text("family_name").ShouldBe("Lovelace");
        info.Text("locale").ShouldBe("en");
        info.GetProperty("updated_at").ValueKind.ShouldBe(JsonValueKind.Number);
        info.Has("email").ShouldBeFalse();
    }

    private static async Task EmailAsync(World world)
    {
        var info = await UserInfoAsync(world, "openid email");
        info.Text("email").ShouldBe(World.Email);
        info.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        info.Has("name").ShouldBeFalse();
    }

    private static async Task PhoneAsync(World world)
    {
        await OnlySubjectAsync(world, "openid phone");
        var tenant = await World.MakeAsync(world.Server);
        await tenant.PostAsync($"users/{tenant.UserId}/phones", new { number = "+49 170 1234567", verified = true });
        var info = await UserInfoAsync(tenant, "openid phone");
        info.Text("phone_number").ShouldBe("+491701234567");
        info.GetProperty("phone_number_verified").GetBoolean().ShouldBeTrue();
        info.Has("email").ShouldBeFalse();
    }

    private static async Task OnlySubjectAsync(World world, string scope) => (await UserInfoAsync(world, scope)).EnumerateObject().Select(p => p.Name).ShouldBe(["sub"]);

    private static async Task SucceedsAsync(World world, string name, string value) => (await world.NewVisitor().CodeAsync(world.Web, r => r[name] = value)).ShouldStartWith("gh_ac_");

    private static async Task PromptLoginAsync(World world)
    {
        var visitor = await world.SignInAsync();
        var first = await TokensAsync(world, await visitor.CodeAsync(world.Web));
        visitor.PasswordsGiven.ShouldBe(1);
        await Task.Delay(1100);
        var second = await TokensAsync(world, await visitor.CodeAsync(world.Web, r => r["prompt"] = "login"));
        visitor.PasswordsGiven.ShouldBe(2);
        second.GetProperty("auth_time").GetInt64().ShouldBeGreaterThan(first.GetProperty("auth_time").GetInt64());
        second.Text("sub").ShouldBe(first.Text("sub"));
        second.Text("sid").ShouldBe(first.Text("sid"));
        await visitor.CodeAsync(world.Web, r => r["prompt"] = "select_account");
        visitor.PasswordsGiven.ShouldBe(3);
    }

    private static async Task<JsonElement> TokensAsync(World world, string code) => Json.Claims((await (await world.RedeemAsync(world.Web, code)).ReadJsonAsync(HttpStatusCode.OK)).Text("id_token"));

    private static async Task PromptNoneAsync(World world)
    {
        var visitor = await world.SignInAsync();
        (await TokensAsync(world, await visitor.CodeAsync(world.Web, r => r["prompt"] = "none"))).Text("sub").ShouldBe(world.UserId);
        visitor.PasswordsGiven.ShouldBe(1);
    }

    private static async Task MaxAgeAsync(World world)
    {
        var visitor = await world.SignInAsync();
        await Task.Delay(1200);
        (await visitor.AuthorizeAsync(world.Web, r => { r["max_age"] = "1"; r["prompt"] = "none"; })).ShouldBeError("login_required");
        (await TokensAsync(world, await visitor.CodeAsync(world.Web, r => r["max_age"] = "1"))).Has("auth_time").ShouldBeTrue();
        visitor.PasswordsGiven.ShouldBe(2);
        await visitor.CodeAsync(world.Web, r => r["max_age"] = "0");
        visitor.PasswordsGiven.ShouldBe(3);
    }

    private static async Task IdTokenHintAsync(World world)
    {
        var visitor = world.NewVisitor();
        var hint = (await (await world.RedeemAsync(world.Web, await visitor.CodeAsync(world.Web))).ReadJsonAsync(HttpStatusCode.OK)).Text("id_token");
        await visitor.CodeAsync(world.Web, r => { r["prompt"] = "none"; r["id_token_hint"] = hint; });
        // Another client's hint is not this client's to show.
        (await visitor.AuthorizeAsync(world.Other, r => { r["prompt"] = "none"; r["id_token_hint"] = hint; })).ShouldBeError("invalid_request");
    }

    private static async Task LoginHintAsync(World world)
    {
        var visitor = world.NewVisitor();
        visitor.StopAt = "/signin";
        var stopped = await visitor.AuthorizeAsync(world.Web, r => r["login_hint"] = "grace@example.com");
        (await stopped.Response.Content.ReadAsStringAsync()).ShouldContain("grace@example.com");
    }

    private static async Task UiLocalesAsync(World world)
    {
        var visitor = world.NewVisitor();
        visitor.StopAt = "/signin";
        var stopped = await visitor.AuthorizeAsync(world.Web, r => r["ui_locales"] = "se fa-IR en");
        (await stopped.Response.Content.ReadAsStringAsync()).ShouldContain("dir=\"rtl\"");
    }

    private static async Task CodeReuseAsync(World world)
    {
        var code = await world.NewVisitor().CodeAsync(world.Web);
        var tokens = await (await world.RedeemAsync(world.Web, code)).ReadJsonAsync(HttpStatusCode.OK);
        using var again = await world.RedeemAsync(world.Web, code);
        await again.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () =>
        {
            using var info = await world.UserInfoAsync(tokens.Text("access_token"));
            return info.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    private static async Task RedirectQueryAsync(World world)
    {
        var app = await world.NewAppAsync(new { redirect_uris = new[] { World.Callback + "?foo=bar" } });
        (await world.NewVisitor().AuthorizeAsync(app))["foo"].ShouldBe("bar");
        foreach (var other in (string[])[World.Callback + "?foo=baz", World.Callback, World.Callback + "?foo=bar&a=b"])
        {
            var refused = await world.NewVisitor().AuthorizeAsync(app, r => r["redirect_uri"] = other);
            (refused.Address, refused.Response.StatusCode).ShouldBe((null, HttpStatusCode.BadRequest));
        }
    }

    private static async Task RegisteredFragmentAsync(World world)
    {
        using var answer = await world.Admin.PostAsJsonAsync("api/v1/clients", new { name = "Fragment", redirect_uris = new[] { World.Callback + "#foo" } });
        await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "redirect_uri_invalid");
    }

    private static async Task PostRequestAsync(World world)
    {
        var visitor = world.NewVisitor();
        var fields = visitor.Request(world.Web).Select(p => KeyValuePair.Create(p.Key, p.Value!));
        (await visitor.WalkAsync(await visitor.Browser.PostAsync("oauth2/authorize", new FormUrlEncodedContent(fields))))["code"].ShouldStartWith("gh_ac_");
    }

    private static async Task ClientSecretPostAsync(World world)
    {
        var code = await world.NewVisitor().CodeAsync(world.Web);
        using var answer = await world.PostFormAsync("oauth2/token", null, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", World.Callback),
            ("code_verifier", Visitor.Verifier), ("client_id", world.Web.Id), ("client_secret", world.Web.Secret!));
        await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task RefreshAsync(World world)
    {
        var tokens = await world.TokensAsync(world.Web, r => { r["scope"] = "openid offline_access"; r["prompt"] = "consent"; });
        using var stranger = await world.RefreshAsync(world.Other, tokens.Text("refresh_token"));
        await stranger.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var own = await world.RefreshAsync(world.Web, tokens.Text("refresh_token"));
        await own.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task RotateKeysAsync(World shared)
    {
        var world = await World.MakeAsync(shared.Server);
        using (var hurried = await world.Admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { keys = new { prepublish_seconds = 1 } })) await hurried.ReadJsonAsync(HttpStatusCode.OK);
        var before = (await world.TokensAsync(world.Web)).Text("id_token");
        using (var rotated = await world.Admin.PostAsJsonAsync("api/v1/keys/rotate", new { algorithm = "ES256" })) rotated.IsSuccessStatusCode.ShouldBeTrue(await rotated.Content.ReadAsStringAsync());
        await Soon.ShouldBeAsync(async () => Json.Header((await world.TokensAsync(world.Web)).Text("id_token")).Text("kid") != Json.Header(before).Text("kid"));
        await ShouldVerifyAsync(world, before, "ES256");
        await ShouldVerifyAsync(world, (await world.TokensAsync(world.Web)).Text("id_token"), "ES256");
    }
}
