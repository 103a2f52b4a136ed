using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary><c>PUT /api/v1/users/{id}/password</c>: an administrator sets a user's password; all of her sessions end.</summary>
internal static class SetPassword
{
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Password);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{id}/password", HandleAsync).WithName("users.password.set").WithSummary("Set a user's password and end her sessions").RequirePermission(Scopes.UsersWrite);

    /// <returns>204; 403 <c>scope_escalation</c>; 404 <c>user_not_found</c>; 422 <c>password_required</c>, <c>password_…</c> of the tenant's policy; 503 <c>busy</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, Passwords passwords, ICallerGuard guard, AuditLog audit, CancellationToken ct)
    {
        if (request.Password is null) return Problem.Invalid("password_required", "Give the new password.", "password").ToHttp();
        if (!UserId.TryParse(id, out var userId) || await FindAsync(tenant, userId, database, users, ct) is not { } user) return NotFound.ToHttp();
        if (passwords.CheckPolicy(tenant, request.Password, user.PrimaryEmail?.Normalized) is { } refused) return refused.ToHttp();
        if (!(await passwords.HashAsync(request.Password, ct)).TryGet(out var phc, out var busy))
        {
            http.Response.Headers.RetryAfter = "2";
            return busy.ToHttp();
        }

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is null) return NotFound.ToHttp();     // deleted while we hashed
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        await passwords.SetAsync(tx, userId, phc, ct);
        await audit.AppendAsync(tx, new("password.set", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Also for another tenant's user: existence there is not ours to tell.</summary>
    private static Problem NotFound { get; } = Problem.NotFound("user_not_found", "There is no such user in this tenant.");

    private static async ValueTask<User?> FindAsync(TenantContext tenant, UserId id, IDatabase database, UserDirectory users, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await users.FindAsync(tx, id, ct);
    }
}
