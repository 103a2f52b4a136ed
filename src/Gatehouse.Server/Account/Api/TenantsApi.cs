using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Organizations.Domains;
using Gatehouse.Subtenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>A tenant that I asked for.</summary>
/// <param name="Status"><c>pending</c>, <c>active</c>, <c>refused</c>, <c>withdrawn</c>, <c>expired</c>.</param>
/// <param name="Issuer">Where it is reached; null before it is there, and after.</param>
/// <param name="RecordName">Where a TXT record with <paramref name="RecordValue"/> proves the domain.</param>
internal sealed record OwnTenantView(TenantRegistrationId Id, string Slug, string DisplayName, string Status, string? Reason, string? Domain, DateTimeOffset? DomainProvedAt, string? RecordName, string? RecordValue, string? Issuer,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    internal static OwnTenantView Of(OwnTenant own)
    {
        var r = own.Registration;
        return new(r.Id, r.Slug, r.DisplayName, r.State, r.Reason, r.Domain, r.DomainProvedAt, r.Domain is { } d ? DomainProofs.RecordName(d) : null, r.DomainToken is { } t ? DomainProofs.Value(t) : null, own.Issuer, r.CreatedAt, r.ExpiresAt);
    }
}

/// <summary><c>/account/v1/tenants</c>: tenants of my own, where this one allows them.</summary>
internal static class TenantsApi
{
    /// <param name="Slug">3 to 63 lower-case letters, digits and inner hyphens: its name in addresses.</param>
    /// <param name="Domain">One of mine; needed where the tenant asks for it.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record RegisterRequest(string? Slug, string? DisplayName, string? Domain = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants", ListAsync).WithName("own_tenants.list").WithSummary("List the tenants I asked for").RequirePermission(AccountScopes.Read);
        api.MapPost("/tenants", RegisterAsync).WithName("own_tenants.register").WithSummary("Register a tenant").RequirePermission(AccountScopes.Write);
        api.MapPost("/tenants/{id}/verify-domain", VerifyAsync).WithName("own_tenants.verify_domain").WithSummary("Look for the proof of a domain").RequirePermission(AccountScopes.Write);
        api.MapDelete("/tenants/{id}", WithdrawAsync).WithName("own_tenants.withdraw").WithSummary("Withdraw a registration").RequirePermission(AccountScopes.Write);
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<ListView<OwnTenantView>>> ListAsync(TenantContext tenant, Own me, MyTenants mine, CancellationToken ct) =>
        TypedResults.Ok(new ListView<OwnTenantView>([.. (await mine.ListAsync(me, ct)).Select(OwnTenantView.Of)]));

    /// <returns>201; 403 <c>tenant_registration_closed</c>; 409 <c>email_unverified</c>, <c>tenant_quota_reached</c>, <c>tenants_full</c>, <c>slug_taken</c>; 422 <c>slug_invalid</c>, <c>display_name_invalid</c>,
    /// <c>domain_required</c>, <c>domain_invalid</c>, <c>domain_shared</c>; 429 <c>tenant_registrations_too_many</c>.</returns>
    internal static async Task<Results<Created<OwnTenantView>, ProblemHttpResult>> RegisterAsync(RegisterRequest request, TenantContext tenant, Own me, MyTenants mine, CancellationToken ct) =>
        (await mine.RegisterAsync(me, request.Slug, request.DisplayName, request.Domain, ct)).TryGet(out var made, out var problem)
            ? TypedResults.Created(tenant.Url($"{AccountApiRoutes.Path}/tenants"), OwnTenantView.Of(made)) : problem.ToHttp();

    /// <returns>200; 403 <c>tenant_registration_closed</c>; 404 <c>tenant_registration_not_found</c>; 409 <c>tenant_registration_over</c>, <c>slug_taken</c>; 422 <c>domain_not_proved</c>; 429 <c>tenant_registrations_too_many</c>.</returns>
    internal static async Task<Results<Ok<OwnTenantView>, ProblemHttpResult>> VerifyAsync(string id, TenantContext tenant, Own me, MyTenants mine, CancellationToken ct) =>
        (await mine.VerifyDomainAsync(me, id, ct)).TryGet(out var made, out var problem) ? TypedResults.Ok(OwnTenantView.Of(made)) : problem.ToHttp();

    /// <returns>204; 404 <c>tenant_registration_not_found</c>; 409 <c>tenant_registration_over</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(string id, TenantContext tenant, Own me, MyTenants mine, CancellationToken ct) =>
        await mine.WithdrawAsync(me, id, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
