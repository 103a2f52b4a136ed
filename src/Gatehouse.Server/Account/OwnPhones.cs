using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/phones</c>, <c>POST …/add</c>, <c>…/verify</c>, <c>…/forget</c>, <c>…/primary</c>, <c>…/remove</c>: my telephone numbers.</summary>
internal static class OwnPhones
{
    internal const string Path = "/account/phones", AddPath = Path + "/add", CodePath = Path + "/verify", ForgetPath = Path + "/forget", PrimaryPath = Path + "/primary", RemovePath = Path + "/remove";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/phones", ShowAsync);
        account.MapPost("/phones/add", AddAsync).AddEndpointFilter(AnswerTime.FilterAsync);
        account.MapPost("/phones/verify", VerifyAsync);
        account.MapPost("/phones/forget", ForgetAsync);
        account.MapPost("/phones/primary", MakePrimaryAsync);
        account.MapPost("/phones/remove", RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, MyPhones phones, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? await PageAsync(Own.Of(http, tenant, visitor), visitors, database, phones, null, "", http.Request.Query["done"].ToString(), ct)
            : signIn;

    private static async Task<IResult> AddAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyPhones phones, CancellationToken ct)
    {
        if (!(await forms.ReadFreshAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        return (await phones.AddAsync(sent.Me, sent["number"], ct)).TryGet(out _, out var problem)
            ? new SeeOther($"{tenant.PathBase}{Path}?done=sent")
            : await PageAsync(sent.Me, visitors, database, phones, problem with { Field = "number" }, sent["number"], "", ct);
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyPhones phones, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        return (await phones.ConfirmAsync(sent.Me, PendingPhoneId.TryParse(sent["pending"], out var pending) ? pending : default, sent["code"], ct)).TryGet(out _, out var problem)
            ? new SeeOther($"{tenant.PathBase}{Path}?done=added")
            : await PageAsync(sent.Me, visitors, database, phones, problem with { Field = "code" }, "", "", ct);
    }

    private static async Task<IResult> ForgetAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyPhones phones, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        if (PendingPhoneId.TryParse(sent["pending"], out var id)) await phones.ForgetAsync(sent.Me, id, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static Task<IResult> MakePrimaryAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyPhones phones, CancellationToken ct) =>
        ChangeAsync(http, tenant, forms, visitors, database, phones, phones.MakePrimaryAsync, ct);

    private static Task<IResult> RemoveAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyPhones phones, CancellationToken ct) =>
        ChangeAsync(http, tenant, forms, visitors, database, phones, phones.RemoveAsync, ct);

    private static async Task<IResult> ChangeAsync(HttpContext http, TenantContext tenant, OwnForms forms, Visitors visitors, IDatabase database, MyPhones phones,
        Func<Own, PhoneId, CancellationToken, ValueTask<Result<User, Problem>>> change, CancellationToken ct)
    {
        if (!(await forms.ReadFreshAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // What is gone already, or another's, is not in the list that follows.
        if (!PhoneId.TryParse(sent["phone"], out var id) || (await change(sent.Me, id, ct)).TryGet(out _, out var problem) || problem.Status == StatusCodes.Status404NotFound)
            return new SeeOther(tenant.PathBase + Path);
        return await PageAsync(sent.Me, visitors, database, phones, problem with { Field = "" }, "", "", ct);
    }

    private static async ValueTask<PageResult> PageAsync(Own me, Visitors visitors, IDatabase database, MyPhones phones, Problem? problem, string typed, string done, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return PageResult.Of<PhonesPage, PhonesModel>(new(me.Visitor.Name, me.Visitor.User.Phones, await phones.ListPendingAsync(tx, me, ct), MyPhones.AreTexted(me.Tenant),
            await visitors.IsFreshAsync(tx, me.Visitor, ct), problem?.Field, problem?.Code, typed, done), new PageOptions(problem is null ? 200 : problem.Status == 429 ? 429 : 422));
    }
}

/// <param name="Texted">Whether the tenant has text messages sent at all; without them none can be proved.</param>
/// <param name="Fresh">She proved who she is a moment ago; else she is asked to first.</param>
/// <param name="Field">Where the problem is: <c>number</c>, <c>code</c> or nowhere in particular.</param>
/// <param name="Typed">The number as she wrote it.</param>
/// <param name="Done">What has just been done: <c>sent</c>, <c>added</c>.</param>
public sealed record PhonesModel(string Name, IReadOnlyList<UserPhone> Phones, IReadOnlyList<PendingPhone> Pending, bool Texted, bool Fresh, string? Field, string? Problem, string Typed, string Done);
