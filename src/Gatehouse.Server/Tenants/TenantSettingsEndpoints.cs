using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Tenants;

/// <summary>One setting at fault; <paramref name="Field"/> is its path, for example <c>sessions.idle_seconds</c>.</summary>
internal sealed record SettingProblem(string Code, string Field, string Detail);

/// <summary>
/// <c>/api/v1/tenants/{id}/settings</c>: <c>GET</c> shows every value, defaults included; <c>PUT</c> replaces all (what is absent goes
/// back to its default); <c>PATCH</c> changes some (RFC 7396; null goes back to the default). Effective everywhere within a second.
/// </summary>
internal static class TenantSettingsEndpoints
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants/{id}/settings", GetAsync).WithName("tenants.settings.get").WithSummary("Get a tenant's settings").RequirePermission(Scopes.TenantsRead);
        api.MapPut("/tenants/{id}/settings", PutAsync).WithName("tenants.settings.replace").WithSummary("Replace a tenant's settings").RequirePermission(Scopes.TenantsWrite).RequireFreshProof()
            .Accepts<TenantSettings>("application/json");
        api.MapPatch("/tenants/{id}/settings", PatchAsync).WithName("tenants.settings.update").WithSummary("Change some of a tenant's settings").RequirePermission(Scopes.TenantsWrite).RequireFreshProof()
            .Accepts<TenantSettings>("application/merge-patch+json", "application/json");
    }

    /// <returns>200; 404 <c>tenant_not_found</c>.</returns>
    internal static async Task<Results<Ok<TenantSettings>, ProblemHttpResult>> GetAsync(string id, HttpContext http, TenantContext tenant, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.ReadAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        ETags.Set(http, row.Version);
        return TypedResults.Ok(TenantSettingsDocument.Read(row.Settings));
    }

    /// <returns>200; 404 <c>tenant_not_found</c>; 409 <c>flow_locks_out_administrators</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>setting_invalid</c>, <c>setting_exceeds_above</c>.</returns>
    internal static Task<Results<Ok<TenantSettings>, ProblemHttpResult>> PutAsync(string id, MergePatch body, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct) => ChangeAsync(id, body, keep: false, http, tenant, caller, facts, change, ct);

    /// <returns>As <see cref="PutAsync"/>.</returns>
    internal static Task<Results<Ok<TenantSettings>, ProblemHttpResult>> PatchAsync(string id, MergePatch body, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct) => ChangeAsync(id, body, keep: true, http, tenant, caller, facts, change, ct);

    private static async Task<Results<Ok<TenantSettings>, ProblemHttpResult>> ChangeAsync(string id, MergePatch body, bool keep, HttpContext http, TenantContext tenant,
        Caller caller, RequestFacts facts, TenantChange change, CancellationToken ct)
    {
        await using var tx = await change.BeginAsync(ct);
        if (await change.FindAsync(tx, tenant, id, ct) is not { } row) return TenantChange.Unknown.ToHttp();
        if (ETags.Check(http, row.Version) is { } stale) return stale.ToHttp();
        if (body.Problem is { } unreadable) return unreadable.ToHttp();
        var stored = keep ? JsonNode.Parse(row.Settings)!.AsObject() : [];
        if (!TenantSettingsDocument.Merge(stored, body.ToObject()).TryGet(out var merged, out var problem)) return problem.ToHttp();
        var document = TenantSettingsDocument.Shorten(merged);
        if (!Read(document).TryGet(out var settings, out problem)) return problem.ToHttp();
        if (TenantSettingsValidator.Validate(settings) is { Count: > 0 } problems) return Refuse(problems);

        var version = row.Version;
        if (!JsonNode.DeepEquals(JsonNode.Parse(document), JsonNode.Parse(row.Settings)))
        {
            if (!await TenantStore.TrySetSettingsAsync(tx, row, document, change.Clock.Now(), ct)) return ETags.Changed.ToHttp();
            // Only now: the row is ours, so what the guards see is what will stand beside these settings.
            if (await change.CheckSettingsAsync(tx, row, document, facts, ct) is { } refused) return refused.ToHttp();
            Dictionary<string, string> details = new(StringComparer.Ordinal) { ["settings"] = document.Length <= 1000 ? document : document[..1000] };
            await change.RecordAsync(tx, tenant, row.Id, TenantChange.Entry("tenant.settings_changed", caller, row.Id, facts, details), new TenantUpdated(row.Id, "settings"), ct);
            await tx.CommitAsync(ct);
            version++;
        }
        ETags.Set(http, version);
        return TypedResults.Ok(settings);
    }

    private static Result<TenantSettings, Problem> Read(string document)
    {
        try
        {
            return TenantSettingsDocument.Read(document);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "settings";
            return Problem.Invalid("setting_invalid", "The value is of another type than this setting's.", field);
        }
    }

    /// <summary>The first problem in RFC 9457's own members, all of them in <c>errors</c>.</summary>
    private static ProblemHttpResult Refuse(List<Problem> problems)
    {
        var result = problems[0].ToHttp();
        result.ProblemDetails.Extensions["errors"] = problems.Select(p => new SettingProblem(p.Code, p.Field!, p.Detail)).ToArray();
        return result;
    }
}
