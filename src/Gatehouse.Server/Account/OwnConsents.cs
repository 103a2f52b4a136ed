using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/applications</c>, <c>POST /account/applications/revoke</c>: what may act in my name, and no longer.</summary>
internal static class OwnConsents
{
    internal const string Path = "/account/applications", RevokePath = Path + "/revoke";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/applications", ShowAsync);
        account.MapPost("/applications/revoke", RevokeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyConsents consents, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        return PageResult.Of<ConsentsPage, ConsentsModel>(new(visitor.Name, await consents.ListAsync(Own.Of(http, tenant, visitor), ct)));
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyConsents consents, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (ClientId.TryParse(form["client"], out var client)) await consents.RevokeAsync(Own.Of(http, tenant, visitor), client, ct);
        return new SeeOther(tenant.PathBase + Path);
    }
}

public sealed record ConsentsModel(string Name, IReadOnlyList<ConsentRecord> Consents);
