using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Applications;

/// <summary><c>PATCH /api/v1/clients/{id}</c>: changes an application. Type and secrets are not changed here.</summary>
internal static class UpdateClient
{
    /// <summary>Members that a patch may have; what is left out stays. Lists are replaced whole.</summary>
    internal sealed record Patch(string? Name, bool? FirstParty, bool? Enabled, string[]? RedirectUris, string[]? PostLogoutRedirectUris,
        string[]? GrantTypes, string[]? Scopes, string? IdTokenAlgorithm, bool? Administrator, bool? Headless);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/clients/{id}", HandleAsync).WithName("clients.update").RequirePermission(Http.Scopes.ClientsWrite).RequireFreshProof()
            .Accepts<Patch>("application/merge-patch+json", "application/json");

    /// <returns>200; 400 <c>body_invalid</c>; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>client_not_found</c>; 412 <c>version_mismatch</c>;
    /// 422 <c>member_unknown</c>, <c>member_invalid</c> and what <see cref="CreateClient.HandleAsync"/> says of values.</returns>
    internal static async Task<Results<Ok<ClientView>, ProblemHttpResult>> HandleAsync(string id, MergePatch patch, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, ClientDirectory clients, ClientRegistration registration, ClientGuard guard, AuditLog audit, HttpContext http, CancellationToken ct)
    {
        if (patch.Expect("name", "first_party", "enabled", "redirect_uris", "post_logout_redirect_uris", "grant_types", "scopes", "id_token_algorithm", "administrator", "headless") is { } unfit)
            return unfit.ToHttp();
        if (!ClientId.TryParse(id, out var clientId)) return ClientProblems.NotFound.ToHttp();

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await clients.FindAsync(tx, clientId, ct) is not { } before) return ClientProblems.NotFound.ToHttp();
        if (ETags.Check(http, before.Version) is { } mismatch) return mismatch.ToHttp();
        var wanted = before with
        {
            Name = patch.Text("name", before.Name),
            FirstParty = patch.Flag("first_party", before.FirstParty),
            Enabled = patch.Flag("enabled", before.Enabled),
            RedirectUris = patch.Texts("redirect_uris", before.RedirectUris),
            PostLogoutRedirectUris = patch.Texts("post_logout_redirect_uris", before.PostLogoutRedirectUris),
            GrantTypes = patch.Texts("grant_types", before.GrantTypes),
            Scopes = patch.Texts("scopes", before.Scopes),
            IdTokenAlgorithm = patch.Text("id_token_algorithm", before.IdTokenAlgorithm),
            Administrator = patch.Flag("administrator", before.Administrator),
            Headless = patch.Flag("headless", before.Headless),
        };
        if ((patch.Problem ?? await guard.CheckAsync(tx, caller, before, wanted, ct)) is { } refused) return refused.ToHttp();
        if (!(await registration.UpdateAsync(tx, wanted, ct)).TryGet(out var after, out var problem)) return problem.ToHttp();
        var secrets = await clients.ListSecretsAsync(tx, clientId, ct);
        await audit.AppendAsync(tx, new("client.updated", AuditOutcome.Success, AuditActor.Of(caller), "client", id, facts,
            new Dictionary<string, string> { ["enabled"] = after.Enabled ? "true" : "false", ["administrator"] = after.Administrator ? "true" : "false" }), ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, after.Version);
        return TypedResults.Ok(ClientView.Of(after, secrets));
    }
}
