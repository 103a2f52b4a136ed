using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary>
/// <c>/api/v1/users/{id}/emails</c>: add (POST), remove (DELETE <c>/{emailId}</c>), make primary and mark verified (POST
/// <c>/{emailId}/primary</c>, <c>/{emailId}/verify</c>). Each answers with the whole user.
/// </summary>
internal static class ChangeEmails
{
    /// <param name="Verified">Whether the caller vouches for it. Default false.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? Address, bool Verified = false);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{id}/emails", AddAsync).WithName("users.emails.add").WithSummary("Add an e-mail address to a user").RequirePermission(Scopes.UsersWrite).Idempotent().RequireFreshProof();
        api.MapDelete("/users/{id}/emails/{emailId}", RemoveAsync).WithName("users.emails.remove").WithSummary("Remove an e-mail address of a user").RequirePermission(Scopes.UsersWrite);
        api.MapPost("/users/{id}/emails/{emailId}/primary", MakePrimaryAsync).WithName("users.emails.make_primary").WithSummary("Make an e-mail address the primary one").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
        api.MapPost("/users/{id}/emails/{emailId}/verify", VerifyAsync).WithName("users.emails.verify").WithSummary("Mark an e-mail address as verified").RequirePermission(Scopes.UsersWrite).RequireFreshProof();
    }

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>email_taken</c>; 412 <c>version_mismatch</c>; 422 <c>email_invalid</c>, <c>emails_invalid</c>.</returns>
    internal static async Task<Results<Created<UserView>, ProblemHttpResult>> AddAsync(string id, Request request, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct)
    {
        if (!EmailAddress.Parse(request.Address).TryGet(out var address, out var problem)) return (problem with { Field = "address" }).ToHttp();
        var added = new UserEmail(EmailId.New(clock), address.Address, address.Normalized, request.Verified, Primary: false);
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, "user.email_added", user => new UserUpdated(user), async (tx, user) =>
        {
            // The version is raised first: it locks the user, so that two additions at once cannot both be the tenth.
            if (!await UserStore.TryUpdateAsync(tx, user, clock.Now(), ct)) return ETags.Changed;
            if (user.Emails.Count >= UserEmails.MaxPerUser) return UserEmails.WrongNumber;
            return await UserStore.TryAddEmailAsync(tx, user.Id, added, clock.Now(), ct) ? null : UserProblems.EmailTaken with { Field = "address" };
        }, ct);
        return result.TryGet(out var updated, out var failure)
            ? TypedResults.Created(tenant.Url($"/api/v1/users/{updated.Id}"), UserView.Of(updated))
            : failure.ToHttp();
    }

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>email_not_found</c>; 409 <c>email_primary</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<UserView>, ProblemHttpResult>> RemoveAsync(string id, string emailId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct) =>
        ChangeOneAsync(id, emailId, http, tenant, caller, facts, changes, clock, "user.email_removed", async (tx, user, email) =>
            email.Primary ? UserEmails.IsPrimary : await UserStore.DeleteEmailAsync(tx, user.Id, email.Id, ct) ? null : UserProblems.EmailNotFound, ct);

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>email_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<UserView>, ProblemHttpResult>> MakePrimaryAsync(string id, string emailId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct) =>
        ChangeOneAsync(id, emailId, http, tenant, caller, facts, changes, clock, "user.email_made_primary", async (tx, user, email) =>
            await UserStore.MakePrimaryAsync(tx, user.Id, email.Id, ct) ? null : UserProblems.EmailNotFound, ct);

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>, <c>email_not_found</c>; 412 <c>version_mismatch</c>.</returns>
    internal static Task<Results<Ok<UserView>, ProblemHttpResult>> VerifyAsync(string id, string emailId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct) =>
        ChangeOneAsync(id, emailId, http, tenant, caller, facts, changes, clock, "user.email_verified", async (tx, user, email) =>
            await UserStore.MarkVerifiedAsync(tx, user.Id, email.Id, ct) ? null : UserProblems.EmailNotFound, ct);

    private static async Task<Results<Ok<UserView>, ProblemHttpResult>> ChangeOneAsync(string id, string emailId, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, string action,
        Func<Storage.TenantTransaction, User, UserEmail, ValueTask<Problem?>> change, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, action, user => new UserUpdated(user), async (tx, user) =>
        {
            if (!EmailId.TryParse(emailId, out var wanted) || user.Emails.FirstOrDefault(e => e.Id == wanted) is not { } email) return UserProblems.EmailNotFound;
            return await UserStore.TryUpdateAsync(tx, user, clock.Now(), ct) ? await change(tx, user, email) : ETags.Changed;
        }, ct);
        return result.TryGet(out var updated, out var failure) ? TypedResults.Ok(UserView.Of(updated)) : failure.ToHttp();
    }
}
