using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>Creates tenants below another for later rooms, where nobody calls the management API.</summary>
public sealed class ChildTenants(TenantDirectory tenants, TenantCreation creation, AuditLog audit, EventOutbox events)
{
    /// <returns>Null, or <c>slug_invalid</c>, <c>display_name_invalid</c>.</returns>
    public static Problem? Check(string? slug, string? displayName) =>
        !TenantSlug.IsValid(slug) ? Problem.Invalid("slug_invalid", "A slug has 1 to 63 lower-case letters, digits and inner hyphens.", "slug") : TenantCreation.CheckDisplayName(displayName);

    /// <inheritdoc cref="TenantCreation.Prepare"/>
    public TenantSupplies Prepare() => creation.Prepare();

    /// <summary>At <c>/t/{slug}</c> below the root tenant's address. Written into both audits; the caller commits.</summary>
    /// <param name="supplies">From <see cref="Prepare"/>, for this attempt alone.</param>
    /// <returns>The new tenant; or <c>tenant_not_found</c> where the parent is going or gone, <c>slug_taken</c>, <c>domain_taken</c> and what <see cref="Check"/> says.</returns>
    public async ValueTask<Result<TenantContext, Problem>> CreateAsync(SystemTransaction tx, TenantSupplies supplies, TenantContext parent, string slug, string displayName, AuditActor actor, RequestFacts facts, CancellationToken ct)
    {
        // Holds the parent until commit, so that it cannot be deleted between this look and the child's birth.
        if (!await TenantStore.TouchAsync(tx, parent.Id, ct)) return TenantChange.Unknown;
        var root = parent;
        while (root.ParentId is { } id && await tenants.FindAsync(id, ct) is { } above) root = above;
        if (!(await creation.CreateAsync(tx, supplies, slug, displayName, $"{root.Issuer}/t/{slug}", parent.Id, ct)).TryGet(out var made, out var problem)) return problem;
        var entry = new AuditEntry("tenant.created", AuditOutcome.Success, actor, "tenant", made.Id.ToString(), facts);
        await audit.AppendAsync(tx.For(parent.Id), entry, ct);
        await audit.AppendAsync(tx.For(made.Id), entry, ct);
        await events.PublishAsync(tx.For(made.Id), new TenantCreated(made.Id, parent.Id, slug), ct);
        return made;
    }
}
