using Gatehouse.Authorization;
using Gatehouse.Kernel;

namespace Gatehouse.ApiKeys;

/// <summary>A secret that a program acts with, in the name of its owner.</summary>
/// <param name="Prefix">The beginning of its secret, to tell keys apart.</param>
/// <param name="Scopes">The most it may do: permissions of the management API or of the tenant's own APIs.</param>
/// <param name="AllowedAddresses">Networks from which it may be used; none: from everywhere.</param>
/// <param name="CreatedBy">Prefixed id of who made it.</param>
internal sealed record ApiKey(ApiKeyId Id, KeyOwner Owner, string Name, string Prefix, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedAddresses, DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? RotatedAt, DateTimeOffset? LastUsedAt, string? LastUsedFrom, string CreatedBy, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal string StatusAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : now >= ExpiresAt ? "expired" : "active";
}

/// <param name="Kind"><c>user</c>, <c>client</c> or <c>organization</c>.</param>
internal sealed record OwnerView(string Kind, string Id)
{
    internal static OwnerView Of(KeyOwner owner) => new(owner.KindText, owner.IdText);
}

/// <summary>A key as the management API shows it: never its secret.</summary>
/// <param name="Prefix">The beginning of its secret.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>; an active one is good only while its owner is.</param>
/// <param name="LastUsedAt">To within a minute or so.</param>
internal sealed record ApiKeyView(ApiKeyId Id, string Name, OwnerView Owner, string Prefix, string Status, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedAddresses, DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? RotatedAt, DateTimeOffset? LastUsedAt, string? LastUsedFrom, string CreatedBy, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static ApiKeyView Of(ApiKey key, DateTimeOffset now) =>
        new(key.Id, key.Name, OwnerView.Of(key.Owner), key.Prefix, key.StatusAt(now), key.Scopes, key.AllowedAddresses, key.ExpiresAt, key.RevokedAt, key.RotatedAt, key.LastUsedAt, key.LastUsedFrom,
            key.CreatedBy, key.Version, key.CreatedAt, key.UpdatedAt);
}

internal static class KeyProblems
{
    /// <summary>Absent, another organization's or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("api_key_not_found", "There is no such API key here.");

    internal static readonly Problem Ended = Problem.Conflict("api_key_ended", "The API key was revoked or has expired. Make a new one.");
}

/// <summary>What must be true of a key.</summary>
internal static class KeyRules
{
    internal const int MaxName = 100, MaxScopes = 100, MaxRoles = 10;

    internal static Problem? Check(string name, IReadOnlyList<string> scopes) =>
        name.Length is 0 or > MaxName || name.Any(char.IsControl) ? Problem.Invalid("name_invalid", $"name has 1 to {MaxName} characters and no control characters.", "name")
        : scopes.Count is 0 or > MaxScopes || scopes.Any(s => string.IsNullOrEmpty(s) || s.Length > 200) || scopes.Distinct(StringComparer.Ordinal).Count() != scopes.Count
            ? Problem.Invalid("scopes_invalid", $"scopes names 1 to {MaxScopes} permissions, each once.", "scopes")
        : null;

    internal static Problem? CheckExpiry(DateTimeOffset expires, DateTimeOffset now, int maxDays) =>
        expires <= now || expires > now.AddDays(maxDays) ? Problem.Invalid("expires_at_invalid", $"expires_at lies in the future, and here at most {maxDays} days ahead.", "expires_at") : null;
}
