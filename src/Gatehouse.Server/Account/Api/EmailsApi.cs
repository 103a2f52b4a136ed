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

/// <summary><c>/account/v1/emails</c>: my addresses. Adding one sends a code to it; whether somebody has it already does not show.</summary>
internal static class EmailsApi
{
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record AddRequest(string? Address);

    /// <param name="Code">The eight digits of the message.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record VerifyRequest(string? Code);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/emails", ListAsync).WithName("emails.list").WithSummary("List my e-mail addresses").RequirePermission(AccountScopes.Read);
        api.MapPost("/emails", AddAsync).WithName("emails.add").WithSummary("Ask for a code at an address I want to add").RequirePermission(AccountScopes.Write).RequireFreshProof().Idempotent().AddEndpointFilter(AnswerTime.FilterAsync);
        api.MapPost("/emails/pending/{id}/verify", VerifyAsync).WithName("emails.verify").WithSummary("Prove an address by the code sent to it").RequirePermission(AccountScopes.Write);
        api.MapDelete("/emails/pending/{id}", ForgetAsync).WithName("emails.forget").WithSummary("Forget an address that waits for its code").RequirePermission(AccountScopes.Write);
        api.MapPost("/emails/{id}/primary", MakePrimaryAsync).WithName("emails.make_primary").WithSummary("Make an address my primary one").RequirePermission(AccountScopes.Write).RequireFreshProof();
        api.MapDelete("/emails/{id}", RemoveAsync).WithName("emails.remove").WithSummary("Remove one of my addresses").RequirePermission(AccountScopes.Write).RequireFreshProof();
    }

    /// <returns>200.</returns>
    internal static async Task<Ok<OwnEmailsView>> ListAsync(TenantContext tenant, Own me, IDatabase database, MyEmails emails, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(View(me.Visitor.User, await emails.ListPendingAsync(tx, me.Id, ct)));
    }

    /// <returns>202; 409 <c>email_yours</c>, <c>emails_too_many</c>; 412 <c>version_mismatch</c>; 422 <c>email_invalid</c>; 429 <c>emails_too_often</c>.</returns>
    internal static async Task<Results<Accepted<PendingEmail>, ProblemHttpResult>> AddAsync(AddRequest request, HttpContext http, TenantContext tenant, Own me, MyEmails emails, CancellationToken ct)
    {
        if ((await emails.AddAsync(me, request.Address, ct)).TryGet(out var pending, out var problem)) return TypedResults.Accepted(tenant.Url(AccountApiRoutes.Path + "/emails"), pending);
        if (problem.Status == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = "3600";
        return problem.ToHttp();
    }

    /// <returns>200; 409 <c>email_taken</c>, <c>emails_too_many</c>; 412 <c>version_mismatch</c>; 422 <c>code_wrong</c>, also when nothing waits under this id.</returns>
    internal static async Task<Results<Ok<OwnEmailsView>, ProblemHttpResult>> VerifyAsync(string id, VerifyRequest request, TenantContext tenant, Own me, IDatabase database, MyEmails emails, CancellationToken ct) =>
        await AnswerAsync(await emails.ConfirmAsync(me, PendingEmailId.TryParse(id, out var pending) ? pending : default, request.Code, ct), tenant, me, database, emails, ct);

    /// <returns>204; 404 <c>email_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(string id, TenantContext tenant, Own me, MyEmails emails, CancellationToken ct) =>
        (PendingEmailId.TryParse(id, out var pending) ? await emails.ForgetAsync(me, pending, ct) : MyEmails.NotFound) is { } problem ? problem.ToHttp() : TypedResults.NoContent();

    /// <returns>200; 404 <c>email_not_found</c>; 409 <c>email_not_verified</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<OwnEmailsView>, ProblemHttpResult>> MakePrimaryAsync(string id, TenantContext tenant, Own me, IDatabase database, MyEmails emails, CancellationToken ct) =>
        await AnswerAsync(EmailId.TryParse(id, out var email) ? await emails.MakePrimaryAsync(me, email, ct) : MyEmails.NotFound, tenant, me, database, emails, ct);

    /// <returns>200; 404 <c>email_not_found</c>; 409 <c>email_primary</c>, <c>email_last_verified</c>; 412 <c>version_mismatch</c>.</returns>
    internal static async Task<Results<Ok<OwnEmailsView>, ProblemHttpResult>> RemoveAsync(string id, TenantContext tenant, Own me, IDatabase database, MyEmails emails, CancellationToken ct) =>
        await AnswerAsync(EmailId.TryParse(id, out var email) ? await emails.RemoveAsync(me, email, ct) : MyEmails.NotFound, tenant, me, database, emails, ct);

    private static async ValueTask<Results<Ok<OwnEmailsView>, ProblemHttpResult>> AnswerAsync(Result<User, Problem> result, TenantContext tenant, Own me, IDatabase database, MyEmails emails, CancellationToken ct)
    {
        if (!result.TryGet(out var user, out var problem)) return problem.ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(View(user, await emails.ListPendingAsync(tx, me.Id, ct)));
    }

    private static OwnEmailsView View(User user, IReadOnlyList<PendingEmail> pending) => new([.. user.Emails.Select(OwnEmailView.Of)], pending);
}
