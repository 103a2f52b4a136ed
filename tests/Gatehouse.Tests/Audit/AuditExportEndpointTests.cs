using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Audit;

public sealed class AuditExportEndpointTests
{
    private static async Task<string> TextAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    [Theory, BothDatabases]
    public async Task Exports_a_chain_that_verifies_against_heads_and_keys_of_the_api(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var first = await TextAsync(admin, "api/v1/audit/export");
        var export = await TextAsync(admin, "api/v1/audit/export?format=ndjson");
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(await TextAsync(admin, "api/v1/audit/keys"))).TryGet(out var keys, out _).ShouldBeTrue();
        var heads = AuditFileVerifier.ReadHeads(await TextAsync(admin, "api/v1/audit/heads"));
        heads.Count.ShouldBeGreaterThanOrEqualTo(2);
        using var reader = new StringReader(export);
        var found = await AuditFileVerifier.VerifyAsync(reader, heads, keys, older: false, default);
        found.Break.ShouldBeNull();
        found.Entries.ShouldBeGreaterThan(2);
        export.ShouldContain("audit.exported", customMessage: "who took a copy is in the next one");
        using var old = new StringReader(first);
        (await AuditFileVerifier.VerifyAsync(old, heads, keys, older: false, default)).Break.ShouldNotBeNull("as if cut off: a newer head is known");

        // The program itself, without server or database.
        var folder = Directory.CreateTempSubdirectory("gatehouse-export-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "export"), export);
        await File.WriteAllTextAsync(Path.Combine(folder, "cut"), string.Join('\n', export.Split('\n')[..^2]));
        await File.WriteAllTextAsync(Path.Combine(folder, "keys"), await TextAsync(admin, "api/v1/audit/keys"));
        await File.WriteAllTextAsync(Path.Combine(folder, "heads"), await TextAsync(admin, "api/v1/audit/heads"));
        foreach (var (file, code, says) in new[] { ("export", 0, " ok: "), ("cut", 1, " BROKEN at entry "), ("keys", 2, "does not begin as an export") })
        {
            await using var program = ChildProcess.Start(Installation.Program, ["audit", "verify", "--file", Path.Combine(folder, file), "--key", Path.Combine(folder, "keys"), "--heads", Path.Combine(folder, "heads")]);
            (await program.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue();
            (program.ExitCode, program.Output + program.Errors).ShouldSatisfyAllConditions(r => r.Item1.ShouldBe(code, r.Item2), r => r.Item2.ShouldContain(says));
        }
        Directory.Delete(folder, recursive: true);

        using (var rotated = await admin.PostAsync("api/v1/audit/keys/rotate", null)) rotated.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        JsonDocument.Parse(await TextAsync(admin, "api/v1/audit/keys")).RootElement.GetProperty("keys").GetArrayLength().ShouldBe(2);

        var csv = await TextAsync(admin, "api/v1/audit/export?format=csv&action=key.*");
        csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + 2, "two keys were made");
        var json = JsonDocument.Parse(await TextAsync(admin, "api/v1/audit/export?format=json&after_seq=1")).RootElement;
        json.GetProperty("export").GetProperty("after_seq").GetInt64().ShouldBe(1);
        json.GetProperty("items")[0].GetProperty("seq").GetInt64().ShouldBe(2);
        // Nothing of another tenant, whichever way.
        var main = server.Main.Id.ToString();
        first.ShouldNotContain($"\"tenant\":\"{main}\"");
    }

