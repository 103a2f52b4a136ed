using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Audit;

/// <summary>A database with nothing but the audit and what it needs; tenant One has a data key.</summary>
internal static class AuditWorld
{
    internal static readonly RequestFacts Ann = new("198.51.100.7", "Browser/1.0", "req-1");

    internal static async Task<TestStorage> OpenAsync(TestDatabase kind)
    {
        var storage = await TestStorage.OpenAsync(kind, services =>
        {
            services.AddVault();
            services.Configure<VaultOptions>(o => o.MasterKey = Convert.ToBase64String(new byte[32]));
            // What the tests listen with is on this machine.
            services.Configure<HttpOptions>(o => o.AllowPrivateTargets = true);
            services.AddSingleton<OutgoingSockets>();
            services.AddSingleton<OutgoingHttp>();
            services.AddAudit();
        });
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        await storage.Services.GetRequiredService<TenantVault>().CreateDataKeyAsync(tx, default);
        await tx.CommitAsync(default);
        return storage;
    }

    internal static T Get<T>(this TestStorage storage) where T : notnull => storage.Services.GetRequiredService<T>();

    internal static async Task AppendAsync(this TestStorage storage, params AuditEntry[] entries)
    {
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        foreach (var entry in entries) await storage.Get<AuditLog>().AppendAsync(tx, entry, default);
        await tx.CommitAsync(default);
    }

    internal static Task SealAsync(this TestStorage storage) => storage.Get<AuditSealer>().SealAllAsync(storage.One, default);

    internal static Task<AuditVerification> VerifyAsync(this TestStorage storage) => storage.Get<AuditVerifier>().VerifyAsync(storage.One, default);

    /// <summary>Somebody signs in from somewhere, and her address is mentioned.</summary>
    internal static AuditEntry SignIn(UserId user, RequestFacts? from = null) => new("session.started", AuditOutcome.Success, AuditActor.User(user), "user", user.ToString(), from ?? Ann,
        new Dictionary<string, string> { ["method"] = "password" }) { Personal = new Dictionary<string, string> { ["email"] = "ann@example.com" } };

    internal static async Task<List<AuditRow>> ReadAsync(this TestStorage storage, AuditFilter? filter = null)
    {
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        var persons = storage.Get<PersonKeys>();
        if (filter?.Ip is { } ip) filter = filter with { IpMac = await persons.MacAsync(tx, ip, default) };
        return await persons.OpenAsync(tx, await AuditStore.ListAsync(tx, filter ?? AuditFilter.All, new PageRequest(200, null), default), default);
    }

    internal static async Task<string> ExportAsync(this TestStorage storage, bool masked = false, long after = 0, string format = "ndjson", AuditFilter? filter = null)
    {
        await storage.SealAsync();
        var signed = await storage.Get<HeadSigner>().SignAsync(storage.One, default);
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        var previous = after == 0 ? AuditHead.Empty : await AuditStore.FindLinkAsync(tx, after, default);
        using var output = new MemoryStream();
        await storage.Get<AuditExport>().WriteAsync(new(storage.One, filter ?? AuditFilter.All, after, previous!.Hash, new(signed!.Seq, signed.Hash), signed.Jws, masked, storage.Clock.Now()), format, output, default);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
