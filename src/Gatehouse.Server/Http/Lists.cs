using Gatehouse.Kernel;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Http;

/// <summary>Metadata of a list: what may be filtered and sorted by. For the description of the API; <see cref="Lists"/> is what enforces it.</summary>
public sealed record ListEndpoint(IReadOnlyList<string> Filters, IReadOnlyList<string> Sorts, bool Descending);

/// <summary>Metadata of an endpoint whose answer <c>?fields=</c> cuts down.</summary>
public sealed record SelectableFields;

public static class ListMetadata
{
    /// <summary>Says that an endpoint takes <c>filter</c>, <c>sort</c>, <c>limit</c>, <c>cursor</c> and <c>fields</c>.</summary>
    public static TBuilder Lists<TBuilder, T>(this TBuilder endpoint, ListShape<T> shape, params string[] others) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ListEndpoint([.. shape.Fields.Select(f => f.Name), .. others], [.. shape.Sorts.Select(s => s.Name)], shape.Descending), new SelectableFields());

    /// <summary>Says that <c>?fields=</c> names the members of the answer that are wanted.</summary>
    public static TBuilder SelectsFields<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SelectableFields());
}

/// <summary>Reads what a request asks of a list. Its cursors are good for this tenant, path, filter and order only.</summary>
public sealed class Lists(TenantVault vault)
{
    /// <returns>400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    public async ValueTask<Result<ListQuery<T>, Problem>> ReadAsync<T>(ListShape<T> shape, HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var query = http.Request.Query;
        foreach (var (name, values) in query)
            if (values.Count > 1) return Problem.BadRequest("parameter_repeated", "A parameter of a list is given once.", name is "filter" or "sort" or "limit" or "cursor" or "fields" ? name : null);
        var asked = new ListParameters(One(query["filter"]), One(query["sort"]), One(query["limit"]), One(query["cursor"]));
        return ListQuery<T>.Parse(shape, asked, await CursorAsync(http, tenant, ct));
    }

    /// <summary>The key is the tenant's; what the page is of is all of the request but how much of it is wanted.</summary>
    private async ValueTask<ListCursor> CursorAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var asked = http.Request.Query.Where(p => p.Key is not ("limit" or "cursor" or "fields")).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}\0{p.Value}");
        return new(await vault.DeriveKeyAsync(tenant.Id, "list-cursors", ct), $"{http.Request.Path}\0{string.Join('\0', asked)}");
    }

    private static string? One(StringValues values) => values.Count == 0 ? null : values[0];
}
