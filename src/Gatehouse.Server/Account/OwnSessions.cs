using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/sessions</c>, <c>POST /account/sessions/end</c> (one), <c>…/end-others</c>, <c>…/name</c>: where am I signed in, what do I call
/// it, and no longer; <c>…/distrust</c>, <c>…/distrust-all</c>: where am I not asked for my second step, and no longer.
/// </summary>
internal static class OwnSessions
{
    internal const string Path = "/account/sessions", EndPath = Path + "/end", EndOthersPath = Path + "/end-others", NamePath = Path + "/name",
        DistrustPath = Path + "/distrust", DistrustAllPath = Path + "/distrust-all";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/sessions", ShowAsync);
        account.MapPost("/sessions/end", EndAsync);
        account.MapPost("/sessions/end-others", EndOthersAsync);
        account.MapPost("/sessions/name", NameAsync);
        account.MapPost("/sessions/distrust", DistrustAsync);
        account.MapPost("/sessions/distrust-all", DistrustAllAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MySessions sessions, MyDevices devices, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn) ? await PageAsync(http, tenant, visitor, sessions, devices, null, ct) : signIn;

    private static async Task<IResult> EndAsync(HttpContext http, TenantContext tenant, OwnForms forms, MySessions sessions, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // Somebody else's session is as absent as an ended one; both lead back to the list, which tells what is true now.
        if (SessionId.TryParse(sent["session"], out var id)) await sessions.EndAsync(sent.Me, id, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> EndOthersAsync(HttpContext http, TenantContext tenant, OwnForms forms, MySessions sessions, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        await sessions.EndOthersAsync(sent.Me, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> NameAsync(HttpContext http, TenantContext tenant, OwnForms forms, MySessions sessions, MyDevices devices, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        var problem = SessionId.TryParse(sent["session"], out var id) ? await sessions.NameAsync(sent.Me, id, sent["name"], ct) : null;
        return problem is { Status: StatusCodes.Status422UnprocessableEntity } ? await PageAsync(http, tenant, sent.Me.Visitor, sessions, devices, problem.Code, ct) : new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> DistrustAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyDevices devices, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        if (TrustedDeviceId.TryParse(sent["device"], out var id)) await devices.RevokeAsync(sent.Me, id, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> DistrustAllAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyDevices devices, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        await devices.RevokeAllAsync(sent.Me, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async ValueTask<IResult> PageAsync(HttpContext http, TenantContext tenant, Visitor visitor, MySessions sessions, MyDevices devices, string? problem, CancellationToken ct)
    {
        if (!PageRequest.Parse(null, http.Request.Query["cursor"]).TryGet(out var page, out _)) return ErrorResult.Of(400, "request_invalid", Path);
        var list = await sessions.ListAsync(Own.Of(http, tenant, visitor), page, ct);
        var trusted = await devices.ListAsync(Own.Of(http, tenant, visitor), ct);
        return PageResult.Of<SessionsPage, SessionsModel>(new(visitor.Name, visitor.Session.Id, list.Items, list.Next, trusted, DeviceCookie.Hash(http, tenant), tenant.Settings.SignIn.TrustedDeviceDays > 0, problem), new PageOptions(problem is null ? 200 : 422));
    }
}

/// <param name="Next">The cursor of the following page; null on the last.</param>
/// <param name="Trusted">Where she is not asked for a second step.</param>
/// <param name="Browser">Hash of this browser's device cookie.</param>
/// <param name="MayTrust">Whether the tenant lets people trust browsers.</param>
/// <param name="Problem">What was wrong with a name.</param>
public sealed record SessionsModel(string Name, SessionId Current, IReadOnlyList<Session> Sessions, string? Next, IReadOnlyList<TrustedDevice> Trusted, byte[]? Browser, bool MayTrust, string? Problem = null);
