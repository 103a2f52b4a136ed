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

/// <summary><c>POST /console/applications/{id}/secrets</c> (one more, shown once at the application's page) and <c>/secrets/remove</c>.</summary>
internal static class ChangeSecrets
{
    internal static void Map(IEndpointRouteBuilder console)
    {
        console.MapPost("/applications/{id}/secrets", AddAsync);
        console.MapPost("/applications/{id}/secrets/remove", RemoveAsync);
    }

    private static async Task<IResult> AddAsync(string id, HttpContext http, TenantContext tenant, RequestFacts facts, Forms forms, Administrators administrators,
        IDatabase database, ClientDirectory clients, ClientRegistration registration, SecretHandover handover, AuditLog audit, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ShowApplication.NotFound;
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Application(id), ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ShowApplication.NotFound;
        if (!(await registration.AddSecretAsync(tx, client, null, ct)).TryGet(out var issued, out var problem))
            return await ShowApplication.PageAsync(tx, visitor, clients, clientId, model => model with { Problem = FormProblem.Of(problem) }, StatusCodes.Status422UnprocessableEntity, ct);
        await audit.AppendAsync(tx, new("client.secret_added", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "client", id, facts,
            new Dictionary<string, string> { ["secret"] = issued.Record.Id.ToString() }), ct);
        var underWay = await handover.SealAsync(tx, visitor, clientId, issued.Text, ct);
        await tx.CommitAsync(ct);
        SecretHandover.Give(http, tenant, underWay);
        return new SeeOther(tenant.PathBase + ConsolePaths.Application(id));
    }

    private static Task<IResult> RemoveAsync(string id, HttpContext http, TenantContext tenant, RequestFacts facts, ApplicationChange change,
        ClientRegistration registration, AuditLog audit, CancellationToken ct) =>
        change.RunAsync(id, http, tenant, async (tx, client, visitor, form) =>
        {
            // One that is gone already is gone: the page says what is left.
            if (!ClientSecretId.TryParse(form["secret"], out var secret) || !await registration.RemoveSecretAsync(tx, client.Id, secret, ct)) return null;
            await audit.AppendAsync(tx, new("client.secret_removed", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "client", id, facts,
                new Dictionary<string, string> { ["secret"] = secret.ToString() }), ct);
            return null;
        }, "?saved", ct);
}
