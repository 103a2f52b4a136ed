using Gatehouse.Authorization;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Console;

/// <summary>An administrator at the console.</summary>
internal sealed record Visitor(User User)
{
    /// <summary>What she is shown as: her address, or what else we know of her.</summary>
    internal string Name => User.PrimaryEmail?.Address ?? User.DisplayName ?? User.Id.ToString();
}

/// <summary>
/// Lets only administrators in; sends who is not signed in to sign in and back, and tells others plainly. As with the account, a session that was begun for
/// an application comes in only where the tenant's flow would have given it to nobody's application too.
/// </summary>
internal sealed class Administrators(IDatabase database, SessionDirectory sessions, UserDirectory users, Roles roles, Interactions interactions, ISessionRules rules)
{
    /// <param name="returnPath">Where she comes back to after signing in: a page, never a form's address.</param>
    /// <returns>The administrator, or what to answer instead. Handlers return its answer unchanged.</returns>
    internal async ValueTask<Result<Visitor, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, string returnPath, CancellationToken ct)
    {
        if (await sessions.FindCurrentAsync(http, tenant, ct) is { } session)
        {
            await using var read = await database.ReadAsync(tenant.Id, ct);
            if (await users.FindAsync(read, session.UserId, ct) is { Status: UserStatus.Active } user)
            {
                var visitor = new Visitor(user);
                if (!await roles.IsAdministratorAsync(read, user.Id, ct))
                    return new Elsewhere(PageResult.Of<ForbiddenPage, ForbiddenModel>(new(visitor.Name), new PageOptions(Status: StatusCodes.Status403Forbidden)));
                switch (await rules.JudgeAsync(read, http, tenant, new SignInDemand(), session, inBrowser: true, ct))
                {
                    case SessionVerdict.Enough:
                        return visitor;
                    case SessionVerdict.Denied:
                        return new Elsewhere(ErrorResult.Of(StatusCodes.Status403Forbidden, "account_denied", "/signout"));
                }
            }
        }
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await interactions.StartAsync(tx, tenant, http, "console", _ => returnPath, "{}", new SignInDemand(), ct)).TryGet(out var interaction, out var tooMany)) return new Elsewhere(tooMany);
        await tx.CommitAsync(ct);
        return new Elsewhere(new SeeOther(Interactions.SignInUrl(tenant, interaction.Id)));
    }
}

/// <param name="Account">Who is signed in.</param>
public sealed record ForbiddenModel(string Account);
