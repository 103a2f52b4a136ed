using Gatehouse.Caching;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Tenants;

/// <summary>What makes a new tenant complete: each room that must act when one is created (keys, data key, system API) registers one.</summary>
public interface ITenantInitializer
{
    ValueTask InitializeAsync(TenantTransaction tx, TenantContext tenant, CancellationToken ct);
}

/// <summary>Creates tenants for rooms later in the order (first-run set-up, bootstrap).</summary>
public sealed class TenantCreation
{
    private const int MaxDisplayName = 100;
    private readonly TenantVault vault;
    private readonly IEnumerable<ITenantPreparation> preparations;
    private readonly IEnumerable<ITenantInitializer> initializers;
    private readonly TimeProvider clock;

    public TenantCreation(TenantVault vault, IEnumerable<ITenantPreparation> preparations, IEnumerable<ITenantInitializer> initializers, TimeProvider clock) =>
        (this.vault, this.preparations, this.initializers, this.clock) = (vault, preparations, initializers, clock);

    /// <summary>Makes what takes long. Called before the transaction begins, and after what is refused without one; disposed when the transaction is over.</summary>
    public TenantSupplies Prepare() => new([.. preparations.Select(p => p.Prepare())]);

    /// <summary>Inserts the tenant with its domain and runs every <see cref="ITenantInitializer"/>, all in the caller's transaction.</summary>
    /// <param name="supplies">From <see cref="Prepare"/>, for this attempt alone.</param>
    /// <param name="issuer">Canonical base URL without trailing slash.</param>
    /// <returns>The context, or <c>slug_taken</c>, <c>domain_taken</c>, <c>slug_invalid</c>, <c>issuer_invalid</c>, <c>display_name_invalid</c>.</returns>
    public async ValueTask<Result<TenantContext, Problem>> CreateAsync(SystemTransaction tx, TenantSupplies supplies, string slug, string displayName, string issuer, TenantId? parent, CancellationToken ct)
    {
        if (!TenantSlug.IsValid(slug))
            return Problem.Invalid("slug_invalid", "A slug has 1 to 63 lower-case letters, digits and inner hyphens.", "slug");
        if (CheckDisplayName(displayName) is { } badName) return badName;
        if (!TenantAddress.Parse(issuer).TryGet(out var address, out var badIssuer)) return badIssuer;
        if (address.Path.Length > 0 && address.Path != $"/t/{slug}")
            return Problem.Invalid("issuer_invalid", "The path of a tenant's base URL is empty or /t/ and its own slug.", "issuer");

        var now = clock.Now();
        var row = new TenantRow(TenantId.New(clock), slug, displayName.Trim(), issuer, parent, TenantStatus.Active, "{}", 1, now, now);
        if (!await TenantStore.TryInsertAsync(tx, row, ct)) return Problem.Conflict("slug_taken", "Another tenant has that slug.", "slug");
        if (!await TenantStore.TryInsertDomainAsync(tx, row.Id, address, canonical: true, now, ct))
            return Problem.Conflict("domain_taken", "Another tenant answers at that address.", "issuer");

        var tenant = row.ToContext();
        var narrowed = tx.For(tenant.Id);
        await vault.CreateDataKeyAsync(narrowed, ct);
        foreach (var initializer in supplies.Prepared.Concat(initializers)) await initializer.InitializeAsync(narrowed, tenant, ct);
        tx.Announce(CacheTopic.All(tenant.Id, TenantDirectory.Topic));
        return tenant;
    }

    internal static Problem? CheckDisplayName(string? text) =>
        string.IsNullOrWhiteSpace(text) || text.Trim().Length > MaxDisplayName || text.Any(char.IsControl)
            ? Problem.Invalid("display_name_invalid", $"A display name has 1 to {MaxDisplayName} printable characters.", "display_name")
            : null;
}
