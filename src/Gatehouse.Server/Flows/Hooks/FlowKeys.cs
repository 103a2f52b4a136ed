using System.Security.Cryptography;
using Gatehouse.Audit;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Flows.Hooks;

/// <summary>
/// <c>POST, GET /api/v1/flow-keys</c>, <c>DELETE /api/v1/flow-keys/{id}</c>: the keys with which requests to the tenant's programs are signed. Each request is signed with
/// all of them: to turn one over, add another, let the program learn it, remove the first.
/// </summary>
internal static class FlowKeys
{
    internal const string SecretPrefix = "whsec_";
    private const int MaxKeys = 3, SecretBytes = 32;

    /// <param name="Items">The oldest first.</param>
    internal sealed record Keys(IReadOnlyList<FlowKeyView> Items);

    /// <param name="Secret">Shown this once; in the form of Standard Webhooks.</param>
    internal sealed record Created(FlowKeyId Id, string Secret, DateTimeOffset CreatedAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/flow-keys", CreateAsync).WithName("flow_keys.create").WithSummary("Make a key that signs requests to the tenant's programs").RequirePermission(Scopes.TenantsWrite).RequireFreshProof();
        api.MapGet("/flow-keys", ListAsync).WithName("flow_keys.list").WithSummary("List the keys that sign requests to the tenant's programs").RequirePermission(Scopes.TenantsRead);
        api.MapDelete("/flow-keys/{id}", DeleteAsync).WithName("flow_keys.delete").WithSummary("Remove a key that signs requests to the tenant's programs").RequirePermission(Scopes.TenantsWrite);
    }

    /// <returns>201; 409 <c>flow_keys_too_many</c>.</returns>
    internal static async Task<Results<Created<Created>, ProblemHttpResult>> CreateAsync(TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, TenantVault vault, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        var (id, secret) = (FlowKeyId.New(clock), RandomNumberGenerator.GetBytes(SecretBytes));
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var key = new FlowKey(id, await vault.SealAsync(tx, Place(id), secret, ct), clock.Now(), caller.Id);
        if (!await FlowKeyStore.TryInsertAsync(tx, key, MaxKeys, ct)) return Problem.Conflict("flow_keys_too_many", $"There are {MaxKeys} keys, as many as there can be. Remove one that nobody needs any more.").ToHttp();
        await audit.AppendAsync(tx, new("flow_key.created", AuditOutcome.Success, AuditActor.Of(caller), "flow_key", id.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/flow-keys/{id}"), new Created(id, SecretPrefix + Convert.ToBase64String(secret), key.CreatedAt));
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<Keys>> ListAsync(TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(new Keys([.. (await FlowKeyStore.ListAsync(tx, ct)).Select(k => new FlowKeyView(k.Id, k.CreatedAt, k.CreatedBy))]));
    }

    /// <returns>204; 404 <c>flow_key_not_found</c>; 409 <c>flow_key_needed</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, FlowDirectory flows, AuditLog audit, CancellationToken ct)
    {
        if (!FlowKeyId.TryParse(id, out var parsed)) return NotFound.ToHttp();
        var needed = false;
        foreach (var kind in new[] { FlowDefinition.SignIn, FlowDefinition.Registration }) needed |= (await flows.FindAsync(tenant, kind, ct)).Steps.Any(s => s is WebhookStep or WebStep);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await FlowKeyStore.DeleteAsync(tx, parsed, ct)) return NotFound.ToHttp();
        if (needed && await FlowKeyStore.ListAsync(tx, ct) is []) return Problem.Conflict("flow_key_needed", "It is the last one, and a flow in force has webhook or web steps. Make another one first.").ToHttp();
        await audit.AppendAsync(tx, new("flow_key.deleted", AuditOutcome.Success, AuditActor.Of(caller), "flow_key", id, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    internal static SealedAt Place(FlowKeyId id) => new("flow_keys", "secret", id.ToString());

    private static Problem NotFound => Problem.NotFound("flow_key_not_found", "This tenant has no such key.");
}
