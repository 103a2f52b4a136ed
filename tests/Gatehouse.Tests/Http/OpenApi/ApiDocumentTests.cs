using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary><c>docs/openapi.json</c> is what the endpoints are. With <c>GATEHOUSE_UPDATE_DOCS=1</c> the test writes it instead of comparing.</summary>
public sealed class ApiDocumentTests
{
    private static DocumentHead Head(string file) => file == DocumentHead.Account.File ? DocumentHead.Account : DocumentHead.Management;

    [Theory, InlineData("openapi.json"), InlineData("openapi-account.json")]
    public async Task The_committed_description_is_what_the_endpoints_are(string name)
    {
        var generated = await ApiDocument.GenerateAsync(Head(name), CancellationToken.None);
        var file = Repository.Path("docs", name);
        if (Environment.GetEnvironmentVariable("GATEHOUSE_UPDATE_DOCS") == "1") await File.WriteAllTextAsync(file, generated);
        (await File.ReadAllTextAsync(file)).ShouldBe(generated,
            "The endpoints changed. Run GATEHOUSE_UPDATE_DOCS=1 dotnet test tests/Gatehouse.Tests --filter ApiDocumentTests, look at the difference, and commit it.");
    }

    [Theory, InlineData("openapi.json"), InlineData("openapi-account.json")]
    public async Task Every_operation_has_a_name_a_summary_a_permission_and_the_shapes_of_its_problems(string file)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.Path("docs", file)));
        document.RootElement.GetProperty("openapi").GetString().ShouldStartWith("3.1");
        List<string> incomplete = [];
        HashSet<string> names = [];
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                var what = $"{operation.Name} {path.Name}";
                if (!operation.Value.TryGetProperty("operationId", out var id) || !names.Add(id.GetString()!)) incomplete.Add(what + ": operationId is missing or taken");
                if (!operation.Value.TryGetProperty("summary", out _)) incomplete.Add(what + ": no summary");
                if (!operation.Value.TryGetProperty("security", out var security) || security.GetArrayLength() != 1) incomplete.Add(what + ": no scope");
                if (!operation.Value.GetProperty("responses").EnumerateObject().Any(r => r.Name[0] == '2')) incomplete.Add(what + ": no success");
                if (!operation.Value.GetProperty("responses").TryGetProperty("401", out _)) incomplete.Add(what + ": no 401");
            }
        incomplete.ShouldBeEmpty();
        var tags = document.RootElement.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()!).ToList();
        tags.ShouldBe(names.Select(n => n.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
        names.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Every_endpoint_of_the_management_api_needs_a_permission_or_says_that_it_does_not()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new TestServerOptions { SetUp = false });
        var endpoints = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1", StringComparison.Ordinal)).ToList();
        endpoints.Count.ShouldBeGreaterThan(20);
        foreach (var endpoint in endpoints)
        {
            var needed = endpoint.Metadata.GetMetadata<PermissionNeeded>();
            (needed is not null ^ endpoint.Metadata.GetMetadata<PermissionNotNeeded>() is not null).ShouldBeTrue(endpoint.DisplayName);
            if (needed is not null) Scopes.All.ShouldContain(needed.Scope, endpoint.DisplayName);
        }
    }

    [Fact]
    public async Task Serves_the_description_with_the_tenants_own_addresses_and_its_page()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        var json = await (await client.GetAsync("api/v1/openapi.json")).ReadJsonAsync(System.Net.HttpStatusCode.OK);
        json.GetProperty("servers")[0].GetProperty("url").GetString().ShouldBe(server.Url);
        var account = await (await client.GetAsync("account/v1/openapi.json")).ReadJsonAsync(System.Net.HttpStatusCode.OK);
        account.GetProperty("info").GetProperty("title").GetString().ShouldBe("Gatehouse account API");
        account.GetProperty("servers")[0].GetProperty("url").GetString().ShouldBe(server.Url);
        using var page = await client.GetAsync("api/v1/docs");
        page.EnsureSuccessStatusCode();
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self'");
        policy.ShouldNotContain("unsafe");
        var html = await page.Content.ReadAsStringAsync();
        foreach (var asset in (string[])["swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon-32x32.png"])
        {
            html.Contains($"docs/{asset}", StringComparison.Ordinal).ShouldBeTrue(asset);
            using var part = await client.GetAsync($"api/v1/docs/{asset}");
            part.EnsureSuccessStatusCode();
            (await part.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(50);
        }
        await (await client.GetAsync("api/v1/docs/appsettings.json")).ShouldBeProblemAsync(System.Net.HttpStatusCode.NotFound, "not_found");
    }
}
