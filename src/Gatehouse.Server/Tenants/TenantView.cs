using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>A tenant as the management API shows it.</summary>
internal sealed record TenantView(TenantId Id, string Slug, string DisplayName, string Issuer, TenantId? ParentId, string Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static TenantView Of(TenantRow row) =>
        new(row.Id, row.Slug, row.DisplayName, row.Issuer, row.ParentId, row.Status == TenantStatus.Active ? "active" : "suspended", row.CreatedAt, row.UpdatedAt);
}
