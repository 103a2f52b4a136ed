using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary>
/// <c>/api/v1/users/{id}/phones</c>: add (POST), remove (DELETE <c>/{phoneId}</c>), make primary and mark verified (POST
/// <c>/{phoneId}/primary</c>, <c>/{phoneId}/verify</c>). Each answers with the whole user.
/// </summary>
internal static class ChangePhones
{
    /// <param name="Number">With its country (<c>+49 170 1234567</c>), or as it is dialled in the tenant's <c>sms.default_country</c>.</param>
    /// <param name="Verified">Whether the caller vouches for it. Default false.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Number, bool Verified = false);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{id}/phones", AddAsync).WithName("users.phones.add").WithSummary("Add a telephone number to a user").RequirePermission(Scopes.UsersWrite).Idempotent().RequireFreshProof();
        api.MapDelete("/users/{id}/phones/{phoneId}", RemoveAsync).WithName("users.phones.remove").WithSummary("Remove a telephone number of a user").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
        api.MapPost("/users/{id}/phones/{phoneId}/primary", MakePrimaryAsync).WithName("users.phones.make_primary").WithSummary("Make a telephone number the primary one").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
        api.MapPost("/users/{id}/phones/{phoneId}/verify", VerifyAsync).WithName("users.phones.verify").WithSummary("Mark a telephone number as verified").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>phone_taken</c>; 412 <c>version_mismatch</c>; 422 <c>phone_invalid</c>, <c>phones_too_many</c>.</returns>
    internal static async Task<Results<Created<UserView>, ProblemHttpResult>> AddAsync(string id, Request request, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct)
    {
        if (PhoneNumber.Parse(request.Number, tenant.Settings.Sms.DefaultCountry) is not { } number) return UserPhones.Invalid.ToHttp();
        var added = new UserPhone(PhoneId.New(clock), number.Value, request.Verified, Primary: false);
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, "user.phone_added", user => new UserUpdated(user), async (tx, user) =>
        {
            // The version is raised first: it locks the user, so that two additions at once cannot both be the fifth.
            if (!await UserStore.TryUpdateAsync(tx, user, clock.Now(), ct)) return ETags.Changed;
            if (user.Phones.Count >= UserPhones.MaxPerUser) return UserPhones.TooMany;
            return await PhoneStore.TryAddAsync(tx, user.Id, added, clock.Now(), ct) ? null : UserPhones.Taken;
        }, ct);
        return result.TryGet(out var updated, out var failure)
            ? TypedResults.Created(tenant.Url($"/api/v1/users/{updated.Id}"), UserView.Of(updated))
            : failure.ToHttp();
    }

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>phone_not_found</c>; 409 <c>phone_primary</c>, <c>phone_in_use</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<UserView>, ProblemHttpResult>> RemoveAsync(string id, string phoneId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, IEnumerable<IPhoneGuard> guards, TimeProvider clock, CancellationToken ct) =>
        ChangeOneAsync(id, phoneId, http, tenant, caller, facts, changes, clock, "user.phone_removed", async (tx, user, phone) =>
        {
            foreach (var guard in guards)
                if (await guard.CheckAsync(tx, user.Id, phone.Id, ct) is { } refused) return refused;
            return await PhoneStore.DeleteAsync(tx, user.Id, phone.Id, ct) ? null : UserPhones.IsPrimary;
        }, ct);

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>phone_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<UserView>, ProblemHttpResult>> MakePrimaryAsync(string id, string phoneId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct) =>
        ChangeOneAsync(id, phoneId, http, tenant, caller, facts, changes, clock, "user.phone_made_primary", async (tx, user, phone) =>
            await PhoneStore.MakePrimaryAsync(tx, user.Id, phone.Id, ct) ? null : UserPhones.NotFound, ct);

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>phone_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<UserView>, ProblemHttpResult>> VerifyAsync(string id, string phoneId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct) =>
        ChangeOneAsync(id, phoneId, http, tenant, caller, facts, changes, clock, "user.phone_verified", async (tx, user, phone) =>
            await PhoneStore.MarkVerifiedAsync(tx, user.Id, phone.Id, ct) ? null : UserPhones.NotFound, ct);

    private static async Task<Results<Ok<UserView>, ProblemHttpResult>> ChangeOneAsync(string id, string phoneId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, string action, Func<TenantTransaction, User, UserPhone, ValueTask<Problem?>> change, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, action, user => new UserUpdated(user), async (tx, user) =>
        {
            if (!PhoneId.TryParse(phoneId, out var wanted) || user.Phones.FirstOrDefault(p => p.Id == wanted) is not { } phone) return UserPhones.NotFound;
            return await UserStore.TryUpdateAsync(tx, user, clock.Now(), ct) ? await change(tx, user, phone) : ETags.Changed;
        }, ct);
        return result.TryGet(out var updated, out var failure) ? TypedResults.Ok(UserView.Of(updated)) : failure.ToHttp();
    }
}
