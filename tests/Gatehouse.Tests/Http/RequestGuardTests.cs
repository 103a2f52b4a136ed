using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Http;

/// <summary>What no request may do, whatever it asks for: each case is answered with a problem of its own and never a 500.</summary>
public sealed class RequestGuardTests
{
    [Fact]
    public async Task Every_answer_carries_an_id_and_the_security_headers()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        foreach (var path in new[] { "healthz", "nowhere", "signin", ".well-known/openid-configuration", "?a=%ff" })
        {
            using var answer = await client.GetAsync(path);
            answer.Headers.GetValues("X-Request-Id").Single().Length.ShouldBe(26);
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
            answer.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("abc-DEF_1.2", true)]
    [InlineData("a b", false)]
    [InlineData("\"}{", false)]
    [InlineData("", false)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public async Task Takes_over_a_request_id_only_when_it_is_well_formed(string offered, bool taken)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Request-Id", offered);
        using var answer = await client.GetAsync("healthz");
        (answer.Headers.GetValues("X-Request-Id").Single() == offered).ShouldBe(taken);
    }

    [Theory]
    [InlineData("/signin?x=%ff", "query_malformed")]
    [InlineData("/signin?x=%c3%28", "query_malformed")]
    [InlineData("/signin?x=%", "query_malformed")]
    [InlineData("/signin?x=%00", "query_malformed")]
    [InlineData("/%ff", "path_malformed")]
    [InlineData("/t/%ff/signin", "path_malformed")]
    [InlineData("/%zz", "path_malformed")]
    public async Task Refuses_addresses_that_are_not_text(string target, string code)
    {
        var answer = await RawAsync($"GET {target} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain($"\"code\":\"{code}\"");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: {host}\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}/evil\r\n")]
    [InlineData("GET  HTTP/1.1\r\nHost: {host}\r\n")]
    public async Task Refuses_requests_that_are_not_http(string head) =>
        (await RawAsync(head + "Connection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 400 ");

    [Fact]
    public async Task Refuses_a_body_over_the_limit_whether_announced_or_not()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        var big = "{\"slug\":\"" + new string('a', 70_000) + "\"}";
        using var announced = await admin.PostAsync("api/v1/tenants", new StringContent(big, Encoding.UTF8, "application/json"));
        await announced.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "api/v1/tenants") { Content = new StringContent(big, Encoding.UTF8, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        using var answer = await admin.SendAsync(chunked);
        await answer.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("{\"slug\":\"a\",\"slug\":\"b\",\"display_name\":\"x\"}", "application/json", 400)]
    [InlineData("{\"slug\":\"a\\u0000\",\"display_name\":\"x\"}", "application/json", 400)]
    [InlineData("{\"slug\":\"a\",\"display_name\":\"\\ud800\"}", "application/json", 400)]
    [InlineData("{\"slug\":1,\"display_name\":\"x\"}", "application/json", 400)]
    [InlineData("{\"unknown\":1}", "application/json", 400)]
    [InlineData("slug=a", "application/x-www-form-urlencoded", 415)]
    [InlineData("", "application/json", 400)]
    public async Task Refuses_json_that_is_not_what_the_operation_takes(string body, string type, int status)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        using var answer = await admin.PostAsync("api/v1/tenants", new StringContent(body, Encoding.UTF8, type));
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        // Taken back and begun anew, an answer still has what every answer has.
        answer.Headers.GetValues("X-Request-Id").Single().Length.ShouldBe(26);
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Theory]
    [InlineData("application/json; charset=x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/merge-patch+json; charset=iso-8859-1", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=\"UTF-8\"", HttpStatusCode.UnprocessableEntity)]
    public async Task Reads_json_as_utf8_only(string type, HttpStatusCode status)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        using var body = new ByteArrayContent("{\"slug\":\"-\",\"display_name\":\"x\"}"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await admin.PostAsync("api/v1/tenants", body);
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Says_of_a_body_that_is_too_long_that_it_is_on_every_api()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        using var answer = await client.PostAsync("flows/v1/current", new StringContent($"{{\"auth_session\":\"{new string('x', 70_000)}\"}}", Encoding.UTF8, "application/json"));
        await answer.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("{\"display_name\":\"\\ud800\"}")]
    [InlineData("{\"\\udfff\":\"x\"}")]
    public async Task Refuses_a_patch_with_half_a_surrogate_pair(string body)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        using var answer = await admin.PatchAsync($"api/v1/tenants/{(await server.NewTenantAsync()).Id}", new StringContent(body, Encoding.UTF8, "application/json"));
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "body_invalid");
    }

    [Fact]
    public async Task Says_no_to_a_wrong_method_in_the_api()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        using var answer = await admin.PutAsync("api/v1/tenants", null);
        await answer.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Fact]
    public async Task Believes_forwarded_headers_only_of_trusted_proxies()
    {
        var direct = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = direct.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        using var ignored = await client.GetAsync("signin");
        ignored.StatusCode.ShouldNotBe(HttpStatusCode.NotFound);
        ignored.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();

        await using var behind = await TestServer.StartAsync(TestDatabase.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Http:TrustedProxies"] = "127.0.0.0/8, ::1", ["Http:TrustForwardedHost"] = "true" } });
        using var proxy = behind.Client();
        proxy.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var https = await proxy.GetAsync("healthz");
        https.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000");
        proxy.DefaultRequestHeaders.Add("X-Forwarded-Host", "unknown.example");
        (await proxy.GetAsync("signin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string> RawAsync(string request)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var uri = new Uri(server.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, uri.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.Replace("{host}", uri.Authority, StringComparison.Ordinal)));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
