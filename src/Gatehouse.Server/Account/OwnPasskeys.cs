using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/passkeys</c>, <c>POST /account/passkeys/add</c>, <c>…/rename</c>, <c>…/remove</c>, <c>…/confirm</c>: what else than a
/// password opens my account. Adding and removing need a fresh sign-in: a stolen session must not make itself at home.
/// </summary>
internal static class OwnPasskeys
{
    internal const string Path = "/account/passkeys", AddPath = Path + "/add", RenamePath = Path + "/rename", RemovePath = Path + "/remove", ConfirmPath = Path + "/confirm";
    internal static readonly string[] Fields = ["id", "client_data", "data", "transports"];

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/passkeys", ShowAsync);
        account.MapPost("/passkeys/add", AddAsync);
        account.MapPost("/passkeys/rename", RenameAsync);
        account.MapPost("/passkeys/remove", RemoveAsync);
        account.MapPost("/passkeys/confirm", ConfirmAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, Passkeys passkeys, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var page = await PageAsync(tx, tenant, visitors, passkeys, visitor, null, http.Request.Query.ContainsKey("added"), ct);
        await tx.CommitAsync(ct);
        return page;
    }

    /// <summary>The challenge was given to this session while it was fresh, and says so still: it takes time to find a key.</summary>
    private static async Task<IResult> AddAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database,
        Passkeys passkeys, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var user = visitor.User;
        var locale = LocaleChoice.For(http, tenant);
        var name = form["name"].Trim().Length == 0 ? DefaultName(request, locale) : PasskeyName.Parse(form["name"]);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (name is null)
        {
            var again = await PageAsync(tx, tenant, visitors, passkeys, visitor, "passkey_name_invalid", false, ct);
            await tx.CommitAsync(ct);
            return again;
        }
        var sent = new PasskeyForm(form["id"], form["client_data"], form["data"], "", "", form["transports"]);
        var entry = new AuditEntry("passkey.added", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request);
        if (!(await passkeys.RegisterAsync(tx, tenant, visitor.Session.Id, user.Id, name, sent, ct)).TryGet(out var passkey, out var refused))
        {
            await audit.AppendAsync(tx, entry with { Outcome = AuditOutcome.Failure, Details = new Dictionary<string, string> { ["reason"] = refused.Reason } }, ct);
            var page = await PageAsync(tx, tenant, visitors, passkeys, visitor, refused.Code, false, ct);
            await tx.CommitAsync(ct);
            return page;
        }
        await audit.AppendAsync(tx, entry with { Details = new Dictionary<string, string> { ["passkey"] = passkey.Id.ToString() } }, ct);
        await PasskeyNotice.QueueAddedAsync(tx, mailer, tenant, user, passkey.Id, passkey.Name, locale.Tag, ct);
        await tx.CommitAsync(ct);
        return new SeeOther($"{tenant.PathBase}{Path}?added=1");
    }

    private static async Task<IResult> RenameAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, IDatabase database, Passkeys passkeys, MyPasskeys mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        var problem = await mine.RenameAsync(Own.Of(http, tenant, visitor), PasskeyId.TryParse(form["passkey"], out var id) ? id : default, form["name"], ct);
        // Somebody else's is as absent as a removed one; the list that follows tells what is true.
        if (problem is not { Status: StatusCodes.Status422UnprocessableEntity }) return new SeeOther(tenant.PathBase + Path);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var page = await PageAsync(tx, tenant, visitors, passkeys, visitor, problem.Code, false, ct);
        await tx.CommitAsync(ct);
        return page;
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, IDatabase database, Passkeys passkeys, MyPasskeys mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (!PasskeyId.TryParse(form["passkey"], out var id) || await mine.RemoveAsync(Own.Of(http, tenant, visitor), id, ct) is not { Status: StatusCodes.Status409Conflict } problem)
            return new SeeOther(tenant.PathBase + Path);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var page = await PageAsync(tx, tenant, visitors, passkeys, visitor, problem.Code, false, ct);
        await tx.CommitAsync(ct);
        return page;
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, TenantContext tenant, Forms forms, Visitors visitors, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        return await visitors.ConfirmAsync(http, tenant, visitor, Path, ct);
    }

    private static async ValueTask<PageResult> PageAsync(TenantTransaction tx, TenantContext tenant, Visitors visitors, Passkeys passkeys, Visitor visitor, string? problem, bool added, CancellationToken ct)
    {
        var list = await passkeys.ListAsync(tx, visitor.User.Id, ct);
        var fresh = await visitors.IsFreshAsync(tx, visitor, ct);
        var creation = fresh && list.Count < Passkeys.MaxPerUser ? await passkeys.BeginRegistrationAsync(tx, tenant, visitor.Session.Id, visitor.User, ct) : null;
        var accepted = await passkeys.AcceptedAsync(tx, visitor.User.Id, ct);
        return PageResult.Of<PasskeysPage, PasskeysModel>(
            new(visitor.Name, list, Passkeys.RpId(tenant), accepted.UserHandle, accepted.Credentials, fresh, creation, problem, added), new PageOptions(problem is null ? 200 : 422));
    }

    private static string DefaultName(RequestFacts request, Locale locale)
    {
        var device = DeviceName.Of(request.UserAgent);
        var words = AccountTexts.For(locale);
        return PasskeyName.Parse(device.Known ? $"{device.Browser}, {device.System}" : words.Passkey) ?? words.Passkey;
    }
}

/// <param name="RpId">Null where passkeys are not offered.</param>
/// <param name="Fresh">She proved who she is a moment ago; else she is asked to first.</param>
/// <param name="Creation">Null where none can be added now.</param>
/// <param name="Added">It has just been done.</param>
public sealed record PasskeysModel(string Name, IReadOnlyList<Passkey> Passkeys, string? RpId, string UserHandle, IReadOnlyList<string> Accepted,
    bool Fresh, PasskeyCreation? Creation, string? Problem, bool Added);
