using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>The list of authenticator models as the process that answers holds it.</summary>
/// <param name="Source"><c>none</c>, <c>file</c> or <c>url</c>.</param>
/// <param name="Number">The list's own, null when none is held.</param>
/// <param name="Usable">It is up to date: policies that need it can let new passkeys pass.</param>
/// <param name="Problem">Why the last attempt to renew it failed.</param>
internal sealed record MetadataView(string Source, long? Number, DateOnly? NextUpdate, int Models, DateTimeOffset? TakenAt, bool Usable, string? Problem);

/// <summary>What the list says of one model.</summary>
/// <param name="Forbidden">The status that forbids it, for example <c>REVOKED</c>; null when there is none.</param>
internal sealed record AuthenticatorModelView(Guid Aaguid, string Description, bool Certified, string? Forbidden);

/// <summary><c>GET /api/v1/authenticator-metadata</c> and <c>…/{aaguid}</c>: what policies on passkeys rest on. The same for all tenants.</summary>
internal static class GetAuthenticatorMetadata
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/authenticator-metadata", Get).WithName("authenticator_metadata.get").WithSummary("Show the state of the authenticator metadata").RequirePermission(Scopes.UsersRead);
        api.MapGet("/authenticator-metadata/{aaguid}", GetModel).WithName("authenticator_metadata.model").WithSummary("Show what the metadata says of an authenticator model").RequirePermission(Scopes.UsersRead);
    }

    /// <returns>200.</returns>
    internal static Ok<MetadataView> Get(TenantContext tenant, AuthenticatorMetadata metadata)
    {
        _ = tenant;
        var (blob, takenAt, problem) = metadata.State;
        return TypedResults.Ok(new MetadataView(metadata.Source, blob?.Number, blob?.NextUpdate, blob?.Count ?? 0, takenAt, metadata.Usable is not null, problem));
    }

    /// <returns>200; 404 <c>authenticator_unknown</c>.</returns>
    internal static Results<Ok<AuthenticatorModelView>, ProblemHttpResult> GetModel(string aaguid, TenantContext tenant, AuthenticatorMetadata metadata, TimeProvider clock)
    {
        _ = tenant;
        var today = DateOnly.FromDateTime(clock.Now().UtcDateTime);
        return Guid.TryParseExact(aaguid, "D", out var model) && metadata.State.Blob?.Find(model) is { } entry
            ? TypedResults.Ok(new AuthenticatorModelView(model, entry.Description, entry.IsCertified(today), entry.Forbidden([], today)))
            : Problem.NotFound("authenticator_unknown", "The metadata says nothing of this model.").ToHttp();
    }
}
