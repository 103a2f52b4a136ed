using Gatehouse.Credentials;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/two-step</c>: my second step. Setting up a code app is the page's.</summary>
internal static class TwoStepApi
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/two-step", GetAsync).WithName("two_step.get").WithSummary("See whether my sign-in has a second step").RequirePermission(AccountScopes.Read);
        api.MapDelete("/two-step", RemoveAsync).WithName("two_step.remove").WithSummary("Turn my second step off").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapPost("/two-step/recovery-codes", RenewAsync).WithName("two_step.renew_codes").WithSummary("Make new recovery codes in place of the old").RequirePermission(AccountScopes.Write).RequireFreshProof();
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<TwoStepView>> GetAsync(TenantContext tenant, Own me, MyTwoStep twoStep, CancellationToken ct)
    {
        var methods = await twoStep.DescribeAsync(me, ct);
        return TypedResults.Ok(new TwoStepView(methods.Any(m => m.Name != RecoveryCodes.AuthenticatorName), MyTwoStep.IsRequired(tenant), [.. methods.Select(TwoStepMethodView.Of)]));
    }

    /// <returns>204; 404 <c>two_step_off</c>; 409 <c>two_step_required</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(TenantContext tenant, Own me, MyTwoStep twoStep, CancellationToken ct) =>
        await twoStep.RemoveAsync(me, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>200; 404 <c>two_step_off</c>.</returns>
    internal static async Task<Results<Ok<RecoveryCodesView>, ProblemHttpResult>> RenewAsync(TenantContext tenant, Own me, MyTwoStep twoStep, CancellationToken ct) =>
        (await twoStep.RenewCodesAsync(me, ct)).TryGet(out var codes, out var problem) ? TypedResults.Ok(new RecoveryCodesView(codes)) : problem.ToHttp();
}
