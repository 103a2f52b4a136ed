using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Console;

/// <summary><c>GET, POST /console/users</c>, <c>POST /console/users/{id}/disable</c> and <c>/enable</c>: who has an account here.</summary>
internal static class ManageUsers
{
    internal static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet("/users", ShowAsync);
        console.MapPost("/users", CreateAsync);
        console.MapPost("/users/{id}/disable", (string id, HttpContext http, TenantContext tenant, RequestFacts facts, UserSwitch change, CancellationToken ct) =>
            change.RunAsync(id, UserStatus.Disabled, http, tenant, facts, ct));
        console.MapPost("/users/{id}/enable", (string id, HttpContext http, TenantContext tenant, RequestFacts facts, UserSwitch change, CancellationToken ct) =>
            change.RunAsync(id, UserStatus.Active, http, tenant, facts, ct));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Administrators administrators, IDatabase database, UserDirectory users, CancellationToken ct)
    {
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Users, ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        if (!PageRequest.Parse(null, http.Request.Query["cursor"]).TryGet(out var page, out _)) return ErrorResult.Of(400, "request_invalid", ConsolePaths.Users);
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await PageAsync(tx, visitor, users, page, model => model with { Created = http.Request.Query.ContainsKey("created") }, StatusCodes.Status200OK, ct);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, TenantContext tenant, RequestFacts facts, Forms forms, Administrators administrators,
        IDatabase database, UserDirectory users, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Users, ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await MakeAsync(tx, form, users, ct)).TryGet(out var user, out var problem))
            return await PageAsync(tx, visitor, users, FirstPage, model => model with { Form = form, Problem = FieldOf(problem) }, StatusCodes.Status422UnprocessableEntity, ct);
        await audit.AppendAsync(tx, new("user.created", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "user", user.Id.ToString(), facts), ct);
        await tx.CommitAsync(ct);
        return new SeeOther($"{tenant.PathBase}{ConsolePaths.Users}?created");
    }

    internal static PageRequest FirstPage => new(PageRequest.DefaultLimit, null);

    private static async ValueTask<Result<User, Problem>> MakeAsync(TenantTransaction tx, PageForm form, UserDirectory users, CancellationToken ct)
    {
        if (!EmailAddress.Parse(form["email"]).TryGet(out var address, out var problem)) return problem;
        var name = form["display_name"].Trim();
        return await users.CreateAsync(tx, address, verified: false, name.Length == 0 ? null : name, null, ct);
    }

    private static FormProblem FieldOf(Problem problem) => problem.Code is "email_invalid" or "email_taken"
        ? new(problem.Code, "email") : FormProblem.Of(problem, "display_name");

    internal static async ValueTask<IResult> PageAsync(TenantTransaction tx, Visitor visitor, UserDirectory users, PageRequest page,
        Func<UsersModel, UsersModel> add, int status, CancellationToken ct)
    {
        var found = await users.ListAsync(tx, page, ct);
        return PageResult.Of<UsersPage, UsersModel>(add(new(visitor.Name, visitor.User.Id, found.Items, found.Next)), new PageOptions(Status: status));
    }
}

/// <summary>Disables or enables somebody, for an administrator who sent a form of ours.</summary>
internal sealed class UserSwitch(Forms forms, Administrators administrators, LastAdministrator last, IDatabase database, UserDirectory users, AuditLog audit)
{
    internal async Task<IResult> RunAsync(string id, UserStatus status, HttpContext http, TenantContext tenant, RequestFacts facts, CancellationToken ct)
    {
        if (!UserId.TryParse(id, out var userId)) return ErrorResult.Of(404, "not_found", ConsolePaths.Users);
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await administrators.FindAsync(http, tenant, ConsolePaths.Users, ct)).TryGet(out var visitor, out var elsewhere)) return elsewhere;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await users.FindAsync(tx, userId, ct) is null) return ErrorResult.Of(404, "not_found", ConsolePaths.Users);
        // Nobody locks herself out; so there is always one administrator who can undo the rest.
        if (userId == visitor.User.Id) return new SeeOther(tenant.PathBase + ConsolePaths.Users);
        var problem = status == UserStatus.Disabled ? await last.CheckAsync(tx, userId, ct) : null;
        if ((problem ?? await users.SetStatusAsync(tx, userId, status, ct)) is { } refused)
            return await ManageUsers.PageAsync(tx, visitor, users, ManageUsers.FirstPage, model => model with { Problem = FormProblem.Of(refused) }, StatusCodes.Status422UnprocessableEntity, ct);
        await audit.AppendAsync(tx, new(status == UserStatus.Active ? "user.enabled" : "user.disabled", AuditOutcome.Success,
            AuditActor.User(visitor.User.Id), "user", id, facts), ct);
        await tx.CommitAsync(ct);
        return new SeeOther(tenant.PathBase + ConsolePaths.Users);
    }
}

public sealed record UsersModel(string Name, UserId Self, IReadOnlyList<User> Users, string? Next)
{
    public bool Created { get; init; }
    public PageForm? Form { get; init; }
    public FormProblem? Problem { get; init; }
}
