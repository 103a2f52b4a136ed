using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Workspaces;

/// <summary>Where a workspace lies, which never changes.</summary>
public sealed record WorkspacePlace(OrganizationId? Organization);

#pragma warning disable CA1822 // a directory is asked as one thing, whether or not an answer needs its parts
/// <summary>What other rooms may ask of workspaces and their members.</summary>
public sealed class WorkspaceDirectory
{
    private const string Topic = "workspaces";
    private const int Capacity = 100_000;

    private readonly TenantCache<WorkspaceId, WorkspacePlace> places;
    private readonly Func<TenantId, WorkspaceId, CancellationToken, ValueTask<WorkspacePlace?>> load;

    public WorkspaceDirectory(IDatabase database, IChangeFeed feed)
    {
        places = new(Topic, Capacity, feed);
        load = async (tenant, id, ct) =>
        {
            await using var tx = await database.ReadAsync(tenant, ct);
            return await WorkspaceStore.FindAsync(tx, id, ct) is { } found ? new WorkspacePlace(found.Organization) : null;
        };
    }

    public ValueTask<Workspace?> FindAsync(TenantTransaction tx, WorkspaceId id, CancellationToken ct) => WorkspaceStore.FindAsync(tx, id, ct);

    /// <summary>Where it lies, from memory; null when there is none.</summary>
    public ValueTask<WorkspacePlace?> FindPlaceAsync(TenantId tenant, WorkspaceId id, CancellationToken ct) => places.GetAsync(tenant, id, load, ct);

    public async ValueTask<bool> IsMemberAsync(TenantTransaction tx, WorkspaceId workspace, UserId user, CancellationToken ct) => await WorkspaceMemberStore.FindAsync(tx, workspace, user, ct) is not null;

    /// <summary>All that she belongs to, archived ones too, oldest first.</summary>
    public ValueTask<List<Workspace>> ListOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct) => WorkspaceMemberStore.ListOfUserAsync(tx, user, WorkspaceRules.MaxOfUser, ct);

    /// <summary>Nobody deletes the workspace until this transaction ends, and whoever decides on its members takes turns. False when there is none.</summary>
    public ValueTask<bool> HoldAsync(TenantTransaction tx, WorkspaceId workspace, CancellationToken ct) => WorkspaceStore.HoldAsync(tx, workspace, ct);

    /// <summary>After commit every process looks anew whether it is there.</summary>
    internal static void Changed(TenantTransaction tx, WorkspaceId id) => tx.Announce(CacheTopic.For(tx.Tenant, Topic, id));
}
#pragma warning restore CA1822
