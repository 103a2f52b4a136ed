using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Messaging;

/// <summary><c>GET /api/v1/mail-templates/{name}/{locale}</c>, and below <c>/organizations/{organization}</c>: the words in use, one's own or those in their place.</summary>
internal static class GetMailTemplate
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(MailPlace.Tenants, HandleAsync).WithName("mail_templates.get").RequirePermission(Scopes.TenantsRead);
        api.MapGet(MailPlace.Organizations, HandleAsync).WithName("organizations.mail_templates.get").WithSummary("Get the words of a mail that speaks of an organization").RequirePermission(Scopes.TenantsRead);
    }

    /// <returns>200; 404 <c>mail_template_not_found</c>, <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<MailTemplateRoute.View>, ProblemHttpResult>> HandleAsync(
        MailPlace place, string name, string locale, HttpContext http, TenantContext tenant, IDatabase database, IMailOwners owners, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!(await place.FindAsync(tx, owners, name, locale, ct)).TryGet(out var kind, out var problem)) return problem.ToHttp();
        var own = await MailTemplateStore.FindAsync(tx, place.Organization, name, locale, ct);
        return TypedResults.Ok(MailTemplateRoute.Show(http, kind, locale, own, await MailTemplateRoute.InUseAsync(tx, kind, locale, place.Organization, ct)));
    }
}
