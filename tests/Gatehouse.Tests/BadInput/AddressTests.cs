using Gatehouse.Testing;

namespace Gatehouse.Tests.BadInput;

/// <summary>Hosts and paths that no tenant answers at, and bytes that are no address at all.</summary>
public sealed class AddressTests
{
    [Theory, BothDatabases]
    public async Task Knows_no_tenant_at_an_unknown_host_or_path(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var at = new Uri(server.Url);
        string[] hosts = ["evil.example", $"localhost.evil.example:{at.Port}", $"localhost:{at.Port + 1}", "localhost", $"127.0.0.1:{at.Port}", $"LOCALHOST.:{at.Port}", "xn--80ak6aa92e.com", "[::1]"];
        foreach (var host in hosts)
        {
            (await RawHttp.SendAsync(at, $"GET /.well-known/openid-configuration HTTP/1.1\r\nHost: {host}")).ShouldBeProblem(404, "tenant_unknown");
            (await RawHttp.SendAsync(at, $"GET /signin HTTP/1.1\r\nHost: {host}\r\nAccept: text/html")).ShouldBePage(404);
        }
        foreach (var path in (string[])["/t/nobody/signin", "/t//signin", "/t/", "/t/../signin", "/t/%2e%2e/signin", "/T/x/signin", "/t/nobody%2fsignin", "//evil.example/signin", "/signin/..%2f..%2fetc/passwd"])
            (await RawHttp.SendAsync(at, $"GET {path} HTTP/1.1\r\nHost: {at.Authority}\r\nAccept: text/html")).Status.ShouldBeOneOf([400, 404, 200, 303], path);
        (await RawHttp.SendAsync(at, $"GET /t/nobody/signin HTTP/1.1\r\nHost: {at.Authority}\r\nAccept: text/html")).ShouldBePage(404);
        (await RawHttp.SendAsync(at, $"GET /.well-known/openid-configuration/t/nobody HTTP/1.1\r\nHost: {at.Authority}")).Status.ShouldBe(404);
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_is_not_HTTP(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var at = new Uri(server.Url);
        string[] heads =
        [
            "GET /signin HTTP/1.1",                                             // no Host
            $"GET /signin HTTP/1.1\r\nHost: {at.Authority}\r\nHost: evil.example",
            "GET /signin HTTP/1.1\r\nHost: a b", "GET /signin HTTP/1.1\r\nHost: \xff\xfe", $"GET /sign\xff\xfein HTTP/1.1\r\nHost: {at.Authority}",
            $"GET /signin?x=\xc3\x28 HTTP/1.1\r\nHost: {at.Authority}", $"GET /signin HTTP/1.1\r\nHost: {at.Authority}\r\nX-Thing : 1", $"GET /sig\0nin HTTP/1.1\r\nHost: {at.Authority}",
            $"GET /signin HTTP/3.9\r\nHost: {at.Authority}", $"G\0T /signin HTTP/1.1\r\nHost: {at.Authority}", $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: {at.Authority}",
            $"GET /signin HTTP/1.1\r\nHost: {at.Authority}\r\nX-Long: {new string('a', 40_000)}", $"POST /oauth2/token HTTP/1.1\r\nHost: {at.Authority}\r\nContent-Length: -1",
            $"POST /oauth2/token HTTP/1.1\r\nHost: {at.Authority}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked", "nonsense",
        ];
        foreach (var head in heads) (await RawHttp.SendAsync(at, head)).Status.ShouldBeOneOf([0, 400, 411, 413, 414, 431, 505], head.Length > 200 ? head[..200] : head);
        // And it still serves.
        (await RawHttp.SendAsync(at, $"GET /.well-known/openid-configuration HTTP/1.1\r\nHost: {at.Authority}")).Status.ShouldBe(200);
    }

    [Theory, BothDatabases]
    public async Task Answers_unknown_paths_and_methods_in_the_language_of_who_asks(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        (await attacked.GetAsync("/nothing-here", "Accept: text/html")).ShouldBePage(404);
        (await attacked.GetAsync("/nothing-here")).ShouldBeProblem(404, "not_found");
        (await attacked.GetAsync("/api/v1/nothing-here", "Accept: text/html")).ShouldBeProblem(404, "not_found");
        (await attacked.GetAsync("/oauth2/token")).ShouldBeProblem(405, "method_not_allowed");
        (await attacked.SendAsync("DELETE", "/signin", null, [])).Status.ShouldBe(405);
        (await attacked.SendAsync("BREW", "/signin", null, [])).Status.ShouldBe(405);
    }

    [Theory, BothDatabases]
    public async Task Refuses_queries_that_are_not_UTF8(TestDatabase database)
    {
        var attacked = await Attacked.CreateAsync(database);
        foreach (var bad in (string[])["%ff", "%c3%28", "%ed%a0%80", "%f8%a1%a1%a1%a1", "%", "%zz", "%4", "%00", "%c0%80"])
        {
            (await attacked.GetAsync($"{attacked.Authorize()}&nonce={bad}", "Accept: text/html")).ShouldBePage(400);
            (await attacked.GetAsync($"/signin?interaction={bad}", "Accept: text/html")).ShouldBePage(400);
            (await attacked.GetAsync($"/signin/reset?token={bad}", "Accept: text/html")).ShouldBePage(400);
            (await attacked.GetAsync($"/api/v1/users?cursor={bad}")).Status.ShouldBeOneOf(400, 401);
            (await attacked.GetAsync($"/signin/{bad}", "Accept: text/html")).Status.ShouldBeOneOf([400, 404], bad);
        }
    }
}
