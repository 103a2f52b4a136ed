using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Console;

/// <summary><c>GET /console/applications/{id}</c>: one application: its settings, what can be changed, its secrets, its end.</summary>
internal static class ShowApplication
{
    internal static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet("/applications/{id}", ShowAsync);
        console.MapGet("/applications/{id}/delete", ConfirmDeleteAsync);
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext http, TenantContext tenant, Administrators administrators, IDatabase database,
        ClientDirectory clients, SecretHandover handover, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return NotFound;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Application(id), ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var secret = await handover.TakeAsync(tx, http, tenant, visitor, clientId, ct);
        return await PageAsync(tx, visitor, clients, clientId, model => model with { Saved = http.Request.Query.ContainsKey("saved"), NewSecret = secret }, 200, ct);
    }

    private static async Task<IResult> ConfirmDeleteAsync(string id, HttpContext http, TenantContext tenant, Administrators administrators, IDatabase database,
        ClientDirectory clients, CancellationToken ct)
    {
        if (!ClientId.TryParse(id, out var clientId)) return NotFound;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Application(id), ct)).TryGet(out _, out var elsewhere)) return elsewhere;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await clients.FindAsync(tx, clientId, ct) is { } client ? PageResult.Of<DeleteApplicationPage, DeleteApplicationModel>(new(client)) : NotFound;
    }

    /// <summary>The page as things stand, with what the last form had to say.</summary>
    internal static async ValueTask<IResult> PageAsync(TenantTransaction tx, Visitor visitor, ClientDirectory clients, ClientId id,
        Func<ApplicationModel, ApplicationModel> add, int status, CancellationToken ct)
    {
        if (await clients.FindAsync(tx, id, ct) is not { } client) return NotFound;
        var model = new ApplicationModel(visitor.Name, client, await clients.ListSecretsAsync(tx, id, ct));
        return PageResult.Of<ApplicationPage, ApplicationModel>(add(model), new PageOptions(Status: status));
    }

    /// <summary>Absent, or another tenant's: the visitor cannot tell which.</summary>
    internal static IResult NotFound => ErrorResult.Of(404, "not_found", ConsolePaths.Applications);
}

public sealed record ApplicationModel(string Name, Client Client, IReadOnlyList<ClientSecret> Secrets)
{
    public bool Saved { get; init; }

    /// <summary>A secret made just now; shown this once.</summary>
    public string? NewSecret { get; init; }

    /// <summary>What was sent and could not be saved.</summary>
    public PageForm? Form { get; init; }
    public FormProblem? Problem { get; init; }
}

public sealed record DeleteApplicationModel(Client Client);
