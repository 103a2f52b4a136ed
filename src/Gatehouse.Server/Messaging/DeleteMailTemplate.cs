using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Messaging;

/// <summary><c>DELETE /api/v1/mail-templates/{name}/{locale}</c>, and below <c>/organizations/{organization}</c>: back to the words that would be in use without one's own. Saying it twice is no fault.</summary>
internal static class DeleteMailTemplate
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete(MailPlace.Tenants, HandleAsync).WithName("mail_templates.delete").RequirePermission(Scopes.TenantsWrite);
        api.MapDelete(MailPlace.Organizations, HandleAsync).WithName("organizations.mail_templates.delete").WithSummary("Take back an organization's own words of a mail").RequirePermission(Scopes.TenantsWrite);
    }

    /// <returns>204; 404 <c>mail_template_not_found</c>, <c>organization_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(MailPlace place, string name, string locale, HttpContext http,
        TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, IMailOwners owners, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await place.FindAsync(tx, owners, name, locale, ct)).TryGet(out _, out var problem)) return problem.ToHttp();
        var seen = await MailTemplateStore.FindAsync(tx, place.Organization, name, locale, ct);
        if (ETags.Check(http, StoredTemplate.VersionOf(seen)) is { } outdated) return outdated.ToHttp();
        if (seen is null) return TypedResults.NoContent();
        if (!await MailTemplateStore.TryDeleteAsync(tx, place.Organization, name, locale, seen, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, place.Entry("mail_template.reset", name, locale, caller, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
