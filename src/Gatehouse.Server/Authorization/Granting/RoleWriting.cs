using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Http;
using Gatehouse.Storage;

namespace Gatehouse.Authorization.Granting;

/// <summary>
/// Making and changing roles, in the caller's transaction; after a problem the caller does not commit. All who do take turns in a tenant, so that two
/// changes, each right by itself, never make a ring together.
/// </summary>
internal sealed class RoleWriting(GrantGuard guard, TimeProvider clock)
{
    private const string Turn = "roles";

    /// <summary>The roles as they are, while nobody else changes them.</summary>
    internal static async ValueTask<RoleBook> BeginAsync(TenantTransaction tx, CancellationToken ct)
    {
        await RoleStore.TakeTurnAsync(tx, Turn, ct);
        return await RoleBook.ReadAsync(tx, ct);
    }

    internal async ValueTask<Result<Role, Problem>> CreateAsync(TenantTransaction tx, RoleBook book, Role wanted, Caller caller, CancellationToken ct)
    {
        if ((RoleRules.CheckKey(wanted.Key) ?? RoleRules.Check(wanted)) is { } problem) return problem;
        if (book.Roles.Count - SystemRoles.All.Count >= RoleRules.MaxRoles) return Problem.Conflict("roles_too_many", $"A tenant has at most {RoleRules.MaxRoles} roles of its own.");
        if (await guard.MayAddAsync(tx, caller, [.. wanted.Permissions], [.. wanted.Includes], ct) is { } escalation) return escalation;
        var now = clock.Now();
        wanted = wanted with { CreatedAt = now, UpdatedAt = now };
        if (!await RoleStore.TryInsertAsync(tx, wanted, ct)) return Problem.Conflict("role_key_taken", "Another role of this tenant has that key.", "key");
        if (await WriteListsAsync(tx, wanted with { Permissions = [], Includes = [] }, wanted, ct) is { } unknown) return unknown;
        Authority.RolesChanged(tx);
        return wanted;
    }

    internal async ValueTask<Result<Role, Problem>> UpdateAsync(TenantTransaction tx, RoleBook book, Role before, Role wanted, Caller caller, CancellationToken ct)
    {
        if (before.System) return GrantingProblems.RoleSystem;
        if (RoleRules.Check(wanted) is { } problem) return problem;
        if (Ring(book, wanted) is { } ring) return ring;
        if (await guard.MayAddAsync(tx, caller, [.. wanted.Permissions.Except(before.Permissions, StringComparer.Ordinal), .. before.Permissions.Except(wanted.Permissions, StringComparer.Ordinal)],
            [.. wanted.Includes.Except(before.Includes), .. before.Includes.Except(wanted.Includes)], ct) is { } escalation) return escalation;
        var now = clock.Now();
        if (!await RoleStore.TryUpdateAsync(tx, wanted, now, ct)) return ETags.Changed;
        if (await WriteListsAsync(tx, before, wanted, ct) is { } unknown) return unknown;
        Authority.RolesChanged(tx);
        return wanted with { Version = wanted.Version + 1, UpdatedAt = now };
    }

    /// <summary>Ends the role for all who hold it and takes it out of the roles that include it.</summary>
    internal async ValueTask<Problem?> DeleteAsync(TenantTransaction tx, Role role, Caller caller, CancellationToken ct)
    {
        if (role.System) return GrantingProblems.RoleSystem;
        if (await guard.MayAddAsync(tx, caller, [], [role.Id], ct) is { } escalation) return escalation;
        await HeldRoleStore.DeleteOfRoleAsync(tx, role.Id, ct);
        if (!await RoleStore.TryDeleteAsync(tx, role, ct)) return ETags.Changed;
        Authority.RolesChanged(tx);
        Authority.HoldingsChanged(tx);
        return null;
    }

    private static Problem? Ring(RoleBook book, Role wanted)
    {
        var changed = book.Roles.Where(r => r.Id != wanted.Id).Append(wanted).Select(r => r.Definition).ToList();
        if (RoleGraph.TryBuild(changed, out _, out var cycle)) return null;
        var names = string.Join(" → ", cycle.Append(cycle[0]).Select(id => book.Find(new RoleId(id))?.Key ?? wanted.Key));
        return Problem.Conflict("role_cycle", $"Roles would include each other in a ring: {names}.", "includes");
    }

    private static async ValueTask<Problem?> WriteListsAsync(TenantTransaction tx, Role before, Role wanted, CancellationToken ct)
    {
        foreach (var gone in before.Permissions.Except(wanted.Permissions, StringComparer.Ordinal)) await RoleStore.RemovePermissionAsync(tx, wanted.Id, gone, ct);
        foreach (var added in wanted.Permissions.Except(before.Permissions, StringComparer.Ordinal))
            if (!await RoleStore.TryAddPermissionAsync(tx, wanted.Id, added, Applications.ScopeName.Management.Contains(added), ct))
                return Problem.Invalid("permission_unknown", $"No API of this tenant has registered the permission {added}.", "permissions");
        foreach (var gone in before.Includes.Except(wanted.Includes)) await RoleStore.RemoveInclusionAsync(tx, wanted.Id, gone, ct);
        foreach (var added in wanted.Includes.Except(before.Includes)) await RoleStore.AddInclusionAsync(tx, wanted.Id, added, ct);
        return null;
    }
}
