using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary><c>docs/openapi.json</c> is what the endpoints are. With <c>GATEHOUSE_UPDATE_DOCS=1</c> the test writes it instead of comparing.</summary>
public sealed class ApiDocumentTests
{
    private static DocumentHead Head(string file) => file == DocumentHead.Account.File ? DocumentHead.Account : file == DocumentHead.Flows.File ? DocumentHead.Flows : DocumentHead.Management;

    [Theory, InlineData("openapi.json"), InlineData("openapi-account.json"), InlineData("openapi-flows.json")]
    public async Task The_committed_description_is_what_the_endpoints_are(string name)
    {
        var generated = await ApiDocument.GenerateAsync(Head(name), CancellationToken.None);
        var file = Repository.Path("docs", name);
        if (Environment.GetEnvironmentVariable("GATEHOUSE_UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(file, generated);
            if (name == DocumentHead.Management.File) await GeneratedClientTests.WriteExamplesAsync(GeneratedClientTests.Examples);
        }
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
    public async Task The_flows_are_described_whole()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.Path("docs", DocumentHead.Flows.File)));
        var (root, text) = (document.RootElement, document.RootElement.GetRawText());
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        // Every route there is.
        root.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).ShouldBe(
            server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
                .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Where(r => r.StartsWith("/flows/v1/", StringComparison.Ordinal) || r == "/oauth2/authorize-challenge").Order(StringComparer.Ordinal));
        var schemas = root.GetProperty("components").GetProperty("schemas");
        List<string> faults = [];
        foreach (var path in root.GetProperty("paths").EnumerateObject())
        {
            var operation = path.Value.GetProperty("post");
            foreach (var member in (string[])["operationId", "summary", "security", "requestBody"])
                if (!operation.TryGetProperty(member, out _)) faults.Add($"{path.Name}: no {member}");
            foreach (var status in (string[])["200", "400", "413", "415"])
                if (!operation.GetProperty("responses").TryGetProperty(status, out _)) faults.Add($"{path.Name}: no {status}");
        }
        faults.ShouldBeEmpty();
        // Every step a program can meet, each with its values.
        var names = schemas.GetProperty("StepDocument").GetProperty("properties").GetProperty("name").GetProperty("enum").EnumerateArray().Select(n => n.GetString()!).ToList();
        names.ShouldContain("identifier");
        names.ShouldNotContain("web");
        schemas.GetProperty("SubmitFlowRequest").GetProperty("properties").GetProperty("values").GetProperty("anyOf").GetArrayLength().ShouldBe(names.Count);
        // Every problem of a step, and every reference.
        var submit = root.GetProperty("paths").GetProperty("/flows/v1/submit").GetProperty("post").GetProperty("responses");
        var said = string.Join(' ', submit.EnumerateObject().Select(r => r.Value.GetProperty("description").GetString()));
        var source = await File.ReadAllTextAsync(Repository.Path("src", "Gatehouse.Server", "SignIn", "Headless", "StepProblems.cs"));
        var codes = Regex.Matches(source, "Problem\\.[A-Z][A-Za-z]+\\(\"([a-z_]+)\"").Select(m => m.Groups[1].Value).ToList();
        codes.Count.ShouldBeGreaterThan(20);
        codes.Where(c => !said.Contains($"`{c}`", StringComparison.Ordinal)).ShouldBeEmpty();
        Regex.Matches(text, "#/components/schemas/([A-Za-z]+)").Select(m => m.Groups[1].Value).Distinct().Where(s => !schemas.TryGetProperty(s, out _)).ShouldBeEmpty();
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
        var flows = await (await client.GetAsync("flows/v1/openapi.json")).ReadJsonAsync(System.Net.HttpStatusCode.OK);
        flows.GetProperty("info").GetProperty("title").GetString().ShouldBe("Gatehouse flows API");
        flows.GetProperty("servers")[0].GetProperty("url").GetString().ShouldBe(server.Url);
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
