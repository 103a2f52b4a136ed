using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>POST /api/v1/users</c>: creates a user, with a password when one is given.</summary>
internal static class CreateUser
{
    /// <param name="Emails">One to ten; the first is the primary one.</param>
    /// <param name="EmailVerified">Whether the caller vouches for all of them. Default false.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(IReadOnlyList<string>? Emails, bool EmailVerified = false, string? DisplayName = null, string? GivenName = null,
        string? FamilyName = null, string? Locale = null, JsonElement? Attributes = null, string? Password = null, string? Zoneinfo = null);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users", HandleAsync).WithName("users.create").WithSummary("Create a user").RequirePermission(Scopes.UsersWrite).Idempotent();

    /// <returns>201; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>email_taken</c>; 422 <c>email_invalid</c>, <c>emails_invalid</c>, <c>name_invalid</c>, <c>locale_invalid</c>, <c>zoneinfo_invalid</c>, <c>attributes_invalid</c>, <c>password_…</c>; 503 <c>busy</c>.</returns>
    internal static async Task<Results<Created<UserView>, ProblemHttpResult>> HandleAsync(Request request, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, IDatabase database, IInitialPassword passwords, IUserReach reach, AuditLog audit, EventOutbox events, TimeProvider clock, CancellationToken ct)
    {
        if (!Read(request, clock).TryGet(out var user, out var problem)) return problem.ToHttp();
        string? prepared = null;
        if (request.Password is not null && !(await passwords.PrepareAsync(tenant, request.Password, user.PrimaryEmail?.Normalized, ct)).TryGet(out prepared, out problem))
        {
            if (problem.Status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";
            return problem.ToHttp();
        }

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await UserStore.TryInsertAsync(tx, user, ct)) return UserProblems.EmailTaken.ToHttp();
        await audit.AppendAsync(tx, new("user.created", AuditOutcome.Success, AuditActor.Of(caller), "user", user.Id.ToString(), facts), ct);
        await events.PublishAsync(tx, new UserCreated(user.Id), ct);
        if (await reach.CheckAsync(tx, user.Id, [], caller, ct) is { } escalation) return escalation.ToHttp();
        if (prepared is not null) await passwords.StoreAsync(tx, user.Id, prepared, ct);
        await tx.CommitAsync(ct);

        ETags.Set(http, user.Version);
        return TypedResults.Created(tenant.Url($"/api/v1/users/{user.Id}"), UserView.Of(user));
    }

    internal static Result<User, Problem> Read(Request request, TimeProvider clock)
    {
        if (request.Emails is not { Count: >= 1 and <= UserEmails.MaxPerUser }) return UserEmails.WrongNumber;
        List<UserEmail> emails = [];
        foreach (var text in request.Emails)
        {
            if (!EmailAddress.Parse(text).TryGet(out var address, out var wrong)) return wrong;
            if (emails.Exists(e => string.Equals(e.Normalized, address.Normalized, StringComparison.Ordinal))) return UserEmails.Repeated;
            emails.Add(new(EmailId.New(clock), address.Address, address.Normalized, request.EmailVerified, Primary: emails.Count == 0));
        }
        if (!PersonName.Parse(request.DisplayName, "display_name").TryGet(out var display, out var problem)
            || !PersonName.Parse(request.GivenName, "given_name").TryGet(out var given, out problem)
            || !PersonName.Parse(request.FamilyName, "family_name").TryGet(out var family, out problem)
            || !LocaleTag.Parse(request.Locale).TryGet(out var locale, out problem)
            || !ZoneName.Parse(request.Zoneinfo).TryGet(out var zone, out problem)
            || !UserAttributes.Parse(request.Attributes).TryGet(out var attributes, out problem)) return problem;
        var now = clock.Now();
        return new User(UserId.New(clock), UserStatus.Active, display.Value, given.Value, family.Value, locale.Value, emails, attributes.Json, 1, now, now) { Zoneinfo = zone.Value };
    }
}
