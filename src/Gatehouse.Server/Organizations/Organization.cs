using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Organizations;

/// <summary>Whether an organization counts: a disabled one is in no token and cannot be chosen; its members and settings stay.</summary>
[JsonConverter(typeof(OrganizationStatusConverter))]
public enum OrganizationStatus { Active, Disabled }

/// <summary><c>active</c>, <c>disabled</c>.</summary>
internal sealed class OrganizationStatusConverter() : JsonStringEnumConverter<OrganizationStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>A company, customer or club inside a tenant. Its members are users of the tenant; one user may belong to several.</summary>
/// <param name="Slug">Its name in addresses and requests; unique in the tenant.</param>
/// <param name="Metadata">The tenant's own facts, a JSON object that fits the tenant's schema.</param>
/// <param name="Version">Rises with every change; the ETag.</param>
public sealed record Organization(OrganizationId Id, string Slug, string DisplayName, OrganizationStatus Status, string Metadata, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public OrganizationSettings Settings { get; init; } = OrganizationSettings.None;
}

/// <summary>One person's membership.</summary>
public sealed record Member(OrganizationId OrganizationId, UserId UserId, DateTimeOffset JoinedAt);

/// <summary>An organization as the management API shows one.</summary>
internal sealed record OrganizationView(OrganizationId Id, string Slug, string DisplayName, OrganizationStatus Status, JsonElement Metadata, OrganizationSettings Settings, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static OrganizationView Of(Organization o) => new(o.Id, o.Slug, o.DisplayName, o.Status, JsonElement.Parse(o.Metadata), o.Settings, o.Version, o.CreatedAt, o.UpdatedAt);
}

/// <summary>What is wrong with a request about organizations.</summary>
public static class OrganizationProblems
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    public static Problem NotFound { get; } = Problem.NotFound("organization_not_found", "This tenant has no such organization.");
    internal static readonly Problem MemberNotFound = Problem.NotFound("member_not_found", "This organization has no such member.");
    internal static readonly Problem UserNotFound = Problem.NotFound("user_not_found", "There is no such user in this tenant.");
    internal static readonly Problem SlugTaken = Problem.Conflict("slug_taken", "Another organization of this tenant has that slug.", "slug");
    internal static readonly Problem MemberExists = Problem.Conflict("member_exists", "She is a member of this organization already.", "user");
    internal static readonly Problem TooMany = Problem.Conflict("memberships_too_many", $"A user belongs to at most {OrganizationDirectory.MaxPerUser} organizations.", "user");
}
