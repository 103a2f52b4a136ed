using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Groups.Rules;

/// <summary>The SQL of rules and of who belongs to groups by them.</summary>
internal static class RuleStore
{
    private const string Columns = "group_id, rule, revision, job_id, written_by, updated_at";

    private const string Select = $"SELECT {Columns} FROM group_rules WHERE tenant_id = @tenant AND group_id = @group";
    private const string SelectAll = $"SELECT {Columns} FROM group_rules WHERE tenant_id = @tenant ORDER BY group_id LIMIT @limit";
    private const string CountAll = "SELECT count(*) FROM group_rules WHERE tenant_id = @tenant";

    private const string Put = """
        INSERT INTO group_rules (tenant_id, group_id, rule, revision, job_id, written_by, updated_at) VALUES (@tenant, @group, @rule, @revision, @job, @by, @now)
        ON CONFLICT (tenant_id, group_id) DO UPDATE SET rule = excluded.rule, revision = excluded.revision, job_id = excluded.job_id, written_by = excluded.written_by, updated_at = excluded.updated_at
        """;

    // Its members go with it.
    private const string Delete = "DELETE FROM group_rules WHERE tenant_id = @tenant AND group_id = @group";

    private const string Add = "INSERT INTO group_rule_members (tenant_id, group_id, user_id, added_at) VALUES (@tenant, @group, @user, @now) ON CONFLICT (tenant_id, group_id, user_id) DO NOTHING";
    private const string Remove = "DELETE FROM group_rule_members WHERE tenant_id = @tenant AND group_id = @group AND user_id = @user";
    private const string RemoveAll = "DELETE FROM group_rule_members WHERE tenant_id = @tenant AND group_id = @group";
    private const string SelectMember = "SELECT user_id FROM group_rule_members WHERE tenant_id = @tenant AND group_id = @group AND user_id = @user";
    private const string OfUser = "SELECT group_id FROM group_rule_members WHERE tenant_id = @tenant AND user_id = @user ORDER BY group_id LIMIT 1000";
    private const string CountMembers = "SELECT count(*) FROM group_rule_members WHERE tenant_id = @tenant AND group_id = @group";

    internal static ValueTask<GroupRule?> FindAsync(TenantTransaction tx, GroupId group, CancellationToken ct) => tx.FindAsync(Select, [("group", group)], Read, ct);

    internal static ValueTask<List<GroupRule>> ListAsync(TenantTransaction tx, CancellationToken ct) => tx.ListAsync(SelectAll, [("limit", ManageRules.MaxRules)], Read, ct);

    internal static async ValueTask<long> CountAsync(TenantTransaction tx, CancellationToken ct) => await tx.FindValueAsync(CountAll, [], row => row.Long(0), ct) ?? 0;

    internal static ValueTask<int> PutAsync(TenantTransaction tx, GroupRule rule, CancellationToken ct) =>
        tx.ExecuteAsync(Put, [("group", rule.Group), ("rule", rule.Text), ("revision", rule.Revision), ("job", rule.Job), ("by", rule.WrittenBy), ("now", rule.UpdatedAt)], ct);

    internal static async ValueTask<bool> DeleteAsync(TenantTransaction tx, GroupId group, CancellationToken ct) => await tx.ExecuteAsync(Delete, [("group", group)], ct) == 1;

    /// <returns>False when she was one.</returns>
    internal static async ValueTask<bool> TryAddAsync(TenantTransaction tx, GroupId group, UserId user, DateTimeOffset now, CancellationToken ct) =>
        await tx.ExecuteAsync(Add, [("group", group), ("user", user), ("now", now)], ct) == 1;

    internal static async ValueTask<bool> TryRemoveAsync(TenantTransaction tx, GroupId group, UserId user, CancellationToken ct) => await tx.ExecuteAsync(Remove, [("group", group), ("user", user)], ct) == 1;

    internal static ValueTask<int> RemoveAllAsync(TenantTransaction tx, GroupId group, CancellationToken ct) => tx.ExecuteAsync(RemoveAll, [("group", group)], ct);

    internal static async ValueTask<bool> IsMemberAsync(TenantTransaction tx, GroupId group, UserId user, CancellationToken ct) =>
        await tx.FindValueAsync(SelectMember, [("group", group), ("user", user)], row => row.Id<UserId>(0), ct) is not null;

    internal static ValueTask<List<GroupId>> ListOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) => tx.ListAsync(OfUser, [("user", user)], row => row.Id<GroupId>(0), ct);

    internal static async ValueTask<long> CountMembersAsync(TenantTransaction tx, GroupId group, CancellationToken ct) =>
        await tx.FindValueAsync(CountMembers, [("group", group)], row => row.Long(0), ct) ?? 0;

    private static GroupRule Read(SqlRow row) => new(row.Id<GroupId>(0), row.Text(1), row.Guid(2), row.Id<JobId>(3), row.Text(4), row.Time(5));
}
