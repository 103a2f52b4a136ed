using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>PATCH /api/v1/apis/{id}</c>: changes an API. A scope that is left out of the list is taken from every client that had it.</summary>
internal static class UpdateApi
{
    /// <summary>Members that a patch may have; what is left out stays. The list of scopes is replaced whole.</summary>
    internal sealed record Patch(string? Name, ScopeView[]? Scopes, int? AccessTokenSeconds, string? SigningAlgorithm);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/apis/{id}", HandleAsync).WithName("apis.update").RequirePermission(Http.Scopes.ApisWrite)
            .Accepts<Patch>("application/merge-patch+json", "application/json");

    /// <returns>200; 400 <c>body_invalid</c>; 404 <c>api_not_found</c>; 409 <c>api_system</c>, <c>scope_taken</c>; 412 <c>version_mismatch</c>;
    /// 422 <c>member_unknown</c>, <c>member_invalid</c> and what <see cref="CreateApi.HandleAsync"/> says of values.</returns>
    internal static async Task<Results<Ok<ApiView>, ProblemHttpResult>> HandleAsync(string id, MergePatch patch, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, ApiRegistration apis, AuditLog audit, HttpContext http, CancellationToken ct)
    {
        if (patch.Expect("name", "scopes", "access_token_seconds", "signing_algorithm") is { } unfit) return unfit.ToHttp();
        if (!ApiId.TryParse(id, out var apiId)) return ApiProblems.NotFound.ToHttp();

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await ApiStore.FindAsync(tx, apiId, ct) is not { } before) return ApiProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        if (!ReadScopes(patch, before).TryGet(out var wanted, out var misread)) return misread.ToHttp();
        wanted = wanted with
        {
            Name = patch.Text("name", before.Name).Trim(),
            AccessTokenSeconds = patch.NumberOrNull("access_token_seconds", before.AccessTokenSeconds),
            SigningAlgorithm = patch.Text("signing_algorithm", before.SigningAlgorithm),
        };
        if (patch.Problem is { } mistyped) return mistyped.ToHttp();
        if (!(await apis.UpdateAsync(tx, before, wanted, ct)).TryGet(out var after, out var problem)) return problem.ToHttp();
        await audit.AppendAsync(tx, new("api.updated", AuditOutcome.Success, AuditActor.Of(caller), "api", id, facts,
            new Dictionary<string, string> { ["identifier"] = after.Identifier }), ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, after.Version);
        return TypedResults.Ok(ApiView.Of(after));
    }

    private static Result<Api, Problem> ReadScopes(MergePatch patch, Api before)
    {
        if (!patch.TryGet("scopes", out var json)) return before;
        try
        {
            var (names, descriptions) = ScopeView.Split(json.Deserialize(ApplicationsJson.Default.ScopeViewArray) ?? []);
            return before with { Scopes = names, ScopeDescriptions = descriptions };
        }
        catch (JsonException)
        {
            return Problem.Invalid("member_invalid", "scopes is a list of objects with name and description.", "scopes");
        }
    }
}
