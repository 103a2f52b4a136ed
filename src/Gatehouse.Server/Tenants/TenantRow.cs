using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>A tenant as it is stored.</summary>
/// <param name="Settings">JSON of what differs from the defaults.</param>
internal sealed record TenantRow(TenantId Id, string Slug, string DisplayName, string Issuer, TenantId? ParentId, TenantStatus Status,
    string Settings, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal TenantContext ToContext() =>
        new(Id, Slug, DisplayName, Issuer, Status, ParentId, TenantSettingsDocument.Read(Settings));
}
