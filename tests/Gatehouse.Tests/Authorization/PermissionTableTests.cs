using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Gatehouse.Tests.Workspaces;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Authorization;

/// <summary><c>docs/permissions.md</c>: every endpoint of the management API with the permission it needs, each tried with and without it. With <c>GATEHOUSE_UPDATE_DOCS=1</c> the test writes the page.</summary>
public sealed partial class PermissionTableTests
{
    private sealed record Endpoint(string Method, string Route, string Operation, string Permission, bool InOrganization, bool InWorkspace, bool Fresh);

    private static List<Endpoint> List(TestServer server) =>
    [
        .. from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let route = "/" + endpoint.RoutePattern.RawText!.Trim('/')
           where route.StartsWith("/api/v1/", StringComparison.Ordinal)
           let needed = endpoint.Metadata.GetMetadata<PermissionNeeded>()
           where needed is not null
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
           orderby route, method
           select new Endpoint(method, route, endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, needed.Scope,
               endpoint.Metadata.GetMetadata<OrganizationNamed>() is not null, endpoint.Metadata.GetMetadata<WorkspaceNamed>() is not null, endpoint.Metadata.GetMetadata<FreshProofNeeded>() is not null),
    ];

    [Fact]
    public async Task The_table_is_what_the_endpoints_say()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new TestServerOptions { SetUp = false });
        var page = new StringBuilder("""
            # Permissions of the management API

            Made from the endpoints. A call needs the permission twice: as a scope of its token, and held by whoever calls, through a [role](guides/roles.md). *organization*: who holds it
            for the organization in the path may call too. *workspace*: so may who holds it for the workspace in the path, or for the organization whose it is. *fresh*: a person has proved who she is in the last five minutes.

            | endpoint | operation | permission | |
            | --- | --- | --- | --- |

            """);
        foreach (var e in List(server))
            page.Append($"| `{e.Method} {e.Route}` | {e.Operation} | `{e.Permission}` | {string.Join(", ", new[] { e.InOrganization ? "organization" : null, e.InWorkspace ? "workspace" : null, e.Fresh ? "fresh" : null }.OfType<string>())} |\n");
        var file = Repository.Path("docs", "permissions.md");
        if (Environment.GetEnvironmentVariable("GATEHOUSE_UPDATE_DOCS") == "1") await File.WriteAllTextAsync(file, page.ToString());
        (await File.ReadAllTextAsync(file)).ShouldBe(page.ToString(), "The endpoints changed. Run GATEHOUSE_UPDATE_DOCS=1 dotnet test tests/Gatehouse.Tests --filter PermissionTable, look at the difference, and commit it.");
    }

    [Fact]
    public async Task Every_endpoint_is_open_with_its_permission_and_closed_without()
    {
        using var world = await RoleWorld.OpenAsync(TestDatabase.Sqlite);
        var organization = await world.OrganizationAsync("acme");
        var workspace = await world.Admin.WorkspaceAsync("desk", organization);
        Dictionary<string, (HttpClient Only, HttpClient AllBut, HttpClient Member)> callers = [];
        var number = 0;
        foreach (var permission in Scopes.All)
        {
            var (key, without) = ($"p{number}-only", $"p{number}-without");
            await world.RoleAsync(key, [permission]);
            await world.RoleAsync(without, [.. Scopes.All.Where(p => p != permission)]);
            var (one, other, member) = (await world.UserAsync($"one{number}"), await world.UserAsync($"other{number}"), await world.UserAsync($"member{number}"));
            await world.GiveAsync(one, key);
            await world.GiveAsync(other, without);
            await world.JoinAsync(organization, member);
            await world.GiveAsync(member, key, new { organization });
            callers.Add(permission, (await world.AsAsync(one), await world.AsAsync(other), await world.AsAsync(member)));
            number++;
        }

        List<string> faults = [];
        async Task TryAsync(HttpClient caller, Endpoint e, string path, bool open, string who)
        {
            using var answer = await caller.SendAsync(People.Request(e.Method, path, e.Method is "POST" or "PUT" or "PATCH" ? new { } : null));
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode >= HttpStatusCode.InternalServerError) faults.Add($"{e.Method} {path} {who}: {(int)answer.StatusCode}");
            if (text.Contains("\"permission_missing\"", StringComparison.Ordinal) == open || answer.StatusCode == HttpStatusCode.Unauthorized) faults.Add($"{e.Method} {path} {who}: {(int)answer.StatusCode} {text}");
        }
        var endpoints = List(world.Server);
        foreach (var e in endpoints)
        {
            var (only, allBut, member) = callers[e.Permission];
            string Path(string org) => Placeholder().Replace(e.Route[1..], m => m.Value == "{organization}" ? org : m.Value == "{workspace}" && org == organization ? workspace : "usr_01h455vb4pex5vsknk084sn02q");
            await TryAsync(allBut, e, Path(organization), open: false, "without it");
            await TryAsync(member, e, Path("org_01h455vb4pex5vsknk084sn02q"), open: false, "with it for another organization");
            if ((e.InOrganization || e.InWorkspace) && e.Method == "GET") await TryAsync(member, e, Path(organization), open: true, "with it for this organization");
            else if (!e.InOrganization && !e.InWorkspace) await TryAsync(member, e, Path(organization), open: false, "with it for an organization");
            // Ends nothing that is there: the ids are nobody's, and the bodies are empty.
            if (e.Operation is not ("organizations.delete" or "organization_schema.delete" or "workspace_schema.delete")) await TryAsync(only, e, Path("org_01h455vb4pex5vsknk084sn02q"), open: true, "with it alone");
        }
        faults.ShouldBeEmpty();
        endpoints.Count.ShouldBeGreaterThan(100);
        foreach (var (only, allBut, member) in callers.Values) { only.Dispose(); allBut.Dispose(); member.Dispose(); }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();
}
