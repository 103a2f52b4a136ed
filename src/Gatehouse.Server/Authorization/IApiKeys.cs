using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Whose a key can be.</summary>
public enum KeyOwnerKind { User, Client, Organization }

/// <summary>Whose a key is.</summary>
public readonly record struct KeyOwner(KeyOwnerKind Kind, Guid Id)
{
    public string KindText => Kind switch { KeyOwnerKind.User => "user", KeyOwnerKind.Client => "client", _ => "organization" };

    public string IdText => Kind switch { KeyOwnerKind.User => new UserId(Id).ToString(), KeyOwnerKind.Client => new ClientId(Id).ToString(), _ => new OrganizationId(Id).ToString() };

    public OrganizationId? Organization => Kind == KeyOwnerKind.Organization ? new OrganizationId(Id) : null;

    /// <returns>Null for what is no id of one who can own a key.</returns>
    public static KeyOwner? Parse(string? id) =>
        UserId.TryParse(id, out var user) ? new(KeyOwnerKind.User, user.Value)
        : ClientId.TryParse(id, out var client) ? new(KeyOwnerKind.Client, client.Value)
        : OrganizationId.TryParse(id, out var organization) ? new(KeyOwnerKind.Organization, organization.Value) : null;

    public static KeyOwner Read(string kind, Guid id) => new(kind switch { "user" => KeyOwnerKind.User, "client" => KeyOwnerKind.Client, _ => KeyOwnerKind.Organization }, id);
}

/// <summary>A key that is good by itself; not yet whether its owner still is.</summary>
/// <param name="Scopes">The most it may do.</param>
/// <param name="EndsAt">When it ends, or the secret of it that was shown.</param>
public sealed record PresentedKey(ApiKeyId Id, KeyOwner Owner, IReadOnlyList<string> Scopes, DateTimeOffset EndsAt);

/// <summary>API keys as this room needs them. Implemented by the room that keeps them.</summary>
public interface IApiKeys
{
    /// <summary>Whether a text is written as keys are: nothing of it is looked up.</summary>
    bool IsKey(ReadOnlySpan<char> presented);

    /// <summary>The key with this secret, if it is good now and may be used from there; from memory.</summary>
    /// <param name="address">Where it was presented from; null where nobody knows.</param>
    ValueTask<PresentedKey?> FindAsync(TenantId tenant, string presented, string? address, CancellationToken ct);

    /// <summary>The same as this transaction sees it: what was revoked or changed a moment ago is.</summary>
    ValueTask<PresentedKey?> FindAsync(TenantTransaction tx, string presented, string? address, CancellationToken ct);

    /// <summary>A key by its id, as this transaction sees it; null when it has ended.</summary>
    ValueTask<PresentedKey?> FindAsync(TenantTransaction tx, ApiKeyId key, CancellationToken ct);
}
