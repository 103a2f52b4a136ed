using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Keys;

/// <summary><c>POST /api/v1/keys/rotate</c>: begins a rotation, or replaces an algorithm's keys at once.</summary>
internal static class RotateKey
{
    /// <param name="Algorithm"><c>ES256</c> or <c>RS256</c>.</param>
    /// <param name="Emergency">The present keys stop at once, and every token they signed with them. Default false.</param>
    internal sealed record Request(string? Algorithm, bool Emergency = false);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/keys/rotate", HandleAsync).WithName("keys.rotate").RequirePermission(Scopes.KeysWrite);

    /// <returns>200 with the algorithm's keys that are not retired; 422 <c>algorithm_unsupported</c>.</returns>
    internal static async Task<Results<Ok<KeyList>, ProblemHttpResult>> HandleAsync(
        Request request, TenantContext tenant, Caller caller, RequestFacts facts, KeyRotation rotation, IDatabase database, CancellationToken ct)
    {
        if (request.Algorithm is null || !KeySchedule.Algorithms.Contains(request.Algorithm) || JwsAlgorithm.TryParse(request.Algorithm) is not { } algorithm)
            return Problem.Invalid("algorithm_unsupported", $"algorithm is one of {string.Join(", ", KeySchedule.Algorithms)}.", "algorithm").ToHttp();
        await rotation.RotateAsync(tenant, algorithm, request.Emergency, AuditActor.Of(caller), facts, ct);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var keys = await SigningKeyStore.ListLiveAsync(tx, ct);
        return TypedResults.Ok(new KeyList([.. keys.Where(k => k.Algorithm == algorithm.Name).Select(KeyView.Of)], null));
    }
}
