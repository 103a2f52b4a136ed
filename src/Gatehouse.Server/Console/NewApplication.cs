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

/// <summary>
/// <c>GET, POST /console/applications/new</c>: first the kind, then what that kind needs; then <c>GET
/// /console/applications/{id}/created</c>, which shows the secret the first time it is looked at.
/// </summary>
internal static class NewApplication
{
    internal static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet("/applications/new", ShowAsync);
        console.MapPost("/applications/new", CreateAsync);
        console.MapGet("/applications/{id}/created", ShowCreatedAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Administrators administrators, CancellationToken ct)
    {
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.New, ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        return ApplicationKinds.Parse(http.Request.Query["kind"]) is { } kind
            ? PageResult.Of<NewApplicationPage, NewApplicationModel>(new(visitor.Name, kind, null))
            : PageResult.Of<ChooseKindPage, ChooseKindModel>(new(visitor.Name));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, TenantContext tenant, RequestFacts facts, Forms forms, Administrators administrators,
        IDatabase database, ClientRegistration registration, SecretHandover handover, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.New, ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        if (ApplicationKinds.Parse(form["kind"]) is not { } kind) return ErrorResult.Of(400, "request_invalid", ConsolePaths.New);

        var wanted = ApplicationKinds.Make(kind, form["name"], TextLines.Split(form["redirect_uris"]), TextLines.Split(form["post_logout_redirect_uris"]),
            form["scopes"].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await registration.CreateAsync(tx, wanted, ct)).TryGet(out var made, out var problem))
            return PageResult.Of<NewApplicationPage, NewApplicationModel>(new(visitor.Name, kind, form)
            {
                Problem = FormProblem.Of(problem, "name", "redirect_uris", "post_logout_redirect_uris", "scopes"),
            }, new PageOptions(Status: StatusCodes.Status422UnprocessableEntity));
        await audit.AppendAsync(tx, new("client.created", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "client", made.Client.Id.ToString(), facts,
            new Dictionary<string, string> { ["name"] = made.Client.Name }), ct);
        var underWay = made.Secret is { } secret ? await handover.SealAsync(tx, visitor, made.Client.Id, secret, ct) : null;
        await tx.CommitAsync(ct);
        if (underWay is not null) SecretHandover.Give(http, tenant, underWay);
        return new SeeOther($"{tenant.PathBase}{ConsolePaths.Application(made.Client.Id.ToString())}/created");
    }

    private static async Task<IResult> ShowCreatedAsync(string id, HttpContext http, TenantContext tenant, Administrators administrators, IDatabase database,
        ClientDirectory clients, SecretHandover handover, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return ShowApplication.NotFound;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Application(id), ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } client) return ShowApplication.NotFound;
        return PageResult.Of<ApplicationCreatedPage, ApplicationCreatedModel>(new(visitor.Name, client, await handover.TakeAsync(tx, http, tenant, visitor, clientId, ct)));
    }
}

public sealed record ChooseKindModel(string Name);

/// <param name="Form">What was sent before; null the first time.</param>
public sealed record NewApplicationModel(string Name, ApplicationKind Kind, PageForm? Form)
{
    public FormProblem? Problem { get; init; }
}

/// <param name="Secret">Null for a public application, and when the page is looked at again.</param>
public sealed record ApplicationCreatedModel(string Name, Client Client, string? Secret);
