using System.Data.Common;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Audit;

public sealed class AuditChainTests
{
    private static async Task<TestStorage> OpenAsync(TestDatabase kind, int entries)
    {
        var storage = await AuditWorld.OpenAsync(kind);
        await AppendAsync(storage, entries);
        await SealAsync(storage);
        return storage;
    }

    private static async Task AppendAsync(TestStorage storage, int entries)
    {
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        for (var i = 0; i < entries; i++)
            await storage.Services.GetRequiredService<AuditLog>().AppendAsync(tx, new($"thing.done_{i}", AuditOutcome.Success, AuditActor.System, null, null,
                RequestFacts.None, new Dictionary<string, string> { ["z"] = "line\n\u0001 \"quoted\" \ud83d\ude00", ["a"] = $"{i}" }), default);
        await tx.CommitAsync(default);
    }

    private static async Task SealAsync(TestStorage storage)
    {
        while (await storage.Services.GetRequiredService<AuditSealer>().SealBatchAsync(storage.One, default)) { }
    }

    private static Task<AuditVerification> VerifyAsync(TestStorage storage) => storage.Services.GetRequiredService<AuditVerifier>().VerifyAsync(storage.One, default);

    private static async Task ExecuteAsync(TestStorage storage, string sql)
    {
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        await tx.ExecuteAsync(sql, [], default);
        await tx.CommitAsync(default);
    }

    /// <summary>What somebody with the database's own key can do: switch the triggers off first.</summary>
    private static async Task TamperAsync(TestStorage storage, string sql)
    {
        string[] off = storage.System.Dialect == Dialect.Sqlite
            ? ["DROP TRIGGER audit_entries_insert", "DROP TRIGGER audit_entries_update", "DROP TRIGGER audit_entries_delete", "DROP TRIGGER audit_heads_update", "DROP TRIGGER audit_heads_delete"]
            : ["ALTER TABLE audit_entries DISABLE TRIGGER USER", "ALTER TABLE audit_heads DISABLE TRIGGER USER"];
        foreach (var statement in off) await ExecuteAsync(storage, statement);
        await ExecuteAsync(storage, sql);
    }

