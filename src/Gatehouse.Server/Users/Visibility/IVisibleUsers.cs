using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users.Visibility;

/// <summary>
/// A level of <c>users.visibility</c>: whom somebody sees. The room that knows what people share (an organization, a workspace) implements it, with one SQL condition for
/// both questions, whose cost depends on whom the viewer sees and not on whom she does not.
/// </summary>
public interface IVisibleUsers
{
    /// <summary>As the setting names it.</summary>
    string Level { get; }

    /// <summary>Everybody is seen: then names are searched on the tenant's index.</summary>
    bool IsWholeTenant => false;

    /// <summary>The next of those she sees, herself too, by id.</summary>
    ValueTask<List<UserId>> ListAsync(TenantTransaction tx, UserId viewer, Guid after, int limit, CancellationToken ct);

    ValueTask<bool> SeesAsync(TenantTransaction tx, UserId viewer, UserId user, CancellationToken ct);
}

/// <summary><c>self</c>: nobody else.</summary>
internal sealed class SeeSelf : IVisibleUsers
{
    internal static SeeSelf Instance { get; } = new();

    public string Level => Http.UserSettings.SeesSelf;

    public ValueTask<List<UserId>> ListAsync(TenantTransaction tx, UserId viewer, Guid after, int limit, CancellationToken ct) =>
        ValueTask.FromResult<List<UserId>>(viewer.Value.CompareTo(after) > 0 ? [viewer] : []);

    public ValueTask<bool> SeesAsync(TenantTransaction tx, UserId viewer, UserId user, CancellationToken ct) => ValueTask.FromResult(viewer == user);
}

/// <summary><c>tenant</c>: everybody in it.</summary>
internal sealed class SeeTenant : IVisibleUsers
{
    public string Level => Http.UserSettings.SeesTenant;

    public bool IsWholeTenant => true;

    public ValueTask<List<UserId>> ListAsync(TenantTransaction tx, UserId viewer, Guid after, int limit, CancellationToken ct) => UserTermStore.ListUsersAsync(tx, after, limit, ct);

    public async ValueTask<bool> SeesAsync(TenantTransaction tx, UserId viewer, UserId user, CancellationToken ct) => await UserStore.FindAsync(tx, user, ct) is not null;
}
