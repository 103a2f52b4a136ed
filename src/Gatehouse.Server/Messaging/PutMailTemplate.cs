using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Messaging;

/// <summary><c>PUT /api/v1/mail-templates/{name}/{locale}</c>, and below <c>/organizations/{organization}</c>: words of one's own from now on.</summary>
internal static class PutMailTemplate
{
    /// <param name="Html">What stands inside the common frame; trusted as the tenant's own.</param>
    internal sealed record Request(string? Subject, string? Text, string? Html);

    // Below an organization too only the tenant's administrators: the words go out under the tenant's name, with whatever links stand in them.
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut(MailPlace.Tenants, HandleAsync).WithName("mail_templates.put").RequirePermission(Scopes.TenantsWrite);
        api.MapPut(MailPlace.Organizations, HandleAsync).WithName("organizations.mail_templates.put").WithSummary("Give a mail that speaks of an organization words of its own").RequirePermission(Scopes.TenantsWrite);
    }

    /// <returns>200; 404 <c>mail_template_not_found</c>, <c>organization_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>template_invalid</c>, <c>placeholder_unknown</c>, <c>placeholder_missing</c>.</returns>
    internal static async Task<Results<Ok<MailTemplateRoute.View>, ProblemHttpResult>> HandleAsync(MailPlace place, string name, string locale, Request request,
        HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, IMailOwners owners, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        var template = new MailTemplate(request.Subject ?? "", request.Text ?? "", request.Html ?? "");
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await place.FindAsync(tx, owners, name, locale, ct)).TryGet(out var kind, out var problem)) return problem.ToHttp();
        if (template.Check(kind) is { } invalid) return invalid.ToHttp();
        var seen = await MailTemplateStore.FindAsync(tx, place.Organization, name, locale, ct);
        if (ETags.Check(http, StoredTemplate.VersionOf(seen)) is { } outdated) return outdated.ToHttp();
        if (await MailTemplateStore.TrySaveAsync(tx, place.Organization, name, locale, template, seen, clock.Now(), ct) is not { } saved) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, place.Entry("mail_template.changed", name, locale, caller, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(MailTemplateRoute.Show(http, kind, locale, saved, saved.Template));
    }
}
