using System.Text.Json.Serialization;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/two-step</c>: my second step. Setting up a code app is the page's.</summary>
internal static class TwoStepApi
{
    /// <param name="PhoneId">One of my numbers that is verified.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record SmsRequest(string? PhoneId);

    /// <param name="Code">The digits of the message.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record SmsCodeRequest(string? PhoneId, string? Code);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/two-step", GetAsync).WithName("two_step.get").WithSummary("See whether my sign-in has a second step").RequirePermission(AccountScopes.Read);
        api.MapDelete("/two-step", RemoveAsync).WithName("two_step.remove").WithSummary("Turn my second step off").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapPost("/two-step/sms", SendSmsAsync).WithName("two_step.sms.send").WithSummary("Ask for a code at a number that is to be my second step").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapPost("/two-step/sms/verify", EnableSmsAsync).WithName("two_step.sms.enable").WithSummary("Have the codes of my second step sent by text message").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapDelete("/two-step/sms", RemoveSmsAsync).WithName("two_step.sms.remove").WithSummary("Have no more codes sent by text message").RequirePermission(AccountScopes.Write).RequireFreshProof();
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

    /// <returns>202; 404 <c>phone_not_found</c>; 422 <c>phone_country_closed</c>; 429 <c>phones_too_often</c>.</returns>
    internal static async Task<Results<Accepted, ProblemHttpResult>> SendSmsAsync(SmsRequest request, HttpContext http, TenantContext tenant, Own me, MySmsStep sms, CancellationToken ct)
    {
        if ((PhoneId.TryParse(request.PhoneId, out var phone) ? await sms.SendAsync(me, phone, ct) : MyPhones.NotFound) is not { } problem) return TypedResults.Accepted(tenant.Url(AccountApiRoutes.Path + "/two-step"));
        if (problem.Status == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = "3600";
        return problem.ToHttp();
    }

    /// <returns>200, with recovery codes unless some are left; 404 <c>phone_not_found</c>; 412 <c>version_mismatch</c>; 422 <c>code_wrong</c>.</returns>
    internal static async Task<Results<Ok<RecoveryCodesView>, ProblemHttpResult>> EnableSmsAsync(SmsCodeRequest request, TenantContext tenant, Own me, MySmsStep sms, CancellationToken ct) =>
        (PhoneId.TryParse(request.PhoneId, out var phone) ? await sms.EnableAsync(me, phone, request.Code, _ => ValueTask.CompletedTask, ct) : MyPhones.NotFound).TryGet(out var codes, out var problem)
            ? TypedResults.Ok(new RecoveryCodesView(codes))
            : problem.ToHttp();

    /// <returns>204; 404 <c>two_step_off</c>; 409 <c>two_step_required</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveSmsAsync(TenantContext tenant, Own me, MySmsStep sms, CancellationToken ct) =>
        await sms.RemoveAsync(me, ct) is { } problem ? problem.ToHttp() : TypedResults.NoContent();
}
