using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Invitations;

/// <summary>What the person at the other end may ask of invitations, and how they are sent.</summary>
/// <remarks>
/// The secret in the message opens a page, and lets somebody register where the tenant lets nobody else; it makes nobody a member. Who accepts is signed in to an
/// account that has proved the very address: a message that was forwarded, seen or stolen is worth nothing to others. Where roles come with it, it takes both: somebody
/// who may call an address proved without having it must not come by roles that she could not give.
/// </remarks>
public sealed class InvitationDirectory(OrganizationDirectory organizations, IEnumerable<IMemberRoles> roles, UserDirectory users, Mailer mailer, EventOutbox events, AuditLog audit, TimeProvider clock)
{
    /// <summary>Where the message leads.</summary>
    public const string Path = "/invitation";

    internal const string TokenPrefix = "gh_iv_";

    /// <summary>The open invitation whose message this secret came with; null for any other.</summary>
    public ValueTask<Invitation?> FindByTokenAsync(TenantTransaction tx, string? token, CancellationToken ct) =>
        Secret.HasShape(token, TokenPrefix) ? InvitationStore.FindByTokenAsync(tx, Secret.Hash(token!), clock.Now(), ct) : ValueTask.FromResult<Invitation?>(null);

    /// <summary>Those that wait for her: sent to an address that she has proved.</summary>
    public async ValueTask<IReadOnlyList<(Invitation Invitation, Organization Organization)>> ListAsync(TenantTransaction tx, User user, CancellationToken ct)
    {
        List<(Invitation, Organization)> found = [];
        foreach (var email in user.Emails.Where(e => e.Verified))
            foreach (var invitation in await InvitationStore.ListByAddressAsync(tx, email.Normalized, clock.Now(), ct))
                if (await organizations.FindAsync(tx, invitation.OrganizationId, ct) is { Status: OrganizationStatus.Active } organization) found.Add((invitation, organization));
        return found;
    }

    /// <summary>She accepts; in one transaction she is a member with the roles that were promised.</summary>
    /// <remarks>Roles that whoever promised them could not give any more are left out; the entry in the audit names them.</remarks>
    /// <param name="user">As she is in this transaction.</param>
    /// <param name="token">The message's secret; without roles none is needed.</param>
    /// <returns>Null when it is done; <c>invitation_not_found</c> for all that is not hers to accept now; <c>invitation_link_needed</c>; <c>memberships_too_many</c>: then the caller does not commit.</returns>
    public async ValueTask<Problem?> AcceptAsync(TenantTransaction tx, User user, InvitationId id, string? token, RequestFacts request, CancellationToken ct)
    {
        if (await FindOwnAsync(tx, user, id, ct) is not { } invitation) return InvitationProblems.NotFound;
        if (invitation.NeedsLink && (await FindByTokenAsync(tx, token, ct))?.Id != id) return InvitationProblems.LinkNeeded;
        if (await organizations.AddMemberAsync(tx, invitation.OrganizationId, user.Id, ct) is { } problem && problem.Code != "member_exists") return problem;
        if (!await InvitationStore.EndAsync(tx, id, Invitation.Accepted, user.Id, clock.Now(), ct)) return InvitationProblems.NotFound;
        List<string> withheld = [.. invitation.Roles];
        foreach (var room in roles) withheld = [.. withheld.Except(await room.GrantAsync(tx, invitation.OrganizationId, user.Id, withheld, invitation.PromisedBy, ct), StringComparer.Ordinal)];
        await audit.AppendAsync(tx, Entry("invitation.accepted", invitation, AuditActor.User(user.Id), request, withheld.Count > 0 ? ("withheld", string.Join(' ', withheld)) : null), ct);
        await events.PublishAsync(tx, new InvitationAccepted(id, invitation.OrganizationId, user.Id), ct);
        return null;
    }

    /// <returns>Null when it is done; <c>invitation_not_found</c>.</returns>
    public async ValueTask<Problem?> DeclineAsync(TenantTransaction tx, User user, InvitationId id, RequestFacts request, CancellationToken ct)
    {
        if (await FindOwnAsync(tx, user, id, ct) is not { } invitation || !await InvitationStore.EndAsync(tx, id, Invitation.Declined, user.Id, clock.Now(), ct)) return InvitationProblems.NotFound;
        await audit.AppendAsync(tx, Entry("invitation.declined", invitation, AuditActor.User(user.Id), request), ct);
        return null;
    }

