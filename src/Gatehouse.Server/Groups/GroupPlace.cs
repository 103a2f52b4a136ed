using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Groups;

/// <summary>Whose groups a route is about: those of the organization in its path, or the tenant's own and, for who may everywhere, all.</summary>
/// <param name="Organization">Null where the path names none.</param>
/// <param name="IsUnreadable">The path names something that is no organization's id.</param>
internal sealed record GroupPlace(OrganizationId? Organization, bool IsUnreadable)
{
    public static ValueTask<GroupPlace?> BindAsync(HttpContext http) => ValueTask.FromResult<GroupPlace?>(
        http.Request.RouteValues["organization"] is not string text ? new(null, false)
        : OrganizationId.TryParse(text, out var id) ? new(id, false) : new(null, true));

    /// <summary>The group, if it is one that this route speaks of: below an organization only that organization's.</summary>
    internal async ValueTask<Group?> FindAsync(TenantTransaction tx, string group, CancellationToken ct) =>
        !IsUnreadable && GroupId.TryParse(group, out var id) && await GroupStore.FindAsync(tx, id, ct) is { } found && (Organization is null || found.Organization == Organization) ? found : null;

    internal string PathOf(GroupId group) => Organization is { } organization ? $"/api/v1/organizations/{organization}/groups/{group}" : $"/api/v1/groups/{group}";
}

/// <summary>Entries about a group name the organization whose it is.</summary>
internal static class GroupAudit
{
    internal static AuditEntry Of(string action, Group group, Caller caller, RequestFacts facts, params ReadOnlySpan<(string Name, string Value)> more) => Of(action, group, AuditActor.Of(caller), facts, more);

    internal static AuditEntry Of(string action, Group group, AuditActor actor, RequestFacts facts, params ReadOnlySpan<(string Name, string Value)> more)
    {
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["name"] = group.Name };
        if (group.Organization is { } organization) details["organization"] = organization.ToString();
        foreach (var (name, value) in more) details[name] = value;
        return new(action, AuditOutcome.Success, actor, "group", group.Id.ToString(), facts, details) { Organization = group.Organization };
    }
}
