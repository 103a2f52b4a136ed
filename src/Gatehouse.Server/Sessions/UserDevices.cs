using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Sessions;

/// <summary>A trusted browser as the management API shows one.</summary>
/// <param name="Name">Browser and system, as far as it said; null where it did not.</param>
internal sealed record TrustedDeviceView(TrustedDeviceId Id, UserId UserId, string? Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string IpAddress, string UserAgent)
{
    internal static TrustedDeviceView Of(TrustedDevice d) => new(d.Id, d.UserId, d.Name, d.CreatedAt, d.ExpiresAt, d.LastUsedAt, d.IpAddress, d.UserAgent);
}

/// <summary><c>GET /api/v1/users/{id}/devices</c> lists the browsers that a user trusts, <c>DELETE …/{deviceId}</c> ends one, <c>DELETE</c> of the list all.</summary>
internal static class UserDevices
{
    private const string Reason = "administrator";

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/users/{id}/devices", ListAsync).WithName("users.devices.list").WithSummary("List the browsers a user trusts").RequirePermission(Scopes.SessionsRead);
        api.MapDelete("/users/{id}/devices/{deviceId}", OneAsync).WithName("users.devices.revoke").WithSummary("End a user's trust in one browser").RequirePermission(Scopes.SessionsWrite);
        api.MapDelete("/users/{id}/devices", AllAsync).WithName("users.devices.revoke_all").WithSummary("End a user's trust in all browsers").RequirePermission(Scopes.SessionsWrite);
    }

    /// <returns>200, at most twenty; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<TrustedDeviceView>>, ProblemHttpResult>> ListAsync(string id, TenantContext tenant, IDatabase database, UserDirectory users, TrustedDevices devices, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return SessionView.UserNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return SessionView.UserNotFound.ToHttp();
        return TypedResults.Ok(new Page<TrustedDeviceView>([.. (await devices.ListAsync(tx, tenant, user, ct)).Select(TrustedDeviceView.Of)], null));
    }

    /// <returns>204; 404 <c>device_not_found</c>, also when it is another user's or has ended.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> OneAsync(string id, string deviceId, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, TrustedDevices devices, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user) || !TrustedDeviceId.TryParse(deviceId, out var device)) return NotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await devices.RevokeAsync(tx, device, user, AuditActor.Of(caller), facts, Reason, ct)) return NotFound.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>204, also when there was none; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> AllAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, TrustedDevices devices, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var user)) return SessionView.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, user, ct) is null) return SessionView.UserNotFound.ToHttp();
        await devices.RevokeAllAsync(tx, user, AuditActor.Of(caller), facts, Reason, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Ended, run out, never there, or another's: the caller cannot tell which.</summary>
    private static Problem NotFound { get; } = Problem.NotFound("device_not_found", "This user trusts no such browser.");
}