    [Theory, BothDatabases]
    public async Task Verifies_what_was_sealed_in_several_batches(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind, 701);
        var result = await VerifyAsync(storage);
        result.Break.ShouldBeNull();
        (result.Entries, result.HeadSeq, result.Unsealed).ShouldBe((701, 701, 0));
        await AppendAsync(storage, 3);
        (await VerifyAsync(storage)).Unsealed.ShouldBe(3);
        await SealAsync(storage);
        (await VerifyAsync(storage)).ShouldSatisfyAllConditions(r => r.Break.ShouldBeNull(), r => r.HeadSeq.ShouldBe(704), r => r.HeadHash.ShouldNotBe(result.HeadHash));
    }

    [Theory, BothDatabases]
    public async Task Verifies_an_audit_without_entries(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind, 0);
        (await VerifyAsync(storage)).ShouldSatisfyAllConditions(r => r.Break.ShouldBeNull(), r => r.HeadSeq.ShouldBe(0));
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET action = 'other' WHERE tenant_id = @tenant AND seq = 3", 3)]
    [InlineData("UPDATE audit_entries SET details = '{\"a\":\"9\"}' WHERE tenant_id = @tenant AND seq = 3", 3)]
    [InlineData("UPDATE audit_entries SET details = '[]' WHERE tenant_id = @tenant AND seq = 3", 3)]
    [InlineData("UPDATE audit_entries SET actor_id = 'x' WHERE tenant_id = @tenant AND seq = 3", 3)]
    [InlineData("UPDATE audit_entries SET hash = NULL WHERE tenant_id = @tenant AND seq = 3", 3)]
    [InlineData("DELETE FROM audit_entries WHERE tenant_id = @tenant AND seq = 2", 2)]
    [InlineData("DELETE FROM audit_entries WHERE tenant_id = @tenant AND seq = 1", 1)]
    [InlineData("DELETE FROM audit_entries WHERE tenant_id = @tenant AND seq >= 4", 4)]
    [InlineData("UPDATE audit_entries SET seq = seq + 1 WHERE tenant_id = @tenant AND seq = 5", 5)]
    [InlineData("UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit_entries WHERE tenant_id = @tenant AND seq = 4) WHERE tenant_id = @tenant", 5)]
    [InlineData("DELETE FROM audit_heads WHERE tenant_id = @tenant", 1)]
    [InlineData("UPDATE audit_heads SET hash = (SELECT hash FROM audit_entries WHERE tenant_id = @tenant AND seq = 4) WHERE tenant_id = @tenant", 5)]
    public async Task Notices_tampering(string sql, long firstWrong)
    {
        foreach (var kind in Enum.GetValues<TestDatabase>())
        {
            await using var storage = await OpenAsync(kind, 5);
            (await VerifyAsync(storage)).Break.ShouldBeNull();
            await TamperAsync(storage, sql);
            (await VerifyAsync(storage)).Break.ShouldNotBeNull($"{kind}").Seq.ShouldBe(firstWrong);
        }
    }

    [Theory, BothDatabases]
    public async Task Notices_two_entries_that_changed_places(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind, 5);
        await TamperAsync(storage, "UPDATE audit_entries SET seq = -seq WHERE tenant_id = @tenant AND seq IN (2, 3)");
        await ExecuteAsync(storage, "UPDATE audit_entries SET seq = 5 + seq WHERE tenant_id = @tenant AND seq IN (-2, -3)");
        (await VerifyAsync(storage)).Break.ShouldNotBeNull().Seq.ShouldBe(2);
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET action = 'other' WHERE tenant_id = @tenant AND seq = 1")]
    [InlineData("UPDATE audit_entries SET seq = 9 WHERE tenant_id = @tenant AND seq = 1")]
    [InlineData("UPDATE audit_entries SET organization_id = id WHERE tenant_id = @tenant AND seq = 1")]
    [InlineData("UPDATE audit_entries SET sealed_origin = NULL, form = 1 WHERE tenant_id = @tenant AND seq = 1")]
    [InlineData("UPDATE audit_inbox SET action = 'other' WHERE tenant_id = @tenant")]
    [InlineData("UPDATE audit_inbox SET ip = 'other' WHERE tenant_id = @tenant")]
    [InlineData("DELETE FROM audit_inbox WHERE tenant_id = @tenant")]
    [InlineData("DELETE FROM audit_entries WHERE tenant_id = @tenant")]
    [InlineData("UPDATE audit_heads SET seq = 1 WHERE tenant_id = @tenant")]
    [InlineData("DELETE FROM audit_heads WHERE tenant_id = @tenant")]
    public async Task Lets_nobody_change_or_delete_an_entry(string sql)
    {
        foreach (var kind in Enum.GetValues<TestDatabase>())
        {
            await using var storage = await OpenAsync(kind, 2);
            await AppendAsync(storage, 1);
            (await Should.ThrowAsync<DbException>(() => ExecuteAsync(storage, sql))).Message.ShouldMatch("append-only|only moves forward");
        }
    }

    [Fact]
    public async Task Lets_nobody_empty_the_table_on_PostgreSQL()
    {
        await using var storage = await OpenAsync(TestDatabase.Postgres, 2);
        await Should.ThrowAsync<DbException>(() => ExecuteAsync(storage, "TRUNCATE audit_entries"));
        await Should.ThrowAsync<DbException>(() => ExecuteAsync(storage, "TRUNCATE audit_inbox"));
    }

    [Fact]
    public async Task Lets_nobody_replace_an_entry_on_SQLite()
    {
        await using var storage = await OpenAsync(TestDatabase.Sqlite, 2);
        await Should.ThrowAsync<DbException>(() => ExecuteAsync(storage, """
            INSERT OR REPLACE INTO audit_entries (tenant_id, id, at, action, outcome, actor_kind, ip, user_agent, request_id)
            SELECT tenant_id, id, at, 'other', outcome, actor_kind, ip, user_agent, request_id FROM audit_entries WHERE tenant_id = @tenant
            """));
    }

    [Theory, BothDatabases]
    public async Task Seals_each_entry_once_however_many_seal(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind, 0);
        await AppendAsync(storage, 450);
        var sealer = storage.Services.GetRequiredService<AuditSealer>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => { while (await sealer.SealBatchAsync(storage.One, default)) { } })));
        (await VerifyAsync(storage)).ShouldSatisfyAllConditions(r => r.Break.ShouldBeNull(), r => r.Entries.ShouldBe(450), r => r.Unsealed.ShouldBe(0));
    }

    [Theory, BothDatabases]
    public async Task Stores_hostile_text_without_failing(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind, 0);
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            await storage.Services.GetRequiredService<AuditLog>().AppendAsync(tx, new("user.sign_in", AuditOutcome.Failure, AuditActor.Anonymous, "user", "a\0b\ud800",
                new("::1", new string('x', 5000), "r"), new Dictionary<string, string> { ["identifier"] = "\0\udc00" + new string('y', 5000) }), default);
            await tx.CommitAsync(default);
        }
        await SealAsync(storage);
        (await VerifyAsync(storage)).ShouldSatisfyAllConditions(r => r.Break.ShouldBeNull(), r => r.Entries.ShouldBe(1));
    }

    [Fact]
    public void Writes_the_canonical_form_of_RFC_8785()
    {
        var tenant = TenantId.From(new Guid("00000000-0000-7000-8000-000000000001"));
        var id = AuditId.From(new Guid("00000000-0000-7000-8000-000000000002"));
        var row = new AuditRow(id, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(6), "a.b", "success", "user", null, null, null,
            "::1", "\"\\\u0007\u00e9", "r", """{"b":"2", "B":"1"}""", null, null) { Form = AuditRow.PlainForm };
        AuditCanonical.Text(tenant, row, 7).ShouldBe(
            $$"""{"action":"a.b","actor_id":null,"actor_kind":"user","at":"2026-01-02T03:04:05.000006Z","details":{"B":"1","b":"2"},"id":"{{id}}","ip":"::1","outcome":"success","request_id":"r","seq":7,"target_id":null,"target_kind":null,"tenant":"{{tenant}}","user_agent":"\"\\\u0007é"}""");
        var organization = OrganizationId.From(new Guid("00000000-0000-7000-8000-000000000003"));
        AuditCanonical.Text(tenant, row with { Form = AuditRow.SealedForm, Organization = organization, SealedOrigin = [0xff, 0xfe], Ip = "", UserAgent = "" }, 7).ShouldBe(
            $$"""{"action":"a.b","actor_id":null,"actor_kind":"user","at":"2026-01-02T03:04:05.000006Z","details":{"B":"1","b":"2"},"form":2,"id":"{{id}}","organization_id":"{{organization}}","outcome":"success","request_id":"r","sealed_origin":"__4","sealed_personal":null,"seq":7,"target_id":null,"target_kind":null,"tenant":"{{tenant}}"}""");
    }
}
