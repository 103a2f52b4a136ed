using System.Security.Cryptography;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Keys;

/// <summary>
/// Asks the schedule of every active tenant, a page of them each turn. With many tenants a tenant's turn comes less often; that delays
/// only the record, since <see cref="TenantKeySet"/> answers by the clock.
/// </summary>
internal sealed partial class KeyRotationJob(KeyRotation rotation, TenantDirectory tenants, TimeProvider clock, ILogger<KeyRotationJob> log)
    : RepeatingJob(TimeSpan.FromSeconds(2), clock, log)
{
    private const int PageSize = 100;
    private TenantId? last;

    protected override async Task RunOnceAsync(CancellationToken ct)
    {
        var page = await tenants.ListActiveAsync(last, PageSize, ct);
        foreach (var id in page)
            if (await tenants.FindAsync(id, ct) is { } tenant) await ApplyAsync(tenant, ct);
        last = page.Count < PageSize ? null : page[^1];
    }

    /// <summary>A tenant whose keys cannot be opened, say because its data key was lost, keeps the others' waiting for nothing.</summary>
    private async Task ApplyAsync(TenantContext tenant, CancellationToken ct)
    {
        try
        {
            await rotation.ApplyAsync(tenant, ct);
        }
        catch (Exception e) when (e is CryptographicException or InvalidOperationException)
        {
            LogFailed(log, tenant.Id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The keys of tenant {Tenant} could not be turned over.")]
    private static partial void LogFailed(ILogger log, TenantId tenant, Exception error);
}