    /// <summary>Writes it down and queues its message.</summary>
    /// <returns>After any problem the caller does not commit, or undoes what it began.</returns>
    internal async ValueTask<Result<Invitation, Problem>> SendAsync(TenantTransaction tx, TenantContext tenant, Organization organization, string email, IReadOnlyList<string> keys, string? locale, TimeSpan lifetime,
        Caller caller, RequestFacts request, CancellationToken ct, (string Key, string Value)? details = null)
    {
        if (!EmailAddress.Parse(email).TryGet(out var address, out var problem)) return problem;
        if (await users.FindByEmailAsync(tx, address, ct) is { } known && await organizations.IsMemberAsync(tx, organization.Id, known.Id, ct)) return InvitationProblems.Member;
        var now = clock.Now();
        var token = Secret.New(TokenPrefix);
        var invitation = new Invitation(InvitationId.New(clock), organization.Id, address.Address, address.Normalized, keys, locale ?? tenant.Settings.Locales.Default, Invitation.Pending, now, now, now + lifetime, null, null) { PromisedBy = caller };
        if (!await InvitationStore.TryInsertAsync(tx, invitation, Secret.Hash(token), ct)) return InvitationProblems.Exists;
        if (!await QueueAsync(tx, tenant, organization, invitation, token, ct)) return InvitationProblems.MailLimit;
        await audit.AppendAsync(tx, Entry("invitation.sent", invitation, AuditActor.Of(caller), request, details), ct);
        await events.PublishAsync(tx, new InvitationSent(invitation.Id, organization.Id), ct);
        return invitation;
    }

    /// <summary>The secret before works no more.</summary>
    internal async ValueTask<Result<Invitation, Problem>> SendAgainAsync(TenantTransaction tx, TenantContext tenant, Organization organization, Invitation invitation, Caller caller, RequestFacts request, CancellationToken ct)
    {
        var now = clock.Now();
        var token = Secret.New(TokenPrefix);
        var again = invitation with { SentAt = now, ExpiresAt = now + (invitation.ExpiresAt - invitation.SentAt), Status = Invitation.Pending };
        if (!await InvitationStore.RenewAsync(tx, organization.Id, invitation.Id, Secret.Hash(token), caller, now, again.ExpiresAt, ct)) return InvitationProblems.Closed;
        if (!await QueueAsync(tx, tenant, organization, again, token, ct)) return InvitationProblems.MailLimit;
        await audit.AppendAsync(tx, Entry("invitation.resent", invitation, AuditActor.Of(caller), request), ct);
        return again;
    }

    /// <summary>Whether these roles may be promised: of an organization whose roles nobody knows, none.</summary>
    internal async ValueTask<Problem?> MayPromiseAsync(TenantTransaction tx, OrganizationId organization, IReadOnlyList<string> keys, Caller caller, CancellationToken ct)
    {
        if (keys.Count == 0) return null;
        var asked = false;
        foreach (var room in roles)
        {
            asked = true;
            if (await room.MayGrantAsync(tx, organization, keys, caller, ct) is { } refused) return refused;
        }
        return asked ? null : Problem.Invalid("roles_unknown", "This organization has no such roles.", "roles");
    }

    private ValueTask<bool> QueueAsync(TenantTransaction tx, TenantContext tenant, Organization organization, Invitation invitation, string token, CancellationToken ct) =>
        mailer.QueueAsync(tx, tenant, new Mail(invitation.Email, "invitation", invitation.Locale, new Dictionary<string, string>
        {
            ["link"] = tenant.Url($"{Path}?token={token}"), ["name"] = organization.DisplayName,
            ["time"] = MailTime.Text(invitation.ExpiresAt),
        }, Lifetime: invitation.ExpiresAt - invitation.SentAt) { Accent = organization.Settings.Accent, Organization = organization.Id }, ct);

    private async ValueTask<Invitation?> FindOwnAsync(TenantTransaction tx, User user, InvitationId id, CancellationToken ct) =>
        await InvitationStore.FindAsync(tx, id, ct) is { } invitation && invitation.At(clock.Now()).Status == Invitation.Pending
        && user.Emails.Any(e => e.Verified && string.Equals(e.Normalized, invitation.Normalized, StringComparison.Ordinal))
        && await organizations.FindAsync(tx, invitation.OrganizationId, ct) is { Status: OrganizationStatus.Active } ? invitation : null;

    internal static AuditEntry Entry(string action, Invitation invitation, AuditActor actor, RequestFacts request, (string Key, string Value)? more = null)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal) { ["organization"] = invitation.OrganizationId.ToString() };
        if (more is var (key, value)) details[key] = value;
        return new(action, AuditOutcome.Success, actor, "invitation", invitation.Id.ToString(), request, details) { Organization = invitation.OrganizationId };
    }
}
