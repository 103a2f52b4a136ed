using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>
/// What a stolen session or token must not be enough for: whoever does it has proved who she is in the last five minutes, by both steps if she
/// has two. One rule for the account's pages, its API and the management API.
/// </summary>
public sealed class FreshProof(IDatabase database, SecondFactors factors, TimeProvider clock)
{
    /// <summary>Seconds; <c>max_age</c> of RFC 9470.</summary>
    public const int MaxAgeSeconds = 300;

    /// <param name="authenticatedAt">When she last proved who she is; null is never.</param>
    /// <param name="methods">RFC 8176 values of what she did then.</param>
    /// <returns>Null when that is good enough now; else what is missing.</returns>
    public async ValueTask<ProofGap?> CheckAsync(TenantTransaction tx, UserId user, DateTimeOffset? authenticatedAt, IReadOnlyList<string> methods, CancellationToken ct)
    {
        var both = !Assurance.HasTwoSteps(methods) && await factors.HasAsync(tx, user, ct);
        return both || authenticatedAt is not { } at || clock.Now() - at > TimeSpan.FromSeconds(MaxAgeSeconds) ? new ProofGap(both) : null;
    }

    public async ValueTask<ProofGap?> CheckAsync(TenantId tenant, UserId user, DateTimeOffset? authenticatedAt, IReadOnlyList<string> methods, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return await CheckAsync(tx, user, authenticatedAt, methods, ct);
    }

    /// <summary>Tells an application how to go on: RFC 9470 §3.</summary>
    public static void Challenge(HttpContext http, TenantContext tenant, ProofGap gap) => BearerChallenge.Write(http, tenant, gap);
}

/// <summary>Why a proof is not good enough.</summary>
/// <param name="BothSteps">She has two steps, and the last proof was by one.</param>
public sealed record ProofGap(bool BothSteps)
{
    public Problem Problem { get; } =
        Problem.Unauthorized("fresh_proof_required", $"This needs a proof of who you are from the last {FreshProof.MaxAgeSeconds / 60} minutes, by both steps if your sign-in has two. Sign in again and repeat it.");
}
