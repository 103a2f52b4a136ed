using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary>
/// <c>POST /api/v1/users/{id}/disable</c> and <c>/enable</c>. Disabling ends her sessions and what hangs on them in the same transaction.
/// Repeating either changes nothing and succeeds.
/// </summary>
internal static class DisableUser
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{id}/disable", DisableAsync).WithName("users.disable").WithSummary("Disable a user and end her sessions").RequirePermission(Scopes.UsersWrite);
        api.MapPost("/users/{id}/enable", EnableAsync).WithName("users.enable").WithSummary("Enable a user").RequirePermission(Scopes.UsersWrite);
    }

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>last_administrator</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<UserView>, ProblemHttpResult>> DisableAsync(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        UserChange changes, UserGuards guards, TimeProvider clock, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, "user.disabled", user => new UserDisabled(user), async (tx, user) =>
            user.Status == UserStatus.Disabled ? null : await guards.CheckAsync(tx, user.Id, ct)
                ?? (await UserStore.TryUpdateAsync(tx, user with { Status = UserStatus.Disabled }, clock.Now(), ct) ? null : ETags.Changed), ct);
        return result.TryGet(out var updated, out var failure) ? TypedResults.Ok(UserView.Of(updated)) : failure.ToHttp();
    }

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<UserView>, ProblemHttpResult>> EnableAsync(string id, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        UserChange changes, TimeProvider clock, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, "user.enabled", user => new UserEnabled(user), async (tx, user) =>
            user.Status == UserStatus.Active || await UserStore.TryUpdateAsync(tx, user with { Status = UserStatus.Active }, clock.Now(), ct) ? null : ETags.Changed, ct);
        return result.TryGet(out var updated, out var failure) ? TypedResults.Ok(UserView.Of(updated)) : failure.ToHttp();
    }
}