    [Theory, BothDatabases]
    public async Task Shows_persons_only_to_those_who_may_see_them(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using (var head = await admin.PostAsync("api/v1/audit/keys/rotate", null)) head.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var reader = await server.WithScopesAsync(tenant, Scopes.AuditRead);
        for (var turn = 0; turn < 2; turn++)
        {
            var full = JsonDocument.Parse(await TextAsync(admin, "api/v1/audit?action=audit.key_rotated")).RootElement.GetProperty("items")[0];
            (full.Text("ip"), full.GetProperty("masked").GetBoolean()).ShouldBe(("127.0.0.1", false));
            var masked = JsonDocument.Parse(await TextAsync(reader, "api/v1/audit?action=audit.key_rotated")).RootElement.GetProperty("items")[0];
            (masked.Text("ip"), masked.GetProperty("masked").GetBoolean(), masked.Id()).ShouldBe(("127.0.0.0/24", true, full.Id()));
            (await TextAsync(admin, "api/v1/audit?ip=127.0.0.1&action=audit.*")).ShouldContain("audit.key_rotated");
            (await TextAsync(admin, "api/v1/audit?ip=127.0.0.2&action=audit.*")).ShouldNotContain("audit.key_rotated");
            var export = await TextAsync(reader, "api/v1/audit/export");      // and seals
            export.ShouldNotContain("127.0.0.1");
            export.ShouldNotContain("origin_key");
        }
        foreach (var path in new[] { "api/v1/audit?ip=127.0.0.1", "api/v1/audit/export?ip=127.0.0.1" })
        {
            using var refused = await reader.GetAsync(path);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "audit_pii_required");
        }
    }

    [Theory, BothDatabases]
    public async Task Lists_what_happened_in_one_organization(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var other = await server.AdminAsync(await server.NewTenantAsync());
        var (here, there) = (OrganizationId.New(TimeProvider.System), OrganizationId.New(TimeProvider.System));
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        await using (var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(id, default))
        {
            foreach (var (organization, action) in new[] { (here, "thing.made"), (there, "thing.lost") })
                await server.Services.GetRequiredService<AuditLog>().AppendAsync(tx, new(action, AuditOutcome.Success, AuditActor.System, null, null, RequestFacts.None) { Organization = organization }, default);
            await tx.CommitAsync(default);
        }
        for (var turn = 0; turn < 2; turn++)
        {
            foreach (var path in new[] { $"api/v1/organizations/{here}/audit", $"api/v1/audit?organization={here}" })
                JsonDocument.Parse(await TextAsync(admin, path)).RootElement.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().Text("action").ShouldBe("thing.made");
            await TextAsync(admin, "api/v1/audit/export");      // seals
        }
        JsonDocument.Parse(await TextAsync(other, $"api/v1/organizations/{here}/audit")).RootElement.GetProperty("items").EnumerateArray().ShouldBeEmpty();
        using var bad = await admin.GetAsync("api/v1/organizations/acme/audit");
        await bad.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "filter_invalid");
        using var reader = await server.WithScopesAsync(tenant, Scopes.AuditWrite);
        using var forbidden = await reader.GetAsync($"api/v1/organizations/{here}/audit");
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, BothDatabases]
    public async Task Counts_by_action_and_by_day(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        await TextAsync(admin, "api/v1/audit/export");      // seals
        var counted = JsonDocument.Parse(await TextAsync(admin, "api/v1/audit/statistics")).RootElement;
        counted.GetProperty("entries").GetInt64().ShouldBeGreaterThan(2);
        counted.GetProperty("by_action").EnumerateArray().ShouldContain(a => a.GetProperty("action").GetString() == "key.created" && a.GetProperty("entries").GetInt64() == 2);
        counted.GetProperty("by_day").EnumerateArray().Sum(d => d.GetProperty("entries").GetInt64()).ShouldBe(counted.GetProperty("entries").GetInt64());
        JsonDocument.Parse(await TextAsync(admin, "api/v1/audit/statistics?from=2020-01-01&to=2020-12-31")).RootElement.GetProperty("entries").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("?outcome=maybe", "filter_invalid"), InlineData("?action=*", "filter_invalid"), InlineData("?action=user*", "filter_invalid"), InlineData("?action=us*er.*", "filter_invalid"), InlineData("?action=user.a.*", "filter_invalid")]
    [InlineData("?organization=acme", "filter_invalid"), InlineData("?ip=nowhere", "filter_invalid"), InlineData("/export?format=xml", "format_invalid"), InlineData("/export?after_seq=-1", "after_seq_invalid")]
    [InlineData("/export?after_seq=99999999999", "after_seq_invalid"), InlineData("/export?from=never", "time_invalid"), InlineData("/statistics?from=1", "day_invalid"), InlineData("/statistics?from=2020-01-01&to=2026-01-01", "range_invalid")]
    [InlineData("/statistics?from=2020-01-02&to=2020-01-01", "range_invalid"), InlineData("/heads?cursor=x", "cursor_invalid"), InlineData("/heads?limit=0", "limit_invalid")]
    public async Task Refuses_a_question_it_cannot_read(string query, string code)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        using var response = await admin.GetAsync("api/v1/audit" + query);
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("GET", "api/v1/audit/export"), InlineData("GET", "api/v1/audit/statistics"), InlineData("GET", "api/v1/audit/heads"), InlineData("GET", "api/v1/audit/keys"), InlineData("POST", "api/v1/audit/keys/rotate")]
    public async Task Answers_nobody_without_the_permission(string method, string path)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        using (var anonymous = await client.SendAsync(new(new HttpMethod(method), path))) anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync(method == "GET" ? Scopes.AuditWrite : Scopes.AuditRead, Scopes.AuditPii));
        using var forbidden = await client.SendAsync(new(new HttpMethod(method), path));
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Shows_nothing_of_another_tenant_by_its_cursor()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var one = await server.AdminAsync(await server.NewTenantAsync());
        using var two = await server.AdminAsync(await server.NewTenantAsync());
        var page = JsonDocument.Parse(await TextAsync(one, "api/v1/audit?limit=1")).RootElement;
        var ids = JsonDocument.Parse(await TextAsync(one, "api/v1/audit")).RootElement.GetProperty("items").EnumerateArray().Select(e => e.Id()).ToHashSet();
        foreach (var cursor in new[] { page.Text("next")!, "AAAAAAAAAAAAAAAAAAAAAA", "_____________________w" })
            JsonDocument.Parse(await TextAsync(two, $"api/v1/audit?cursor={cursor}")).RootElement.GetProperty("items").EnumerateArray().ShouldAllBe(e => !ids.Contains(e.Id()));
    }
}
