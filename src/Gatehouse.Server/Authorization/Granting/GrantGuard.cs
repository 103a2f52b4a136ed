using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization.Granting;

/// <summary>
/// Nobody gives what she does not hold. Whoever gives a role, or changes what one permits, holds all that it permits where it is given, and of our own
/// permissions her token carries the scopes too. Whoever sets somebody's password or address could sign in as her, so the same is asked there of
/// all that she holds.
/// </summary>
internal sealed class GrantGuard(Authority authority, TimeProvider clock) : ICallerGuard
{
    private static readonly HeldRole administratorRole = new(SystemRoles.Administrator.Value, RoleScope.Tenant, null, null, null, Guid.Empty);

    public async ValueTask<Problem?> MayChangeAsync(TenantTransaction tx, UserId target, Caller caller, CancellationToken ct)
    {
        return await MayReachAsync(tx, await authority.HeldAsWrittenAsync(tx, Holder.Of(target), ct), caller, ct);
    }

    public async ValueTask<Problem?> MayActAsAsync(TenantTransaction tx, ClientId client, bool administrator, Caller caller, CancellationToken ct)
    {
        var held = await authority.HeldAsWrittenAsync(tx, Holder.Of(client), ct);
        return await MayReachAsync(tx, administrator ? [.. held, administratorRole] : held, caller, ct);
    }

    private async ValueTask<Problem?> MayReachAsync(TenantTransaction tx, List<HeldRole> held, Caller caller, CancellationToken ct)
    {
        if (held.Count == 0) return null;
        var (book, own) = await StandingAsync(tx, caller, ct);
        var now = clock.GetUtcNow();
        foreach (var role in held)
            if (!(role.EndsAt <= now) && Check(book, own, caller, role.Role, PlaceOf(role.Scope), role.EndsAt, now) is { } problem) return problem;
        return null;
    }

    /// <summary>Whether this caller may give, or take, this role there.</summary>
    /// <param name="endsAt">Until when it is given: what she holds for a time she gives for no longer.</param>
    /// <returns>Null; 403 <c>scope_escalation</c>, <c>permission_escalation</c>.</returns>
    internal async ValueTask<Problem?> MayGiveAsync(TenantTransaction tx, Caller caller, RoleId role, RoleScope scope, DateTimeOffset? endsAt, CancellationToken ct)
    {
        var (book, own) = await StandingAsync(tx, caller, ct);
        return Check(book, own, caller, role.Value, PlaceOf(scope), endsAt, clock.GetUtcNow());
    }

    /// <summary>Whether this caller may let a role permit this from now on: those who hold it may hold it anywhere.</summary>
    internal async ValueTask<Problem?> MayAddAsync(TenantTransaction tx, Caller caller, IReadOnlyCollection<string> permissions, IReadOnlyCollection<RoleId> includes, CancellationToken ct)
    {
        if (permissions.Count == 0 && includes.Count == 0) return null;
        var (book, own) = await StandingAsync(tx, caller, ct);
        var now = clock.GetUtcNow();
        foreach (var permission in permissions)
        {
            if (LacksScope(caller, permission)) return ScopeEscalation;
            if (own is null ? caller.Until is not null : !book.Graph.Permit(Lasting(own, null), permission, default, now)) return Escalation;
        }
        foreach (var role in includes)
            if (Check(book, own, caller, role.Value, default, null, now) is { } problem) return problem;
        return null;
    }

    /// <returns>What the caller holds here; null for one of a tenant above, who was let in because she may do everything.</returns>
    private async ValueTask<(RoleBook Book, IReadOnlyList<HeldRole>? Own)> StandingAsync(TenantTransaction tx, Caller caller, CancellationToken ct)
    {
        var book = await RoleBook.ReadAsync(tx, ct);
        return caller.HomeTenant == tx.Tenant ? (book, Holder.Parse(caller.Id) is { } holder ? await authority.HeldAsync(tx, holder, ct) : []) : (book, null);
    }

    /// <param name="endsAt">Until when it is given, or held by whom the caller would reach: for longer than that she holds it herself.</param>
    private static Problem? Check(RoleBook book, IReadOnlyList<HeldRole>? own, Caller caller, Guid role, Place place, DateTimeOffset? endsAt, DateTimeOffset now)
    {
        IEnumerable<string> permitted = book.Graph.PermitsEverything(role) ? Scopes.All : book.Graph.PermissionsOf(role);
        foreach (var permission in permitted)
            if (LacksScope(caller, permission)) return ScopeEscalation;
        if (own is null) return caller.Until is { } until && !(endsAt <= until) ? Escalation : null;
        return book.Graph.Cover(Lasting(own, endsAt), role, place, now) ? null : Escalation;
    }

    private static List<HeldRole> Lasting(IReadOnlyList<HeldRole> own, DateTimeOffset? endsAt) => [.. own.Where(h => h.EndsAt is not { } end || end >= endsAt)];

    private static bool LacksScope(Caller caller, string permission) =>
        Applications.ScopeName.Management.Contains(permission) && !caller.Scopes.Contains(permission, StringComparer.Ordinal);

    internal static Place PlaceOf(RoleScope scope) => scope.Kind switch
    {
        ScopeKind.Organization => new(scope.Id, null, null),
        ScopeKind.Workspace => new(null, scope.Id, null),
        ScopeKind.Application => new(null, null, scope.Id),
        _ => default,
    };

    private static Problem ScopeEscalation { get; } =
        Problem.Forbidden("scope_escalation", "This concerns permissions of the management API that your own token does not carry as scopes.");

    private static Problem Escalation { get; } =
        Problem.Forbidden("permission_escalation", "This concerns permissions that you do not hold there yourself. Nobody gives, takes or reaches what she does not hold.");
}
