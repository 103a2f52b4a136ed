using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>A tenant as it is stored.</summary>
/// <param name="Settings">JSON of what differs from the defaults.</param>
internal sealed record TenantRow(TenantId Id, string Slug, string DisplayName, string Issuer, TenantId? ParentId, TenantStatus Status,
    string Settings, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Until when its deletion can be undone; null: nobody is deleting it.</summary>
    internal DateTimeOffset? DeleteAfter { get; init; }

    /// <summary><c>active</c>, <c>suspended</c>, <c>deleting</c>.</summary>
    internal string Standing => DeleteAfter is not null ? "deleting" : Status == TenantStatus.Active ? "active" : "suspended";

    /// <summary>What is being deleted answers as what is suspended does.</summary>
    internal TenantContext ToContext() =>
        new(Id, Slug, DisplayName, Issuer, DeleteAfter is null ? Status : TenantStatus.Suspended, ParentId, TenantSettingsDocument.Read(Settings));
}
