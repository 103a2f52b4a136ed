using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/organizations</c>: what I belong to.</summary>
internal static class OrganizationsApi
{
    /// <param name="Organization">The id of one of mine.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record ChooseRequest(string? Organization);

    /// <param name="Organization">Its id or slug.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record JoinRequest(string? Organization);

    /// <param name="Outcome"><c>joined</c>, or <c>requested</c>: somebody there decides.</param>
    internal sealed record JoinView(string Outcome, OwnOrganizationView Organization);

    /// <param name="Roles">Keys of what comes with it.</param>
    /// <param name="LinkNeeded">It brings roles: accepting takes the <c>token</c> of the link in its message.</param>
    internal sealed record OwnInvitationView(InvitationId Id, OwnOrganizationView Organization, string Email, IReadOnlyList<string> Roles, bool LinkNeeded, DateTimeOffset ExpiresAt);

    /// <param name="Token">Of the link in the message; needed where <c>link_needed</c> says so.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record AcceptRequest(string? Token = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/invitations", InvitationsAsync).WithName("own_invitations.list").WithSummary("List invitations for me").RequirePermission(AccountScopes.Read);
        api.MapPost("/invitations/{id}/accept", AcceptAsync).WithName("own_invitations.accept").WithSummary("Accept an invitation").RequirePermission(AccountScopes.Write);
        api.MapPost("/invitations/{id}/decline", DeclineAsync).WithName("own_invitations.decline").WithSummary("Decline an invitation").RequirePermission(AccountScopes.Write);
        api.MapGet("/organizations", ListAsync).WithName("own_organizations.list").WithSummary("List the organizations I belong to").RequirePermission(AccountScopes.Read);
        api.MapPut("/organizations/active", ChooseAsync).WithName("own_organizations.choose").WithSummary("Choose the one I work in here").RequirePermission(AccountScopes.Write);
        api.MapGet("/organizations/offers", OffersAsync).WithName("own_organizations.offers").WithSummary("List what I could join by my addresses").RequirePermission(AccountScopes.Read);
        api.MapPost("/organizations", JoinAsync).WithName("own_organizations.join").WithSummary("Join an organization, or ask to").RequirePermission(AccountScopes.Write);
        api.MapDelete("/organizations/{id}", LeaveAsync).WithName("own_organizations.leave").WithSummary("Leave an organization").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnOrganizationView>>> ListAsync(TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnOrganizationView>([.. (await organizations.ListAsync(me, ct)).Select(OwnOrganizationView.Of)]));

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnInvitationView>>> InvitationsAsync(TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnInvitationView>([.. (await organizations.ListInvitationsAsync(me, null, ct)).Select(i => new OwnInvitationView(i.Invitation.Id, OwnOrganizationView.Of(new(i.Organization, Active: false)), i.Invitation.Email, i.Invitation.Roles, i.Invitation.NeedsLink, i.Invitation.ExpiresAt))]));

    /// <returns>204; 403 <c>invitation_link_needed</c>; 404 <c>invitation_not_found</c>; 409 <c>memberships_too_many</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> AcceptAsync(string id, AcceptRequest? request, TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        await organizations.AnswerAsync(me, id, accept: true, request?.Token, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>204; 404 <c>invitation_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeclineAsync(string id, TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        await organizations.AnswerAsync(me, id, accept: false, null, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>204; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> ChooseAsync(ChooseRequest request, TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        (OrganizationId.TryParse(request.Organization, out var id) ? await organizations.ChooseAsync(me, id, ct) : MyOrganizations.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnOrganizationView>>> OffersAsync(TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnOrganizationView>([.. (await organizations.ListOffersAsync(me, ct)).Select(o => OwnOrganizationView.Of(new(o, Active: false)))]));

    /// <returns>200; 404 <c>organization_not_found</c>; 409 <c>member_exists</c>, <c>memberships_too_many</c>.</returns>
    internal static async Task<Results<Ok<JoinView>, ProblemHttpResult>> JoinAsync(JoinRequest request, TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        (await organizations.JoinAsync(me, request.Organization, ct)).TryGet(out var joined, out var problem)
            ? TypedResults.Ok(new JoinView(joined.Outcome == Gatehouse.Organizations.JoinOutcome.Joined ? "joined" : "requested", OwnOrganizationView.Of(new(joined.Organization, Active: false)))) : problem.ToHttp();

    /// <returns>204; 404 <c>organization_not_found</c>; 409 where a member must stay.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(string id, TenantContext tenant, Own me, MyOrganizations organizations, CancellationToken ct) =>
        (OrganizationId.TryParse(id, out var organization) ? await organizations.LeaveAsync(me, organization, ct) : MyOrganizations.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
