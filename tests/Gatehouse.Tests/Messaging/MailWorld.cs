using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Messaging;

/// <summary>Queues mail as the rooms of the product do.</summary>
internal static class MailWorld
{
    /// <summary>The server's worker, which works from now on only when it is told to: what it does has then been done, and stands in the database, when it says so.</summary>
    internal static async Task<MailWorker> StopMailWorkerAsync(this TestServer server)
    {
        var worker = server.Services.GetRequiredService<MailWorker>();
        await worker.StopAsync(default);
        return worker;
    }

    internal static async Task<TenantContext> ContextAsync(this TestServer server, TestTenant tenant)
    {
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        return (await server.Services.GetRequiredService<TenantDirectory>().FindAsync(id, default)).ShouldNotBeNull();
    }

    internal static async Task<bool> QueueAsync(this TestServer server, TestTenant tenant, string to, string template = "reset_password", string locale = "en", bool commit = true)
    {
        var context = await server.ContextAsync(tenant);
        await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(context.Id, default);
        var queued = await server.Services.GetRequiredService<Mailer>().QueueAsync(tx, context,
            new Mail(to, template, locale, new Dictionary<string, string> { ["link"] = context.Url("/signin/reset?token=abc"), ["minutes"] = "30" }) { About = UserId.New(server.Clock) }, default);
        if (commit) await tx.CommitAsync(default);
        return queued;
    }
}
