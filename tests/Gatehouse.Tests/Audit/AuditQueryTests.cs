using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Audit;

/// <summary>What is found, before and after it is sealed, and on which index.</summary>
public sealed class AuditQueryTests
{
    private static readonly UserId Ann = UserId.New(TimeProvider.System), Eve = UserId.New(TimeProvider.System);
    private static readonly OrganizationId Acme = OrganizationId.New(TimeProvider.System);

    private static AuditEntry[] Entries =>
    [
        AuditWorld.SignIn(Ann),
        AuditWorld.SignIn(Eve, new("2001:db8::1", "Other/2", "r")),
        new("user.updated", AuditOutcome.Denied, AuditActor.User(Eve), "user", Ann.ToString(), AuditWorld.Ann) { Organization = Acme },
        new("user.deleted", AuditOutcome.Failure, AuditActor.System, "user", Eve.ToString(), RequestFacts.None),
        new("userx.done", AuditOutcome.Success, AuditActor.System, null, null, RequestFacts.None),
    ];

    [Theory, BothDatabases]
    public async Task Finds_the_same_before_and_after_sealing(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await storage.AppendAsync(Entries);
        for (var turn = 0; turn < 2; turn++)
        {
            async Task<string> Find(AuditFilter filter) => string.Join(' ', (await storage.ReadAsync(filter)).Select(r => r.Action));
            (await Find(AuditFilter.All)).ShouldBe("userx.done user.deleted user.updated session.started session.started");
            (await Find(AuditFilter.All with { Action = "user.*" })).ShouldBe("user.deleted user.updated");
            (await Find(AuditFilter.All with { Action = "session.started", Actor = Ann.ToString() })).ShouldBe("session.started");
            (await Find(AuditFilter.All with { Organization = Acme })).ShouldBe("user.updated");
            (await Find(AuditFilter.All with { Outcome = "denied" })).ShouldBe("user.updated");
            (await Find(AuditFilter.All with { Outcome = "success", Target = Ann.ToString() })).ShouldBe("session.started");
            (await Find(AuditFilter.All with { Ip = "198.51.100.7" })).ShouldBe("user.updated session.started");
            (await Find(AuditFilter.All with { Ip = "198.51.100.7", Actor = Eve.ToString(), Action = "user.*", Outcome = "denied", Organization = Acme, Target = Ann.ToString() })).ShouldBe("user.updated");
            (await Find(AuditFilter.All with { Ip = "198.51.100.8" })).ShouldBe("");
            var ann = (await storage.ReadAsync(AuditFilter.All with { Actor = Ann.ToString() })).ShouldHaveSingleItem();
            (ann.Ip, ann.UserAgent, AuditItem.Of(ann, masked: false).Details!["email"]).ShouldBe(("198.51.100.7", "Browser/1.0", "ann@example.com"));
            await storage.SealAsync();
        }
        (await storage.VerifyAsync()).Break.ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Keeps_nothing_personal_in_plain_once_it_is_sealed(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await storage.AppendAsync(Entries);
        await storage.SealAsync();
        await using var tx = await storage.System.ReadAsync(default);
        var text = kind == TestDatabase.Sqlite ? "CAST(sealed_origin AS text)" : "encode(sealed_origin, 'escape')";
        var rows = await tx.ListAsync($"SELECT ip || user_agent || coalesce(CAST(details AS text), '') || coalesce({text}, '') FROM audit_entries", [], row => row.Text(0), default);
        rows.Count.ShouldBe(5);
        foreach (var row in rows) foreach (var personal in new[] { "198.51", "2001:db8", "Browser", "example.com" }) row.ShouldNotContain(personal);
        (await tx.ListAsync("SELECT id FROM audit_inbox", [], row => row.Guid(0), default)).ShouldBeEmpty();
        (await tx.ListAsync("SELECT mac FROM trail_addresses", [], row => row.Bytes(0), default)).ShouldAllBe(m => m.Length == 16);
    }

    [Theory, BothDatabases]
    public async Task Counts_what_it_seals(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        var first = AuditStore.Day(storage.Clock.GetUtcNow());
        await storage.AppendAsync(Entries);
        await storage.SealAsync();
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        var last = AuditStore.Day(storage.Clock.GetUtcNow());
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        (await AuditStore.SumByActionAsync(tx, first, last, default)).ShouldContain(("session.started", "success", 3));
        (await AuditStore.SumByDayAsync(tx, first, last, default)).Sum(d => d.Entries).ShouldBe(6);
        await using var other = await storage.Database.ReadAsync(storage.Two, default);
        (await AuditStore.SumByDayAsync(other, first, last, default)).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Links_what_a_process_of_the_version_before_wrote(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            await tx.ExecuteAsync("""
                INSERT INTO audit_entries (tenant_id, id, at, action, outcome, actor_kind, actor_id, ip, user_agent, request_id, details)
                VALUES (@tenant, @id, @at, 'user.created', 'success', 'user', @actor, '198.51.100.7', 'Old/1', 'r', @details)
                """, [("id", AuditId.New(storage.Clock.GetUtcNow())), ("at", storage.Clock.Now()), ("actor", Ann.ToString()), ("details", new Json("""{"email":"ann@example.com"}"""))], default);
            await tx.CommitAsync(default);
        }
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        var found = await storage.VerifyAsync();
        found.Break.ShouldBeNull();
        found.Entries.ShouldBe(2);
        (await storage.ReadAsync(AuditFilter.All with { Ip = "198.51.100.7" })).Count.ShouldBe(2);
        (await storage.ReadAsync(AuditFilter.All with { Action = "user.*" })).ShouldHaveSingleItem().Form.ShouldBe(AuditRow.PlainForm);
        var old = AuditItem.Of((await storage.ReadAsync(AuditFilter.All with { Action = "user.created" }))[0], masked: true);
        (old.Ip, old.UserAgent, old.Details!["email"]).ShouldBe(("198.51.100.0/24", "***", "a***@example.com"));
    }

    /// <summary>A second look at the clock may fall into the next millisecond: whoever asks from or to an entry's own time must find it, or not, by that time alone.</summary>
    [Fact]
    public void Ids_carry_the_time_of_their_entries()
    {
        var log = new AuditLog(new HurryingClock());
        for (var i = 0; i < 20; i++)
        {
            var row = log.Row(Entries[0]);
            Bounds(AuditFilter.All with { From = row.At }, row.Id).ShouldBeTrue("from its time on");
            Bounds(AuditFilter.All with { From = row.At.AddMilliseconds(1) }, row.Id).ShouldBeFalse("from after it");
            Bounds(AuditFilter.All with { To = row.At.AddMicroseconds(1) }, row.Id).ShouldBeTrue("to just after it");
        }

        static bool Bounds(AuditFilter filter, AuditId id)
        {
            var args = filter.Args(null).ToDictionary(a => a.Item1, a => a.Item2);
            int Compare(string bound) => id.Value.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(((Guid)args[bound]!).ToByteArray(bigEndian: true));
            return Compare("from_id") >= 0 && Compare("to_id") < 0;
        }
    }

    /// <summary>Seven tenths of a millisecond later every time it is asked.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now += TimeSpan.FromMicroseconds(700);
    }

    [Fact]
    public void Masks_an_address_to_its_network()
    {
        AuditMask.Ip("198.51.100.7").ShouldBe("198.51.100.0/24");
        AuditMask.Ip("2001:db8:1:2::3").ShouldBe("2001:db8:1::/48");
        AuditMask.Ip("").ShouldBe("");
        AuditMask.Ip("unix socket").ShouldBe("***");
    }
}
