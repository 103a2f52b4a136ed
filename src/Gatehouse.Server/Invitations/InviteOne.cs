using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Invitations;

/// <summary><c>/api/v1/organizations/{organization}/invitations</c>: asking one person in, again, and no longer.</summary>
internal static class InviteOne
{
    internal const int MaxRoles = 20, DefaultDays = 7, MaxDays = 90;

    /// <param name="Roles">Keys of roles that she gets with the membership.</param>
    /// <param name="Locale">Of the message; left out: the tenant's.</param>
    /// <param name="ExpiresInDays">1 to 90; default 7.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Email, IReadOnlyList<string>? Roles = null, string? Locale = null, int? ExpiresInDays = null);

    // Ids follow the time they were made at.
    private static readonly ListShape<Invitation> Shape = new(
        invitation => invitation.Id.Value, [new("created_at")],
        [
            ListField<Invitation>.Exact("id", i => i.Id.ToString()),
            ListField<Invitation>.Text("email", i => i.Email),
            ListField<Invitation>.Exact("status", i => i.Status, Invitation.Pending, Invitation.Accepted, Invitation.Declined, Invitation.Revoked, Invitation.Expired),
            new("roles", FieldKind.Exact, i => i.Roles),
            ListField<Invitation>.Exact("user", i => i.UserId?.ToString()),
            ListField<Invitation>.Time("created_at", i => i.CreatedAt),
            ListField<Invitation>.Time("expires_at", i => i.ExpiresAt),
        ]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/organizations/{organization}/invitations", InviteAsync).WithName("invitations.create").WithSummary("Invite somebody").RequirePermission(Scopes.InvitationsWrite).InOrganization().Idempotent();
        api.MapGet("/organizations/{organization}/invitations", ListAsync).WithName("invitations.list").WithSummary("List invitations").RequirePermission(Scopes.InvitationsRead).InOrganization().Lists(Shape);
        api.MapGet("/organizations/{organization}/invitations/{id}", GetAsync).WithName("invitations.get").WithSummary("Get an invitation").RequirePermission(Scopes.InvitationsRead).InOrganization();
        api.MapPost("/organizations/{organization}/invitations/{id}/resend", ResendAsync).WithName("invitations.resend").WithSummary("Send an invitation again").RequirePermission(Scopes.InvitationsWrite).InOrganization();
        api.MapPost("/organizations/{organization}/invitations/{id}/revoke", RevokeAsync).WithName("invitations.revoke").WithSummary("Revoke an invitation").RequirePermission(Scopes.InvitationsWrite).InOrganization();
    }

