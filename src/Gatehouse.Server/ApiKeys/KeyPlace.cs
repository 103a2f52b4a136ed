using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.ApiKeys;

/// <summary>Whose keys a route is about: those of the organization in its path, or all of the tenant.</summary>
/// <param name="Organization">Null where the path names none.</param>
/// <param name="IsUnreadable">The path names something that is no organization's id.</param>
internal sealed record KeyPlace(OrganizationId? Organization, bool IsUnreadable)
{
    internal static readonly Problem OrganizationNotFound = Problem.NotFound("organization_not_found", "This tenant has no such organization.");

    internal KeyOwner? Owner => Organization is { } organization ? new(KeyOwnerKind.Organization, organization.Value) : null;

    public static ValueTask<KeyPlace?> BindAsync(HttpContext http) => ValueTask.FromResult<KeyPlace?>(
        http.Request.RouteValues["organization"] is not string text ? new(null, false)
        : OrganizationId.TryParse(text, out var id) ? new(id, false) : new(null, true));

    /// <summary>The key, if it is one that this route speaks of: below an organization only that organization's.</summary>
    internal async ValueTask<ApiKey?> FindAsync(TenantTransaction tx, string key, CancellationToken ct) =>
        !IsUnreadable && ApiKeyId.TryParse(key, out var id) && await ApiKeyStore.FindAsync(tx, id, ct) is { } found && (Owner is null || found.Owner == Owner) ? found : null;

    internal string PathOf(ApiKeyId key) => Organization is { } organization ? $"/api/v1/organizations/{organization}/api-keys/{key}" : $"/api/v1/api-keys/{key}";
}

/// <summary>Entries about a key name its owner, and the organization whose it is.</summary>
internal static class KeyAudit
{
    internal static AuditEntry Of(string action, ApiKey key, AuditActor actor, RequestFacts facts, params ReadOnlySpan<(string Name, string Value)> more)
    {
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["owner"] = key.Owner.IdText, ["prefix"] = key.Prefix };
        foreach (var (name, value) in more) details[name] = value;
        return new(action, AuditOutcome.Success, actor, "api_key", key.Id.ToString(), facts, details) { Organization = key.Owner.Organization };
    }
}
