using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Messaging;

public sealed class MailWorkerTests
{
    private static Task<TestServer> StartAsync(TestDatabase kind, SmtpServer smtp) => TestServer.StartAsync(kind, new TestServerOptions
    {
        Settings = new Dictionary<string, string?>
        {
            ["Messaging:Mailbox"] = "false",
            ["Messaging:Smtp:Host"] = "127.0.0.1",
            ["Messaging:Smtp:Port"] = $"{smtp.Port}",
            ["Messaging:Smtp:StartTls"] = "false",
            ["Messaging:Smtp:From"] = "no-reply@example.com",
        },
    });

    private static async Task<List<(string State, bool Sealed, int Attempts)>> RowsAsync(TestServer server, TenantContext tenant)
    {
        await using var tx = await server.Services.GetRequiredService<IDatabase>().ReadAsync(tenant.Id, default);
        return await tx.ListAsync("SELECT state, sealed, attempts FROM mails WHERE tenant_id = @tenant ORDER BY id", [],
            row => (row.Text(0), row.BytesOrNull(1) is not null, row.Int(2)), default);
    }

    private static Task UntilAsync(Func<Task<bool>> happened) => Eventually.TrueAsync(happened, TimeSpan.FromSeconds(15), "it happens");

    [Theory, BothDatabases]
    public async Task Sends_what_was_committed_and_keeps_nothing_of_it(TestDatabase kind)
    {
        await using var smtp = new SmtpServer();
        await using var server = await StartAsync(kind, smtp);
        var tenant = await server.NewTenantAsync();
        await server.QueueAsync(tenant, "eve@example.com", commit: false);
        await server.QueueAsync(tenant, "ann@example.com", locale: "fa");
        var context = await server.ContextAsync(tenant);
        await UntilAsync(async () => (await RowsAsync(server, context)) is [("sent", false, 1)]);
        var message = smtp.Messages.ShouldHaveSingleItem();
        message.ShouldSatisfyAllConditions(
            m => m.ShouldContain("<no-reply@example.com>"),
            m => m.ShouldContain("ann@example.com", Case.Insensitive),
            m => m.ShouldContain("multipart/alternative", Case.Insensitive),
            m => m.IndexOf("text/plain", StringComparison.OrdinalIgnoreCase).ShouldBeLessThan(m.IndexOf("text/html", StringComparison.OrdinalIgnoreCase)),
            m => m.ShouldContain("Message-ID: <mai_", Case.Insensitive));
    }

    [Fact]
    public async Task Tries_again_later_and_gives_up_in_the_end()
    {
        await using var smtp = new SmtpServer { Answer = "451 try later" };
        await using var server = await StartAsync(TestDatabase.Sqlite, smtp);
        var worker = await server.StopMailWorkerAsync();
        var tenant = await server.NewTenantAsync();
        await server.QueueAsync(tenant, "ann@example.com");
        var context = await server.ContextAsync(tenant);
        for (var attempt = 1; attempt <= MailWorker.MaxAttempts; attempt++)
        {
            await worker.SendDueAsync(default);
            (await RowsAsync(server, context)).ShouldBe([attempt < MailWorker.MaxAttempts ? ("queued", true, attempt) : ("failed", false, attempt)]);
            server.Clock.Advance(TimeSpan.FromHours(1));
        }
        smtp.Attempts.ShouldBe(MailWorker.MaxAttempts);
    }

    [Fact]
    public async Task Sends_a_mail_that_was_refused_once()
    {
        await using var smtp = new SmtpServer { Answer = "451 try later" };
        await using var server = await StartAsync(TestDatabase.Sqlite, smtp);
        var worker = await server.StopMailWorkerAsync();
        var tenant = await server.NewTenantAsync();
        await server.QueueAsync(tenant, "ann@example.com");
        var context = await server.ContextAsync(tenant);
        await worker.SendDueAsync(default);
        (await RowsAsync(server, context)).ShouldBe([("queued", true, 1)]);
        smtp.Answer = "250 ok";
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await worker.SendDueAsync(default);
        (await RowsAsync(server, context)).ShouldBe([("sent", false, 2)]);
        smtp.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Does_not_insist_where_the_recipient_is_refused_for_good()
    {
        await using var smtp = new SmtpServer { Answer = "550 no such user" };
        await using var server = await StartAsync(TestDatabase.Sqlite, smtp);
        var tenant = await server.NewTenantAsync();
        await server.QueueAsync(tenant, "ann@example.com");
        var context = await server.ContextAsync(tenant);
        await UntilAsync(async () => (await RowsAsync(server, context)) is [("failed", false, 1)]);
    }

    [Theory, BothDatabases]
    public async Task Sends_each_mail_once_however_many_workers(TestDatabase kind)
    {
        await using var smtp = new SmtpServer();
        await using var server = await StartAsync(kind, smtp);
        var tenant = await server.NewTenantAsync();
        for (var i = 0; i < 8; i++) await server.QueueAsync(tenant, $"user{i}@example.com");
        var worker = server.Services.GetRequiredService<MailWorker>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => worker.SendDueAsync(default)));
        var context = await server.ContextAsync(tenant);
        await UntilAsync(async () => (await RowsAsync(server, context)).TrueForAll(r => r.State == "sent"));
        smtp.Messages.Count.ShouldBe(8);
    }

    [Theory, BothDatabases]
    public async Task Rations_what_anybody_can_have_sent_and_not_the_notices(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync(new { limits = new { mails_per_address = 2 } });
        (await server.QueueAsync(tenant, "ann@example.com")).ShouldBeTrue();
        (await server.QueueAsync(tenant, "ANN@example.com")).ShouldBeTrue();
        (await server.QueueAsync(tenant, "ann@example.com")).ShouldBeFalse();
        (await server.QueueAsync(tenant, "bob@example.com")).ShouldBeTrue();
        // What is sent for one purpose keeps nobody from what she needs for another.
        (await server.QueueAsync(tenant, "ann@example.com", "verify_email")).ShouldBeTrue();
        (await server.QueueAsync(tenant, "ann@example.com", "password_changed")).ShouldBeTrue();
        (await server.QueueAsync(tenant, "Ann <x@example.com>")).ShouldBeFalse();
    }

    [Fact]
    public async Task Says_what_a_caller_did_wrong()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        await Should.ThrowAsync<ArgumentException>(() => server.QueueAsync(tenant, "ann@example.com", "no_such_template"));
    }
}
