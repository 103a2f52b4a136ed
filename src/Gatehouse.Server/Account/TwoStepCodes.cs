using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET, POST /account/two-step/codes</c>: new recovery codes in place of the old, after a fresh proof; the answer shows them and is no
/// redirect. <c>POST …/codes/file</c>: the codes just shown, as a file: sent back from the page, because nothing here still knows them.
/// </summary>
internal static class TwoStepCodes
{
    internal const string Path = "/account/two-step/codes", FilePath = "/account/two-step/codes/file";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/two-step/codes", ShowAsync);
        account.MapPost("/two-step/codes", RenewAsync);
        account.MapPost("/two-step/codes/file", SaveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        (await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? PageResult.Of<TwoStepCodesPage, TwoStepCodesModel>(new(visitor.Name, null, TurnedOn: false))
            : signIn;

    private static async Task<IResult> RenewAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyTwoStep mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (!(await mine.RenewCodesAsync(Own.Of(http, tenant, visitor), ct)).TryGet(out var codes, out _)) return new SeeOther(tenant.PathBase + TwoStep.Path);
        return PageResult.Of<TwoStepCodesPage, TwoStepCodesModel>(new(visitor.Name, codes, TurnedOn: false));
    }

    private static async Task<IResult> SaveAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, IDatabase database, RecoveryCodes recovery, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        // Only what is hers comes back: this is no place to make files of other people's words.
        var codes = form["codes"].Split(' ', RecoveryCodes.Count + 1, StringSplitOptions.RemoveEmptyEntries);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        foreach (var code in codes)
            if (!await recovery.IsUnusedAsync(tx, visitor.User.Id, code, ct)) return new SeeOther(tenant.PathBase + Path);
        if (codes.Length == 0) return new SeeOther(tenant.PathBase + Path);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(System.Text.Encoding.UTF8.GetBytes($"{tenant.DisplayName}\n{visitor.Name}\n\n{string.Join('\n', codes)}\n"), "text/plain; charset=utf-8", "recovery-codes.txt");
    }
}

/// <param name="Codes">Shown now and never again; null before they are made.</param>
/// <param name="TurnedOn">The second step has just been set up.</param>
public sealed record TwoStepCodesModel(string Name, IReadOnlyList<string>? Codes, bool TurnedOn);
