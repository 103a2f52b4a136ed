using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;

namespace Gatehouse.Authorization.Granting;

/// <summary>Who can hold a role.</summary>
internal enum HolderKind { User, Client, Group, ApiKey }

/// <summary>Somebody, or a group, who holds roles.</summary>
internal readonly record struct Holder(HolderKind Kind, Guid Id)
{
    internal static Holder Of(UserId user) => new(HolderKind.User, user.Value);
    internal static Holder Of(GroupId group) => new(HolderKind.Group, group.Value);
    internal static Holder Of(ClientId client) => new(HolderKind.Client, client.Value);
    internal static Holder Of(ApiKeyId key) => new(HolderKind.ApiKey, key.Value);

    /// <summary>Whose roles count for a key: its owner's, or its own when it is an organization's.</summary>
    internal static Holder Of(PresentedKey key) => key.Owner.Kind switch { KeyOwnerKind.User => new(HolderKind.User, key.Owner.Id), KeyOwnerKind.Client => new(HolderKind.Client, key.Owner.Id), _ => Of(key.Id) };

    internal string KindText => Kind switch { HolderKind.User => "user", HolderKind.Client => "client", HolderKind.ApiKey => "api_key", _ => "group" };

    internal string IdText => Kind switch { HolderKind.User => new UserId(Id).ToString(), HolderKind.Client => new ClientId(Id).ToString(), HolderKind.ApiKey => new ApiKeyId(Id).ToString(), _ => new GroupId(Id).ToString() };

    /// <returns>Null for what is no id of somebody who could hold a role.</returns>
    internal static Holder? Parse(string? id) =>
        UserId.TryParse(id, out var user) ? Of(user) : ClientId.TryParse(id, out var client) ? Of(client) : GroupId.TryParse(id, out var group) ? Of(group) : ApiKeyId.TryParse(id, out var key) ? Of(key) : null;

    internal static Holder Read(string kind, Guid id) => new(kind switch { "user" => HolderKind.User, "client" => HolderKind.Client, "api_key" => HolderKind.ApiKey, _ => HolderKind.Group }, id);
}

/// <summary>A role that was given to somebody.</summary>
/// <param name="GivenBy">Prefixed id of who gave it, or <c>system</c>.</param>
internal sealed record Assignment(AssignmentId Id, Holder Holder, RoleId Role, RoleScope Scope, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string GivenBy, DateTimeOffset CreatedAt)
{
    internal HeldRole Held(Guid? group = null) => new(Role.Value, Scope, StartsAt, EndsAt, group, Id.Value);
}

/// <summary>The SQL of who holds which role.</summary>
internal static class HeldRoleStore
{
    private const string Columns = "id, holder_kind, holder_id, role_id, scope_kind, scope_id, starts_at, ends_at, given_by, created_at";

    private const string ListOf = $"SELECT {Columns} FROM held_roles WHERE tenant_id = @tenant AND holder_kind = @kind AND holder_id = @holder ORDER BY id LIMIT 1000";
    private const string Select = $"SELECT {Columns} FROM held_roles WHERE tenant_id = @tenant AND id = @id";
    private const string CountAt = "SELECT count(*) FROM held_roles WHERE tenant_id = @tenant AND scope_kind = @scope_kind AND scope_id = @scope";
    private const string CountOf = "SELECT count(*) FROM held_roles WHERE tenant_id = @tenant AND holder_kind = @kind AND holder_id = @holder";

    // Lists, newest first, each on an index that begins with what it asks for.
    private const string ListAll = $"SELECT {Columns} FROM held_roles WHERE tenant_id = @tenant AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string ListByHolder = $"SELECT {Columns} FROM held_roles WHERE tenant_id = @tenant AND holder_kind = @kind AND holder_id = @holder AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string ListByRole = $"SELECT {Columns} FROM held_roles WHERE tenant_id = @tenant AND role_id = @role AND id < @before ORDER BY id DESC LIMIT @limit";
    private const string ListByScope = $"SELECT {Columns} FROM held_roles WHERE tenant_id = @tenant AND scope_kind = @scope_kind AND scope_id = @scope AND id < @before ORDER BY id DESC LIMIT @limit";

    // People who hold it themselves and for good: nobody's group membership or end of term takes the last one away.
    private const string ListForGood = """
        SELECT holder_id FROM held_roles
        WHERE tenant_id = @tenant AND role_id = @role AND holder_kind = 'user' AND scope_kind = @scope_kind AND scope_id = @scope AND starts_at IS NULL AND ends_at IS NULL
        ORDER BY id LIMIT 1000
        """;

    private const string Insert = $"""
        INSERT INTO held_roles (tenant_id, {Columns}) VALUES (@tenant, @id, @kind, @holder, @role, @scope_kind, @scope, @starts, @ends, @by, @now)
        ON CONFLICT (tenant_id, holder_kind, holder_id, role_id, scope_kind, scope_id) DO NOTHING
        """;

