using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/sessions</c>, <c>POST /account/sessions/end</c> (one), <c>POST /account/sessions/end-others</c>: where am I signed in,
/// and no longer.
/// </summary>
internal static class OwnSessions
{
    internal const string Path = "/account/sessions", EndPath = Path + "/end", EndOthersPath = Path + "/end-others";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/sessions", ShowAsync);
        account.MapPost("/sessions/end", EndAsync);
        account.MapPost("/sessions/end-others", EndOthersAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, SessionDirectory sessions, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (!PageRequest.Parse(null, http.Request.Query["cursor"]).TryGet(out var page, out _)) return ErrorResult.Of(400, "request_invalid", Path);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var list = await sessions.ListAsync(tx, tenant, visitor.User.Id, page, ct);
        return PageResult.Of<SessionsPage, SessionsModel>(new(visitor.Name, visitor.Session.Id, list.Items, list.Next));
    }

    private static async Task<IResult> EndAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database,
        SessionDirectory sessions, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Somebody else's session is as absent as an ended one; both lead back to the list, which tells what is true now.
        if (SessionId.TryParse(form["session"], out var id) && await sessions.RevokeAsync(tx, id, visitor.User.Id, "ended_by_user", ct))
        {
            await audit.AppendAsync(tx, new AuditEntry("session.ended", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "session", id.ToString(), request), ct);
            await tx.CommitAsync(ct);
        }
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> EndOthersAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database,
        SessionDirectory sessions, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var ended = await sessions.RevokeAllAsync(tx, visitor.User.Id, visitor.Session.Id, "ended_by_user", ct);
        await audit.AppendAsync(tx, new AuditEntry("session.others_ended", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "user", visitor.User.Id.ToString(), request,
            new Dictionary<string, string> { ["count"] = ended.ToString(System.Globalization.CultureInfo.InvariantCulture) }), ct);
        await tx.CommitAsync(ct);
        return new SeeOther(tenant.PathBase + Path);
    }
}

/// <param name="Next">The cursor of the following page; null on the last.</param>
public sealed record SessionsModel(string Name, SessionId Current, IReadOnlyList<Session> Sessions, string? Next);
