using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/privacy</c>: which messages I want (<c>POST …/notices</c>), what is known of me as a file (<c>POST …/data</c>), and the end of my
/// account (<c>GET, POST …/delete</c>). The last two after a fresh proof.
/// </summary>
internal static class OwnPrivacy
{
    internal const string Path = "/account/privacy", NoticesPath = Path + "/notices", DataPath = Path + "/data", DeletePath = Path + "/delete", KeepPath = DeletePath + "/cancel";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/privacy", ShowAsync);
        account.MapPost("/privacy/notices", SaveNoticesAsync);
        account.MapPost("/privacy/data", DownloadAsync);
        account.MapGet("/privacy/delete", AskAsync);
        account.MapPost("/privacy/delete", DeleteAsync);
        account.MapPost("/privacy/delete/cancel", KeepAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyNotices notices, MyAccount account, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var me = Own.Of(http, tenant, visitor);
        return PageResult.Of<PrivacyPage, PrivacyModel>(new(visitor.Name, await notices.ListAsync(me, ct), await visitors.IsFreshAsync(me, ct), tenant.Settings.Account.Deletion, http.Request.Query.ContainsKey("saved"))
        {
            End = await account.FindEndAsync(me, ct) is { } end ? new(end.At, end.RequestedBy is null) : null,
            Kept = http.Request.Query.ContainsKey("kept"),
        });
    }

    private static async Task<IResult> SaveNoticesAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyNotices notices, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        // A box that is not ticked is not sent.
        await notices.SetAsync(Own.Of(http, tenant, visitor), UserNotices.Optional.ToDictionary(notice => notice, form.Has, StringComparer.Ordinal), ct);
        return new SeeOther($"{tenant.PathBase}{Path}?saved=1");
    }

    private static async Task<IResult> DownloadAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyData data, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (!(await data.GatherAsync(Own.Of(http, tenant, visitor), ct)).TryGet(out var all, out var problem))
            return ErrorResult.Of(problem.Status, problem.Status == StatusCodes.Status429TooManyRequests ? "too_many" : "request_invalid", Path);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(JsonSerializer.SerializeToUtf8Bytes(all, AccountFileJson.Default.DataView), "application/json", $"account-{tenant.Slug}.json");
    }

    private static async Task<IResult> AskAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        !(await visitors.FindFreshAsync(http, tenant, DeletePath, ct)).TryGet(out var visitor, out var signIn) ? signIn
        : tenant.Settings.Account.Deletion ? Ask(tenant, visitor, null) : new SeeOther(tenant.PathBase + Path);

    private static async Task<IResult> DeleteAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyAccount account, SessionDirectory sessions, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, DeletePath, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (!string.Equals(form["name"].Trim(), visitor.Name, StringComparison.OrdinalIgnoreCase)) return Ask(tenant, visitor, "name_differs");
        if (!(await account.DeleteAsync(Own.Of(http, tenant, visitor), ct)).TryGet(out var end, out var problem))
            return problem.Code == "deletion_scheduled" ? new SeeOther(tenant.PathBase + Path) : Ask(tenant, visitor, problem.Code);
        if (end.At is not null) return new SeeOther(tenant.PathBase + Path);
        sessions.ClearCookie(http, tenant);
        return PageResult.Of<DeletedPage, DeletedModel>(new(visitor.Name));
    }

    private static async Task<IResult> KeepAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyAccount account, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var problem = await account.KeepAsync(Own.Of(http, tenant, visitor), ct);
        return new SeeOther(tenant.PathBase + Path + (problem is null ? "?kept=1" : ""));
    }

    private static PageResult Ask(TenantContext tenant, Visitor visitor, string? problem) =>
        PageResult.Of<DeletePage, DeleteModel>(new(visitor.Name, problem, tenant.Settings.Account.DeletionGraceDays), new PageOptions(problem is null ? 200 : 422));
}

/// <param name="Fresh">She proved who she is a moment ago; else she is asked to first.</param>
/// <param name="Deletion">Whether the tenant lets her delete her account.</param>
public sealed record PrivacyModel(string Name, IReadOnlyDictionary<string, bool> Notices, bool Fresh, bool Deletion, bool Saved)
{
    /// <summary>When her account is to be deleted; null: it is not.</summary>
    public OwnEnd? End { get; init; }

    /// <summary>She has just called that off.</summary>
    public bool Kept { get; init; }
}

/// <param name="Mine">She asked for it herself.</param>
public sealed record OwnEnd(DateTimeOffset At, bool Mine);

/// <param name="GraceDays">How many days she can change her mind; 0: none.</param>
public sealed record DeleteModel(string Name, string? Problem, int GraceDays);

/// <param name="Name">What she was shown as.</param>
public sealed record DeletedModel(string Name);
