using Gatehouse.Caching;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Applications;

/// <summary>Making, changing and ending APIs, in the caller's transaction; after a problem the caller does not commit.</summary>
internal sealed class ApiRegistration(EventOutbox events, TimeProvider clock)
{
    /// <returns>The API; <c>identifier_taken</c>, <c>scope_taken</c>, <c>apis_too_many</c>, or what the rules say.</returns>
    internal async ValueTask<Result<Api, Problem>> CreateAsync(TenantTransaction tx, Api api, CancellationToken ct)
    {
        if (ApiRules.Check(api) is { } problem) return problem;
        // Read, then written: two callers at once may pass the bound by one each. It guards memory, where one more does not matter.
        if (await ApiStore.CountAsync(tx, ct) >= ClientDirectory.MaxApis)
            return Problem.Conflict("apis_too_many", $"A tenant has at most {ClientDirectory.MaxApis} APIs.");
        if (!await ApiStore.TryInsertAsync(tx, api, ct)) return Problem.Conflict("identifier_taken", "Another API of this tenant has that identifier.", "identifier");
        foreach (var scope in api.System ? [] : api.Scopes)
            if (!await ApiStore.TryInsertScopeAsync(tx, api.Id, scope, Description(api, scope), ct)) return ScopeTaken(scope);
        await events.PublishAsync(tx, new ApiCreated(api.Id, api.Identifier), ct);
        tx.Announce(CacheTopic.All(tx.Tenant, ClientDirectory.ApisTopic));
        return api;
    }

    /// <summary>Replaces name, lifetimes and scopes. A scope that is left out is taken from every client that had it.</summary>
    internal async ValueTask<Result<Api, Problem>> UpdateAsync(TenantTransaction tx, Api before, Api wanted, CancellationToken ct)
    {
        var now = clock.Now();
        if (before.System) return SystemApiFixed;
        if (ApiRules.Check(wanted) is { } problem) return problem;
        if (!await ApiStore.UpdateAsync(tx, wanted, now, ct)) return Http.ETags.Changed;
        var removed = before.Scopes.Except(wanted.Scopes, StringComparer.Ordinal).ToList();
        foreach (var scope in removed) await ApiStore.DeleteScopeAsync(tx, wanted.Id, scope, now, ct);
        foreach (var scope in wanted.Scopes)
        {
            if (!before.ScopeDescriptions.TryGetValue(scope, out var description))
            {
                if (!await ApiStore.TryInsertScopeAsync(tx, wanted.Id, scope, Description(wanted, scope), ct)) return ScopeTaken(scope);
            }
            else if (description != Description(wanted, scope)) await ApiStore.UpdateScopeAsync(tx, wanted.Id, scope, Description(wanted, scope), ct);
        }
        await events.PublishAsync(tx, new ApiUpdated(wanted.Id, wanted.Identifier), ct);
        Announce(tx, removed.Count > 0);
        return wanted with { Version = wanted.Version + 1, UpdatedAt = now };
    }

    /// <returns>Null when it is done; <c>api_system</c>, <c>version_mismatch</c>.</returns>
    internal async ValueTask<Problem?> DeleteAsync(TenantTransaction tx, Api api, CancellationToken ct)
    {
        if (api.System) return SystemApiFixed;
        var now = clock.Now();
        foreach (var scope in api.Scopes) await ApiStore.DeleteScopeAsync(tx, api.Id, scope, now, ct);
        if (!await ApiStore.DeleteAsync(tx, api.Id, api.Version, ct)) return Http.ETags.Changed;
        await events.PublishAsync(tx, new ApiDeleted(api.Id, api.Identifier), ct);
        Announce(tx, api.Scopes.Count > 0);
        return null;
    }

    private static void Announce(TenantTransaction tx, bool clientsLostScopes)
    {
        tx.Announce(CacheTopic.All(tx.Tenant, ClientDirectory.ApisTopic));
        if (clientsLostScopes) tx.Announce(CacheTopic.All(tx.Tenant, ClientDirectory.ClientTopic));
    }

    private static string Description(Api api, string scope) => api.ScopeDescriptions.GetValueOrDefault(scope) ?? "";

    private static readonly Problem SystemApiFixed =
        Problem.Conflict("api_system", "This is the management API itself. It belongs to the product and cannot be changed or deleted.");

    private static Problem ScopeTaken(string scope) =>
        Problem.Conflict("scope_taken", $"Another API of this tenant has the scope {scope}. Scopes are unique in a tenant, so that a scope alone says which API is meant.", "scopes");
}
