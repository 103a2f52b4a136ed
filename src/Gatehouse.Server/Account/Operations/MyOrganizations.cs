using Gatehouse.Audit;
using Gatehouse.Invitations;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>One of the organizations that I belong to.</summary>
/// <param name="Active">Whether I work in it in this session.</param>
internal sealed record OwnOrganization(Organization Organization, bool Active);

/// <summary>What I belong to, in which of it I work here, and no longer.</summary>
internal sealed class MyOrganizations(IDatabase database, OrganizationDirectory organizations, OrganizationEnrolment enrolment, InvitationDirectory invitations, SessionDirectory sessions, UserDirectory users, AuditLog audit)
{
    /// <summary>Those that are active: a disabled one is nothing one could work in.</summary>
    internal async ValueTask<IReadOnlyList<OwnOrganization>> ListAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return [.. (await organizations.ListOfUserAsync(tx, me.Id, ct)).Where(o => o.Status == OrganizationStatus.Active).Select(o => new OwnOrganization(o, o.Id == me.Visitor.Session.OrganizationId))];
    }

    /// <returns>Null when it is done; 404 <c>organization_not_found</c>, also for one that is not hers.</returns>
    internal async ValueTask<Problem?> ChooseAsync(Own me, OrganizationId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await organizations.FindActiveAsync(tx, id, me.Id, ct) is null || !await sessions.ChooseAsync(tx, me.Visitor.Session.Id, me.Id, id, ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("organization.chosen", "organization", id.ToString()) with { Organization = id }, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <summary>What she could join by an address of hers.</summary>
    internal async ValueTask<IReadOnlyList<Organization>> ListOffersAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await enrolment.ListOffersAsync(tx, me.Visitor.User, ct);
    }

    /// <param name="name">Id or slug.</param>
    /// <returns>What became of it; 404 <c>organization_not_found</c>, also for one that lets nobody in so; 409 <c>member_exists</c>, <c>memberships_too_many</c>.</returns>
    internal async ValueTask<Result<JoinResult, Problem>> JoinAsync(Own me, string? name, CancellationToken ct)
    {
        if (name is not { Length: > 0 and <= OrganizationDemand.MaxLength }) return NotFound;
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        // As she is now, in this transaction: an address that she has just lost opens nothing.
        if (await users.FindAsync(tx, me.Id, ct) is not { } user) return NotFound;
        if (!(await enrolment.AskAsync(tx, user, name, me.Request, ct)).TryGet(out var joined, out var problem)) return problem.Status == 404 ? NotFound : problem;
        await tx.CommitAsync(ct);
        return joined;
    }

    /// <summary>What waits for me, sent to an address that I have proved.</summary>
    /// <param name="token">The secret of a message that this browser opened.</param>
    internal async ValueTask<IReadOnlyList<(Invitation Invitation, Organization Organization, bool LinkMissing)>> ListInvitationsAsync(Own me, string? token, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        var opened = (await invitations.FindByTokenAsync(tx, token, ct))?.Id;
        return [.. (await invitations.ListAsync(tx, me.Visitor.User, ct)).Select(i => (i.Invitation, i.Organization, i.Invitation.NeedsLink && i.Invitation.Id != opened))];
    }

    /// <param name="token">The secret of the message; only roles need it.</param>
    /// <returns>Null when it is done; 403 <c>invitation_link_needed</c>; 404 <c>invitation_not_found</c>, for all that is not hers to answer now; 409 <c>memberships_too_many</c>.</returns>
    internal async ValueTask<Problem?> AnswerAsync(Own me, string? id, bool accept, string? token, CancellationToken ct)
    {
        if (!InvitationId.TryParse(id, out var invitation)) return InvitationNotFound;
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await users.FindAsync(tx, me.Id, ct) is not { } user) return InvitationNotFound;
        if ((accept ? await invitations.AcceptAsync(tx, user, invitation, token, me.Request, ct) : await invitations.DeclineAsync(tx, user, invitation, me.Request, ct)) is { } problem) return problem;
        await tx.CommitAsync(ct);
        return null;
    }

    internal static Problem InvitationNotFound { get; } = Problem.NotFound("invitation_not_found", "No open invitation of that id is for an address that you have proved.");

    /// <returns>Null when she belongs to it no more; 404 <c>organization_not_found</c>; 409 where a member must stay.</returns>
    internal async ValueTask<Problem?> LeaveAsync(Own me, OrganizationId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await organizations.RemoveMemberAsync(tx, id, me.Id, ct) is { } problem) return problem.Status == 404 ? NotFound : problem;
        await audit.AppendAsync(tx, me.Entry("member.left") with { Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["organization"] = id.ToString() }, Organization = id }, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    internal static Problem NotFound { get; } = Problem.NotFound("organization_not_found", "You belong to no such organization.");
}
