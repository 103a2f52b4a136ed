using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET, POST /account/profile</c>: what I am called, which language I read, where I live, and what else I may say of me.</summary>
internal static class OwnProfile
{
    internal const string Path = "/account/profile", AttributeField = "attribute.";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/profile", ShowAsync);
        account.MapPost("/profile", SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)
            ? Show(visitor, visitor.User, OwnAttributes.List(tenant, visitor.User), null, http.Request.Query.ContainsKey("saved"))
            : signIn;

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, MyProfile profile, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        string? Typed(string name) => form.Has(AttributeField + name) ? form[AttributeField + name] : null;
        var result = await profile.ChangeAsync(Own.Of(http, tenant, visitor), user => (Result<Profile, Problem>)new Profile(form["display_name"], form["given_name"], form["family_name"],
            form["locale"], form["zoneinfo"], OwnAttributes.Patch(tenant, user, Typed)), ct);
        // The language that was chosen is the language of the answer, and of this browser from now on.
        if (result.TryGet(out var changed, out var problem))
            return new SeeOther($"{tenant.PathBase}{Path}?saved=1{(Locale.Find(changed.Locale) is { } chosen && changed.Locale != visitor.User.Locale ? $"&{LocaleChoice.Parameter}={chosen.Tag}" : "")}");
        var typed = visitor.User with { DisplayName = form["display_name"], GivenName = form["given_name"], FamilyName = form["family_name"], Locale = form["locale"], Zoneinfo = form["zoneinfo"] };
        return Show(visitor, typed, [.. OwnAttributes.List(tenant, visitor.User).Select(a => a with { Value = Typed(a.Name) ?? a.Value })], problem, false);
    }

    private static PageResult Show(Visitor visitor, User user, IReadOnlyList<OwnFact> attributes, Problem? problem, bool saved) =>
        PageResult.Of<ProfilePage, ProfileModel>(new(visitor.Name, user, attributes, problem?.Field, problem?.Code, saved), new PageOptions(problem is null ? 200 : 422));
}

/// <param name="User">As she is, or as she typed it.</param>
/// <param name="Field">The member at fault.</param>
public sealed record ProfileModel(string Name, User User, IReadOnlyList<OwnFact> Attributes, string? Field, string? Problem, bool Saved);
