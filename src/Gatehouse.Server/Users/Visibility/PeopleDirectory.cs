using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Users.Visibility;

/// <summary>
/// People as other people of the tenant may see them: those who can sign in, as far as <c>users.visibility</c> goes. Whom somebody does not see is not there for her: in
/// no list, no search and no answer, nor in how long one takes.
/// </summary>
public sealed class PeopleDirectory(IDatabase database, Lists lists, IEnumerable<IVisibleUsers> levels)
{
    private const int MaxSearchLength = 254;

    /// <summary>Ordered by id, or by what was found. Names only: by any other field it could be found out what somebody is not shown.</summary>
    public static ListShape<User> Shape { get; } = new(user => user.Id.Value, [new("match", _ => "", Bounds: false)],
        [.. UserFields.Shape.Fields.Where(f => f.Name is UserFields.DisplayName or "given_name" or "family_name" or "name")], null, Descending: false);

    /// <returns>Null when there is nobody of that id whom she may see.</returns>
    public async ValueTask<User?> FindAsync(TenantContext tenant, UserId viewer, UserId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!await LevelOf(tenant).SeesAsync(tx, viewer, id, ct)) return null;
        return await UserStore.FindAsync(tx, id, ct) is { Status: UserStatus.Active } user ? user : null;
    }

    /// <param name="search">A part of a name; its beginning where it has less than three characters.</param>
    /// <returns>400 <c>search_invalid</c>, and what is wrong with a list.</returns>
    public async ValueTask<Result<Page<User>, Problem>> ListAsync(HttpContext http, TenantContext tenant, UserId viewer, string? search, CancellationToken ct)
    {
        if (search is not null && !PlainText.IsSearchable(search, MaxSearchLength))
            return Problem.BadRequest("search_invalid", $"search is a part of a name, at most {MaxSearchLength} characters.", "search");
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem;
        if (query.Descending) return Problem.BadRequest("sort_invalid", "This list has one order.", "sort");
        var text = string.IsNullOrWhiteSpace(search) ? null : PlainText.Fold(search.Trim());
        var level = LevelOf(tenant);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (text is not null && level.IsWholeTenant)
            return await UserSearch.OfNames(text, await UserTermStore.FindStateAsync(tx, ct) is null or { Done: true }, query.After).ReadAsync(tx, query, user => user.Status == UserStatus.Active, ct);
        // Whom she sees is read in turn, and of those who is meant: what it costs depends on whom she sees alone.
        return await query.ReadAsync(async (after, limit) =>
        {
            List<User> users = [];
            foreach (var id in await level.ListAsync(tx, viewer, after?.Id ?? Guid.Empty, limit, ct))
                if (await UserStore.FindAsync(tx, id, ct) is { } user) users.Add(user);
            return users;
        }, user => user.Status == UserStatus.Active && (text is null || UserSearch.IsNamed(user, text)));
    }

    /// <summary>A level that nothing implements shows nobody but herself.</summary>
    private IVisibleUsers LevelOf(TenantContext tenant) => levels.FirstOrDefault(l => l.Level == tenant.Settings.Users.Visibility) ?? SeeSelf.Instance;
}
