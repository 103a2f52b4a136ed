using System.Globalization;
using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Caching;
using Gatehouse.Flows.Hooks;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// <c>PUT /api/v1/flows/{kind}</c>: a new version, in force at once everywhere; <c>POST /api/v1/flows/{kind}/roll-back</c>: an older one again, or the
/// product's own. Either is refused where it would lock every administrator out; the tenant's settings, which count for that, are held meanwhile.
/// </summary>
internal static class ChangeFlow
{
    private const int MaxDefinition = 48 * 1024, KeptVersions = 100;

    /// <param name="Definition">Its steps; see the guide on flows.</param>
    internal sealed record Request(JsonElement Definition);

    /// <param name="Version">One that the flow has; 0 for the product's own.</param>
    internal sealed record RollBackRequest(long? Version);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/flows/{kind}", PutAsync).WithName("flows.replace").WithSummary("Put a new version of a flow in force").RequirePermission(Scopes.TenantsWrite).RequireFreshProof();
        api.MapPost("/flows/{kind}/roll-back", RollBackAsync).WithName("flows.roll_back").WithSummary("Put an older version of a flow in force").RequirePermission(Scopes.TenantsWrite).RequireFreshProof();
    }

    /// <returns>200; 404 <c>flow_not_found</c>; 409 <c>flow_locks_out_administrators</c>, <c>flow_key_missing</c>; 412 <c>version_mismatch</c>; 422 <c>flow_invalid</c>.</returns>
    internal static async Task<Results<Ok<FlowView>, ProblemHttpResult>> PutAsync(string kind, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, TenantDirectory tenants, Roles roles, LockoutGuard guard, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (!FlowRoute.Exists(kind)) return FlowRoute.NotFound.ToHttp();
        if (request.Definition.ValueKind == JsonValueKind.Undefined || request.Definition.GetRawText().Length > MaxDefinition)
            return Problem.Invalid("flow_invalid", $"definition is an object of at most {MaxDefinition} characters.", "definition").ToHttp();
        if (!FlowReader.Read(kind, request.Definition).TryGet(out var definition, out var problems)) return FlowRoute.Refuse(problems);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await tenants.HoldAsync(tx, ct) is not { } held) return FlowRoute.NotFound.ToHttp();
        var state = await FlowStore.FindActiveAsync(tx, kind, ct);
        if (ETags.Check(http, state?.Revision ?? 0) is { } outdated) return outdated.ToHttp();
        if (await FlowRoute.FindUnknownRolesAsync(tenant, definition, roles, ct) is { Count: > 0 } unknown) return FlowRoute.Refuse(unknown);
        if (await CheckKeysAsync(tx, definition, ct) is { } unsigned) return unsigned.ToHttp();
        if (await guard.CheckAsync(tx, held, kind, definition, facts, ct) is { } lockedOut) return lockedOut.ToHttp();
        if (await FlowStore.InsertVersionAsync(tx, kind, definition.Json, clock.Now(), caller.Id, ct) is not { } version
            || !await FlowStore.ActivateAsync(tx, kind, version, state?.Revision ?? 0, ct)) return ETags.Changed.ToHttp();
        await FlowStore.TrimAsync(tx, kind, version - KeptVersions, version, ct);
        await CommitAsync(tx, "flow.changed", kind, version, caller, facts, audit, ct);
        ETags.Set(http, (state?.Revision ?? 0) + 1);
        return TypedResults.Ok(FlowRoute.Of(kind, new(version, definition.Json, clock.Now(), caller.Id)));
    }

    /// <returns>200; 404 <c>flow_not_found</c>, <c>flow_version_not_found</c>; 409 <c>flow_locks_out_administrators</c>, <c>flow_key_missing</c>; 412 <c>version_mismatch</c>; 422 <c>flow_invalid</c>.</returns>
    internal static async Task<Results<Ok<FlowView>, ProblemHttpResult>> RollBackAsync(string kind, RollBackRequest request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, TenantDirectory tenants, LockoutGuard guard, AuditLog audit, CancellationToken ct)
    {
        if (!FlowRoute.Exists(kind)) return FlowRoute.NotFound.ToHttp();
        if (request.Version is not { } number || number < 0) return Problem.Invalid("flow_invalid", "version is the number of a version; 0 for the product's own.", "version").ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await tenants.HoldAsync(tx, ct) is not { } held) return FlowRoute.NotFound.ToHttp();
        var state = await FlowStore.FindActiveAsync(tx, kind, ct);
        if (ETags.Check(http, state?.Revision ?? 0) is { } outdated) return outdated.ToHttp();
        var version = number == 0 ? null : await FlowStore.FindVersionAsync(tx, kind, number, ct);
        if (number > 0 && version is null) return FlowRoute.VersionNotFound.ToHttp();
        if (version is not null)
        {
            // Written by a newer process, it may have parts that this one does not know.
            using var document = JsonDocument.Parse(version.Definition);
            if (!FlowReader.Read(kind, document.RootElement.Clone()).TryGet(out var definition, out var problems)) return FlowRoute.Refuse(problems);
            if (await CheckKeysAsync(tx, definition, ct) is { } unsigned) return unsigned.ToHttp();
            if (await guard.CheckAsync(tx, held, kind, definition, facts, ct) is { } lockedOut) return lockedOut.ToHttp();
        }
        else if (await guard.CheckAsync(tx, held, kind, ShippedFlow.Of(held, kind), facts, ct) is { } lockedOut) return lockedOut.ToHttp();
        if (!await FlowStore.ActivateAsync(tx, kind, number, state?.Revision ?? 0, ct)) return ETags.Changed.ToHttp();
        await CommitAsync(tx, "flow.rolled_back", kind, number, caller, facts, audit, ct);
        ETags.Set(http, (state?.Revision ?? 0) + 1);
        return TypedResults.Ok(version is null ? FlowRoute.Shipped(held, kind) : FlowRoute.Of(kind, version));
    }

    /// <summary>A program that cannot know who asks must not be asked.</summary>
    private static async ValueTask<Problem?> CheckKeysAsync(TenantTransaction tx, FlowDefinition definition, CancellationToken ct) =>
        definition.Steps.Any(s => s is WebhookStep or WebStep) && await FlowKeyStore.ListAsync(tx, ct) is []
            ? Problem.Conflict("flow_key_missing", "There is no key to sign with, or to know the page's answers by. Make one first: POST /api/v1/flow-keys.", "definition") : null;

    private static async ValueTask CommitAsync(TenantTransaction tx, string action, string kind, long version, Caller caller, RequestFacts facts, AuditLog audit, CancellationToken ct)
    {
        await audit.AppendAsync(tx, new(action, AuditOutcome.Success, AuditActor.Of(caller), "flow", kind, facts,
            new Dictionary<string, string> { ["version"] = version.ToString(CultureInfo.InvariantCulture) }), ct);
        tx.Announce(CacheTopic.For(tx.Tenant, FlowDirectory.Topic, kind));
        await tx.CommitAsync(ct);
    }
}
