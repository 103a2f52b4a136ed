using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Flows.Definitions;

/// <summary><c>GET /api/v1/flows/{kind}</c> shows what is in force; <c>…/versions</c> what ever was, newest first; <c>…/versions/{version}</c> one of them.</summary>
internal static class GetFlow
{
    private const int MaxListed = 100;

    internal sealed record Versions(IReadOnlyList<FlowView> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/flows/{kind}", GetAsync).WithName("flows.get").WithSummary("Get the flow in force").RequirePermission(Scopes.TenantsRead);
        api.MapGet("/flows/{kind}/versions", ListAsync).WithName("flows.versions.list").WithSummary("List a flow's versions").RequirePermission(Scopes.TenantsRead);
        api.MapGet("/flows/{kind}/versions/{version}", GetVersionAsync).WithName("flows.versions.get").WithSummary("Get one version of a flow").RequirePermission(Scopes.TenantsRead);
    }

    /// <returns>200; 404 <c>flow_not_found</c>.</returns>
    internal static async Task<Results<Ok<FlowView>, ProblemHttpResult>> GetAsync(string kind, HttpContext http, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!FlowRoute.Exists(kind)) return FlowRoute.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var state = await FlowStore.FindActiveAsync(tx, kind, ct);
        ETags.Set(http, state?.Revision ?? 0);
        if (state is not { Version: > 0 and var number } || await FlowStore.FindVersionAsync(tx, kind, number, ct) is not { } version) return TypedResults.Ok(FlowRoute.Shipped(tenant, kind));
        return TypedResults.Ok(FlowRoute.Of(kind, version));
    }

    /// <param name="limit">1 to 100; default 50.</param>
    /// <param name="cursor">The value of <c>next</c> of the page before.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>; 404 <c>flow_not_found</c>.</returns>
    internal static async Task<Results<Ok<Versions>, ProblemHttpResult>> ListAsync(string kind, string? limit, string? cursor, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!FlowRoute.Exists(kind)) return FlowRoute.NotFound.ToHttp();
        var (count, before) = (50, long.MaxValue);
        if (!string.IsNullOrEmpty(limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxListed))
            return Problem.BadRequest("limit_invalid", $"limit is a number from 1 to {MaxListed}.", "limit").ToHttp();
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Problem.BadRequest("cursor_invalid", "cursor is the value of \"next\" of the page before, unchanged.", "cursor").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = await FlowStore.ListVersionsAsync(tx, kind, before, count + 1, ct);
        var more = found.Count > count;
        if (more) found.RemoveAt(count);
        return TypedResults.Ok(new Versions([.. found.Select(v => FlowRoute.Of(kind, v))], more ? found[^1].Version.ToString(CultureInfo.InvariantCulture) : null));
    }

    /// <returns>200; 404 <c>flow_not_found</c>, <c>flow_version_not_found</c>.</returns>
    internal static async Task<Results<Ok<FlowView>, ProblemHttpResult>> GetVersionAsync(string kind, string version, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!FlowRoute.Exists(kind)) return FlowRoute.NotFound.ToHttp();
        if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return FlowRoute.VersionNotFound.ToHttp();
        if (number == 0) return TypedResults.Ok(FlowRoute.Shipped(tenant, kind));
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await FlowStore.FindVersionAsync(tx, kind, number, ct) is { } found ? TypedResults.Ok(FlowRoute.Of(kind, found)) : FlowRoute.VersionNotFound.ToHttp();
    }
}
