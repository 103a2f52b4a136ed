using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Authorization;

/// <summary>Who holds which role. So far one role: <c>administrator</c>, who may do everything in her tenant and in those below it.</summary>
public sealed class Roles(TimeProvider clock)
{
    public const string Administrator = "administrator";

    private const string Assign = """
        INSERT INTO role_assignments (tenant_id, user_id, role, created_at) VALUES (@tenant, @user, @role, @now)
        ON CONFLICT (tenant_id, user_id, role) DO NOTHING
        """;

    private const string CountOneMore = """
        INSERT INTO role_holders (tenant_id, role, holders) VALUES (@tenant, @role, 1)
        ON CONFLICT (tenant_id, role) DO UPDATE SET holders = role_holders.holders + 1
        """;

    private const string CountOneLess = "UPDATE role_holders SET holders = holders - 1 WHERE tenant_id = @tenant AND role = @role";

    // Changes nothing and takes the row's lock: whoever decides on who holds a role takes turns with all who change it.
    private const string Lock = "UPDATE role_holders SET holders = holders WHERE tenant_id = @tenant AND role = @role";

    private const string Unassign = "DELETE FROM role_assignments WHERE tenant_id = @tenant AND user_id = @user AND role = @role";

    private const string Held = "SELECT 1 FROM role_assignments WHERE tenant_id = @tenant AND user_id = @user AND role = @role";

    private const string ListOfUser = "SELECT role, created_at FROM role_assignments WHERE tenant_id = @tenant AND user_id = @user ORDER BY role LIMIT 100";

    private const string ListHolders = "SELECT user_id FROM role_assignments WHERE tenant_id = @tenant AND role = @role ORDER BY user_id LIMIT 1000";

    private const string Holders = "SELECT holders FROM role_holders WHERE tenant_id = @tenant AND role = @role";

    /// <summary>Whether there is such a role.</summary>
    public static bool Exists(string role) => role == Administrator;

    /// <summary>Gives a role; giving it twice changes nothing.</summary>
    public async ValueTask GrantAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct) => await TryGrantAsync(tx, user, role, ct);

    /// <returns>False when she held it already.</returns>
    internal async ValueTask<bool> TryGrantAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Assign, [("user", user), ("role", role), ("now", clock.Now())], ct) != 1) return false;
        await tx.ExecuteAsync(CountOneMore, [("role", role)], ct);
        return true;
    }

    /// <summary>Takes a role, even from the last who holds it; ask <see cref="LastAdministrator"/> first where that matters.</summary>
    /// <returns>False when she did not hold it.</returns>
    public async ValueTask<bool> RevokeAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct)
    {
        // The counter first, here as below: transactions that take the two rows in one order never wait for each other in a ring.
        if (await tx.ExecuteAsync(CountOneLess, [("role", role)], ct) != 1) return false;
        if (await tx.ExecuteAsync(Unassign, [("user", user), ("role", role)], ct) == 1) return true;
        await tx.ExecuteAsync(CountOneMore, [("role", role)], ct);
        return false;
    }

    /// <summary>Nobody is given or loses the role until this transaction ends. False when nobody ever held it.</summary>
    internal async ValueTask<bool> LockAsync(TenantTransaction tx, string role, CancellationToken ct) =>
        await tx.ExecuteAsync(Lock, [("role", role)], ct) == 1;

    /// <summary>Who holds it; the first thousand.</summary>
    public ValueTask<List<UserId>> ListHoldersAsync(TenantTransaction tx, string role, CancellationToken ct) =>
        tx.ListAsync(ListHolders, [("role", role)], row => row.Id<UserId>(0), ct);

    public async ValueTask<bool> HoldsAsync(TenantTransaction tx, UserId user, string role, CancellationToken ct) =>
        await tx.FindValueAsync(Held, [("user", user), ("role", role)], row => row.Long(0), ct) is not null;

    public async ValueTask<long> CountAsync(TenantTransaction tx, string role, CancellationToken ct) =>
        await tx.FindValueAsync(Holders, [("role", role)], row => row.Long(0), ct) ?? 0;

    /// <summary>What she holds, and since when.</summary>
    public ValueTask<List<(string Role, DateTimeOffset GrantedAt)>> ListAsync(TenantTransaction tx, UserId user, CancellationToken ct) =>
        tx.ListAsync(ListOfUser, [("user", user)], row => (row.Text(0), row.Time(1)), ct);
}
