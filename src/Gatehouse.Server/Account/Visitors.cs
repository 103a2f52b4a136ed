using Gatehouse.Authorization;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
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

/// <summary>Lets only signed-in people in; sends others to sign in and back.</summary>
internal sealed class Visitors(IDatabase database, SessionDirectory sessions, UserDirectory users, Interactions interactions, FreshProof proofs)
{
    /// <param name="returnPath">Where she comes back to after signing in: a page, never a form's address.</param>
    /// <returns>The visitor, or the way to sign in. Handlers return that unchanged.</returns>
    internal async ValueTask<Result<Visitor, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, string returnPath, CancellationToken ct)
    {
        if (await FindSignedInAsync(http, tenant, ct) is { } visitor) return visitor;
        return await ToSignInAsync(http, tenant, returnPath, new SignInDemand(), ct);
    }

    /// <summary>Who is signed in in this browser, if anybody is.</summary>
    internal async ValueTask<Visitor?> FindSignedInAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (await sessions.FindCurrentAsync(http, tenant, ct) is not { } session) return null;
        await using var read = await database.ReadAsync(tenant.Id, ct);
        return await users.FindAsync(read, session.UserId, ct) is { Status: UserStatus.Active } user ? new Visitor(session, user) : null;
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
