namespace Gatehouse.Protocols.Rbac;

/// <summary>What a role is held for.</summary>
public enum ScopeKind
{
    /// <summary>The whole tenant, and so all that is in it.</summary>
    Tenant,

    /// <summary>One organization and the workspaces in it.</summary>
    Organization,

    /// <summary>One workspace.</summary>
    Workspace,

    /// <summary>One application, wherever it is used.</summary>
    Application,
}

/// <summary>Where a role is held. <paramref name="Id"/> is empty for the tenant.</summary>
public readonly record struct RoleScope(ScopeKind Kind, Guid Id)
{
    public static RoleScope Tenant => default;
}

/// <summary>What something is about to happen to: the organization, workspace and application it concerns, as far as there are any.</summary>
/// <param name="Organization">Also where <paramref name="Workspace"/> is one of an organization's: the caller says whose it is.</param>
public readonly record struct Place(Guid? Organization, Guid? Workspace, Guid? Application)
{
    /// <summary>Whether what is held there is held here.</summary>
    public bool IsWithin(RoleScope scope) => scope.Kind switch
    {
        ScopeKind.Tenant => true,
        ScopeKind.Organization => Organization == scope.Id,
        ScopeKind.Workspace => Workspace == scope.Id,
        ScopeKind.Application => Application == scope.Id,
        _ => false,
    };
}

/// <summary>One role that somebody holds.</summary>
/// <param name="StartsAt">The first moment at which it counts; null: from the beginning.</param>
/// <param name="EndsAt">The first moment at which it no longer counts; null: without end.</param>
/// <param name="Group">The group through which she holds it; null where it is her own.</param>
/// <param name="Assignment">Names it in explanations.</param>
public sealed record HeldRole(Guid Role, RoleScope Scope, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, Guid? Group, Guid Assignment)
{
    public bool IsInForce(DateTimeOffset now) => (StartsAt is not { } start || start <= now) && (EndsAt is not { } end || now < end);
}

/// <summary>Why somebody may do something.</summary>
/// <param name="Held">What she holds.</param>
/// <param name="Roles">The chain of inclusions from that role to the one that names the permission.</param>
public sealed record PermissionReason(HeldRole Held, IReadOnlyList<Guid> Roles);

/// <summary>Asks a graph about somebody's roles.</summary>
public static class Holdings
{
    /// <summary>Whether one of the roles permits it here and now.</summary>
    public static bool Permit(this RoleGraph graph, IReadOnlyList<HeldRole> held, string permission, Place place, DateTimeOffset now)
    {
        var number = graph.NumberOf(permission);
        for (var i = 0; i < held.Count; i++)
            if (graph.Permits(held[i].Role, number) && place.IsWithin(held[i].Scope) && held[i].IsInForce(now)) return true;
        return false;
    }

    /// <summary>Whether all that a role permits is held in a scope, now: what whoever gives it there must hold herself.</summary>
    public static bool Cover(this RoleGraph graph, IReadOnlyList<HeldRole> held, Guid role, Place place, DateTimeOffset now) =>
        graph.Covers([.. held.Where(h => place.IsWithin(h.Scope) && h.IsInForce(now)).Select(h => h.Role)], role);

    /// <summary>Every permission that is held here and now, each with all of its reasons. Of a role that permits everything: all that the graph names.</summary>
    public static SortedDictionary<string, List<PermissionReason>> ListEffective(this RoleGraph graph, IReadOnlyList<HeldRole> held, Place place, DateTimeOffset now)
    {
        SortedDictionary<string, List<PermissionReason>> effective = new(StringComparer.Ordinal);
        foreach (var own in held)
        {
            if (!place.IsWithin(own.Scope) || !own.IsInForce(now)) continue;
            foreach (var permission in graph.PermissionsOf(own.Role))
            {
                if (!effective.TryGetValue(permission, out var reasons)) effective.Add(permission, reasons = []);
                reasons.Add(new(own, graph.Explain(own.Role, permission)));
            }
        }
        return effective;
    }
}
