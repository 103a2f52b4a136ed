using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

internal static class MigrationWorld
{
    internal static Task<MigrationReport> Run(this TestStorage storage, IReadOnlyList<Migration> migrations, bool contract = false) =>
        storage.Services.GetRequiredService<MigrationRunner>().RunAsync(migrations, contract, default);

    internal static Task<MigrationReport> Plan(this TestStorage storage, IReadOnlyList<Migration> migrations) =>
        storage.Services.GetRequiredService<MigrationRunner>().PlanAsync(migrations, default);
}

public sealed class MigrationTests
{
    private static Migration Table(int number, string name, bool contract = false) =>
        new(number, $"{number:0000}_{name}", contract, $"CREATE TABLE {name} (\n  tenant_id uuid NOT NULL,\n  id uuid NOT NULL,\n  PRIMARY KEY (tenant_id, id)\n);", "", "");

    [Theory, BothDatabases]
    public async Task Applies_what_is_missing_once_and_in_order(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        (await storage.Run([Table(1, "a"), Table(2, "b")])).Applied.ShouldBe(["0001_a", "0002_b"]);
        (await storage.Run([Table(1, "a"), Table(2, "b"), Table(3, "c")])).Applied.ShouldBe(["0003_c"]);
        (await storage.Run([Table(1, "a"), Table(2, "b"), Table(3, "c")])).Applied.ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Plans_without_writing(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        (await storage.Plan([Table(1, "a")])).Pending.ShouldBe(["0001_a"]);
        (await storage.Plan([Table(1, "a")])).Pending.ShouldBe(["0001_a"]);
    }

    [Theory, BothDatabases]
    public async Task Refuses_an_applied_migration_that_has_changed(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        await storage.Run([Table(1, "a")]);
        var changed = Table(1, "a") with { Common = Table(1, "a").Common + "\n-- changed" };
        (await Should.ThrowAsync<MigrationException>(() => storage.Run([new(1, "0001_a", false, changed.Common, "", "")]))).Message.ShouldContain("0001_a");
    }

    [Theory, BothDatabases]
    public async Task Leaves_nothing_of_a_migration_that_fails_half_way(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        var broken = new Migration(2, "0002_broken", false, "CREATE TABLE half (id uuid);\nINSERT INTO nowhere VALUES (1);", "", "");
        (await Should.ThrowAsync<MigrationException>(() => storage.Run([Table(1, "a"), broken]))).Message.ShouldContain("0002_broken");
        (await storage.Plan([Table(1, "a"), broken])).Pending.ShouldBe(["0002_broken"]);
        (await storage.Run([Table(1, "a"), Table(2, "half")])).Applied.ShouldBe(["0002_half"]);
    }

    [Theory, BothDatabases]
    public async Task Contracts_only_when_asked(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        Migration[] all = [Table(1, "a"), Table(2, "gone", contract: true)];
        (await storage.Run(all)).WaitingContracts.ShouldBe(["0002_gone"]);
        (await storage.Run(all, contract: true)).Applied.ShouldBe(["0002_gone"]);
    }

    [Theory, BothDatabases]
    public async Task Tolerates_migrations_of_a_newer_version_running_beside_it(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        await storage.Run([Table(1, "a"), Table(9, "newer")]);
        (await storage.Run([Table(1, "a")])).Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task Eight_runners_at_once_take_turns()
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Postgres, migrate: false);
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => storage.Run([Table(1, "a"), Table(2, "b")])));
        reports.Sum(r => r.Applied.Count).ShouldBe(2);
    }

    [Fact]
    public async Task The_products_own_schema_walls_every_tenant_table()
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Postgres);
        await using var tx = await storage.System.ReadAsync(default);
        var naked = await tx.ListAsync("""
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            """, [], r => r.Text(0), default);
        naked.ShouldBeEmpty();
    }
}
