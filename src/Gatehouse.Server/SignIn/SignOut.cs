using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signout</c>: asks, then ends this browser's session. An application's own request to sign out is OAuth's matter.
/// </summary>
internal static class SignOut
{
    internal const string Path = "/signout";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, SessionDirectory sessions, UserDirectory users, IDatabase database, CancellationToken ct)
    {
        if (await sessions.FindCurrentAsync(http, tenant, ct) is not { } session) return PageResult.Of<SignOutPage, SignOutModel>(new(null));
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var user = await users.FindAsync(tx, session.UserId, ct);
        return PageResult.Of<SignOutPage, SignOutModel>(new(user?.PrimaryEmail?.Address ?? user?.DisplayName ?? session.UserId.ToString()));
    }

    /// <summary>A second click finds no session and leads to the same page.</summary>
    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, SessionDirectory sessions, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (await sessions.FindCurrentAsync(http, tenant, ct) is { } session)
        {
            await using var tx = await database.BeginAsync(tenant.Id, ct);
            if (await sessions.RevokeAsync(tx, session.Id, "signed_out", ct))
                await audit.AppendAsync(tx, new AuditEntry("session.ended", AuditOutcome.Success, AuditActor.User(session.UserId), "session", session.Id.ToString(), request), ct);
            await tx.CommitAsync(ct);
        }
        sessions.ClearCookie(http, tenant);
        return SignInRun.SeeOther(tenant, Path);
    }
}

/// <param name="Account">Who is signed in; null: nobody (any more).</param>
public sealed record SignOutModel(string? Account);
