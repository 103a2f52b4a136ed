using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET, POST /account/password</c>: a new password for the old one, or a first one after a fresh proof. The old one, typed here, is the fresh proof of whoever has nothing else;
/// who has two steps shows both first.
/// </summary>
internal static class ChangePassword
{
    internal const string Path = "/account/password";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/password", ShowAsync);
        account.MapPost("/password", SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, SecondFactors factors, MyPassword password, CancellationToken ct) =>
        (await FindAsync(http, tenant, visitors, database, factors, password, ct)).TryGet(out var visitor, out var signIn)
            ? Show(visitor, await password.HasAsync(Own.Of(http, tenant, visitor), ct), null, null, http.Request.Query.ContainsKey("changed"))
            : signIn;

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, IDatabase database, SecondFactors factors, MyPassword password, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await FindAsync(http, tenant, visitors, database, factors, password, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var me = Own.Of(http, tenant, visitor);
        return await password.ChangeAsync(me, http, form["current"], form["new"], ct) is { } problem
            ? Show(visitor, await password.HasAsync(me, ct), problem.Field, problem.Code, false)
            : new SeeOther($"{tenant.PathBase}{Path}?changed=1");
    }

    private static async ValueTask<Result<Visitor, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, SecondFactors factors, MyPassword password, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            if (!await factors.HasAsync(read, visitor.User.Id, ct) && await password.HasAsync(Own.Of(http, tenant, visitor), ct)) return visitor;
        }
        return await visitors.FindFreshAsync(http, tenant, Path, ct);
    }

    private static PageResult Show(Visitor visitor, bool has, string? field, string? problem, bool changed) =>
        PageResult.Of<PasswordChangePage, PasswordChangeModel>(new(visitor.Name, has, field, problem, changed), new PageOptions(problem is null ? 200 : 422));
}

/// <param name="Has">Whether she has one; else this sets the first.</param>
/// <param name="Field">Where <paramref name="Problem"/> stands.</param>
/// <param name="Changed">It has just been done.</param>
public sealed record PasswordChangeModel(string Name, bool Has, string? Field, string? Problem, bool Changed);
