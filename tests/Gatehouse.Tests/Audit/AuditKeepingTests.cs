using System.Data.Common;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Audit;

/// <summary>Erasure, retention and holds: what goes goes for good, what is held stays, and the chain is whole either way.</summary>
public sealed class AuditKeepingTests
{
    private static readonly UserId Ann = UserId.New(TimeProvider.System), Eve = UserId.New(TimeProvider.System);
    private static readonly RequestFacts EveAt = new("203.0.113.9", "Other/2", "r");

    private static async Task KeepAsync(TestStorage storage, params (string Class, int Days)[] rules)
    {
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        await RetentionStore.ReplaceRulesAsync(tx, rules.ToDictionary(r => r.Class, r => r.Days), default);
        await tx.CommitAsync(default);
    }

    private static async Task<Guid> HoldAsync(TestStorage storage, string? person)
    {
        var id = Guid.CreateVersion7(storage.Clock.GetUtcNow());
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        await RetentionStore.InsertHoldAsync(tx, new(id, person, "case 7", storage.Clock.Now(), "cli_1", null, null), default);
        await tx.CommitAsync(default);
        return id;
    }

    private static async Task ReleaseAsync(TestStorage storage, Guid hold)
    {
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        (await RetentionStore.TryReleaseHoldAsync(tx, hold, storage.Clock.Now(), "cli_1", default)).ShouldBeTrue();
        await tx.CommitAsync(default);
    }

    private static async Task<ErasedPerson?> EraseAsync(TestStorage storage, UserId person, string? expected = null)
    {
        var done = await storage.Get<AuditErasure>().EraseAsync(storage.One, person, AuditActor.System, RequestFacts.None, default);
        if (done.TryGet(out var erased, out var problem)) return erased;
        problem.Code.ShouldBe(expected);
        return null;
    }

    private static async Task<AuditFileVerification> VerifyFileAsync(TestStorage storage, string export)
    {
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        var jwks = string.Join(',', (await SignedHeadStore.ListKeysAsync(tx, default)).Select(k => k.PublicJwk));
        JsonWebKeySet.Parse(System.Text.Encoding.UTF8.GetBytes($"{{\"keys\":[{jwks}]}}")).TryGet(out var keys, out _).ShouldBeTrue();
        using var reader = new StringReader(export);
        return await AuditFileVerifier.VerifyAsync(reader, [], keys, older: false, default);
    }

