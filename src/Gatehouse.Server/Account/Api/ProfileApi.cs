using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET, PATCH /account/v1/profile</c>, <c>DELETE /account/v1/profile</c>: who I am here, what I want to be called, and the end of it.</summary>
internal static class ProfileApi
{
    /// <summary>What may be changed; for the documentation of the API.</summary>
    internal sealed record Patch(string? DisplayName, string? GivenName, string? FamilyName, string? Locale, string? Zoneinfo, JsonElement? Attributes);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/profile", Get).WithName("profile.get").WithSummary("Get my profile").RequirePermission(AccountScopes.Read);
        api.MapPatch("/profile", PatchAsync).WithName("profile.update").WithSummary("Change my profile").RequirePermission(AccountScopes.Write)
            .Accepts<Patch>("application/merge-patch+json", "application/json");
        api.MapDelete("/profile", DeleteAsync).WithName("profile.delete").WithSummary("Delete my account for good, at once or after the tenant's days of grace, where the tenant allows it").RequirePermission(AccountScopes.Write).RequireFreshProof();
    }

    /// <returns>200.</returns>
    internal static Ok<ProfileView> Get(HttpContext http, TenantContext tenant, Own me)
    {
        ETags.Set(http, me.Visitor.User.Version);
        return TypedResults.Ok(ProfileView.Of(tenant, me.Visitor.User));
    }

    /// <returns>200; 412 <c>version_mismatch</c>; 422 <c>member_unknown</c>, <c>name_invalid</c>, <c>locale_invalid</c>, <c>zoneinfo_invalid</c>, <c>attributes_invalid</c>, <c>attribute_unknown</c>, <c>attribute_fixed</c>.</returns>
    internal static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> PatchAsync(MergePatch patch, HttpContext http, TenantContext tenant, Own me, MyProfile profile, CancellationToken ct)
    {
        if (patch.Expect("display_name", "given_name", "family_name", "locale", "zoneinfo", "attributes") is { } wrong) return wrong.ToHttp();
        var result = await profile.ChangeAsync(me, user => Read(http, patch, user), ct);
        if (!result.TryGet(out var changed, out var problem)) return problem.ToHttp();
        ETags.Set(http, changed.Version);
        return TypedResults.Ok(ProfileView.Of(tenant, changed));
    }

    /// <returns>204; 202 where it is to come after <c>account.deletion_grace_days</c>; 403 <c>account_deletion_off</c>; 409 <c>deletion_scheduled</c>, <c>last_administrator</c>, <c>last_owner</c>.</returns>
    internal static async Task<Results<NoContent, Accepted<OwnDeletionView>, ProblemHttpResult>> DeleteAsync(TenantContext tenant, Own me, MyAccount account, CancellationToken ct)
    {
        if (!(await account.DeleteAsync(me, ct)).TryGet(out var end, out var problem)) return problem.ToHttp();
        return end.At is { } at ? TypedResults.Accepted((string?)null, new OwnDeletionView(at, ByMe: true)) : TypedResults.NoContent();
    }

    private static Result<Profile, Problem> Read(HttpContext http, MergePatch patch, User user)
    {
        if (ETags.Check(http, user.Version) is { } outdated) return outdated;
        var wanted = new Profile(patch.TextOrNull("display_name", user.DisplayName), patch.TextOrNull("given_name", user.GivenName), patch.TextOrNull("family_name", user.FamilyName),
            patch.TextOrNull("locale", user.Locale), patch.TextOrNull("zoneinfo", user.Zoneinfo), patch.TryGet("attributes", out var attributes) ? attributes : null);
        return patch.Problem is { } mistyped ? mistyped : wanted;
    }
}
