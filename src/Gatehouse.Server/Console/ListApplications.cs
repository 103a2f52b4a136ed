using Gatehouse.Applications;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Console;

/// <summary><c>GET /console</c>, <c>GET /console/applications</c>: the tenant's applications, newest first.</summary>
internal static class ListApplications
{
    internal static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet("", (TenantContext tenant) => new SeeOther(tenant.PathBase + ConsolePaths.Applications));
        console.MapGet("/applications", ShowAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Administrators administrators, IDatabase database, ClientDirectory clients, CancellationToken ct)
    {
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Applications, ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        if (!PageRequest.Parse(null, http.Request.Query["cursor"]).TryGet(out var page, out _)) return ErrorResult.Of(400, "request_invalid", ConsolePaths.Applications);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = await clients.ListAsync(tx, page, null, ct);
        return PageResult.Of<ApplicationsPage, ApplicationsModel>(new(visitor.Name, found.Items, found.Next));
    }
}

public sealed record ApplicationsModel(string Name, IReadOnlyList<Client> Clients, string? Next);
