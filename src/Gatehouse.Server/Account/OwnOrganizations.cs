using Gatehouse.Http;
using Gatehouse.Invitations;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/organizations</c>, <c>POST …/choose</c>, <c>…/leave</c>: what do I belong to, and in which of it do I work here?</summary>
internal static class OwnOrganizations
{
    internal const string Path = "/account/organizations", ChoosePath = Path + "/choose", LeavePath = Path + "/leave", JoinPath = Path + "/join", AcceptPath = Path + "/accept", DeclinePath = Path + "/decline";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/organizations", ShowAsync);
        account.MapPost("/organizations/choose", ChooseAsync);
        account.MapPost("/organizations/leave", LeaveAsync);
        account.MapPost("/organizations/join", JoinAsync);
        account.MapPost("/organizations/accept", static (HttpContext http, TenantContext tenant, OwnForms forms, MyOrganizations organizations, CancellationToken ct) => AnswerAsync(true, http, tenant, forms, organizations, ct));
        account.MapPost("/organizations/decline", static (HttpContext http, TenantContext tenant, OwnForms forms, MyOrganizations organizations, CancellationToken ct) => AnswerAsync(false, http, tenant, forms, organizations, ct));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyOrganizations organizations, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn) ? await PageAsync(Own.Of(http, tenant, visitor), http, organizations, null, ct) : signIn;

    private static async Task<IResult> ChooseAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyOrganizations organizations, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // One that is not hers is as absent as one that is gone; the list tells what is true now.
        if (OrganizationId.TryParse(sent["organization"], out var id)) await organizations.ChooseAsync(sent.Me, id, ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> LeaveAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyOrganizations organizations, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        var problem = OrganizationId.TryParse(sent["organization"], out var id) ? await organizations.LeaveAsync(sent.Me, id, ct) : null;
        return problem is { Status: StatusCodes.Status409Conflict } ? await PageAsync(sent.Me, http, organizations, problem.Code, ct) : new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> JoinAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyOrganizations organizations, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // What cannot be joined is as absent as what is joined already: the list tells.
        await organizations.JoinAsync(sent.Me, sent["organization"], ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async Task<IResult> AnswerAsync(bool accept, HttpContext http, TenantContext tenant, OwnForms forms, MyOrganizations organizations, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // Another's, revoked, run out, answered: all are absent, and the list tells what is true now; also which takes the link of its message.
        await organizations.AnswerAsync(sent.Me, sent["invitation"], accept, InvitationCookie.Read(http, tenant), ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async ValueTask<IResult> PageAsync(Own me, HttpContext http, MyOrganizations organizations, string? problem, CancellationToken ct) =>
        PageResult.Of<OrganizationsPage, OrganizationsModel>(
            new(me.Visitor.Name, [.. (await organizations.ListAsync(me, ct)).Select(o => new OrganizationLine(o.Organization.Id, o.Organization.DisplayName, o.Organization.Slug, o.Active))],
                [.. (await organizations.ListOffersAsync(me, ct)).Select(o => new OrganizationLine(o.Id, o.DisplayName, o.Slug, false))],
                [.. (await organizations.ListInvitationsAsync(me, InvitationCookie.Read(http, me.Tenant), ct)).Select(i => new InvitationLine(i.Invitation.Id, i.Organization.DisplayName, i.Invitation.Email, i.LinkMissing))], problem), new PageOptions(problem is null ? 200 : 409));
}

public sealed record OrganizationLine(OrganizationId Id, string Name, string Slug, bool Active);

/// <param name="Offers">What she could join by an address of hers.</param>
/// <param name="Problem">Why she could not leave.</param>
public sealed record OrganizationsModel(string Name, IReadOnlyList<OrganizationLine> Organizations, IReadOnlyList<OrganizationLine> Offers, IReadOnlyList<InvitationLine> Invitations, string? Problem);

/// <param name="LinkMissing">It brings roles, and this browser has not opened its message.</param>
public sealed record InvitationLine(InvitationId Id, string Organization, string Email, bool LinkMissing);
