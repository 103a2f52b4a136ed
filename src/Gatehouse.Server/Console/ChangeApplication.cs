using System.Globalization;
using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Console;

/// <summary><c>POST /console/applications/{id}</c> and <c>/disable</c>, <c>/enable</c>, <c>/delete</c>: changes and ends an application.</summary>
internal static class ChangeApplication
{
    internal static void Map(IEndpointRouteBuilder console)
    {
        console.MapPost("/applications/{id}", SaveAsync);
        console.MapPost("/applications/{id}/disable", (string id, HttpContext http, TenantContext tenant, RequestFacts facts, ApplicationChange change, CancellationToken ct) =>
            SwitchAsync(id, http, tenant, facts, change, enabled: false, ct));
        console.MapPost("/applications/{id}/enable", (string id, HttpContext http, TenantContext tenant, RequestFacts facts, ApplicationChange change, CancellationToken ct) =>
            SwitchAsync(id, http, tenant, facts, change, enabled: true, ct));
        console.MapPost("/applications/{id}/delete", DeleteAsync);
    }

    private static Task<IResult> SaveAsync(string id, HttpContext http, TenantContext tenant, RequestFacts facts, ApplicationChange change, CancellationToken ct) =>
        change.RunAsync(id, http, tenant, async (tx, client, visitor, form) =>
        {
            var signsPeopleIn = client.GrantTypes.Contains("authorization_code");
            var wanted = client with
            {
                Name = form["name"],
                RedirectUris = signsPeopleIn ? TextLines.Split(form["redirect_uris"]) : client.RedirectUris,
                PostLogoutRedirectUris = signsPeopleIn ? TextLines.Split(form["post_logout_redirect_uris"]) : client.PostLogoutRedirectUris,
                Scopes = form["scopes"].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                // The version the page was made from: who changed it in between is not overwritten.
                Version = long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0,
            };
            return await change.UpdateAsync(tx, wanted, visitor, facts, ct);
        }, "?saved", ct);

    private static Task<IResult> SwitchAsync(string id, HttpContext http, TenantContext tenant, RequestFacts facts, ApplicationChange change, bool enabled, CancellationToken ct) =>
        change.RunAsync(id, http, tenant, (tx, client, visitor, _) => change.UpdateAsync(tx, client with { Enabled = enabled }, visitor, facts, ct), "?saved", ct);

    private static async Task<IResult> DeleteAsync(string id, HttpContext http, TenantContext tenant, RequestFacts facts, ApplicationChange change,
        ClientRegistration registration, AuditLog audit, CancellationToken ct) =>
        await change.RunAsync(id, http, tenant, async (tx, client, visitor, _) =>
        {
            if (await registration.DeleteAsync(tx, client.Id, client.Version, ct) is { } problem) return problem;
            await audit.AppendAsync(tx, new("client.deleted", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "client", id, facts,
                new Dictionary<string, string> { ["name"] = client.Name }), ct);
            return null;
        }, null, ct);
}

/// <summary>What every change of an application takes: a form of ours, an administrator, the application, one transaction, and where next.</summary>
internal sealed class ApplicationChange(Forms forms, Administrators administrators, IDatabase database, ClientDirectory clients, ClientRegistration registration, AuditLog audit)
{
    /// <param name="change">Does it; a problem rolls everything back and is shown on the application's page.</param>
    /// <param name="query">Of the application's page afterwards; null: the application is gone, back to the list.</param>
    internal async Task<IResult> RunAsync(string id, HttpContext http, TenantContext tenant,
        Func<TenantTransaction, Client, Visitor, PageForm, ValueTask<Problem?>> change, string? query, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ShowApplication.NotFound;
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Application(id), ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        Problem? problem;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ShowApplication.NotFound;
            problem = await change(tx, client, visitor, form);
            if (problem is null)
            {
                await tx.CommitAsync(ct);
                return new SeeOther(tenant.PathBase + (query is null ? ConsolePaths.Applications : ConsolePaths.Application(id) + query));
            }
        }
        await using var read = await database.ReadAsync(tenant.Id, ct);
        var shown = FormProblem.Of(problem, "name", "redirect_uris", "post_logout_redirect_uris", "scopes");
        return await ShowApplication.PageAsync(read, visitor, clients, clientId,
            model => model with { Problem = shown, Form = form.Has("version") && problem.Code != "version_mismatch" ? form : null }, StatusCodes.Status422UnprocessableEntity, ct);
    }

    internal async ValueTask<Problem?> UpdateAsync(TenantTransaction tx, Client wanted, Visitor visitor, RequestFacts facts, CancellationToken ct)
    {
        if (!(await registration.UpdateAsync(tx, wanted, ct)).TryGet(out var after, out var problem)) return problem;
        await audit.AppendAsync(tx, new("client.updated", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "client", after.Id.ToString(), facts,
            new Dictionary<string, string> { ["enabled"] = after.Enabled ? "true" : "false" }), ct);
        return null;
    }
}
