using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Organizations;

/// <summary>Entries about an organization: each names it, whatever else it is about, so that its own administrators can be shown them.</summary>
public static class OrganizationAudit
{
    public static AuditEntry Of(string action, OrganizationId organization, Caller caller, RequestFacts facts, IReadOnlyDictionary<string, string>? details = null) =>
        Of(action, organization, AuditActor.Of(caller), facts, details);

    public static AuditEntry Of(string action, OrganizationId organization, AuditActor actor, RequestFacts facts, IReadOnlyDictionary<string, string>? details = null) =>
        new(action, AuditOutcome.Success, actor, "organization", organization.ToString(), facts, details) { Organization = organization };

    public static AuditEntry OfMember(string action, OrganizationId organization, UserId user, AuditActor actor, RequestFacts facts) =>
        new(action, AuditOutcome.Success, actor, "user", user.ToString(), facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["organization"] = organization.ToString() }) { Organization = organization };
}
