using System.CommandLine;
using Gatehouse.Audit;
using Gatehouse.Hosting;
using Gatehouse.Kernel;
using Gatehouse.Tenants;

namespace Gatehouse.Host;

/// <summary><c>gatehouse audit verify</c>: walks the hash chain of one tenant or of all. Reads only; exits with 1 when a chain is broken.</summary>
internal static class AuditVerb
{
    private const int ChainBroken = 1, PageSize = 100;

    internal static Command Create()
    {
        var common = new CommonOptions();
        var slug = new Option<string?>("--tenant") { Description = "Only this tenant (default: all, deleted ones included).", HelpName = "SLUG" };
        var verify = new Command("verify", "Verify the audit's hash chains.") { slug };
        common.AddTo(verify);
        verify.SetAction(async (parsed, ct) =>
        {
            await using var app = GatehouseApp.Build(common.Read(parsed) with { LogToStandardError = true });
            var tenants = app.Services.GetRequiredService<TenantDirectory>();
            var verifier = app.Services.GetRequiredService<AuditVerifier>();
            if (parsed.GetValue(slug) is { } wanted)
            {
                var tenant = await tenants.FindBySlugAsync(wanted, ct) ?? throw new StartupException($"There is no tenant \"{wanted}\".");
                return await VerifyAsync(verifier, tenant.Id, ct) ? 0 : ChainBroken;
            }
            var whole = true;
            TenantId? after = null;
            while (await tenants.ListEveryAsync(after, PageSize, ct) is { Count: > 0 } page)
            {
                foreach (var tenant in page) whole &= await VerifyAsync(verifier, tenant, ct);
                after = page[^1];
            }
            return whole ? 0 : ChainBroken;
        });
        return new Command("audit", "Work with the audit.") { verify };
    }

    private static async Task<bool> VerifyAsync(AuditVerifier verifier, TenantId tenant, CancellationToken ct)
    {
        var found = await verifier.VerifyAsync(tenant, ct);
        await System.Console.Out.WriteLineAsync(found.Break is { } broken
            ? $"{tenant} BROKEN at entry {broken.Seq}: {broken.Reason}"
            : $"{tenant} ok: {found.Entries} entries, head {found.HeadSeq} {found.HeadHash}{(found.Unsealed > 0 ? $", {found.Unsealed} not linked yet" : "")}");
        return found.Break is null;
    }
}
