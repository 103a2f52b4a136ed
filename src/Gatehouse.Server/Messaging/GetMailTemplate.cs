using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Messaging;

/// <summary><c>GET /api/v1/mail-templates/{name}/{locale}</c>: the words in use, the tenant's own or the shipped ones.</summary>
internal static class GetMailTemplate
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/mail-templates/{name}/{locale}", HandleAsync).WithName("mail_templates.get").RequirePermission(Scopes.TenantsRead);

    /// <returns>200; 404 <c>mail_template_not_found</c>.</returns>
    internal static async Task<Results<Ok<MailTemplateRoute.View>, ProblemHttpResult>> HandleAsync(
        string name, string locale, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!MailTemplateRoute.Find(name, locale).TryGet(out var kind, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(MailTemplateRoute.Show(http, kind, locale, await MailTemplateStore.FindAsync(tx, name, locale, ct)));
    }
}
