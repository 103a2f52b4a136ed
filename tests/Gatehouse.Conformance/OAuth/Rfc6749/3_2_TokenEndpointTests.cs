using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 §3.2, §5.1 and §5.2: the shape of requests and answers, and bad input.</summary>
public sealed class TokenEndpointTests
{
    private static async Task<HttpResponseMessage> SendAsync(World world, byte[] body, string? contentType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token") { Content = new ByteArrayContent(body) };
        if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.Authorization = World.Basic(world.Web.Id, world.Web.Secret!);
        return await world.Http.SendAsync(request);
    }

    private const string Form = "application/x-www-form-urlencoded";
    private const string Valid = "grant_type=client_credentials&scope=orders%3Aread";

    [Theory, BothDatabases]
    public async Task Answers_with_the_headers_of_section_5_1(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await SendAsync(world, Encoding.ASCII.GetBytes(Valid), Form + "; charset=UTF-8");
        var body = await answer.ReadJsonAsync(HttpStatusCode.OK);
        body.Text("token_type").ShouldBe("Bearer");
        body.GetProperty("expires_in").GetInt32().ShouldBe(600);
        body.Text("scope").ShouldBe("orders:read");
        body.Has("refresh_token").ShouldBeFalse();               // §4.4.3
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Pragma.Single().Name.ShouldBe("no-cache");
    }

    [Theory, BothDatabases]
    public async Task Refuses_bodies_that_are_not_strict_forms(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var (body, type) in ((string, string?)[])
        [
            (Valid, "application/json"), (Valid, "text/plain"), (Valid, null), (Valid, "multipart/form-data; boundary=x"), (Valid, Form + "; charset=iso-8859-1"),
            ("{\"grant_type\":\"client_credentials\"}", "application/json"),
            (Valid + "&x=%zz", Form), (Valid + "&x=%FF", Form), (Valid + "&x=%00", Form), (Valid + "&x=\u00ff", Form),
            (Valid + "&scope=orders%3Aread", Form), (Valid + "&grant_type=client_credentials", Form), (Valid + "&foo=1&foo=2", Form),
            ("scope=orders%3Aread", Form), ("grant_type=&scope=x", Form), ("", Form),
        ])
        {
            using var answer = await SendAsync(world, Encoding.Latin1.GetBytes(body), type);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_body_that_is_too_long(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await SendAsync(world, Encoding.ASCII.GetBytes(Valid + "&x=" + new string('a', 40_000)), Form);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Refuses_grants_it_does_not_know_or_the_client_may_not_use(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var unknown in (string[])["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "Client_Credentials"])
        {
            using var answer = await world.TokenAsync(world.Web, ("grant_type", unknown), ("username", "a"), ("password", "b"));
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "unsupported_grant_type");
        }
        using var forbidden = await world.TokenAsync(world.Other, ("grant_type", "client_credentials"));
        await forbidden.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "unauthorized_client");
    }

    [Theory, BothDatabases]
    public async Task Does_not_take_parameters_from_the_query(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token?" + Valid) { Content = new FormUrlEncodedContent([]) };
        request.Headers.Authorization = World.Basic(world.Web.Id, world.Web.Secret!);
        using var answer = await world.Http.SendAsync(request);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        using var get = await world.Http.GetAsync("oauth2/token?" + Valid);
        get.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory, BothDatabases]
    public async Task Gives_a_client_no_scope_that_is_not_its_own(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = new[] { "orders:read" } });
        foreach (var scope in (string[])["orders:write", "orders:read orders:write", "unknown", "openid", "orders:read  orders:read", " orders:read", "orders\"read"])
        {
            using var answer = await world.TokenAsync(app, ("grant_type", "client_credentials"), ("scope", scope));
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
        }
        using var all = await world.TokenAsync(app, ("grant_type", "client_credentials"));
        (await all.ReadJsonAsync(HttpStatusCode.OK)).Text("scope").ShouldBe("orders:read");
    }

    [Theory, BothDatabases]
    public async Task Lets_pages_of_the_clients_own_origin_read_the_answer(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var (origin, allowed) in (ReadOnlySpan<(string, bool)>)[("https://app.example.com", true), ("https://evil.example", false), ("https://app.example.co", false), ("null", false)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token")
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("client_id", world.Spa.Id), KeyValuePair.Create("refresh_token", "x")]),
            };
            request.Headers.Add("Origin", origin);
            using var answer = world.Http.Send(request);
            answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var header).ShouldBe(allowed);
            if (allowed) header!.Single().ShouldBe(origin);
            answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        }
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "oauth2/token");
        preflight.Headers.Add("Origin", "https://app.example.com");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var question = await world.Http.SendAsync(preflight);
        question.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        question.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Authorization");
    }
}