    /// <returns>201; 401 <c>fresh_proof_required</c>, with roles; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>; 409 <c>invitation_exists</c>, <c>member_exists</c>; 422 <c>email_invalid</c>, <c>roles_invalid</c>, <c>roles_unknown</c>, <c>locale_unknown</c>, <c>expiry_invalid</c>; 429 <c>mails_too_many</c>.</returns>
    internal static async Task<Results<Created<InvitationView>, ProblemHttpResult>> InviteAsync(string organization, Request request, TenantContext tenant, Caller caller, RecentProof proof, RequestFacts facts, IDatabase database,
        OrganizationDirectory organizations, InvitationDirectory invitations, CancellationToken ct)
    {
        if (Check(tenant, request.Roles, request.Locale, request.ExpiresInDays) is { } wrong) return wrong.ToHttp();
        if (request.Roles is { Count: > 0 } && await proof.CheckAsync(ct) is { } stale) return stale.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        if (await invitations.MayPromiseAsync(tx, found.Id, request.Roles ?? [], caller, ct) is { } refused) return refused.ToHttp();
        if (!(await invitations.SendAsync(tx, tenant, found, request.Email ?? "", request.Roles ?? [], request.Locale, TimeSpan.FromDays(request.ExpiresInDays ?? DefaultDays), caller, facts, ct))
            .TryGet(out var sent, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/organizations/{found.Id}/invitations/{sent.Id}"), InvitationView.Of(sent));
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<InvitationView>>, ProblemHttpResult>> ListAsync(string organization, HttpContext http, TenantContext tenant, IDatabase database, OrganizationDirectory organizations,
        Lists lists, TimeProvider clock, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        var now = clock.Now();
        var list = await query.ReadAsync(async (after, limit) =>
            [.. (query.Descending ? await InvitationStore.ListAsync(tx, found.Id, after?.Id, limit, ct) : await InvitationStore.ListOldestAsync(tx, found.Id, after?.Id, limit, ct)).Select(i => i.At(now))]);
        return TypedResults.Ok(new Page<InvitationView>([.. list.Items.Select(InvitationView.Of)], list.Next));
    }

    /// <returns>200; 404 <c>organization_not_found</c>, <c>invitation_not_found</c>.</returns>
    internal static async Task<Results<Ok<InvitationView>, ProblemHttpResult>> GetAsync(string organization, string id, TenantContext tenant, IDatabase database, OrganizationDirectory organizations, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        return await FindAsync(tx, found, id, ct) is { } invitation ? TypedResults.Ok(InvitationView.Of(invitation.At(clock.Now()))) : InvitationProblems.NotFound.ToHttp();
    }

    /// <summary>A new message with a new link; the one before works no more, and the time runs anew.</summary>
    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>, <c>invitation_not_found</c>; 409 <c>invitation_closed</c>; 422 <c>roles_unknown</c>; 429 <c>mails_too_many</c>.</returns>
    internal static async Task<Results<Ok<InvitationView>, ProblemHttpResult>> ResendAsync(string organization, string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, OrganizationDirectory organizations,
        InvitationDirectory invitations, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        if (await FindAsync(tx, found, id, ct) is not { } invitation) return InvitationProblems.NotFound.ToHttp();
        // It is promised anew, by whoever sends it now.
        if (await invitations.MayPromiseAsync(tx, found.Id, invitation.Roles, caller, ct) is { } refused) return refused.ToHttp();
        if (!(await invitations.SendAgainAsync(tx, tenant, found, invitation, caller, facts, ct)).TryGet(out var again, out var problem)) return problem.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Ok(InvitationView.Of(again));
    }

    /// <returns>204; 404 <c>organization_not_found</c>, <c>invitation_not_found</c>; 409 <c>invitation_closed</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string organization, string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, OrganizationDirectory organizations,
        AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        if (await FindAsync(tx, found, id, ct) is not { } invitation) return InvitationProblems.NotFound.ToHttp();
        if (!await InvitationStore.RevokeAsync(tx, found.Id, invitation.Id, clock.Now(), ct)) return InvitationProblems.Closed.ToHttp();
        await audit.AppendAsync(tx, InvitationDirectory.Entry("invitation.revoked", invitation, AuditActor.Of(caller), facts), ct);
        await events.PublishAsync(tx, new InvitationRevoked(invitation.Id, found.Id), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    internal static Problem? Check(TenantContext tenant, IReadOnlyList<string>? roles, string? locale, int? days)
    {
        if (roles is not null && (roles.Count > MaxRoles || roles.Any(r => r is not { Length: > 0 and <= 100 }) || roles.Distinct(StringComparer.Ordinal).Count() != roles.Count))
            return Problem.Invalid("roles_invalid", $"roles is a list of at most {MaxRoles} keys of roles, each once.", "roles");
        if (locale is not null && !tenant.Settings.Locales.Offered.Contains(locale, StringComparer.Ordinal)) return Problem.Invalid("locale_unknown", "locale is one of those that the tenant offers.", "locale");
        return days is < 1 or > MaxDays ? Problem.Invalid("expiry_invalid", $"expires_in_days is from 1 to {MaxDays}.", "expires_in_days") : null;
    }

    internal static async ValueTask<Organization?> FindAsync(TenantTransaction tx, OrganizationDirectory organizations, string id, CancellationToken ct) =>
        OrganizationId.TryParse(id, out var organization) ? await organizations.FindAsync(tx, organization, ct) : null;

    private static async ValueTask<Invitation?> FindAsync(TenantTransaction tx, Organization organization, string id, CancellationToken ct) =>
        InvitationId.TryParse(id, out var invitation) && await InvitationStore.FindAsync(tx, invitation, ct) is { } found && found.OrganizationId == organization.Id ? found : null;
}