    private const string Move = "UPDATE held_roles SET starts_at = @starts, ends_at = @ends WHERE tenant_id = @tenant AND id = @id";
    private const string Delete = "DELETE FROM held_roles WHERE tenant_id = @tenant AND id = @id";
    private const string DeleteOf = "DELETE FROM held_roles WHERE tenant_id = @tenant AND holder_kind = @kind AND holder_id = @holder";
    private const string DeleteOfRole = "DELETE FROM held_roles WHERE tenant_id = @tenant AND role_id = @role";
    private const string DeleteAt = "DELETE FROM held_roles WHERE tenant_id = @tenant AND scope_kind = @scope_kind AND scope_id = @scope";
    private const string DeleteOfAt = "DELETE FROM held_roles WHERE tenant_id = @tenant AND holder_kind = @kind AND holder_id = @holder AND scope_kind = @scope_kind AND scope_id = @scope";

    internal static ValueTask<List<Assignment>> ListOfAsync(TenantTransaction tx, Holder holder, CancellationToken ct) =>
        tx.ListAsync(ListOf, [("kind", holder.KindText), ("holder", holder.Id)], Read, ct);

    internal static async ValueTask<long> CountOfAsync(TenantTransaction tx, Holder holder, CancellationToken ct) =>
        await tx.FindValueAsync(CountOf, [("kind", holder.KindText), ("holder", holder.Id)], row => row.Long(0), ct) ?? 0;

    internal static async ValueTask<long> CountAtAsync(TenantTransaction tx, RoleScope scope, CancellationToken ct) =>
        await tx.FindValueAsync(CountAt, [("scope_kind", ScopeText.Of(scope.Kind)), ("scope", scope.Id)], row => row.Long(0), ct) ?? 0;

    internal static ValueTask<Assignment?> FindAsync(TenantTransaction tx, AssignmentId id, CancellationToken ct) => tx.FindAsync(Select, [("id", id)], Read, ct);

    internal static ValueTask<List<Assignment>> ListAsync(TenantTransaction tx, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListAll, [("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Assignment>> ListByHolderAsync(TenantTransaction tx, Holder holder, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListByHolder, [("kind", holder.KindText), ("holder", holder.Id), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Assignment>> ListByRoleAsync(TenantTransaction tx, RoleId role, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListByRole, [("role", role), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    internal static ValueTask<List<Assignment>> ListByScopeAsync(TenantTransaction tx, RoleScope scope, Guid? before, int limit, CancellationToken ct) =>
        tx.ListAsync(ListByScope, [("scope_kind", ScopeText.Of(scope.Kind)), ("scope", scope.Id), ("before", before ?? Guid.AllBitsSet), ("limit", limit)], Read, ct);

    /// <summary>Who holds it there without beginning or end, and not through a group; the first thousand.</summary>
    internal static ValueTask<List<UserId>> ListForGoodAsync(TenantTransaction tx, RoleId role, RoleScope scope, CancellationToken ct) =>
        tx.ListAsync(ListForGood, [("role", role), ("scope_kind", ScopeText.Of(scope.Kind)), ("scope", scope.Id)], row => row.Id<UserId>(0), ct);

    /// <returns>False when the holder has that role there already.</returns>
    internal static async ValueTask<bool> TryInsertAsync(TenantTransaction tx, Assignment wanted, CancellationToken ct) =>
        await tx.ExecuteAsync(Insert,
            [("id", wanted.Id), ("kind", wanted.Holder.KindText), ("holder", wanted.Holder.Id), ("role", wanted.Role), ("scope_kind", ScopeText.Of(wanted.Scope.Kind)), ("scope", wanted.Scope.Id),
             ("starts", wanted.StartsAt), ("ends", wanted.EndsAt), ("by", wanted.GivenBy), ("now", wanted.CreatedAt)], ct) == 1;

    internal static async ValueTask<bool> TryMoveAsync(TenantTransaction tx, AssignmentId id, DateTimeOffset? starts, DateTimeOffset? ends, CancellationToken ct) =>
        await tx.ExecuteAsync(Move, [("starts", starts), ("ends", ends), ("id", id)], ct) == 1;

    internal static async ValueTask<bool> TryDeleteAsync(TenantTransaction tx, AssignmentId id, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("id", id)], ct) == 1;

    internal static ValueTask<int> DeleteOfAsync(TenantTransaction tx, Holder holder, CancellationToken ct) =>
        tx.ExecuteAsync(DeleteOf, [("kind", holder.KindText), ("holder", holder.Id)], ct);

    internal static ValueTask<int> DeleteOfRoleAsync(TenantTransaction tx, RoleId role, CancellationToken ct) => tx.ExecuteAsync(DeleteOfRole, [("role", role)], ct);

    internal static ValueTask<int> DeleteAtAsync(TenantTransaction tx, RoleScope scope, CancellationToken ct) =>
        tx.ExecuteAsync(DeleteAt, [("scope_kind", ScopeText.Of(scope.Kind)), ("scope", scope.Id)], ct);

    internal static ValueTask<int> DeleteOfAtAsync(TenantTransaction tx, Holder holder, RoleScope scope, CancellationToken ct) =>
        tx.ExecuteAsync(DeleteOfAt, [("kind", holder.KindText), ("holder", holder.Id), ("scope_kind", ScopeText.Of(scope.Kind)), ("scope", scope.Id)], ct);

    private static Assignment Read(SqlRow row) => new(row.Id<AssignmentId>(0), Holder.Read(row.Text(1), row.Guid(2)), row.Id<RoleId>(3),
        new RoleScope(ScopeText.Parse(row.Text(4))!.Value, row.Guid(5)), row.TimeOrNull(6), row.TimeOrNull(7), row.Text(8), row.Time(9));
}
