using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

public sealed class TransactionTests
{
    private static readonly Migration Things = new(1, "0001_things", false,
        """
        CREATE TABLE things (
          tenant_id uuid NOT NULL,
          id uuid NOT NULL,
          name text,
          flag boolean NOT NULL,
          at timestamptz NOT NULL,
          doc jsonb,
          raw bytea,
          n bigint NOT NULL,
          PRIMARY KEY (tenant_id, id)
        );
        """, "", "");

    private const string Insert = "INSERT INTO things (tenant_id, id, name, flag, at, doc, raw, n) VALUES (@tenant, @id, @name, @flag, @at, @doc, @raw, @n)";
    private const string Count = "SELECT count(*) FROM things WHERE tenant_id = @tenant";

    private static async Task<TestStorage> OpenAsync(TestDatabase kind)
    {
        var storage = await TestStorage.OpenAsync(kind, migrate: false);
        await storage.Run([Things]);
        return storage;
    }

    private static (string, object?)[] Thing(Guid id, string? name, long n) =>
        [("id", id), ("name", name), ("flag", true), ("at", new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero).AddMicroseconds(123)), ("doc", new Json("""{"a":1}""")), ("raw", new byte[] { 0, 255 }), ("n", n)];

    [Theory, BothDatabases]
    public async Task Keeps_every_kind_of_value(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        var id = UserId.New(storage.Clock);
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        (await tx.ExecuteAsync(Insert, Thing(id.Value, null, long.MaxValue), default)).ShouldBe(1);
        var rows = await tx.ListAsync("SELECT id, name, flag, at, doc, raw, n FROM things WHERE tenant_id = @tenant", [],
            r => (Id: r.Id<UserId>(0), Name: r.TextOrNull(1), Flag: r.Bool(2), At: r.Time(3), Doc: r.Text(4), Raw: r.Bytes(5), N: r.Long(6)), default);
        var row = rows.ShouldHaveSingleItem();
        row.Id.ShouldBe(id);
        row.Name.ShouldBeNull();
        row.Flag.ShouldBeTrue();
        row.At.ShouldBe(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero).AddMicroseconds(123));
        row.Doc.Replace(" ", "", StringComparison.Ordinal).ShouldBe("""{"a":1}""");
        row.Raw.ShouldBe([0, 255]);
        row.N.ShouldBe(long.MaxValue);
    }

    [Theory, BothDatabases]
    public async Task Keeps_nothing_of_an_uncommitted_transaction(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await using (var tx = await storage.Database.BeginAsync(storage.One, default)) await tx.ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, "x", 1), default);
        (await CountAsync(storage, storage.One)).ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Gives_the_first_statement_its_own_row_count(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await SaveAsync(storage, storage.One, "a");
        await SaveAsync(storage, storage.One, "b");
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        (await tx.ExecuteAsync("UPDATE things SET n = 7 WHERE tenant_id = @tenant", [], default)).ShouldBe(2);
        (await tx.ExecuteAsync("UPDATE things SET n = 8 WHERE tenant_id = @tenant AND n = 9", [], default)).ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Hides_one_tenant_from_another(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await SaveAsync(storage, storage.One, "a");
        (await CountAsync(storage, storage.One)).ShouldBe(1);
        (await CountAsync(storage, storage.Two)).ShouldBe(0);
    }

    [Fact]
    public async Task Row_level_security_hides_other_tenants_even_from_a_statement_that_forgot_its_filter()
    {
        await using var storage = await OpenAsync(TestDatabase.Postgres);
        await SaveAsync(storage, storage.One, "a");
        await using var tx = await storage.Database.BeginAsync(storage.Two, default);
        (await tx.FindValueAsync("SELECT count(*) FROM things", [], r => r.Long(0), default)).ShouldBe(0);
        (await tx.ExecuteAsync("DELETE FROM things", [], default)).ShouldBe(0);
        await tx.CommitAsync(default);
        (await CountAsync(storage, storage.One)).ShouldBe(1);
    }

    [Fact]
    public async Task Row_level_security_refuses_to_write_a_row_of_another_tenant()
    {
        await using var storage = await OpenAsync(TestDatabase.Postgres);
        await using var tx = await storage.Database.BeginAsync(storage.Two, default);
        var forged = Insert.Replace("@tenant", "@other", StringComparison.Ordinal);
        await Should.ThrowAsync<Npgsql.PostgresException>(async () => await tx.ExecuteAsync(forged, [("other", storage.One), .. Thing(Guid.CreateVersion7(storage.Clock.GetUtcNow()), "x", 1)], default));
    }

    [Theory, BothDatabases]
    public async Task A_system_transaction_sees_all_and_lends_itself_to_one_tenant(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await using (var tx = await storage.System.BeginAsync(default))
        {
            await tx.For(storage.One).ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, "a", 1), default);
            await tx.For(storage.Two).ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, "b", 1), default);
            (await tx.For(storage.One).FindValueAsync(Count, [], r => r.Long(0), default)).ShouldBe(1);
            (await tx.FindValueAsync("SELECT count(*) FROM things", [], r => r.Long(0), default)).ShouldBe(2);
            await tx.CommitAsync(default);
        }
        (await CountAsync(storage, storage.Two)).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task There_is_no_default_tenant(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await Should.ThrowAsync<ArgumentException>(async () => await storage.Database.BeginAsync(default, default));
        await Should.ThrowAsync<ArgumentException>(async () => await storage.Database.ReadAsync(default, default));
    }

    [Theory, BothDatabases]
    public async Task Announces_after_commit_and_never_after_rollback(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        List<string> heard = [];
        ((IChangeFeed)storage.Services.GetService(typeof(IChangeFeed))!).Subscribe(heard.Add, () => { });
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            await tx.ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, "a", 1), default);
            tx.Announce("dropped");
        }
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            tx.Announce("kept");
            heard.ShouldBeEmpty();
            await tx.CommitAsync(default);
        }
        heard.ShouldBe(["kept"]);
    }

    [Theory, BothDatabases]
    public async Task Lets_exactly_one_of_64_writers_win_a_conditional_statement(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await SaveAsync(storage, storage.One, "once");
        var wins = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            await using var tx = await storage.Database.BeginAsync(storage.One, default);
            var won = await tx.ExecuteAsync("UPDATE things SET name = 'used' WHERE tenant_id = @tenant AND name = 'once'", [], default);
            await tx.CommitAsync(default);
            return won;
        }));
        wins.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_on_SQLite_cannot_write()
    {
        await using var storage = await OpenAsync(TestDatabase.Sqlite);
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(async () => await tx.ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, "a", 1), default));
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_statement_with_a_tenant_outside_a_tenants_transaction(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await using var tx = await storage.System.ReadAsync(default);
        await Should.ThrowAsync<InvalidOperationException>(async () => await tx.ListAsync(Count, [], r => r.Long(0), default));
    }

    [Theory, BothDatabases]
    public async Task Does_with_the_commit_what_it_was_given_for_it_and_not_before(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await using (var tx = await storage.Database.BeginAsync(storage.One, default)) tx.ExecuteAtCommit(Insert, Thing(UserId.New(storage.Clock).Value, "dropped", 1));
        (await CountAsync(storage, storage.One)).ShouldBe(0);
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            tx.ExecuteAtCommit(Insert, Thing(UserId.New(storage.Clock).Value, "a", 1));
            tx.ExecuteAtCommit(Insert, Thing(UserId.New(storage.Clock).Value, "b", 2));
            (await tx.FindValueAsync(Count, [], r => r.Long(0), default)).ShouldBe(0);
            await tx.CommitAsync(default);
        }
        (await CountAsync(storage, storage.One)).ShouldBe(2);
    }

    [Theory, BothDatabases]
    public async Task Keeps_nothing_when_what_belongs_to_the_commit_fails(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        List<string> heard = [];
        ((IChangeFeed)storage.Services.GetService(typeof(IChangeFeed))!).Subscribe(heard.Add, () => { });
        var id = UserId.New(storage.Clock).Value;
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            await tx.ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, "a", 1), default);
            tx.ExecuteAtCommit(Insert, Thing(id, "b", 2));
            tx.ExecuteAtCommit(Insert, Thing(id, "the same again", 3));
            tx.Announce("dropped");
            await Should.ThrowAsync<System.Data.Common.DbException>(async () => await tx.CommitAsync(default));
        }
        (await CountAsync(storage, storage.One)).ShouldBe(0);
        // The connection goes on as if nothing had been.
        await SaveAsync(storage, storage.One, "later");
        (await CountAsync(storage, storage.One)).ShouldBe(1);
        heard.ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Does_with_the_commit_what_each_tenant_gave_it_as_that_tenant(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await using (var tx = await storage.System.BeginAsync(default))
        {
            tx.For(storage.One).ExecuteAtCommit(Insert, Thing(UserId.New(storage.Clock).Value, "a", 1));
            tx.For(storage.Two).ExecuteAtCommit(Insert, Thing(UserId.New(storage.Clock).Value, "b", 1));
            tx.For(storage.One).ExecuteAtCommit("UPDATE things SET n = 9 WHERE tenant_id = @tenant", []);
            await tx.CommitAsync(default);
        }
        (await CountAsync(storage, storage.One)).ShouldBe(1);
        await using var read = await storage.Database.ReadAsync(storage.Two, default);
        (await read.FindValueAsync("SELECT n FROM things WHERE tenant_id = @tenant", [], r => r.Long(0), default)).ShouldBe(1);
    }

    private static async Task SaveAsync(TestStorage storage, TenantId tenant, string name)
    {
        await using var tx = await storage.Database.BeginAsync(tenant, default);
        await tx.ExecuteAsync(Insert, Thing(UserId.New(storage.Clock).Value, name, 1), default);
        await tx.CommitAsync(default);
    }

    private static async Task<long?> CountAsync(TestStorage storage, TenantId tenant)
    {
        await using var tx = await storage.Database.ReadAsync(tenant, default);
        return await tx.FindValueAsync(Count, [], r => r.Long(0), default);
    }
}
