using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>
/// <c>GET /api/v1/audit/head</c>: the end of the chain. Who keeps these elsewhere can later show that nothing before was changed, not even
/// by somebody who could rewrite the whole database.
/// </summary>
internal static class GetAuditHead
{
    /// <param name="Hash">Hexadecimal; 64 zeros before the first entry is sealed.</param>
    /// <param name="Unsealed">Entries that wait for their place, normally for less than a second.</param>
    internal sealed record Response(long Seq, string Hash, long Unsealed);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/audit/head", HandleAsync).WithName("audit.head").RequirePermission(Scopes.AuditRead);

    internal static async Task<Ok<Response>> HandleAsync(TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        // In this order: what is sealed between the two is in the head as well, and none waits that the head leaves out.
        var (_, unsealed) = await AuditStore.ReadEndsAsync(tx, ct);
        var head = await AuditStore.FindHeadAsync(tx, ct);
        return TypedResults.Ok(new Response(head.Seq, Convert.ToHexStringLower(head.Hash), unsealed));
    }
}
