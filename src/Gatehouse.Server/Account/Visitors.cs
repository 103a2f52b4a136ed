using System.Collections.Frozen;
using Gatehouse.Authorization;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Account;

/// <summary>Who is looking at her own account.</summary>
internal sealed record Visitor(Session Session, User User)
{
    /// <summary>What she is shown as: her address, or what else we know of her.</summary>
    internal string Name => User.PrimaryEmail?.Address ?? User.DisplayName ?? User.Id.ToString();
}

/// <summary>
/// Lets only signed-in people in; sends others to sign in and back. The account is an application of its own: a session that was begun for another one
/// comes in where the tenant's flow would have given it to this one, and else by way of what is missing.
/// </summary>
internal sealed class Visitors(IDatabase database, SessionDirectory sessions, UserDirectory users, Interactions interactions, ISessionRules rules, FreshProof proofs, OrganizationDirectory organizations, Impersonations impersonations)
{
    /// <param name="returnPath">Where she comes back to after signing in: a page, never a form's address.</param>
    /// <returns>The visitor, or the way to sign in. Handlers return that unchanged.</returns>
    internal async ValueTask<Result<Visitor, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, string returnPath, CancellationToken ct)
    {
        if (await FindActingAsync(http, tenant, ct) is { } acting) return await SeeAsync(http, tenant, acting, ct);
        if (await FindSignedInAsync(http, tenant, ct) is not var (visitor, verdict)) return await ToSignInAsync(http, tenant, returnPath, new SignInDemand(), ct);
        return verdict switch
        {
            SessionVerdict.Enough => visitor,
            SessionVerdict.Denied => new Elsewhere(ErrorResult.Of(StatusCodes.Status403Forbidden, "account_denied", "/signout")),
            _ => await ToSignInAsync(http, tenant, returnPath, new SignInDemand(LoginHint: visitor.User.PrimaryEmail?.Address), ct),
        };
    }

    // Whoever acts as a person may look at these pages of hers, and do nothing.
    private static readonly FrozenSet<string> open = FrozenSet.Create(StringComparer.Ordinal, "/account", OwnOrganizations.Path);

    internal ValueTask<Acting?> FindActingAsync(HttpContext http, TenantContext tenant, CancellationToken ct) => impersonations.FindCurrentAsync(http, tenant, ct);

    private async ValueTask<Result<Visitor, Elsewhere>> SeeAsync(HttpContext http, TenantContext tenant, Acting acting, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (HttpMethods.IsGet(http.Request.Method) && open.Contains(http.Request.Path.Value ?? "") && await users.FindAsync(read, acting.Session.UserId, ct) is { } user) return new Visitor(acting.Session, user);
        return new Elsewhere(ErrorResult.Of(StatusCodes.Status403Forbidden, "impersonation_forbidden", "/account"));
    }

    /// <summary>Who is signed in in this browser, if anybody is, and what the tenant's flow says of her session for the account.</summary>
    internal async ValueTask<(Visitor Visitor, SessionVerdict Verdict)?> FindSignedInAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (await sessions.FindCurrentAsync(http, tenant, ct) is not { } session) return null;
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(read, session.UserId, ct) is not { Status: UserStatus.Active } user) return null;
        if (session.OrganizationId is { } id && await organizations.FindActiveAsync(read, id, user.Id, ct) is { } works) PageAccent.Set(http, works.Settings.Accent);
        return (new Visitor(session, user), await rules.JudgeAsync(read, http, tenant, new SignInDemand(), session, inBrowser: true, ct));
    }

    /// <summary>The same of a session that a program speaks for, with a token.</summary>
    internal async ValueTask<SessionVerdict> JudgeTokenAsync(HttpContext http, TenantContext tenant, Session session, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(tenant.Id, ct);
        return await rules.JudgeAsync(read, http, tenant, new SignInDemand(), session, inBrowser: false, ct);
    }

    /// <summary>
    /// As <see cref="FindAsync"/>, for what a stolen session must not be enough for: she has proved who she is a moment ago, by both steps if
    /// she has two; else she does so first and comes back.
    /// </summary>
    internal async ValueTask<Result<Visitor, Elsewhere>> FindFreshAsync(HttpContext http, TenantContext tenant, string returnPath, CancellationToken ct)
    {
        if (!(await FindAsync(http, tenant, returnPath, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            if (await IsFreshAsync(read, visitor, ct)) return visitor;
        }
        return await ConfirmAsync(http, tenant, visitor, returnPath, ct);
    }

    /// <summary>Whether she proved who she is a moment ago, by both steps if she has two.</summary>
    internal async ValueTask<bool> IsFreshAsync(TenantTransaction tx, Visitor visitor, CancellationToken ct) =>
        await proofs.CheckAsync(tx, visitor.User.Id, visitor.Session.AuthenticatedAt, visitor.Session.Methods, ct) is null;

    internal async ValueTask<bool> IsFreshAsync(Own me, CancellationToken ct)
    {
        await using var read = await database.ReadAsync(me.Tenant.Id, ct);
        return await IsFreshAsync(read, me.Visitor, ct);
    }

    /// <summary>Has her prove once more who she is, and brings her back. Only she will do.</summary>
    internal ValueTask<Elsewhere> ConfirmAsync(HttpContext http, TenantContext tenant, Visitor visitor, string returnPath, CancellationToken ct) =>
        ToSignInAsync(http, tenant, returnPath, new SignInDemand(Reauthenticate: true, LoginHint: visitor.User.PrimaryEmail?.Address, RequiredUser: visitor.User.Id), ct);

    private async ValueTask<Elsewhere> ToSignInAsync(HttpContext http, TenantContext tenant, string returnPath, SignInDemand demand, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await interactions.StartAsync(tx, tenant, http, "account", _ => returnPath, "{}", demand, ct)).TryGet(out var interaction, out var tooMany)) return new Elsewhere(tooMany);
        await tx.CommitAsync(ct);
        return new Elsewhere(new SeeOther(Interactions.SignInUrl(tenant, interaction.Id)));
    }
}
