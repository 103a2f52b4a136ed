using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>POST /api/v1/apis</c>: registers an API, an audience that tokens can be issued for, with its scopes.</summary>
internal static class CreateApi
{
    /// <param name="Identifier">Absolute URI without fragment; for good.</param>
    /// <param name="Scopes">Names unique in the tenant over all APIs.</param>
    /// <param name="AccessTokenSeconds">10 to 86400; left out: the tenant's.</param>
    /// <param name="SigningAlgorithm"><c>ES256</c> (default) or <c>RS256</c>.</param>
    internal sealed record Request(string? Identifier, string? Name, ScopeView[]? Scopes, int? AccessTokenSeconds, string? SigningAlgorithm);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/apis", HandleAsync).WithName("apis.create").RequirePermission(Http.Scopes.ApisWrite).Idempotent();

    /// <returns>201; 409 <c>identifier_taken</c>, <c>scope_taken</c>, <c>apis_too_many</c>; 422 <c>name_invalid</c>, <c>identifier_invalid</c>,
    /// <c>scope_invalid</c>, <c>scope_reserved</c>, <c>scope_repeated</c>, <c>scopes_too_many</c>, <c>scope_description_invalid</c>,
    /// <c>access_token_seconds_invalid</c>, <c>algorithm_invalid</c>.</returns>
    internal static async Task<Results<Created<ApiView>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, ApiRegistration apis, AuditLog audit, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var now = clock.Now();
        var (names, descriptions) = ScopeView.Split(request.Scopes ?? []);
        var wanted = new Api(ApiId.New(clock), request.Identifier ?? "", (request.Name ?? "").Trim(), names, request.AccessTokenSeconds, request.SigningAlgorithm ?? "ES256", System: false, 1)
        {
            ScopeDescriptions = descriptions, CreatedAt = now, UpdatedAt = now,
        };

        // The issuer is the audience of tokens for UserInfo; an API of that name would be sent everybody's.
        if (string.Equals(wanted.Identifier, tenant.Issuer, StringComparison.Ordinal))
            return Problem.Invalid("identifier_invalid", "The issuer's own address stands for UserInfo. Give the API another identifier.", "identifier").ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await apis.CreateAsync(tx, wanted, ct)).TryGet(out var made, out var problem)) return problem.ToHttp();
        await audit.AppendAsync(tx, new("api.created", AuditOutcome.Success, AuditActor.Of(caller), "api", made.Id.ToString(), facts,
            new Dictionary<string, string> { ["identifier"] = made.Identifier }), ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, made.Version);
        return TypedResults.Created(tenant.Url($"/api/v1/apis/{made.Id}"), ApiView.Of(made));
    }
}
