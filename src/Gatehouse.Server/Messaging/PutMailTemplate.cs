using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Messaging;

/// <summary><c>PUT /api/v1/mail-templates/{name}/{locale}</c>: the tenant's own words from now on.</summary>
internal static class PutMailTemplate
{
    /// <param name="Html">What stands inside the common frame; trusted as the tenant's own.</param>
    internal sealed record Request(string? Subject, string? Text, string? Html);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/mail-templates/{name}/{locale}", HandleAsync).WithName("mail_templates.put").RequirePermission(Scopes.TenantsWrite);

    /// <returns>200; 404 <c>mail_template_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>template_invalid</c>, <c>placeholder_unknown</c>, <c>placeholder_missing</c>.</returns>
    internal static async Task<Results<Ok<MailTemplateRoute.View>, ProblemHttpResult>> HandleAsync(string name, string locale, Request request,
        HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!MailTemplateRoute.Find(name, locale).TryGet(out var kind, out var problem)) return problem.ToHttp();
        var template = new MailTemplate(request.Subject ?? "", request.Text ?? "", request.Html ?? "");
        if (template.Check(kind) is { } invalid) return invalid.ToHttp();

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var seen = await MailTemplateStore.FindAsync(tx, name, locale, ct);
        if (ETags.Check(http, StoredTemplate.VersionOf(seen)) is { } outdated) return outdated.ToHttp();
        if (await MailTemplateStore.TrySaveAsync(tx, name, locale, template, seen, clock.Now(), ct) is not { } saved) return ETags.Changed.ToHttp();
        await audit.AppendAsync(tx, new("mail_template.changed", AuditOutcome.Success, AuditActor.Of(caller), "mail_template", $"{name}/{locale}", facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(MailTemplateRoute.Show(http, kind, locale, saved));
    }
}
