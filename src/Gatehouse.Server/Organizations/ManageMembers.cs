using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

using Gatehouse.Users;

namespace Gatehouse.Organizations;

/// <summary>A member as the management API shows one.</summary>
/// <param name="Email">Her primary address.</param>
internal sealed record MemberView(UserId User, string? DisplayName, string? Email, UserStatus Status, DateTimeOffset JoinedAt);

/// <summary><c>/api/v1/organizations/{organization}/members</c>: who belongs to it; and <c>/users/{user}/organizations</c>: what she belongs to.</summary>
internal static class ManageMembers
{
    /// <param name="User">Whom to add.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? User);

    // In the order of the users' ids, which follow the time those were made at.
    private static readonly ListShape<Member> Shape = new(
        member => member.UserId.Value, [new("user")],
        [ListField<Member>.Exact("user", m => m.UserId.ToString()), ListField<Member>.Time("joined_at", m => m.JoinedAt)]);

    internal static void Map(IEndpointRouteBuilder api)
    {
        // Not for the organization's own administrators: whoever knows an id would learn by it who that is. They invite.
        api.MapPost("/organizations/{organization}/members", AddAsync).WithName("members.add").WithSummary("Add a member").RequirePermission(Scopes.MembersWrite).Idempotent();
        api.MapGet("/organizations/{organization}/members", ListAsync).WithName("members.list").WithSummary("List members").RequirePermission(Scopes.MembersRead).InOrganization().Lists(Shape);
        api.MapGet("/organizations/{organization}/members/{user}", GetAsync).WithName("members.get").WithSummary("Get a member").RequirePermission(Scopes.MembersRead).InOrganization();
        api.MapDelete("/organizations/{organization}/members/{user}", RemoveAsync).WithName("members.remove").WithSummary("Remove a member").RequirePermission(Scopes.MembersWrite).InOrganization();
        api.MapGet("/users/{user}/organizations", ListOfUserAsync).WithName("users.organizations").WithSummary("List a user's organizations").RequirePermission(Scopes.MembersRead);
    }

    /// <returns>201; 404 <c>organization_not_found</c>, <c>user_not_found</c>; 409 <c>member_exists</c>, <c>memberships_too_many</c>.</returns>
    internal static async Task<Results<Created<MemberView>, ProblemHttpResult>> AddAsync(string organization, Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, OrganizationDirectory organizations, UserDirectory users, AuditLog audit, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        if (!UserId.TryParse(request.User, out var user)) return OrganizationProblems.UserNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await organizations.AddMemberAsync(tx, id, user, ct) is { } refused) return refused.ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.OfMember("member.added", id, user, AuditActor.Of(caller), facts), ct);
        var view = await DescribeAsync(tx, users, (await MemberStore.FindAsync(tx, id, user, ct))!, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/organizations/{id}/members/{user}"), view);
    }

    /// <returns>200; 400 <c>filter_invalid</c>, <c>sort_invalid</c>, <c>fields_invalid</c>, <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>parameter_repeated</c>; 404 <c>organization_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<MemberView>>, ProblemHttpResult>> ListAsync(string organization, HttpContext http, TenantContext tenant, IDatabase database,
        UserDirectory users, Lists lists, CancellationToken ct)
    {
        if (!(await lists.ReadAsync(Shape, http, tenant, ct)).TryGet(out var query, out var problem)) return problem.ToHttp();
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, id, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        var found = await query.ReadAsync((after, limit) => query.Descending ? MemberStore.ListAsync(tx, id, after?.Id, limit, ct) : MemberStore.ListOldestAsync(tx, id, after?.Id, limit, ct));
        // One look-up each: names are the Users room's, and a page has at most 200.
        List<MemberView> views = [];
        foreach (var member in found.Items) views.Add(await DescribeAsync(tx, users, member, ct));
        return TypedResults.Ok(new Page<MemberView>(views, found.Next));
    }

    /// <returns>200; 404 <c>organization_not_found</c>, <c>member_not_found</c>.</returns>
    internal static async Task<Results<Ok<MemberView>, ProblemHttpResult>> GetAsync(string organization, string user, TenantContext tenant, IDatabase database, UserDirectory users, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await OrganizationStore.FindAsync(tx, id, ct) is null) return OrganizationProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var userId) || await MemberStore.FindAsync(tx, id, userId, ct) is not { } member) return OrganizationProblems.MemberNotFound.ToHttp();
        return TypedResults.Ok(await DescribeAsync(tx, users, member, ct));
    }

    /// <summary>Her account stays; what she had as a member ends.</summary>
    /// <returns>204; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>, <c>member_not_found</c>; 409 where a member must stay.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string organization, string user, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, OrganizationDirectory organizations, IRemovalGuard guard, AuditLog audit, CancellationToken ct)
    {
        if (!OrganizationId.TryParse(organization, out var id)) return OrganizationProblems.NotFound.ToHttp();
        if (!UserId.TryParse(user, out var userId)) return OrganizationProblems.MemberNotFound.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Held before the guard looks: a role that is given at the same moment is seen, or waits.
        if (!await organizations.HoldAsync(tx, id, ct)) return OrganizationProblems.NotFound.ToHttp();
        if ((await guard.MayRemoveAsync(tx, id, userId, caller, ct) ?? await organizations.RemoveMemberAsync(tx, id, userId, ct)) is { } refused) return refused.ToHttp();
        await audit.AppendAsync(tx, OrganizationAudit.OfMember("member.removed", id, userId, AuditActor.Of(caller), facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>Oldest first; at most 200 there are.</summary>
    /// <returns>200; 404 <c>user_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<OrganizationView>>, ProblemHttpResult>> ListOfUserAsync(string user, TenantContext tenant, IDatabase database,
        OrganizationDirectory organizations, UserDirectory users, CancellationToken ct)
    {
        if (!UserId.TryParse(user, out var id)) return OrganizationProblems.UserNotFound.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, id, ct) is null) return OrganizationProblems.UserNotFound.ToHttp();
        return TypedResults.Ok(new Page<OrganizationView>([.. (await organizations.ListOfUserAsync(tx, id, ct)).Select(OrganizationView.Of)], null));
    }

    private static async ValueTask<MemberView> DescribeAsync(TenantTransaction tx, UserDirectory users, Member member, CancellationToken ct)
    {
        // The reference holds: there is no membership of nobody.
        var user = await users.FindAsync(tx, member.UserId, ct) ?? throw new InvalidOperationException("A member is a user.");
        return new(user.Id, user.DisplayName, user.PrimaryEmail?.Address, user.Status, member.JoinedAt);
    }
}
