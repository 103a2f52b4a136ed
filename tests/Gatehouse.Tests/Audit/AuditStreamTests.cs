using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Audit;

/// <summary>What comes is sent on: at least once, in order, and by one process at a time.</summary>
public sealed class AuditStreamTests
{
    private static readonly UserId Ann = UserId.New(TimeProvider.System);

    private static async Task<AuditStream> StreamAsync(TestStorage storage, string kind, string address, string content = "entries", string? ca = null, bool personal = false, string? token = null, bool tls = true)
    {
        var (id, now) = (Guid.CreateVersion7(storage.Clock.GetUtcNow()), storage.Clock.Now());
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        var value = token is null ? null : await storage.Get<TenantVault>().SealAsync(tx, StreamJob.TokenPlace(id), System.Text.Encoding.UTF8.GetBytes(token), default);
        var stream = new AuditStream(id, kind, content, address, tls, ca, value, personal, true, 0, 0, now, null, null, now);
        await StreamStore.InsertAsync(tx, stream, default);
        await tx.CommitAsync(default);
        return stream;
    }

    private static async Task<AuditStream> StateAsync(TestStorage storage, AuditStream stream)
    {
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        return (await StreamStore.FindAsync(tx, stream.Id, default)).ShouldNotBeNull();
    }

    [Theory, BothDatabases]
    public async Task Reaches_rsyslog_by_TLS_once_in_order_and_after_its_absence(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        await using var rsyslog = Rsyslog.Create();
        await rsyslog.StartAsync();
        var stream = await StreamAsync(storage, "syslog", $"localhost:{rsyslog.Port}", ca: rsyslog.Ca, personal: true);
        // Whoever chose her browser's name tries to write a message of her own.
        await storage.AppendAsync(AuditWorld.SignIn(Ann, new("198.51.100.7", "x\n<13>1 - evil - - - - forged\r\n\u001b[31m\u0085\u2028é", "r")), AuditWorld.SignIn(Ann), AuditWorld.SignIn(Ann) with { Outcome = AuditOutcome.Denied });
        await storage.SealAsync();
        // Two processes at once.
        var job = storage.Get<StreamJob>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => job.RunAsync(default))));
        await Eventually.TrueAsync(() => Task.FromResult(rsyslog.Lines.Length >= 3), TimeSpan.FromSeconds(10), "rsyslog wrote them");
        var lines = rsyslog.Lines;
        lines.Length.ShouldBe(3);
        lines.Select(l => l.Split('|')[0]).ShouldBe(["109", "109", "108"]);
        for (var i = 0; i < 3; i++)
        {
            var parts = lines[i].Split('|', 5);
            (parts[1], parts[2]).ShouldBe(("gatehouse", "session.started"));
            parts[3].ShouldContain($"tenant=\"{storage.One}\" seq=\"{i + 1}\"");
            var body = JsonDocument.Parse(parts[4]).RootElement;
            body.GetProperty("seq").GetInt64().ShouldBe(i + 1);
            body.GetProperty("ip").GetString().ShouldBe("198.51.100.7");
            body.TryGetProperty("origin_key", out _).ShouldBeFalse();
        }
        JsonDocument.Parse(lines[0].Split('|', 5)[4]).RootElement.GetProperty("user_agent").GetString().ShouldBe("x\n<13>1 - evil - - - - forged\r\n\u001b[31m\u0085\u2028é");
        (await StateAsync(storage, stream)).ShouldSatisfyAllConditions(s => s.Cursor.ShouldBe(3), s => s.Failures.ShouldBe(0), s => s.LastDeliveredAt.ShouldNotBeNull());

        await rsyslog.StopAsync();
        var began = storage.Clock.Now();
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        await job.RunAsync(default);
        var failed = await StateAsync(storage, stream);
        (failed.Cursor, failed.Failures).ShouldBe((3, 1));
        failed.LastError.ShouldNotBeNull();
        failed.NextAttemptAt.ShouldBeGreaterThanOrEqualTo(began.AddSeconds(1));
        await rsyslog.StartAsync();
        await storage.InAsync(storage.One, tx => tx.ExecuteAsync("UPDATE trail_streams SET next_attempt_at = @at WHERE tenant_id = @tenant AND id = @id", [("at", storage.Clock.Now().AddHours(1)), ("id", stream.Id)], default));
        await job.RunAsync(default);
        (await StateAsync(storage, stream)).Failures.ShouldBe(1, "it is not time yet");
        storage.Clock.Advance(TimeSpan.FromHours(1));
        await job.RunAsync(default);
        (await StateAsync(storage, stream)).ShouldSatisfyAllConditions(s => s.Cursor.ShouldBe(4), s => s.Failures.ShouldBe(0), s => s.LastError.ShouldBeNull());
        await Eventually.TrueAsync(() => Task.FromResult(rsyslog.Lines.Length == 4), TimeSpan.FromSeconds(10), "rsyslog wrote the fourth");
    }

    [Fact]
    public async Task Sends_nothing_to_a_receiver_whose_certificate_is_another()
    {
        await using var storage = await AuditWorld.OpenAsync(TestDatabase.Sqlite);
        await using var rsyslog = Rsyslog.Create();
        await using var other = Rsyslog.Create();
        await rsyslog.StartAsync();
        foreach (var (address, ca) in new[] { ($"localhost:{rsyslog.Port}", other.Ca), ($"localhost:{rsyslog.Port}", null), ($"127.0.0.1:{rsyslog.Port}", rsyslog.Ca) })
        {
            var stream = await StreamAsync(storage, "syslog", address, ca: ca);
            await storage.AppendAsync(AuditWorld.SignIn(Ann));
            await storage.SealAsync();
            await storage.Get<StreamJob>().RunAsync(default);
            (await StateAsync(storage, stream)).ShouldSatisfyAllConditions(s => s.Cursor.ShouldBe(0), s => s.LastError.ShouldNotBeNull().ShouldContain("certificate"));
            await using var tx = await storage.Database.BeginAsync(storage.One, default);
            await StreamStore.DeleteAsync(tx, stream.Id, default);
            await tx.CommitAsync(default);
        }
        rsyslog.Lines.ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Posts_batches_to_a_collector_until_it_takes_them(TestDatabase kind)
    {
        await using var storage = await AuditWorld.OpenAsync(kind);
        List<(string Places, string Authorization, string Body)> got = [];
        var answer = 503;
        await using var collector = await Collector.StartAsync(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (got) got.Add((http.Request.Headers["X-Gatehouse-Places"].ToString(), http.Request.Headers.Authorization.ToString(), body));
            http.Response.StatusCode = answer;
        });
        var stream = await StreamAsync(storage, "http", collector.Url, token: "tok-1");
        var heads = await StreamAsync(storage, "http", collector.Url, content: "heads");
        await storage.AppendAsync([.. Enumerable.Range(0, 700).Select(_ => AuditWorld.SignIn(Ann))]);
        await storage.SealAsync();
        var job = storage.Get<StreamJob>();
        await job.RunAsync(default);
        got.ShouldHaveSingleItem().ShouldSatisfyAllConditions(g => g.Places.ShouldBe("1-500"), g => g.Authorization.ShouldBe("Bearer tok-1"));
        (await StateAsync(storage, stream)).ShouldSatisfyAllConditions(s => s.Failures.ShouldBe(1), s => s.Cursor.ShouldBe(0), s => s.LastError.ShouldBe("It answered 503."));
        answer = 204;
        storage.Clock.Advance(TimeSpan.FromSeconds(2));
        await job.RunAsync(default);
        got.Select(g => g.Places).ShouldBe(["1-500", "1-500", "501-700"]);
        var lines = string.Concat(got.Skip(1).Select(g => g.Body)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines.Select(l => l.GetProperty("seq").GetInt64()).ShouldBe(Enumerable.Range(1, 700).Select(i => (long)i));
        lines.ShouldAllBe(l => l.GetProperty("ip").GetString() == "198.51.100.0/24");
        got.Clear();
        await storage.Get<HeadJob>().RunAsync(default);
        await job.RunAsync(default);
        JsonDocument.Parse(got.ShouldHaveSingleItem().Body).RootElement.GetProperty("seq").GetInt64().ShouldBe(700);
        (await StateAsync(storage, heads)).Cursor.ShouldBe(700);
    }

    [Fact]
    public async Task Takes_over_from_a_process_that_died_while_sending()
    {
        await using var storage = await AuditWorld.OpenAsync(TestDatabase.Postgres);
        var taken = 0;
        await using var collector = await Collector.StartAsync(_ => { Interlocked.Increment(ref taken); return Task.CompletedTask; });
        var stream = await StreamAsync(storage, "http", collector.Url);
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        await storage.SealAsync();
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            (await StreamStore.TryClaimAsync(tx, stream.Id, Guid.CreateVersion7(storage.Clock.GetUtcNow()), storage.Clock.Now(), storage.Clock.Now().AddSeconds(60), default)).ShouldBeTrue();
            await tx.CommitAsync(default);
        }
        await storage.Get<StreamJob>().RunAsync(default);
        taken.ShouldBe(0);
        storage.Clock.Advance(TimeSpan.FromSeconds(61));
        await storage.Get<StreamJob>().RunAsync(default);
        (taken, (await StateAsync(storage, stream)).Cursor).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Reaches_no_private_address_for_a_tenant()
    {
        var sockets = new OutgoingSockets(Options.Create(new HttpOptions()));
        using var http = new OutgoingHttp(sockets);
        var sender = new StreamSender(http, sockets);
        foreach (var (kind, address) in new[] { ("syslog", "127.0.0.1:514"), ("syslog", "localhost:514"), ("syslog", "[::1]:514"), ("syslog", "169.254.169.254:80"), ("http", "https://127.0.0.1/"), ("http", "https://[::ffff:10.0.0.1]/"), ("http", "http://localhost:1/") })
            (await sender.SendAsync(new(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), kind, "entries", address, true, null, null, false, true, 0, 0, default, null, null, default), null, [new byte[1]], 1, 1, default)).ShouldNotBeNull(address);
    }

    [Theory]
    [InlineData("logs.example.com:6514", true), InlineData("192.0.2.1:1", true), InlineData("[2001:db8::1]:6514", true)]
    [InlineData("logs.example.com", false), InlineData(":6514", false), InlineData("a:0", false), InlineData("a:65536", false), InlineData("a b:1", false), InlineData("a:+1", false), InlineData("2001:db8::1:6514", false), InlineData("http://a:1", false), InlineData("a\n:1", false)]
    public void Reads_an_address(string text, bool good) => (StreamAddress.Parse(text) is not null).ShouldBe(good);

    [Fact]
    public void Writes_a_syslog_message_of_ASCII_alone()
    {
        var row = new AuditRow(AuditId.New(DateTimeOffset.UtcNow), DateTimeOffset.UnixEpoch, "user.cre\nated" + new string('x', 40), "failure", "system", null, null, null, "", "", "", null, 7, new byte[32]);
        var frame = System.Text.Encoding.UTF8.GetString(SyslogMessage.Frame("a\"]\\b", row, "{\"a\":\"é\n\"}"));
        frame.ShouldAllBe(c => c >= ' ' && c <= '~');
        frame.ShouldContain("tenant=\"a\\\"\\]\\\\b\" seq=\"7\"");
        var space = frame.IndexOf(' ', StringComparison.Ordinal);
        int.Parse(frame[..space], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(frame.Length - space - 1);
    }

    /// <summary>A web server on loopback that does what the test says.</summary>
    private sealed class Collector(WebApplication app, string url) : IAsyncDisposable
    {
        internal string Url => url;

        internal static async Task<Collector> StartAsync(RequestDelegate handle)
        {
            var port = PostgresCluster.FreePort();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Run(handle);
            app.Urls.Add($"http://127.0.0.1:{port}");
            await app.StartAsync();
            return new(app, $"http://127.0.0.1:{port}/audit");
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
