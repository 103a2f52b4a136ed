using System.Globalization;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>GET /api/v1/audit/heads</c>: the signed heads, newest first; and the public keys they verify with.</summary>
internal static class ListSignedHeads
{
    /// <param name="Hash">Hexadecimal.</param>
    /// <param name="KeyId">Which of the keys at <c>/api/v1/audit/keys</c> signed it.</param>
    /// <param name="Jws">The signed form, for a verifier.</param>
    internal sealed record Head(long Seq, string Hash, KeyId KeyId, DateTimeOffset SignedAt, string Jws);

    internal sealed record Response(IReadOnlyList<Head> Items, string? Next);

    /// <param name="Keys">Public keys of the audit, retired ones too; a JSON Web Key Set.</param>
    internal sealed record KeySet(IReadOnlyList<JsonElement> Keys);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit/heads", HandleAsync).WithName("audit.heads").WithSummary("List signed heads").RequirePermission(Scopes.AuditRead);
        api.MapGet("/audit/keys", KeysAsync).WithName("audit.keys").WithSummary("Read the keys that sign heads").RequirePermission(Scopes.AuditRead);
        api.MapPost("/audit/keys/rotate", RotateAsync).WithName("audit.keys.rotate").WithSummary("Replace the key that signs heads").RequirePermission(Scopes.AuditWrite);
    }

    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, null).TryGet(out var page, out var problem)) return problem.ToHttp();
        var before = long.MaxValue;
        if (!string.IsNullOrEmpty(cursor) && (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before < 1))
            return Problem.BadRequest("cursor_invalid", "cursor is the value of \"next\" of the page before, unchanged.", "cursor").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var heads = await SignedHeadStore.ListAsync(tx, before, page.Limit + 1, ct);
        var shown = heads.Take(page.Limit).Select(h => new Head(h.Seq, Convert.ToHexStringLower(h.Hash), h.KeyId, h.SignedAt, h.Jws)).ToList();
        return TypedResults.Ok(new Response(shown, heads.Count > page.Limit ? shown[^1].Seq.ToString(CultureInfo.InvariantCulture) : null));
    }

    internal static async Task<Ok<KeySet>> KeysAsync(TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(new KeySet([.. (await SignedHeadStore.ListKeysAsync(tx, ct)).Select(k => JsonDocument.Parse(k.PublicJwk).RootElement.Clone())]));
    }

    /// <returns>204. What the key before has signed stays good.</returns>
    internal static async Task<NoContent> RotateAsync(TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, HeadSigner signer, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        await signer.RotateAsync(tx, AuditActor.Of(caller), facts, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
