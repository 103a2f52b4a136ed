using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>What later rooms may ask of tenants. Answers from memory; changes arrive within a second everywhere.</summary>
public sealed class TenantDirectory
{
    /// <summary>
    /// Host, then subdomain, then path. A match by path also says how much of the path named the tenant. Suspended tenants are found
    /// too: the caller answers for them.
    /// </summary>
    public ValueTask<(TenantContext Tenant, string PathBase)?> ResolveAsync(string host, string path, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<TenantContext?> FindAsync(TenantId id, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Every active tenant's id, oldest first, for background work; a page at a time.</summary>
    public ValueTask<IReadOnlyList<TenantId>> ListActiveAsync(TenantId? after, int limit, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Whether <paramref name="ancestor"/> is, or stands above, <paramref name="descendant"/> in the tree.</summary>
    public ValueTask<bool> IsSelfOrAncestorAsync(TenantId ancestor, TenantId descendant, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>What makes a new tenant complete: each room that must act when one is created (keys, data key, system API) registers one.</summary>
public interface ITenantInitializer
{
    ValueTask InitializeAsync(TenantTransaction tx, TenantContext tenant, CancellationToken ct);
}

/// <summary>Creates tenants for rooms later in the order (first-run set-up, bootstrap).</summary>
public sealed class TenantCreation
{
    /// <summary>Inserts the tenant with its domain and runs every <see cref="ITenantInitializer"/>, all in the caller's transaction.</summary>
    /// <param name="issuer">Canonical base URL without trailing slash.</param>
    /// <returns>The context, or <c>slug_taken</c>, <c>domain_taken</c>, <c>slug_invalid</c>, <c>issuer_invalid</c>, <c>display_name_invalid</c>.</returns>
    public ValueTask<Result<TenantContext, Problem>> CreateAsync(SystemTransaction tx, string slug, string displayName, string issuer, TenantId? parent, CancellationToken ct) => throw new NotImplementedException();
}
