using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Messaging;

/// <summary>Whether there is such an organization; the room of organizations, later in the order, knows.</summary>
public interface IMailOwners
{
    ValueTask<bool> ExistsAsync(TenantTransaction tx, OrganizationId organization, CancellationToken ct);
}

/// <summary>Whose words a route is about: those of the organization in its path, or the tenant's.</summary>
/// <param name="Organization">Null where the path names none.</param>
/// <param name="IsUnreadable">The path names something that is no organization's id.</param>
internal sealed record MailPlace(OrganizationId? Organization, bool IsUnreadable)
{
    internal const string Tenants = "/mail-templates/{name}/{locale}", Organizations = "/organizations/{organization}" + Tenants;

    public static ValueTask<MailPlace?> BindAsync(HttpContext http) => ValueTask.FromResult<MailPlace?>(
        http.Request.RouteValues["organization"] is not string text ? new(null, false)
        : OrganizationId.TryParse(text, out var id) ? new(id, false) : new(null, true));

    /// <returns>The message that the path names; 404 <c>mail_template_not_found</c>, <c>organization_not_found</c>.</returns>
    internal async ValueTask<Result<MailKind, Problem>> FindAsync(TenantTransaction tx, IMailOwners owners, string name, string locale, CancellationToken ct)
    {
        if (IsUnreadable || Organization is { } id && !await owners.ExistsAsync(tx, id, ct)) return Problem.NotFound("organization_not_found", "There is no such organization here.");
        if (!MailTemplateRoute.Find(name, locale).TryGet(out var kind, out var problem)) return problem;
        return Organization is null || kind.OfOrganization ? kind
            : Problem.NotFound("mail_template_not_found", $"An organization has words of its own for {string.Join(", ", MailKinds.All.Where(k => k.OfOrganization).Select(k => k.Name))} only: the other mails do not speak of it.");
    }

    internal AuditEntry Entry(string action, string name, string locale, Caller caller, RequestFacts facts) =>
        new(action, AuditOutcome.Success, AuditActor.Of(caller), "mail_template", Organization is { } organization ? $"{organization}/{name}/{locale}" : $"{name}/{locale}", facts) { Organization = Organization };
}
