using System.Text.Json.Serialization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>/account/v1/phones</c>: my telephone numbers. Adding one sends a code to it, to be typed in the same session.</summary>
internal static class PhonesApi
{
    /// <param name="Number">With its country (<c>+49 170 1234567</c>), or as it is dialled in the tenant's <c>sms.default_country</c>.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record AddRequest(string? Number);

    /// <param name="Code">The digits of the message.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record VerifyRequest(string? Code);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/phones", ListAsync).WithName("phones.list").WithSummary("List my telephone numbers").RequirePermission(AccountScopes.Read);
        api.MapPost("/phones", AddAsync).WithName("phones.add").WithSummary("Ask for a code at a number I want to add").RequirePermission(AccountScopes.Write).RequireFreshProof().Idempotent().AddEndpointFilter(AnswerTime.FilterAsync);
        api.MapPost("/phones/pending/{id}/verify", VerifyAsync).WithName("phones.verify").WithSummary("Prove a number by the code sent to it").RequirePermission(AccountScopes.Write);
        api.MapDelete("/phones/pending/{id}", ForgetAsync).WithName("phones.forget").WithSummary("Forget a number that waits for its code").RequirePermission(AccountScopes.Write);
        api.MapPost("/phones/{id}/primary", MakePrimaryAsync).WithName("phones.make_primary").WithSummary("Make a number my primary one").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapDelete("/phones/{id}", RemoveAsync).WithName("phones.remove").WithSummary("Remove one of my numbers").RequirePermission(AccountScopes.Write).RequireFreshProof();
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<OwnPhonesView>> ListAsync(TenantContext tenant, Own me, IDatabase database, MyPhones phones, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(View(me.Visitor.User, await phones.ListPendingAsync(tx, me, ct)));
    }

    /// <returns>202; 409 <c>phone_yours</c>; 412 <c>version_mismatch</c>; 422 <c>phone_invalid</c>, <c>phone_country_closed</c>, <c>phones_too_many</c>; 429 <c>phones_too_often</c>.</returns>
    internal static async Task<Results<Accepted<PendingPhone>, ProblemHttpResult>> AddAsync(AddRequest request, HttpContext http, TenantContext tenant, Own me, MyPhones phones, CancellationToken ct)
    {
        if ((await phones.AddAsync(me, request.Number, ct)).TryGet(out var pending, out var problem)) return TypedResults.Accepted(tenant.Url(AccountApiRoutes.Path + "/phones"), pending);
        if (problem.Status == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = "3600";
        return problem.ToHttp();
    }

    /// <returns>200; 409 <c>phone_taken</c>; 412 <c>version_mismatch</c>; 422 <c>code_wrong</c>, also when nothing waits under this id, <c>phones_too_many</c>.</returns>
    internal static async Task<Results<Ok<OwnPhonesView>, ProblemHttpResult>> VerifyAsync(string id, VerifyRequest request, TenantContext tenant, Own me, IDatabase database, MyPhones phones, CancellationToken ct) =>
        await AnswerAsync(await phones.ConfirmAsync(me, PendingPhoneId.TryParse(id, out var pending) ? pending : default, request.Code, ct), tenant, me, database, phones, ct);

    /// <returns>204; 404 <c>phone_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(string id, TenantContext tenant, Own me, MyPhones phones, CancellationToken ct) =>
        (PendingPhoneId.TryParse(id, out var pending) ? await phones.ForgetAsync(me, pending, ct) : MyPhones.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>200; 404 <c>phone_not_found</c>; 409 <c>phone_not_verified</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<OwnPhonesView>, ProblemHttpResult>> MakePrimaryAsync(string id, TenantContext tenant, Own me, IDatabase database, MyPhones phones, CancellationToken ct) =>
        await AnswerAsync(PhoneId.TryParse(id, out var phone) ? await phones.MakePrimaryAsync(me, phone, ct) : MyPhones.NotFound, tenant, me, database, phones, ct);

    /// <returns>200; 404 <c>phone_not_found</c>; 409 <c>phone_primary</c>, <c>phone_in_use</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<OwnPhonesView>, ProblemHttpResult>> RemoveAsync(string id, TenantContext tenant, Own me, IDatabase database, MyPhones phones, CancellationToken ct) =>
        await AnswerAsync(PhoneId.TryParse(id, out var phone) ? await phones.RemoveAsync(me, phone, ct) : MyPhones.NotFound, tenant, me, database, phones, ct);

    private static async ValueTask<Results<Ok<OwnPhonesView>, ProblemHttpResult>> AnswerAsync(Result<User, Problem> result, TenantContext tenant, Own me, IDatabase database, MyPhones phones, CancellationToken ct)
    {
        if (!result.TryGet(out var user, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(View(user, await phones.ListPendingAsync(tx, me, ct)));
    }

    private static OwnPhonesView View(User user, IReadOnlyList<PendingPhone> pending) => new([.. user.Phones.Select(OwnPhoneView.Of)], pending);
}
