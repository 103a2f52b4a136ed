using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary>
/// <c>GET /account/two-step</c>: whether her sign-in has a second step, and how often the recovery codes still help. <c>GET, POST …/remove</c>:
/// takes it away, after a fresh proof, unless the tenant requires one.
/// </summary>
internal static class TwoStep
{
    internal const string Path = "/account/two-step", RemovePath = "/account/two-step/remove";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/two-step", ShowAsync);
        account.MapGet("/two-step/remove", ConfirmRemovalAsync);
        account.MapPost("/two-step/remove", RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, IDatabase database, SecondFactors factors, CancellationToken ct)
    {
        if (!(await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var states = await factors.DescribeAsync(tx, visitor.User.Id, ct);
        return PageResult.Of<TwoStepPage, TwoStepModel>(new(visitor.Name, states.FirstOrDefault(s => s.Name == TotpAuthenticator.AuthenticatorName),
            states.FirstOrDefault(s => s.Name == RecoveryCodes.AuthenticatorName), IsRequired(tenant), http.Request.Query.ContainsKey("removed")));
    }

    private static async Task<IResult> ConfirmRemovalAsync(HttpContext http, TenantContext tenant, Visitors visitors, CancellationToken ct) =>
        !(await visitors.FindFreshAsync(http, tenant, RemovePath, ct)).TryGet(out var visitor, out var signIn) ? signIn
        : IsRequired(tenant) ? new SeeOther(tenant.PathBase + Path)
        : PageResult.Of<TwoStepRemovePage, TwoStepRemoveModel>(new(visitor.Name));

    private static async Task<IResult> RemoveAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, Visitors visitors, IDatabase database,
        SecondFactors factors, Mailer mailer, AuditLog audit, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await visitors.FindFreshAsync(http, tenant, RemovePath, ct)).TryGet(out var visitor, out var signIn)) return signIn;
        if (IsRequired(tenant)) return new SeeOther(tenant.PathBase + Path);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if ((await factors.DescribeAsync(tx, visitor.User.Id, ct)).Count == 0) return new SeeOther(tenant.PathBase + Path);
        await factors.RemoveAsync(tx, visitor.User.Id, ct);
        await audit.AppendAsync(tx, new AuditEntry("second_step.removed", AuditOutcome.Success, AuditActor.User(visitor.User.Id), "user", visitor.User.Id.ToString(), request), ct);
        await TwoStepNotice.QueueAsync(tx, mailer, tenant, visitor.User, TwoStepNotice.Removed, LocaleChoice.For(http, tenant).Tag, ct);
        await tx.CommitAsync(ct);
        return new SeeOther($"{tenant.PathBase}{Path}?removed=1");
    }

    private static bool IsRequired(TenantContext tenant) => tenant.Settings.SignIn.SecondFactor == SignInSettings.Required;
}

/// <param name="App">Her code app; null when her sign-in has one step.</param>
/// <param name="Codes">Her recovery codes; null when she has none.</param>
/// <param name="Required">The tenant does not let her do without.</param>
/// <param name="Removed">It has just been done.</param>
public sealed record TwoStepModel(string Name, AuthenticatorState? App, AuthenticatorState? Codes, bool Required, bool Removed);

public sealed record TwoStepRemoveModel(string Name);
