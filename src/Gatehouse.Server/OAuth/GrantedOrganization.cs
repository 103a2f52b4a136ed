using System.Text.Json;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>
/// The organization that a grant is for, as it is now. Grants end with the membership, in its transaction; and each exchange looks again, so that a grant that was
/// just being made then gives nothing.
/// </summary>
internal sealed class GrantedOrganization(OrganizationDirectory organizations, GrantRevocation grants) :
    IEventSubscriber<MemberRemoved>, IEventSubscriber<OrganizationDisabled>, IEventSubscriber<OrganizationDeleted>
{
    /// <returns>False when the grant is for one that she does not belong to any more: then it gives nothing.</returns>
    internal async ValueTask<(bool Holds, Organization? Organization)> FindAsync(TenantTransaction tx, Grant grant, CancellationToken ct)
    {
        if (grant.OrganizationId is not { } id) return (true, null);
        var organization = await organizations.FindActiveAsync(tx, id, grant.UserId, ct);
        return (organization is not null, organization);
    }

    public ValueTask HandleAsync(TenantTransaction tx, MemberRemoved occurrence, CancellationToken ct) => grants.RevokeAsync(tx, occurrence.OrganizationId, occurrence.UserId, "member_removed", ct);

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationDisabled occurrence, CancellationToken ct) => grants.RevokeAsync(tx, occurrence.OrganizationId, null, "organization_disabled", ct);

    public ValueTask HandleAsync(TenantTransaction tx, OrganizationDeleted occurrence, CancellationToken ct) => grants.RevokeAsync(tx, occurrence.OrganizationId, null, "organization_deleted", ct);

    /// <summary>The claim: what an application may know of it.</summary>
    internal static void Write(Utf8JsonWriter json, Organization organization)
    {
        json.WriteStartObject("organization"u8);
        json.WriteString("id"u8, organization.Id.ToString());
        json.WriteString("slug"u8, organization.Slug);
        json.WriteString("name"u8, organization.DisplayName);
        json.WriteEndObject();
    }
}

internal static class GrantDetails
{
    /// <summary>Adds the organization, so that its own administrators can be shown the entry.</summary>
    internal static Dictionary<string, string> With(this Dictionary<string, string> details, OrganizationId? organization)
    {
        if (organization is { } id) details["organization"] = id.ToString();
        return details;
    }
}
