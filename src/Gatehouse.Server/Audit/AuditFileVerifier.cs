using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Audit;

/// <summary>What a walk along an exported chain found.</summary>
/// <param name="First">The first place that the export holds.</param>
/// <param name="Masked">Whether what it shows of persons is masked, and so not proven.</param>
/// <param name="SignedAt">When the head that vouches for the end was signed; null when no key was given to check it with.</param>
/// <param name="Break">Null: the export is what was written.</param>
public sealed record AuditFileVerification(TenantId Tenant, long First, long Last, string LastHash, long Entries, long Trimmed, bool Masked, DateTimeOffset? SignedAt, AuditBreak? Break);

/// <summary>
/// Verifies an export without a server or a database: each entry against its hash, each hash against the next, the end against signed heads.
/// Holds one line in memory at a time.
/// </summary>
public static class AuditFileVerifier
{
    private const int MaxLine = 1 << 20;

    /// <param name="heads">Signed heads kept elsewhere, compact.</param>
    /// <param name="keys">The audit's public keys; null: signatures are not looked at.</param>
    /// <param name="older">The export is known to be older than the newest head: heads beyond its end are no sign that it was cut.</param>
    /// <exception cref="FormatException">The file is not an export that can be verified.</exception>
    public static async Task<AuditFileVerification> VerifyAsync(TextReader export, IReadOnlyList<string> heads, JsonWebKeySet? keys, bool older, CancellationToken ct)
    {
        var header = ExportLine.ReadHeader(await LineAsync(export, ct) ?? throw new FormatException("The file is empty."));
        if (!header.Whole) throw new FormatException("The export is an excerpt by filters: what it leaves out cannot be told from what was removed. Export without filters.");
        var (signed, wrong) = Check(header, heads, keys);
        using var walk = new ChainWalk(header.Tenant, new(header.After, header.Previous));
        var fault = wrong ?? await WalkAsync(walk, header, export, signed, older, ct);
        var end = signed.GetValueOrDefault(walk.At.Seq);
        return new(header.Tenant, header.After + 1, walk.At.Seq, Convert.ToHexStringLower(walk.At.Hash), walk.Entries, walk.Trimmed, header.Masked, end?.SignedAt, fault);
    }

    /// <summary>Signed heads from a file: one compact JWS a line, as the folder of heads has them, or the answer of <c>GET /api/v1/audit/heads</c>.</summary>
    public static IReadOnlyList<string> ReadHeads(string text)
    {
        if (!text.TrimStart().StartsWith('{')) return text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(h => h.GetProperty("jws").GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The file of heads is neither a list of signed heads nor one JWS a line.", e);
        }
    }

    private static (Dictionary<long, HeadClaims> Signed, AuditBreak? Wrong) Check(ExportHeader header, IReadOnlyList<string> heads, JsonWebKeySet? keys)
    {
        Dictionary<long, HeadClaims> signed = [];
        if (keys is null) return (signed, null);
        var verification = new JwsVerification { Keys = VerificationKey.CreateAll(keys, JwsAlgorithm.ES256), Type = HeadSigner.Type };
        foreach (var jws in header.SignedHead is null ? heads : [.. heads, header.SignedHead])
        {
            if (!Jws.Verify(jws, verification).TryGet(out var good, out var error)) return (signed, new(header.LastSeq, $"A head is not signed with a key of this audit: {error.Detail}"));
            var claims = JsonSerializer.Deserialize(good.Payload.Span, AuditJson.Default.HeadClaims) ?? throw new FormatException("A signed head says nothing.");
            if (claims.Tenant != header.Tenant.ToString()) return (signed, new(claims.Seq, "A head was signed for another tenant."));
            if (signed.TryGetValue(claims.Seq, out var other) && other.Hash != claims.Hash) return (signed, new(claims.Seq, "Two signed heads say different things of one place."));
            signed[claims.Seq] = claims;
        }
        return (signed, null);
    }

    private static async Task<AuditBreak?> WalkAsync(ChainWalk walk, ExportHeader header, TextReader export, Dictionary<long, HeadClaims> signed, bool older, CancellationToken ct)
    {
        if (Differs(walk, signed) is { } before) return before;
        while (await LineAsync(export, ct) is { } line)
        {
            var (entry, run) = ExportLine.Read(line, header.Tenant, header.Masked, out var proof);
            if ((entry is not null ? walk.Take(entry) : walk.Skip(run!)) is { } fault) return fault;
            if (proof is not null) return new(walk.At.Seq, proof);
            if (Differs(walk, signed) is { } differs) return differs;
        }
        if (walk.At.Seq < header.LastSeq) return new(walk.At.Seq + 1, $"The last {header.LastSeq - walk.At.Seq} entries are gone: the file ends before the export did.");
        if (walk.At.Seq > header.LastSeq || !walk.At.Hash.AsSpan().SequenceEqual(header.LastHash)) return new(walk.At.Seq, "The export does not end where it says.");
        if (walk.Finish() is { } gap) return gap;
        if (signed.Count == 0) return null;
        var newest = signed.Values.MaxBy(h => h.Seq)!;
        if (newest.Seq > walk.At.Seq && !older)
            return new(walk.At.Seq + 1, $"The chain went on to entry {newest.Seq} by {AuditCanonical.Time(newest.SignedAt)}, as a signed head says: the end was cut off, or the export is older.");
        return signed.ContainsKey(walk.At.Seq) || walk.At.Seq == 0 ? null : new(walk.At.Seq, "No signed head vouches for the end.");
    }

    private static AuditBreak? Differs(ChainWalk walk, Dictionary<long, HeadClaims> signed) =>
        signed.TryGetValue(walk.At.Seq, out var head) && head.Hash != Convert.ToHexStringLower(walk.At.Hash) ? new(walk.At.Seq, "A signed head says that another entry stood here.") : null;

    private static async Task<string?> LineAsync(TextReader reader, CancellationToken ct)
    {
        var line = await reader.ReadLineAsync(ct);
        return line is { Length: > MaxLine } ? throw new FormatException("A line is longer than any entry.") : line;
    }
}
