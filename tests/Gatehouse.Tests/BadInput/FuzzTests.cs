using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.BadInput;

/// <summary>
/// Two thousand requests over every route that is mapped, each put together from sense and nonsense by a fixed source of bytes. Whatever
/// comes, the server answers below 500 and sends nobody to a strange place. No claim that this finds everything; it finds the
/// unexpected exception behind an unusual combination, and it does so the same way every time.
/// </summary>
public sealed class FuzzTests
{
    private const int Requests = 2000;

    [Theory, BothDatabases]
    public async Task Never_fails_on_two_thousand_mutated_requests(TestDatabase database)
    {
        // A server of its own: what the fuzz manages to change is nobody else's.
        await using var server = await TestServer.StartAsync(database);
        var sense = await Vocabulary.CreateAsync(server);
        var routes = server.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToArray();
        routes.Length.ShouldBeGreaterThan(60);
        using var browser = server.Browser(sense.Tenant);
        await new FormBrowser(browser).SignInAsync(new Uri(sense.Tenant.Url + sense.Authorize), sense.Email, Peers.PeerWorld.Password);
        using var stranger = server.Client(sense.Tenant);
        using var admin = await server.AdminAsync(sense.Tenant);
        HttpClient[] clients = [browser, stranger, admin];

        Dictionary<int, int> statuses = [];
        HashSet<string> reached = [];
        for (var i = 0; i < Requests; i++)
        {
            var bytes = new ByteSource($"{i}");
            var route = routes[i % routes.Length];
            var client = bytes.Pick(clients);
            using var request = Mutate(route, sense, bytes);
            var said = $"#{i} {request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync())}";
            using var response = await client.SendAsync(request);
            var status = (int)response.StatusCode;
            if (status >= 500) throw new Xunit.Sdk.XunitException($"{said}\nanswered {status}: {await response.Content.ReadAsStringAsync()}");
            if (response.Headers.Location is { } location)
                new Uri(request.RequestUri!, location).Host.ShouldBeOneOf([request.RequestUri!.Host, "shop.example"], said);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            if (status is not (404 or 405)) reached.Add(route.RoutePattern.RawText!);
        }
        // It went past the doors: answers of many kinds, from most routes.
        statuses.Count.ShouldBeGreaterThanOrEqualTo(8, string.Join(", ", statuses));
        statuses.GetValueOrDefault(200).ShouldBeGreaterThan(50);
        reached.Count.ShouldBeGreaterThan(routes.Select(r => r.RoutePattern.RawText).Distinct().Count() * 2 / 3);
    }

    private static HttpRequestMessage Mutate(RouteEndpoint route, Vocabulary sense, ByteSource bytes)
    {
        var methods = route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        var method = bytes.Chance(12) ? bytes.Pick(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]) : bytes.Pick(methods);
        StringBuilder path = new(sense.Tenant.Url.TrimEnd('/'));
        foreach (var segment in route.RoutePattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                path.Append(part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : Uri.EscapeDataString(sense.Word(bytes)));
        }
        if (!bytes.Chance(3)) path.Append('?').Append(Pairs(sense, bytes));
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path.ToString(), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("Accept", bytes.Pick(["text/html", "application/json", "*/*", "", "text/html;q=0"]));
        if (bytes.Chance(2)) request.Headers.TryAddWithoutValidation("Origin", sense.Origin);
        if (bytes.Chance(6)) request.Headers.TryAddWithoutValidation(bytes.Pick(["If-Match", "Idempotency-Key", "Accept-Language", "X-Tenant", "User-Agent", "X-Forwarded-For", "Sec-Fetch-Site", "If-None-Match", "X-Request-Id"]), sense.Ascii(bytes));
        if (method is "POST" or "PUT" or "PATCH") request.Content = Body(route, sense, bytes);
        return request;
    }

    private static ByteArrayContent Body(RouteEndpoint route, Vocabulary sense, ByteSource bytes)
    {
        var json = route.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal) ^ bytes.Chance(12);
        var body = Encoding.UTF8.GetBytes(json ? sense.Json(bytes, 0) : Pairs(sense, bytes));
        if (bytes.Chance(8) && body.Length > 0) body[bytes.Below(body.Length)] = bytes.Next();
        var content = new ByteArrayContent(body);
        var type = json ? bytes.Pick(["application/json", "application/json", "application/merge-patch+json", "application/json; charset=utf-8"]) : "application/x-www-form-urlencoded";
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(bytes.Chance(15) ? "text/plain" : type);
        return content;
    }

    private static string Pairs(Vocabulary sense, ByteSource bytes)
    {
        StringBuilder text = new();
        for (var n = bytes.Below(6) + 1; n > 0; n--)
        {
            var value = Uri.EscapeDataString(sense.Word(bytes));
            if (bytes.Chance(20)) value += bytes.Pick(["%ff", "%", "%00", "%c3%28", "+", "&", "=", ";"]);
            text.Append(sense.Parameter(bytes)).Append('=').Append(value).Append('&');
        }
        return text.ToString();
    }
}
