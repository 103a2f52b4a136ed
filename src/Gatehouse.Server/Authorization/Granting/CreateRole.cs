using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Authorization.Granting;

/// <summary><c>POST /api/v1/roles</c>: makes a role of permissions and of other roles. Nobody puts into it what she does not hold herself.</summary>
internal static class CreateRole
{
    /// <param name="Key">2 to 50 lower-case letters, digits, <c>-</c> and <c>_</c>; for good.</param>
    /// <param name="Permissions">Names that APIs registered, or the management API's own.</param>
    /// <param name="Includes">Keys or ids of roles whose permissions it has too.</param>
    /// <param name="AssignableAt">Where it may be held; left out: everywhere.</param>
    internal sealed record Request(string? Key, string? Name, string? Description, string[]? Permissions, string[]? Includes, string[]? AssignableAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/roles", HandleAsync).WithName("roles.create").RequirePermission(Scopes.RolesWrite).Idempotent();

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>role_key_taken</c>, <c>roles_too_many</c>; 422 <c>role_key_invalid</c>,
    /// <c>name_invalid</c>, <c>description_invalid</c>, <c>permission_unknown</c>, <c>permissions_too_many</c>, <c>role_unknown</c>, <c>includes_too_many</c>, <c>assignable_at_invalid</c>.</returns>
    internal static async Task<Results<Created<RoleView>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, RoleWriting roles, AuditLog audit, EventOutbox events, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var book = await RoleWriting.BeginAsync(tx, ct);
        if (!RoleRules.ReadIncludes(request.Includes ?? [], book).TryGet(out var includes, out var problem)) return problem.ToHttp();
        if (!RoleRules.ReadPlaces(request.AssignableAt ?? [.. ScopeText.All.Select(ScopeText.Of)]).TryGet(out var places, out problem)) return problem.ToHttp();
        var wanted = new Role(RoleId.New(clock), request.Key ?? "", (request.Name ?? request.Key ?? "").Trim(), (request.Description ?? "").Trim(),
            [.. (request.Permissions ?? []).Select(p => p ?? "").Distinct(StringComparer.Ordinal)], includes, places, 1);
        if (!(await roles.CreateAsync(tx, book, wanted, caller, ct)).TryGet(out var made, out problem)) return problem.ToHttp();
        await audit.AppendAsync(tx, new("role.created", AuditOutcome.Success, AuditActor.Of(caller), "role", made.Id.ToString(), facts, RoleFacts.Of(made)), ct);
        await events.PublishAsync(tx, new RoleCreated(made.Id, made.Key), ct);
        var view = RoleView.Of(made, await RoleBook.ReadAsync(tx, ct));
        await tx.CommitAsync(ct);

        ETags.Set(http, made.Version);
        return TypedResults.Created(tenant.Url($"/api/v1/roles/{made.Id}"), view);
    }
}

/// <summary>What the audit says of a role.</summary>
internal static class RoleFacts
{
    internal static Dictionary<string, string> Of(Role role) => new()
    {
        ["key"] = role.Key, ["permissions"] = string.Join(' ', role.Permissions), ["includes"] = string.Join(' ', role.Includes),
    };
}
