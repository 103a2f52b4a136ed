using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.BadInput;

/// <summary>Bodies that are malformed, doubled, too large or of another type, at the protocol's doors and at the management API.</summary>
public sealed class ProtocolBodyTests
{
    [Theory, BothDatabases]
    public async Task Answers_malformed_forms_with_the_protocols_own_error(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        var client = $"client_id={attacked.ClientId}&client_secret={attacked.Secret}";
        string[] bodies =
        [
            "grant_type=%ff", "grant_type=%zz", "grant_type=%", "grant_type=refresh_token&refresh_token=%00", "grant_type=a\xff", "grant_type=%ed%a0%80", $"{client}&grant_type=refresh_token&grant_type=refresh_token",
            $"{client}&{client}&grant_type=refresh_token", "", "&&&&", "=", "grant_type", $"{client}&grant_type=refresh_token", $"{client}&grant_type=authorization_code", string.Join('&', Enumerable.Range(0, 3000).Select(i => $"a{i}=1")),
        ];
        foreach (var body in bodies) (await attacked.PostAsync("/oauth2/token", body)).ShouldBeOAuthError(400, "invalid_request");
        foreach (var path in (string[])["/oauth2/revoke", "/oauth2/introspect"])
        {
            (await attacked.PostAsync(path, $"{client}&token=%ff")).ShouldBeOAuthError(400, "invalid_request");
            (await attacked.PostAsync(path, $"{client}&token=a&token=b")).ShouldBeOAuthError(400, "invalid_request");
            (await attacked.PostAsync(path, client)).ShouldBeOAuthError(400, "invalid_request");
        }
        (await attacked.PostAsync("/oauth2/authorize", "client_id=%ff", "Accept: text/html")).ShouldBePage(400);
        (await attacked.PostAsync("/oauth2/logout", "state=%zz", "Accept: text/html")).ShouldBePage(400);
    }

    [Theory, BothDatabases]
    public async Task Answers_grants_that_prove_nothing(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        var client = $"client_id={attacked.ClientId}&client_secret={attacked.Secret}";
        foreach (var bad in (string[])["x", "gh_rt_x", new string('A', 20_000), "%E2%80%8B", "%F0%9F%98%80", "' OR 1=1 --"])
        {
            (await attacked.PostAsync("/oauth2/token", $"{client}&grant_type=refresh_token&refresh_token={bad}")).ShouldBeOAuthError(400, "invalid_grant");
            (await attacked.PostAsync("/oauth2/token", $"{client}&grant_type=authorization_code&code={bad}&redirect_uri={Uri.EscapeDataString(Attacked.Callback)}&code_verifier={new string('a', 43)}")).ShouldBeOAuthError(400, "invalid_grant");
            (await attacked.PostAsync("/oauth2/introspect", $"{client}&token={bad}")).Body.ShouldBe("""{"active":false}""");
            (await attacked.PostAsync("/oauth2/revoke", $"{client}&token={bad}")).Status.ShouldBe(200);
        }
        (await attacked.PostAsync("/oauth2/token", $"{client}&grant_type=password&username=a&password=b")).ShouldBeOAuthError(400, "unsupported_grant_type");
        (await attacked.PostAsync("/oauth2/token", $"{client}&grant_type=client_credentials")).ShouldBeOAuthError(400, "unauthorized_client");
    }

