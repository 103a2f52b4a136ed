using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Messaging;

/// <summary><c>DELETE /api/v1/mail-templates/{name}/{locale}</c>: back to the shipped words. Saying it twice is no fault.</summary>
internal static class DeleteMailTemplate
{
    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/mail-templates/{name}/{locale}", HandleAsync).WithName("mail_templates.delete").RequirePermission(Scopes.TenantsWrite);

    /// <returns>204; 404 <c>mail_template_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string name, string locale, HttpContext http,
        TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        if (!MailTemplateRoute.Find(name, locale).TryGet(out _, out var problem)) return problem.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var seen = await MailTemplateStore.FindAsync(tx, name, locale, ct);
        if (ETags.Check(http, StoredTemplate.VersionOf(seen)) is { } outdated) return outdated.ToHttp();
        if (seen is null) return TypedResults.NoContent();
        if (!await MailTemplateStore.TryDeleteAsync(tx, name, locale, seen, ct)) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, new("mail_template.reset", AuditOutcome.Success, AuditActor.Of(caller), "mail_template", $"{name}/{locale}", facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
