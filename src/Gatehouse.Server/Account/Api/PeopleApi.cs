using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Users;
using Gatehouse.Users.Visibility;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>Somebody as others see her: what she is called, and nothing by which she could be reached.</summary>
internal sealed record PersonView(UserId Id, string? DisplayName, string? GivenName, string? FamilyName)
{
    internal static PersonView Of(User user) => new(user.Id, user.DisplayName, user.GivenName, user.FamilyName);
}

/// <summary><c>/account/v1/people</c>: whom I may see here, as far as the tenant's <c>users.visibility</c> goes.</summary>
internal static class PeopleApi
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/people", ListAsync).WithName("people.list").WithSummary("List or search the people I may see").RequirePermission(AccountScopes.Read).Lists(PeopleDirectory.Shape);
        api.MapGet("/people/{id}", GetAsync).WithName("people.get").WithSummary("Get somebody I may see").RequirePermission(AccountScopes.Read);
    }

    /// <param name="search">A part of a name; its beginning where it has less than three characters.</param>
    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>, <c>search_invalid</c>.</returns>
    internal static async Task<Results<Ok<Page<PersonView>>, ProblemHttpResult>> ListAsync(string? search, HttpContext http, TenantContext tenant, Own me, PeopleDirectory people, CancellationToken ct) =>
        (await people.ListAsync(http, tenant, me.Id, search, ct)).TryGet(out var page, out var problem)
            ? TypedResults.Ok(new Page<PersonView>([.. page.Items.Select(PersonView.Of)], page.Next)) : problem.ToHttp();

    /// <returns>200; 404 <c>person_not_found</c>, also for somebody I may not see.</returns>
    internal static async Task<Results<Ok<PersonView>, ProblemHttpResult>> GetAsync(string id, TenantContext tenant, Own me, PeopleDirectory people, CancellationToken ct) =>
        UserId.TryParse(id, out var user) && await people.FindAsync(tenant, me.Id, user, ct) is { } person ? TypedResults.Ok(PersonView.Of(person))
            : Problem.NotFound("person_not_found", "There is nobody of that id whom you may see.").ToHttp();
}
