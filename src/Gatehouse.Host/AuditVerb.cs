using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Hosting;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Tenants;

namespace Gatehouse.Host;

/// <summary>
/// <c>gatehouse audit verify</c>: walks the hash chain of one tenant or of all in the database, or with <c>--file</c> of an export, which
/// needs neither server nor database. Reads only; exits with 1 when a chain is broken.
/// </summary>
internal static class AuditVerb
{
    private const int ChainBroken = 1, PageSize = 100;

    internal static Command Create()
    {
        var common = new CommonOptions();
        var slug = new Option<string?>("--tenant") { Description = "Only this tenant (default: all, deleted ones included).", HelpName = "SLUG" };
        var file = new Option<string?>("--file") { Description = "An export (ndjson) to verify instead of the database.", HelpName = "FILE" };
        var heads = new Option<string?>("--heads") { Description = "Signed heads kept elsewhere: one JWS a line, or the answer of /api/v1/audit/heads. Needs --key.", HelpName = "FILE" };
        var key = new Option<string?>("--key") { Description = "The audit's public keys, as /api/v1/audit/keys answered when they were to be trusted.", HelpName = "FILE" };
        var older = new Option<bool>("--older") { Description = "The export is known to be older than the newest head." };
        var verify = new Command("verify", "Verify the audit's hash chains.") { slug, file, heads, key, older };
        common.AddTo(verify);
        verify.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(file) is { } export) return await VerifyFileAsync(export, parsed.GetValue(heads), parsed.GetValue(key), parsed.GetValue(older), ct);
            if (parsed.GetValue(heads) is not null || parsed.GetValue(key) is not null) throw new StartupException("--heads and --key go with --file.");
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
            : $"{tenant} ok: {found.Entries} entries, head {found.HeadSeq} {found.HeadHash}{(found.Trimmed > 0 ? $", {found.Trimmed} removed by retention" : "")}{(found.Unsealed > 0 ? $", {found.Unsealed} not linked yet" : "")}");
        return found.Break is null;
    }

    private static async Task<int> VerifyFileAsync(string export, string? heads, string? key, bool older, CancellationToken ct)
    {
        if (heads is not null && key is null) throw new StartupException("--heads needs --key: an unchecked signature proves nothing.");
        try
        {
            var keys = key is null ? null : ReadKeys(await File.ReadAllBytesAsync(key, ct));
            using var reader = new StreamReader(export);
            var found = await AuditFileVerifier.VerifyAsync(reader, heads is null ? [] : AuditFileVerifier.ReadHeads(await File.ReadAllTextAsync(heads, ct)), keys, older, ct);
            await System.Console.Out.WriteLineAsync(found.Break is { } broken
                ? $"{found.Tenant} BROKEN at entry {broken.Seq}: {broken.Reason}"
                : $"{found.Tenant} ok: {found.Entries} entries from {found.First} to {found.Last}, head {found.LastHash}{(found.Trimmed > 0 ? $", {found.Trimmed} removed by retention" : "")}"
                    + (found.Masked ? ", personal parts masked and not proven" : "")
                    + (found.SignedAt is { } at ? $", end signed {at.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)}Z" : ", signatures not checked: give --key"));
            return found.Break is null ? 0 : ChainBroken;
        }
        catch (FormatException e)
        {
            throw new StartupException(e.Message);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StartupException(e.Message);
        }
    }

    private static JsonWebKeySet ReadKeys(byte[] file)
    {
        if (JsonWebKeySet.Parse(file).TryGet(out var set, out _)) return set;
        // One key alone, as a JWK.
        using var one = JsonDocument.Parse(file);
        return JsonWebKeySet.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, JsonElement[]> { ["keys"] = [one.RootElement] })).TryGet(out set, out var error)
            ? set : throw new FormatException($"The key file holds no key: {error.Detail}");
    }
}