    [Theory, BothDatabases]
    public async Task Answers_broken_client_authentication(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        static string Basic(string text) => "Authorization: Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes(text));
        string[] headers =
        [
            "Authorization: Basic", "Authorization: Basic ###", "Authorization: Basic " + new string('A', 9000), Basic(""), Basic(":"), Basic("a"), Basic($"{attacked.ClientId}:wrong"), Basic("\xff\xfe:\xff"), Basic($"{attacked.ClientId}:%zz"),
            Basic($"{attacked.ClientId}:\0"), "Authorization: Bearer x", "Authorization: \xff",
        ];
        foreach (var header in headers)
        {
            var answer = await attacked.PostAsync("/oauth2/token", "grant_type=refresh_token&refresh_token=x", header);
            answer.Status.ShouldBeOneOf([400, 401], header);
            if (answer.Status == 401) answer.ShouldBeOAuthError(401, "invalid_client")["WWW-Authenticate"].ShouldNotBeNull().ShouldStartWith("Basic");
        }
        // Two ways at once: RFC 6749 §2.3.
        (await attacked.PostAsync("/oauth2/token", $"grant_type=refresh_token&refresh_token=x&client_id={attacked.ClientId}&client_secret={attacked.Secret}", Basic($"{attacked.ClientId}:{attacked.Secret}"))).ShouldBeOAuthError(400, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Answers_bearer_tokens_that_are_none(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        string[] tokens = ["", "x", "a.b.c", "e30.e30.e30", "eyJhbGciOiJub25lIn0.e30.", new string('a', 9000), "%ff", "\xff\xfe", "a b", "..", "."];
        foreach (var token in tokens)
        {
            foreach (var path in (string[])["/oauth2/userinfo", "/api/v1/users"])
            {
                var answer = await attacked.GetAsync(path, $"Authorization: Bearer {token}");
                answer.Status.ShouldBeOneOf([400, 401], $"{path} {token}");
                if (answer.Status == 401) answer["WWW-Authenticate"].ShouldNotBeNull().ShouldStartWith("Bearer");
            }
        }
        (await attacked.GetAsync("/oauth2/userinfo?access_token=x")).Status.ShouldBeOneOf(400, 401);
        (await attacked.GetAsync("/oauth2/userinfo", "Authorization: Bearer a", "Authorization: Bearer b")).Status.ShouldBeOneOf(400, 401);
    }

    [Theory, BothDatabases]
    public async Task Refuses_bodies_that_are_too_large(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        var large = Encoding.Latin1.GetBytes("grant_type=" + new string('a', 100_000));
        foreach (var path in (string[])["/oauth2/token", "/oauth2/revoke", "/oauth2/introspect", "/oauth2/userinfo", "/oauth2/authorize", "/oauth2/logout", "/signin", "/signin/password", "/signup", "/signin/forgot", "/consent"])
        {
            (await attacked.SendAsync("POST", path, "application/x-www-form-urlencoded", large)).Status.ShouldBeOneOf([400, 413, 401], path);
            var chunked = Encoding.Latin1.GetBytes($"{large.Length:x}\r\n").Concat(large).Concat("\r\n0\r\n\r\n"u8.ToArray()).ToArray();
            var root = new Uri(attacked.World.Tenant.Url);
            var answer = await RawHttp.SendAsync(root, $"POST {attacked.Target(path)} HTTP/1.1\r\nHost: {root.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked", chunked);
            answer.Status.ShouldBeOneOf([400, 413, 401], path + " chunked");
        }
        var token = await attacked.Server.TokenAsync(Gatehouse.Http.Scopes.UsersWrite);
        var json = Encoding.Latin1.GetBytes($$"""{"emails":["x@example.com"],"display_name":"{{new string('a', 100_000)}}"}""");
        var api = await RawHttp.SendAsync(new Uri(attacked.Server.Url), $"POST /api/v1/users HTTP/1.1\r\nHost: {new Uri(attacked.Server.Url).Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}", json);
        api.ShouldBeProblem(413, "body_too_large");
    }

    [Theory, BothDatabases]
    public async Task Refuses_other_content_types(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        var form = Encoding.ASCII.GetBytes($"grant_type=refresh_token&refresh_token=x&client_id={attacked.ClientId}&client_secret={attacked.Secret}");
        foreach (var type in (string?[])[null, "application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencodedx", "a/b/c", ";", "\xff"])
        {
            (await attacked.SendAsync("POST", "/oauth2/token", type, form)).Status.ShouldBeOneOf([400, 415], type);
            foreach (var path in (string[])["/signin", "/signin/password", "/signin/forgot", "/signup", "/consent", "/signout", "/oauth2/authorize", "/oauth2/logout"])
                (await attacked.SendAsync("POST", path, type, form, "Accept: text/html")).Status.ShouldBeOneOf([400, 404, 415], $"{path} {type}");
        }
        using var admin = await attacked.Server.AdminAsync(attacked.World.Tenant);
        foreach (var type in (string[])["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=utf-16"])
        {
            using var content = new ByteArrayContent("""{"emails":["x@example.com"]}"""u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await admin.PostAsync("api/v1/users", content);
            ((int)answer.StatusCode).ShouldBeOneOf([400, 415], type);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_JSON_that_says_two_things_or_nothing(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        using var admin = await attacked.Server.AdminAsync(attacked.World.Tenant);
        byte[][] bodies =
        [
            [], "{"u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "1"u8.ToArray(), "\"x\""u8.ToArray(), """{"emails":["a@example.com"],"emails":["b@example.com"]}"""u8.ToArray(), """{"emails":"a@example.com"}"""u8.ToArray(),
            """{"emails":[null]}"""u8.ToArray(), """{"emails":[]}"""u8.ToArray(), """{"emails":["a@example.com"],"admin":true}"""u8.ToArray(), [.. "{\"emails\":[\"a"u8, 0xff, 0xfe, .. "@example.com\"]}"u8],
            """{"emails":["a\u0000@example.com"]}"""u8.ToArray(), """{"emails":["\ud800@example.com"]}"""u8.ToArray(), """{"emails":["a@example.com"],"display_name":"a\u0000b"}"""u8.ToArray(), """{"emails":["a@example.com"],"display_name":"\udfff"}"""u8.ToArray(),
            """{"emails":["a@example.com"],"attributes":{"x":"\u0000"}}"""u8.ToArray(), """{"emails":["a@example.com"],"attributes":{"\ud800":1}}"""u8.ToArray(), """{"emails":["a@example.com"],"attributes":[]}"""u8.ToArray(), """{"emails":["a@example.com"],"attributes":{"x":1e999}}"""u8.ToArray(),
            Encoding.UTF8.GetBytes("{\"emails\":[\"a@example.com\"],\"attributes\":" + new string('[', 500) + new string(']', 500) + "}"), Encoding.UTF8.GetBytes(new string('[', 30_000)),
        ];
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var answer = await admin.PostAsync("api/v1/users", content);
            var text = await answer.Content.ReadAsStringAsync();
            ((int)answer.StatusCode).ShouldBeOneOf([400, 422], Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(body.Length, 80))) + " → " + text);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
        // Nothing half-written: the tenant has its one person.
        using var list = await admin.GetAsync("api/v1/users");
        (await list.ReadJsonAsync(System.Net.HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(1);
    }
}
