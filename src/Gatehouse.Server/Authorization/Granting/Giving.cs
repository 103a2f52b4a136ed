using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Workspaces;

namespace Gatehouse.Authorization.Granting;

/// <summary>What somebody is to hold, where and when.</summary>
internal sealed record WantedRole(Holder Holder, Role Role, RoleScope Scope, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

/// <summary>Giving and taking roles, in the caller's transaction, with its audit entry and event; after a problem the caller does not commit.</summary>
internal sealed class Giving(Authority authority, GrantGuard guard, LastAdministrator last, LastOwner owners, WorkspaceDirectory workspaces, UserDirectory users, ClientDirectory clients, GroupDirectory groups,
    AuditLog audit, EventOutbox events, TimeProvider clock)
{
    /// <returns>The assignment; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>assignment_exists</c>, <c>assignments_too_many</c>;
    /// 422 <c>holder_unknown</c>, <c>role_not_assignable</c>, <c>period_invalid</c>.</returns>
    internal async ValueTask<Result<Assignment, Problem>> GiveAsync(TenantTransaction tx, WantedRole wanted, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if (!wanted.Role.AssignableAt.Contains(wanted.Scope.Kind))
            return Problem.Invalid("role_not_assignable", $"The role {wanted.Role.Key} is not one to be held in a whole {ScopeText.Of(wanted.Scope.Kind)}.", "role");
        if (CheckPeriod(wanted.StartsAt, wanted.EndsAt) is { } period) return period;
        // Before the holder's own row, as wherever somebody is kept from being the last one to go.
        if (wanted.Role.Id == SystemRoles.Administrator) await Roles.LockAsync(tx, ct);
        if (!await IsThereAsync(tx, wanted.Holder, ct)) return Problem.Invalid("holder_unknown", "This tenant has no such user, client or group.", "holder");
        if (await guard.MayGiveAsync(tx, caller, wanted.Role.Id, wanted.Scope, wanted.EndsAt, ct) is { } escalation) return escalation;
        if (await HeldRoleStore.CountOfAsync(tx, wanted.Holder, ct) >= RoleRules.MaxHeld)
            return Problem.Conflict("assignments_too_many", $"One holder has at most {RoleRules.MaxHeld} roles.", "holder");
        var made = new Assignment(AssignmentId.New(clock), wanted.Holder, wanted.Role.Id, wanted.Scope, wanted.StartsAt, wanted.EndsAt, caller.Id, clock.Now());
        if (!await HeldRoleStore.TryInsertAsync(tx, made, ct)) return Problem.Conflict("assignment_exists", "The holder has that role there already.", "holder");
        await TellAsync(tx, "role.granted", made, wanted.Role, caller, facts, ct);
        await events.PublishAsync(tx, new RoleGranted(made.Id, made.Holder.IdText, wanted.Role.Key, ScopeText.Of(made.Scope.Kind), ScopeText.IdOf(made.Scope)), ct);
        return made;
    }

    /// <returns>Null; 403 as above; 409 <c>last_administrator</c>, <c>last_owner</c>; 404 <c>assignment_not_found</c> when somebody else was faster.</returns>
    internal async ValueTask<Problem?> TakeAsync(TenantTransaction tx, Assignment held, Role role, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if ((await guard.MayGiveAsync(tx, caller, role.Id, held.Scope, clock.GetUtcNow(), ct) ?? await CheckLastAsync(tx, held, ct)) is { } problem) return problem;
        if (!await HeldRoleStore.TryDeleteAsync(tx, held.Id, ct)) return GrantingProblems.AssignmentNotFound;
        await TellAsync(tx, "role.revoked", held, role, caller, facts, ct);
        await events.PublishAsync(tx, new RoleRevoked(held.Id, held.Holder.IdText, role.Key, ScopeText.Of(held.Scope.Kind), ScopeText.IdOf(held.Scope)), ct);
        return null;
    }

    /// <summary>Moves when a role begins and ends to count.</summary>
    internal async ValueTask<Result<Assignment, Problem>> MoveAsync(TenantTransaction tx, Assignment held, Role role, DateTimeOffset? starts, DateTimeOffset? ends, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if ((CheckPeriod(starts, ends) ?? await guard.MayGiveAsync(tx, caller, role.Id, held.Scope, ends, ct)) is { } problem) return problem;
        if ((starts is not null || ends is not null) && await CheckLastAsync(tx, held, ct) is { } lasting) return lasting;
        if (!await HeldRoleStore.TryMoveAsync(tx, held.Id, starts, ends, ct)) return GrantingProblems.AssignmentNotFound;
        var moved = held with { StartsAt = starts, EndsAt = ends };
        await TellAsync(tx, "role.moved", moved, role, caller, facts, ct);
        return moved;
    }

    private async ValueTask<Problem?> CheckLastAsync(TenantTransaction tx, Assignment held, CancellationToken ct) =>
        held is { Holder.Kind: HolderKind.User, Scope.Kind: ScopeKind.Tenant } && held.Role == SystemRoles.Administrator
            ? await last.CheckAsync(tx, new UserId(held.Holder.Id), ct)
            : held is { Holder.Kind: HolderKind.User, Scope.Kind: ScopeKind.Organization } && held.Role == SystemRoles.OrganizationOwner
                ? await owners.MayRemoveAsync(tx, new OrganizationId(held.Scope.Id), new UserId(held.Holder.Id), ct)
                : held is { Holder.Kind: HolderKind.User, Scope.Kind: ScopeKind.Workspace } && held.Role == SystemRoles.WorkspaceOwner
                    ? await owners.MayLeaveAsync(tx, new WorkspaceId(held.Scope.Id), new UserId(held.Holder.Id), ct) : null;

    private async ValueTask<bool> IsThereAsync(TenantTransaction tx, Holder holder, CancellationToken ct) => holder.Kind switch
    {
        // Held, so that she is not deleted before the role is there.
        HolderKind.User => await users.HoldAsync(tx, new UserId(holder.Id), ct),
        HolderKind.Client => await clients.FindAsync(tx, new ClientId(holder.Id), ct) is not null,
        // One of a user or a client acts with the roles of its owner, and holds none.
        HolderKind.ApiKey => await authority.FindOwnerAsync(tx, new ApiKeyId(holder.Id), ct) is { Kind: KeyOwnerKind.Organization },
        _ => await groups.FindAsync(tx, new GroupId(holder.Id), ct) is not null,
    };

    private Problem? CheckPeriod(DateTimeOffset? starts, DateTimeOffset? ends) =>
        ends is { } end && (end <= clock.GetUtcNow() || end <= starts)
            ? Problem.Invalid("period_invalid", "ends_at lies in the future and after starts_at.", "ends_at") : null;

    private async ValueTask TellAsync(TenantTransaction tx, string action, Assignment what, Role role, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        Dictionary<string, string> details = new() { ["role"] = role.Key, ["assignment"] = what.Id.ToString() };
        if (what.Scope.Kind != ScopeKind.Tenant) details[ScopeText.Of(what.Scope.Kind)] = ScopeText.IdOf(what.Scope)!;
        if (what.StartsAt is { } starts) details["starts_at"] = starts.ToString("O");
        if (what.EndsAt is { } ends) details["ends_at"] = ends.ToString("O");
        await audit.AppendAsync(tx, new(action, AuditOutcome.Success, AuditActor.Of(caller), what.Holder.KindText, what.Holder.IdText, facts, details)
        {
            Organization = what.Scope.Kind == ScopeKind.Organization ? new OrganizationId(what.Scope.Id)
                : what.Scope.Kind == ScopeKind.Workspace ? (await workspaces.FindAsync(tx, new(what.Scope.Id), ct))?.Organization : null,
        }, ct);
        Authority.HoldingChanged(tx, what.Holder);
    }
}
