using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/emails</c>, <c>POST …/add</c>, <c>…/verify</c>, <c>…/forget</c>, <c>…/primary</c>, <c>…/remove</c>: my addresses. <c>GET, POST …/confirm?token=</c>:
/// behind the link of the message; looking changes nothing (mail scanners look), and it works only for whoever asked for it.
/// </summary>
internal static class OwnEmails
{
    internal const string Path = "/account/emails", AddPath = Path + "/add", CodePath = Path + "/verify", ForgetPath = Path + "/forget", PrimaryPath = Path + "/primary",
        RemovePath = Path + "/remove", VerifyPath = Path + "/confirm";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/emails", ShowAsync);
        account.MapPost("/emails/add", AddAsync).AddEndpointFilter(AnswerTime.FilterAsync);
        account.MapPost("/emails/verify", VerifyAsync);
        account.MapPost("/emails/forget", ForgetAsync);
        account.MapPost("/emails/primary", MakePrimaryAsync);
        account.MapPost("/emails/remove", RemoveAsync);
        account.MapGet("/emails/confirm", ShowLinkAsync);
        account.MapPost("/emails/confirm", FollowLinkAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, MyEmails emails, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? await PageAsync(tenant, visitors, database, emails, visitor, null, "", http.Request.Query["done"].ToString(), ct)
            : signIn;

    private static async Task<IResult> AddAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyEmails emails, CancellationToken ct)
    {
        if (!(await forms.ReadFreshAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        return (await emails.AddAsync(sent.Me, sent["address"], ct)).TryGet(out _, out var problem)
            ? new SeeOther($"{tenant.PathBase}{Path}?done=sent")
            : await PageAsync(tenant, visitors, database, emails, sent.Me.Visitor, problem with { Field = "address" }, sent["address"], "", ct);
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyEmails emails, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        var id = PendingEmailId.TryParse(sent["pending"], out var pending) ? pending : default;
        return (await emails.ConfirmAsync(sent.Me, id, sent["code"], ct)).TryGet(out _, out var problem)
            ? new SeeOther($"{tenant.PathBase}{Path}?done=added")
            : await PageAsync(tenant, visitors, database, emails, sent.Me.Visitor, problem with { Field = "code" }, "", "", ct);
    }

    private static async Task<IResult> ForgetAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyEmails emails, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        if (PendingEmailId.TryParse(sent["pending"], out var id)) await emails.ForgetAsync(sent.Me, id, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static Task<IResult> MakePrimaryAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyEmails emails, CancellationToken ct) =>
        ChangeAsync(http, tenant, forms, visitors, database, emails, emails.MakePrimaryAsync, ct);

    private static Task<IResult> RemoveAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyEmails emails, CancellationToken ct) =>
        ChangeAsync(http, tenant, forms, visitors, database, emails, emails.RemoveAsync, ct);

    private static async Task<IResult> ChangeAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyEmails emails,
        Func<Own, EmailId, CancellationToken, ValueTask<Result<User, Problem>>> change, CancellationToken ct)
    {
        if (!(await forms.ReadFreshAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // What is gone already, or another's, is not in the list that follows.
        if (!EmailId.TryParse(sent["email"], out var id) || (await change(sent.Me, id, ct)).TryGet(out _, out var problem) || problem.Status == StatusCodes.Status404NotFound)
            return new SeeOther(tenant.PathBase + Path);
        return await PageAsync(tenant, visitors, database, emails, sent.Me.Visitor, problem with { Field = "" }, "", "", ct);
    }

    private static async Task<IResult> ShowLinkAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyEmails emails, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        if (!(await visitors.FindAsync(http, tenant, ReturnPath(token), ct)).TryGet(out var visitor, out var signIn)) return signIn;
        return await emails.FindByLinkAsync(Own.Of(http, tenant, visitor), token, ct) is { } pending
            ? PageResult.Of<EmailLinkPage, EmailLinkModel>(new(visitor.Name, pending.Address, $"{VerifyPath}?token={token}"))
            : ErrorResult.Of(StatusCodes.Status400BadRequest, "link_invalid", Path);
    }

    private static async Task<IResult> FollowLinkAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyEmails emails, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        if (!(await forms.ReadAsync(http, tenant, ReturnPath(token), ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        return (await emails.ConfirmByLinkAsync(sent.Me, token, ct)).TryGet(out _, out _)
            ? new SeeOther($"{tenant.PathBase}{Path}?done=added")
            : ErrorResult.Of(StatusCodes.Status400BadRequest, "link_invalid", Path);
    }

    private static string ReturnPath(string token) => Secret.HasShape(token, Secret.LinkPrefix) ? $"{VerifyPath}?token={Uri.EscapeDataString(token)}" : Path;

    private static async ValueTask<PageResult> PageAsync(TenantContext tenant, Visitors visitors, IDatabase database, MyEmails emails, Visitor visitor, Problem? problem, string typed, string done, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return PageResult.Of<EmailsPage, EmailsModel>(new(visitor.Name, visitor.User.Emails, await emails.ListPendingAsync(tx, visitor.User.Id, ct),
            await visitors.IsFreshAsync(tx, visitor, ct), problem?.Field, problem?.Code, typed, done), new PageOptions(problem is null ? 200 : problem.Status == 429 ? 429 : 422));
    }
}

/// <param name="Fresh">She proved who she is a moment ago; else she is asked to first.</param>
/// <param name="Field">Where the problem is: <c>address</c>, <c>code</c> or nowhere in particular.</param>
/// <param name="Typed">The address as she wrote it.</param>
/// <param name="Done">What has just been done: <c>sent</c>, <c>added</c>.</param>
public sealed record EmailsModel(string Name, IReadOnlyList<UserEmail> Emails, IReadOnlyList<PendingEmail> Pending, bool Fresh, string? Field, string? Problem, string Typed, string Done);

/// <param name="Action">Where the form goes, with the link's token.</param>
public sealed record EmailLinkModel(string Name, string Address, string Action);