    [Theory, BothDatabases]
    public async Task Erases_a_person_and_leaves_the_chain_whole(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await storage.AppendAsync(AuditWorld.SignIn(Ann), AuditWorld.SignIn(Eve, EveAt));
        await storage.SealAsync();
        await storage.AppendAsync(AuditWorld.SignIn(Ann));       // still on its way when she is erased
        var before = await storage.ExportAsync();
        (await EraseAsync(storage, Ann))!.Erased.ShouldBeTrue();

        (await storage.VerifyAsync()).Break.ShouldBeNull();
        var rows = await storage.ReadAsync(AuditFilter.All with { Actor = Ann.ToString() });
        rows.Count.ShouldBe(2);
        foreach (var row in rows)
        {
            var shown = AuditItem.Of(row, masked: false);
            (shown.Ip, shown.UserAgent, shown.Erased, shown.Details!.ContainsKey("email"), shown.Details["method"]).ShouldBe(("", "", true, false, "password"));
        }
        (await storage.ReadAsync(AuditFilter.All with { Ip = "198.51.100.7" })).ShouldBeEmpty();
        (await storage.ReadAsync(AuditFilter.All with { Ip = "203.0.113.9" })).ShouldHaveSingleItem().UserAgent.ShouldBe("Other/2");
        (await storage.ReadAsync(AuditFilter.All with { Action = "audit.person_erased" })).ShouldHaveSingleItem().TargetId.ShouldBe(Ann.ToString());
        var after = await storage.ExportAsync();
        after.ShouldNotContain("198.51.100.7");
        after.Split("ann@example.com").Length.ShouldBe(1 + 1, "only what is told of Eve");
        (await VerifyFileAsync(storage, after)).Break.ShouldBeNull();
        (await VerifyFileAsync(storage, before)).Break.ShouldBeNull("what was exported before stays proven");

        // Who comes back has a key of her own again, which opens nothing from before.
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        (await storage.ReadAsync(AuditFilter.All with { Actor = Ann.ToString() })).Select(r => r.Ip).ShouldBe(["198.51.100.7", "", ""]);
        (await EraseAsync(storage, UserId.New(TimeProvider.System)))!.Erased.ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Removes_what_retention_no_longer_keeps_and_accounts_for_it(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        for (var i = 0; i < 3; i++)
        {
            await storage.AppendAsync(AuditWorld.SignIn(Ann), AuditWorld.SignIn(Eve, EveAt), new AuditEntry("user.updated", AuditOutcome.Success, AuditActor.System, "user", Ann.ToString(), RequestFacts.None));
            await storage.SealAsync();
        }
        var job = storage.Get<RetentionJob>();
        (await job.TrimAsync(storage.One, default)).ShouldBe(0, "nobody asked for it");
        await KeepAsync(storage, ("session", 30), ("*", 3000));
        (await job.TrimAsync(storage.One, default)).ShouldBe(0, "nothing is old enough");
        storage.Clock.Advance(TimeSpan.FromDays(31));
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();

        (await job.TrimAsync(storage.One, default)).ShouldBe(6);
        (await storage.ReadAsync(AuditFilter.All with { Action = "session.*" })).Count.ShouldBe(1);
        (await storage.ReadAsync(AuditFilter.All with { Action = "user.*" })).Count.ShouldBe(3);
        (await storage.ReadAsync(AuditFilter.All with { Ip = "203.0.113.9" })).ShouldBeEmpty();
        var found = await storage.VerifyAsync();
        found.Break.ShouldBeNull();
        (found.Entries, found.Trimmed, found.HeadSeq).ShouldBe((5, 6, 11));
        var export = await storage.ExportAsync();
        var file = await VerifyFileAsync(storage, export);
        file.Break.ShouldBeNull();
        file.Trimmed.ShouldBe(6);

        // Everything else after its time, checkpoints excepted; the next turn finds nothing.
        storage.Clock.Advance(TimeSpan.FromDays(3001));
        (await job.TrimAsync(storage.One, default)).ShouldBe(4);
        (await job.TrimAsync(storage.One, default)).ShouldBe(0);
        (await storage.VerifyAsync()).ShouldSatisfyAllConditions(r => r.Break.ShouldBeNull(), r => r.Trimmed.ShouldBe(10));
        (await storage.ReadAsync()).ShouldAllBe(r => r.Class == "audit");
    }

    [Theory]
    [InlineData("UPDATE audit_trimmed SET last_seq = 4, hash = (SELECT hash FROM audit_entries WHERE tenant_id = @tenant AND seq = 4) WHERE tenant_id = @tenant AND first_seq = 1", "DELETE FROM audit_entries WHERE tenant_id = @tenant AND seq = 4")]
    [InlineData("INSERT INTO audit_trimmed (tenant_id, first_seq, last_seq, hash, checkpoint_id) SELECT tenant_id, seq, seq, hash, id FROM audit_entries WHERE tenant_id = @tenant AND seq = 4", "DELETE FROM audit_entries WHERE tenant_id = @tenant AND seq = 4")]
    [InlineData("DELETE FROM audit_trimmed WHERE tenant_id = @tenant", null)]
    [InlineData("DELETE FROM audit_entries WHERE tenant_id = @tenant AND action = 'audit.trimmed'", null)]
    public async Task Notices_a_removal_that_nothing_accounts_for(string first, string? second)
    {
        await using var storage = await AuditWorld.OpenAsync(TestDatabase.Sqlite);
        for (var i = 0; i < 3; i++) await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.AppendAsync([.. Enumerable.Range(0, 3).Select(_ => new AuditEntry("user.updated", AuditOutcome.Success, AuditActor.System, null, null, RequestFacts.None))]);
        await storage.SealAsync();
        storage.Clock.Advance(TimeSpan.FromDays(2));
        await KeepAsync(storage, ("session", 1));
        (await storage.Get<RetentionJob>().TrimAsync(storage.One, default)).ShouldBe(3);
        (await storage.VerifyAsync()).Break.ShouldBeNull();
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            foreach (var trigger in new[] { "audit_trimmed_update", "audit_trimmed_insert", "audit_trimmed_delete", "audit_entries_delete" }) await tx.ExecuteAsync($"DROP TRIGGER {trigger}", [], default);
            (await tx.ExecuteAsync(first, [], default)).ShouldBe(1);
            if (second is not null) (await tx.ExecuteAsync(second, [], default)).ShouldBe(1);
            await tx.CommitAsync(default);
        }
        (await storage.VerifyAsync()).Break.ShouldNotBeNull();
    }

    [Theory, BothDatabases]
    public async Task Lets_nobody_remove_an_entry_without_an_account_of_it(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await storage.AppendAsync(AuditWorld.SignIn(Ann), AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        storage.Clock.Advance(TimeSpan.FromDays(2));
        await KeepAsync(storage, ("session", 1));
        await storage.Get<RetentionJob>().TrimAsync(storage.One, default);
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        foreach (var sql in new[] { "DELETE FROM audit_entries WHERE tenant_id = @tenant AND seq = 4", "DELETE FROM audit_trimmed WHERE tenant_id = @tenant", "UPDATE audit_trimmed SET last_seq = 9 WHERE tenant_id = @tenant" })
            (await Should.ThrowAsync<DbException>(async () =>
            {
                await using var tx = await storage.Database.BeginAsync(storage.One, default);
                await tx.ExecuteAsync(sql, [], default);
            })).Message.ShouldContain("append-only", customMessage: sql);
    }

    [Theory, BothDatabases]
    public async Task Keeps_what_is_held(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await storage.AppendAsync(AuditWorld.SignIn(Ann), AuditWorld.SignIn(Eve, EveAt));
        await storage.SealAsync();
        storage.Clock.Advance(TimeSpan.FromDays(2));
        await KeepAsync(storage, ("*", 1));
        var job = storage.Get<RetentionJob>();
        var all = await HoldAsync(storage, null);
        (await job.TrimAsync(storage.One, default)).ShouldBe(0);
        (await EraseAsync(storage, Eve, "audit_on_hold")).ShouldBeNull();
        var ann = await HoldAsync(storage, Ann.ToString());
        await ReleaseAsync(storage, all);
        (await job.TrimAsync(storage.One, default)).ShouldBe(1, "only Eve's");
        (await EraseAsync(storage, Ann, "audit_on_hold")).ShouldBeNull();
        (await storage.ReadAsync(AuditFilter.All with { Actor = Ann.ToString() })).ShouldHaveSingleItem().Ip.ShouldBe("198.51.100.7");
        await ReleaseAsync(storage, ann);
        (await EraseAsync(storage, Ann))!.Erased.ShouldBeTrue();
        (await job.TrimAsync(storage.One, default)).ShouldBe(1);
        (await storage.VerifyAsync()).Break.ShouldBeNull();
    }
}
