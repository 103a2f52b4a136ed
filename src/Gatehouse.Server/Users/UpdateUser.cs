using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>PATCH /api/v1/users/{id}</c>: profile and attributes by merge patch; members inside <c>attributes</c> merge too.</summary>
internal static class UpdateUser
{
    /// <summary>What may be changed; for the documentation of the API.</summary>
    internal sealed record Request(string? DisplayName, string? GivenName, string? FamilyName, string? Locale, string? Zoneinfo, JsonElement? Attributes);

    internal static readonly string[] Members = ["display_name", "given_name", "family_name", "locale", "zoneinfo", "attributes"];

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/users/{id}", HandleAsync).WithName("users.update").WithSummary("Change a user's profile and attributes")
            .Accepts<Request>("application/merge-patch+json", "application/json").RequirePermission(Scopes.UsersWrite);

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>name_invalid</c>, <c>locale_invalid</c>, <c>zoneinfo_invalid</c>, <c>attributes_invalid</c>.</returns>
    internal static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(string id, MergePatch patch, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, Mailer mailer, TimeProvider clock, CancellationToken ct)
    {
        if (patch.Expect(Members) is { } wrong) return wrong.ToHttp();
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, "user.updated", user => new UserUpdated(user), async (tx, user) =>
        {
            if (!Apply(patch, user).TryGet(out var changed, out var problem)) return problem;
            if (!await UserStore.TryUpdateAsync(tx, changed, clock.Now(), ct)) return ETags.Changed;
            await ProfileNotice.QueueAsync(tx, mailer, tenant, user, null, ct);
            return null;
        }, ct);
        return result.TryGet(out var updated, out var failure) ? TypedResults.Ok(UserView.Of(updated)) : failure.ToHttp();
    }

    internal static Result<User, Problem> Apply(MergePatch patch, User user)
    {
        var wanted = new Profile(patch.TextOrNull("display_name", user.DisplayName), patch.TextOrNull("given_name", user.GivenName), patch.TextOrNull("family_name", user.FamilyName),
            patch.TextOrNull("locale", user.Locale), patch.TextOrNull("zoneinfo", user.Zoneinfo), patch.TryGet("attributes", out var attributes) ? attributes : null);
        return patch.Problem is { } mistyped ? mistyped : wanted.ApplyTo(user);
    }
}
