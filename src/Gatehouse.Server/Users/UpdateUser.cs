using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users;

/// <summary><c>PATCH /api/v1/users/{id}</c>: profile and attributes by merge patch; members inside <c>attributes</c> merge too.</summary>
internal static class UpdateUser
{
    /// <summary>What may be changed; for the documentation of the API.</summary>
    internal sealed record Request(string? DisplayName, string? GivenName, string? FamilyName, string? Locale, JsonElement? Attributes);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPatch("/users/{id}", HandleAsync).WithName("users.update").WithSummary("Change a user's profile and attributes")
            .Accepts<Request>("application/merge-patch+json", "application/json").RequirePermission(Scopes.UsersWrite);

    /// <returns>200; 403 <c>scope_escalation</c>; 404 <c>user_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>name_invalid</c>, <c>locale_invalid</c>, <c>attributes_invalid</c>.</returns>
    internal static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(string id, MergePatch patch, HttpContext http, TenantContext tenant, Caller caller,
        RequestFacts facts, UserChange changes, TimeProvider clock, CancellationToken ct)
    {
        if (patch.Expect("display_name", "given_name", "family_name", "locale", "attributes") is { } wrong) return wrong.ToHttp();
        var result = await changes.ApplyAsync(id, http, tenant, caller, facts, "user.updated", user => new UserUpdated(user), async (tx, user) =>
        {
            if (!Apply(patch, user).TryGet(out var changed, out var problem)) return problem;
            return await UserStore.TryUpdateAsync(tx, changed, clock.Now(), ct) ? null : ETags.Changed;
        }, ct);
        return result.TryGet(out var updated, out var failure) ? TypedResults.Ok(UserView.Of(updated)) : failure.ToHttp();
    }

    private static Result<User, Problem> Apply(MergePatch patch, User user)
    {
        var (display, given, family) = (patch.TextOrNull("display_name", user.DisplayName), patch.TextOrNull("given_name", user.GivenName), patch.TextOrNull("family_name", user.FamilyName));
        var tag = patch.TextOrNull("locale", user.Locale);
        if (patch.Problem is { } mistyped) return mistyped;
        var attributes = new UserAttributes(user.Attributes);
        if (!PersonName.Parse(display, "display_name").TryGet(out var displayName, out var problem)
            || !PersonName.Parse(given, "given_name").TryGet(out var givenName, out problem)
            || !PersonName.Parse(family, "family_name").TryGet(out var familyName, out problem)
            || !LocaleTag.Parse(tag).TryGet(out var locale, out problem)
            || (patch.TryGet("attributes", out var sent) && !UserAttributes.Merge(user.Attributes, sent).TryGet(out attributes, out problem))) return problem;
        return user with { DisplayName = displayName.Value, GivenName = givenName.Value, FamilyName = familyName.Value, Locale = locale.Value, Attributes = attributes.Json };
    }
}
