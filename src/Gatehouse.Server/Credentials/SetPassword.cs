using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Credentials;

/// <summary>
/// <c>PUT /api/v1/users/{id}/password</c>: an administrator sets a user's password; all of her sessions end and she is told by mail. It is not
/// compared with her last ones: whoever may set passwords is not to find out by trying what they were.
/// </summary>
internal static class SetPassword
{
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Password, bool MustChange = false);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{id}/password", HandleAsync).WithName("users.password.set").WithSummary("Set a user's password and end her sessions").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 422 <c>password_required</c>, <c>password_…</c> of the tenant's policy; 503 <c>busy</c>, <c>breach_check_unavailable</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(string id, Request request, HttpContext http, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, UserDirectory users, Passwords passwords, ICallerGuard guard, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (request.Password is null) return Problem.Invalid("password_required", "Give the new password.", "password").ToHttp();
        if (!UserId.TryParse(id, out var userId) || await FindAsync(tenant, userId, database, users, ct) is not { } user) return NotFound.ToHttp();
        if (!(await passwords.HashNewAsync(tenant, request.Password, user.PrimaryEmail?.Normalized, ct)).TryGet(out var phc, out var problem))
        {
            if (problem.Status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";
            return problem.ToHttp();
        }

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is null) return NotFound.ToHttp();     // deleted while we hashed
        if (await guard.MayChangeAsync(tx, userId, caller, ct) is { } escalation) return escalation.ToHttp();
        await passwords.SetAsync(tx, userId, phc, keep: null, request.MustChange, ct);
        await audit.AppendAsync(tx, new("password.set", AuditOutcome.Success, AuditActor.Of(caller), "user", userId.ToString(), facts,
            request.MustChange ? new Dictionary<string, string> { ["must_change"] = "true" } : null), ct);
        await PasswordNotice.QueueAsync(tx, mailer, tenant, user, user.PrimaryEmail, tenant.Settings.Locales.Default, ct);
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
