using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>A tenant as the management API shows it.</summary>
/// <param name="Status"><c>active</c>, <c>suspended</c>, <c>deleting</c>.</param>
/// <param name="DeleteAfter">Until when its deletion can be undone; null: nobody is deleting it.</param>
internal sealed record TenantView(TenantId Id, string Slug, string DisplayName, string Issuer, TenantId? ParentId, string Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? DeleteAfter)
{
    internal static TenantView Of(TenantRow row) =>
        new(row.Id, row.Slug, row.DisplayName, row.Issuer, row.ParentId, row.Standing, row.CreatedAt, row.UpdatedAt, row.DeleteAfter);
}
