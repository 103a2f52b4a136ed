using Gatehouse.Authorization.Granting;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>The roles that people hold in the tenant as a whole, for rooms that decide by them.</summary>
public sealed class Roles(Authority authority, TimeProvider clock)
{
    public const string Administrator = "administrator", OrganizationOwner = "organization_owner";

    private const string AdministratorsTurn = "holders:administrator";

    /// <summary>Whether the tenant has such a role.</summary>
    public async ValueTask<bool> ExistsAsync(TenantId tenant, string key, CancellationToken ct) =>
        SystemRoles.Find(key) is not null || (await authority.BookAsync(tenant, ct)).Roles.Any(r => r.Key == key);

    /// <summary>Makes somebody an administrator; doing it twice changes nothing.</summary>
    public async ValueTask MakeAdministratorAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await LockAsync(tx, ct);
        await HeldRoleStore.TryInsertAsync(tx, new(AssignmentId.New(clock), Holder.Of(user), SystemRoles.Administrator, RoleScope.Tenant, null, null, "system", clock.Now()), ct);
        Authority.HoldingChanged(tx, Holder.Of(user));
    }

    /// <summary>Nobody becomes an administrator or stops being one until this transaction ends.</summary>
    internal static async ValueTask LockAsync(TenantTransaction tx, CancellationToken ct) => await RoleStore.TakeTurnAsync(tx, AdministratorsTurn, ct);

    /// <summary>Administrators for good and by themselves, not through a group; the first thousand.</summary>
#pragma warning disable CA1822 // asked as one thing, like the other directories
    public ValueTask<List<UserId>> ListAdministratorsAsync(TenantTransaction tx, CancellationToken ct) => HeldRoleStore.ListForGoodAsync(tx, SystemRoles.Administrator, RoleScope.Tenant, ct);
#pragma warning restore CA1822

    public async ValueTask<bool> IsAdministratorAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var held = await HeldNowAsync(tx, user, ct);
        if (held.Count == 0) return false;
        var book = await RoleBook.ReadAsync(tx, ct);
        return held.Exists(h => book.Graph.PermitsEverything(h.Role));
    }

    /// <summary>The keys of all roles she holds now in the whole tenant, those included.</summary>
    public async ValueTask<IReadOnlyList<string>> ListKeysAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var held = await HeldNowAsync(tx, user, ct);
        if (held.Count == 0) return [];
        var book = await RoleBook.ReadAsync(tx, ct);
        return [.. held.SelectMany(h => book.Graph.WithIncluded(h.Role)).Distinct().Select(id => book.Find(new RoleId(id))?.Key).OfType<string>().Order(StringComparer.Ordinal)];
    }

    private async ValueTask<List<HeldRole>> HeldNowAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return [.. (await authority.HeldAsync(tx, Holder.Of(user), ct)).Where(h => h.Scope.Kind == ScopeKind.Tenant && h.IsInForce(now))];
    }

    /// <summary>What she was given in the whole tenant, and when, whether it is in force or not.</summary>
    public async ValueTask<List<(string Role, DateTimeOffset GrantedAt)>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        var given = (await HeldRoleStore.ListOfAsync(tx, Holder.Of(user), ct)).FindAll(a => a.Scope.Kind == ScopeKind.Tenant);
        if (given.Count == 0) return [];
        var book = await RoleBook.ReadAsync(tx, ct);
        return [.. given.Select(a => (book.Find(a.Role)?.Key ?? "", a.CreatedAt)).Where(r => r.Item1.Length > 0).OrderBy(r => r.Item1, StringComparer.Ordinal)];
    }
}
