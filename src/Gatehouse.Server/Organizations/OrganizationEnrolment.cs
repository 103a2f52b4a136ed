using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations.Domains;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Organizations;

/// <summary>What became of asking to join.</summary>
public enum JoinOutcome { Joined, Requested }

/// <summary>How people come into an organization by themselves, as it lets them: by an address at its domain, by asking, or freely. Invitations are a room of their own.</summary>
public sealed class OrganizationEnrolment(OrganizationDirectory organizations, AuditLog audit, TimeProvider clock)
{
    /// <summary>
    /// Where she has a verified address at a domain whose organization takes such people in when they sign in, she belongs to it from now on. In the transaction of her sign-in.
    /// </summary>
    public async ValueTask JoinByDomainAsync(TenantTransaction tx, User user, RequestFacts request, CancellationToken ct)
    {
        foreach (var organization in await FindByDomainAsync(tx, user, ct))
            if (organization.Settings.JoinAtSignIn == true && await organizations.IsMemberAsync(tx, organization.Id, user.Id, ct) is false)
                await JoinAsync(tx, organization.Id, user.Id, "domain", request, ct);
    }

    /// <summary>Those that she could join by an address of hers and does not belong to yet.</summary>
    public async ValueTask<IReadOnlyList<Organization>> ListOffersAsync(TenantTransaction tx, User user, CancellationToken ct)
    {
        List<Organization> offers = [];
        foreach (var organization in await FindByDomainAsync(tx, user, ct))
            if (!await organizations.IsMemberAsync(tx, organization.Id, user.Id, ct)) offers.Add(organization);
        return offers;
    }

    /// <returns>What became of it; <c>organization_not_found</c> for all that does not let her in, be it there or not; <c>member_exists</c>.</returns>
    public async ValueTask<Result<JoinResult, Problem>> AskAsync(TenantTransaction tx, User user, string name, RequestFacts request, CancellationToken ct)
    {
        if (await organizations.FindNamedAsync(tx, name, ct) is not { Status: OrganizationStatus.Active } organization) return OrganizationProblems.NotFound;
        var mode = organization.Settings.EnrolmentMode;
        var byDomain = mode == OrganizationSettings.Domain && (await FindByDomainAsync(tx, user, ct)).Exists(o => o.Id == organization.Id);
        if (await organizations.IsMemberAsync(tx, organization.Id, user.Id, ct)) return OrganizationProblems.MemberExists;
        if (mode == OrganizationSettings.Request)
        {
            if (await RequestStore.TryInsertAsync(tx, organization.Id, user.Id, clock.Now(), ct))
                await audit.AppendAsync(tx, OrganizationAudit.OfMember("member.requested", organization.Id, user.Id, AuditActor.User(user.Id), request), ct);
            return new JoinResult(organization, JoinOutcome.Requested);
        }
        if (!byDomain && mode != OrganizationSettings.Open) return OrganizationProblems.NotFound;
        return await JoinAsync(tx, organization.Id, user.Id, mode, request, ct) is { } problem ? problem : new JoinResult(organization, JoinOutcome.Joined);
    }

    private async ValueTask<Problem?> JoinAsync(TenantTransaction tx, OrganizationId organization, UserId user, string how, RequestFacts request, CancellationToken ct)
    {
        if (await organizations.AddSelfAsync(tx, organization, user, ct) is { } problem) return problem;
        var entry = OrganizationAudit.OfMember("member.added", organization, user, AuditActor.User(user), request);
        await audit.AppendAsync(tx, entry with { Details = new Dictionary<string, string>(entry.Details!, StringComparer.Ordinal) { ["by"] = how } }, ct);
        return null;
    }

    /// <summary>The active organizations whose verified domains her verified addresses are at, and who take people in by that.</summary>
    private async ValueTask<List<Organization>> FindByDomainAsync(TenantTransaction tx, User user, CancellationToken ct)
    {
        List<Organization> found = [];
        foreach (var domain in user.Emails.Where(e => e.Verified).Select(e => DomainName.Of(e.Normalized)).Distinct(StringComparer.Ordinal))
            if (await DomainStore.FindOwnerAsync(tx, domain, ct) is { } owner && !found.Exists(o => o.Id == owner)
                && await organizations.FindAsync(tx, owner, ct) is { Status: OrganizationStatus.Active } organization && organization.Settings.EnrolmentMode == OrganizationSettings.Domain)
                found.Add(organization);
        return found;
    }
}

/// <summary>Which one, and what became of asking.</summary>
public sealed record JoinResult(Organization Organization, JoinOutcome Outcome);
