using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Subtenants;

/// <summary>A registration as the management API shows one.</summary>
/// <param name="Status"><c>pending</c>, <c>active</c>, <c>refused</c>, <c>withdrawn</c>, <c>expired</c>.</param>
/// <param name="Tenant">The tenant that came of it.</param>
/// <param name="DecidedBy">An administrator's id, <c>automatic</c> or <c>webhook</c>.</param>
internal sealed record TenantRegistrationView(TenantRegistrationId Id, UserId User, string Email, string Slug, string DisplayName, string? Domain, DateTimeOffset? DomainProvedAt, string Status, string? Reason, TenantId? Tenant,
    string? DecidedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt)
{
    internal static TenantRegistrationView Of(TenantRegistration r) =>
        new(r.Id, r.User, r.Email, r.Slug, r.DisplayName, r.Domain, r.DomainProvedAt, r.State, r.Reason, r.Created, r.DecidedBy, r.CreatedAt, r.ExpiresAt, r.EndedAt);
}

/// <summary><c>/api/v1/tenant-registrations</c>: who asks for a tenant below this one, and the answer.</summary>
internal static class ManageRegistrations
{
    private const int MaxReason = 200;

    private static readonly ListShape<TenantRegistration> Shape = new(
        r => r.Id.Value,
        [new("created_at")],
        [
            ListField<TenantRegistration>.Exact("id", r => r.Id.ToString()),
            ListField<TenantRegistration>.Exact("user", r => r.User.ToString()),
            ListField<TenantRegistration>.Text("email", r => r.Email),
            ListField<TenantRegistration>.Text("slug", r => r.Slug),
            ListField<TenantRegistration>.Exact("status", r => r.State, TenantRegistration.Pending, TenantRegistration.Active, TenantRegistration.Refused, TenantRegistration.Withdrawn, TenantRegistration.Expired),
            ListField<TenantRegistration>.Time("created_at", r => r.CreatedAt),
        ]);

    /// <param name="Reason">Shown to her; at most 200 characters.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Refusal(string? Reason);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenant-registrations", ListAsync).WithName("tenant_registrations.list").WithSummary("List who asks for a tenant").RequirePermission(Scopes.TenantsRead).Lists(Shape);
        api.MapGet("/tenant-registrations/{id}", GetAsync).WithName("tenant_registrations.get").WithSummary("Get a registration of a tenant").RequirePermission(Scopes.TenantsRead).SelectsFields();
        api.MapPost("/tenant-registrations/{id}/approve", ApproveAsync).WithName("tenant_registrations.approve").WithSummary("Approve a registration: make the tenant").RequirePermission(Scopes.TenantsWrite).RequireFreshProof();
        api.MapPost("/tenant-registrations/{id}/refuse", RefuseAsync).WithName("tenant_registrations.refuse").WithSummary("Refuse a registration").RequirePermission(Scopes.TenantsWrite);
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>.</returns>
    internal static async Task<Results<Ok<Page<TenantRegistrationView>>, ProblemHttpResult>> ListAsync(HttpContext http, TenantContext tenant, IDatabase database, Lists lists, TimeProvider clock, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var found = await query.ReadAsync(async (after, limit) => [.. (await RegistrationStore.ListAsync(tx, query.Descending, after?.Id, limit, ct)).Select(r => r.At(clock.Now()))]);
        return TypedResults.Ok(new Page<TenantRegistrationView>([.. found.Items.Select(TenantRegistrationView.Of)], found.Next));
    }

    /// <returns>200; 400 <c>fields_invalid</c>; 404 <c>tenant_registration_not_found</c>.</returns>
    internal static async Task<Results<Ok<TenantRegistrationView>, ProblemHttpResult>> GetAsync(string id, TenantContext tenant, TenantRegistrations registrations, CancellationToken ct) =>
        await registrations.FindAsync(tenant, id, ct) is { } found ? TypedResults.Ok(TenantRegistrationView.Of(found)) : TenantRegistrationProblems.NotFound.ToHttp();

    /// <returns>200; 403 <c>tenant_registration_closed</c>; 404 <c>tenant_registration_not_found</c>; 409 <c>tenant_registration_over</c>, <c>domain_not_proved</c>, <c>email_unverified</c>, <c>slug_taken</c>.</returns>
    internal static async Task<Results<Ok<TenantRegistrationView>, ProblemHttpResult>> ApproveAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, TenantRegistrations registrations, CancellationToken ct)
    {
        if (await registrations.FindAsync(tenant, id, ct) is not { } found) return TenantRegistrationProblems.NotFound.ToHttp();
        return (await registrations.ActivateAsync(tenant, found, AuditActor.Of(caller), caller.Id, facts, ct)).TryGet(out var made, out var problem) ? TypedResults.Ok(TenantRegistrationView.Of(made)) : problem.ToHttp();
    }

    /// <returns>200; 404 <c>tenant_registration_not_found</c>; 409 <c>tenant_registration_over</c>; 422 <c>reason_invalid</c>.</returns>
    internal static async Task<Results<Ok<TenantRegistrationView>, ProblemHttpResult>> RefuseAsync(string id, Refusal request, TenantContext tenant, Caller caller, RequestFacts facts, TenantRegistrations registrations, CancellationToken ct)
    {
        var reason = request.Reason?.Trim();
        if (reason is { Length: > MaxReason } || reason?.Any(char.IsControl) == true) return Problem.Invalid("reason_invalid", $"A reason has at most {MaxReason} printable characters.", "reason").ToHttp();
        if (await registrations.FindAsync(tenant, id, ct) is not { } found) return TenantRegistrationProblems.NotFound.ToHttp();
        if (await registrations.EndAsync(tenant, found, TenantRegistration.Refused, string.IsNullOrEmpty(reason) ? null : reason, AuditActor.Of(caller), caller.Id, facts, ct) is { } problem) return problem.ToHttp();
        return TypedResults.Ok(TenantRegistrationView.Of(await registrations.GetAsync(tenant, found.Id, ct)));
    }
}
