using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
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

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, [FromServices] IConsentRecords consents, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return PageResult.Of<ConsentsPage, ConsentsModel>(new(visitor.Name, await consents.ListAsync(tx, visitor.User.Id, ct)));
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database,
        [FromServices] IConsentRecords consents, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (ClientId.TryParse(form["client"], out var client) && await consents.RevokeAsync(tx, visitor.User.Id, client, ct))
        {
            await audit.AppendAsync(tx, new AuditEntry("consent.revoked", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "client", client.ToString(), request), ct);
            await tx.CommitAsync(ct);
        }
        return new SeeOther(tenant.PathBase + Path);
    }
}

public sealed record ConsentsModel(string Name, IReadOnlyList<ConsentRecord> Consents);
