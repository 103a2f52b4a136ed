using System.Net;
using System.Net.Http.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Tests.Tenants;

public sealed class TenantPurgeTests
{
    [Theory, BothDatabases]
    public async Task Empties_every_table_of_a_deleted_tenant_but_its_audit_and_leaves_others_alone(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (gone, stays) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        foreach (var tenant in new[] { gone, stays })
        {
            using var inside = await server.AdminAsync(tenant);
            (await inside.PostAsJsonAsync("api/v1/users", new { emails = new[] { "ann@example.com" } })).StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        var before = await CountAsync(server, stays);
        before["users"].ShouldBe(1);
        (await CountAsync(server, gone))["signing_keys"].ShouldBeGreaterThan(0);

        using var admin = await server.AdminAsync();
        (await admin.DeleteAsync($"api/v1/tenants/{gone.Id}?without_export=true&reason=test&grace_days=0")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var purge = new TenantPurge(server.Services.GetRequiredService<ISystemDatabase>(), server.Clock, NullLogger<TenantPurge>.Instance);
        await purge.RunAsync(CancellationToken.None);

        (await CountAsync(server, gone)).Where(t => t.Value > 0).Select(t => t.Key).ShouldBeSubsetOf(["audit_entries", "audit_inbox", "audit_heads", "audit_counts", "audit_signed_heads", "audit_signing_keys", "audit_holds", "audit_trimmed"]);
        static bool IsOwn(KeyValuePair<string, long> table) => !table.Key.StartsWith("audit_", StringComparison.Ordinal) && !table.Key.StartsWith("trail_", StringComparison.Ordinal);
        (await CountAsync(server, stays)).Where(IsOwn).ShouldBe(before.Where(IsOwn));
    }

    private static async Task<Dictionary<string, long>> CountAsync(TestServer server, TestTenant tenant)
    {
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        var system = server.Services.GetRequiredService<ISystemDatabase>();
        await using var tx = await system.ReadAsync(CancellationToken.None);
        var tables = await tx.ListAsync(tx.Dialect == Dialect.Sqlite
                ? "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'tenant_id' WHERE m.type = 'table'"
                : "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'tenant_id'",
            [], row => row.Text(0), CancellationToken.None);
        Dictionary<string, long> counts = [];
        foreach (var table in tables.Order(StringComparer.Ordinal))
            counts[table] = await tx.FindValueAsync($"SELECT count(*) FROM {table} WHERE tenant_id = @id", [("id", id)], row => row.Long(0), CancellationToken.None) ?? 0;
        return counts;
    }
}
