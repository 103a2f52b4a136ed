using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Invitations;

/// <summary>
/// <c>POST /api/v1/organizations/{organization}/invitations/bulk</c>: up to ten thousand invitations as one job. Each is what <c>POST …/invitations</c> takes, and
/// is sent or refused as that one would be, in a transaction of its own.
/// </summary>
internal static class InviteMany
{
    internal const int MaxBytes = 5 * 1024 * 1024;

    /// <param name="Invitations">1 to 10000.</param>
    internal sealed record Request(IReadOnlyList<InviteOne.Request>? Invitations);

    /// <summary>What the job knows besides its rows.</summary>
    internal sealed record Settings(OrganizationId Organization);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/organizations/{organization}/invitations/bulk", HandleAsync).WithName("invitations.bulk").WithSummary("Invite many")
            .Accepts<Request>("application/json", "application/x-ndjson", "text/csv").RequirePermission(Scopes.InvitationsWrite).InOrganization().Idempotent().WithMetadata(new BodyLimit(MaxBytes));

    /// <returns>202; 400 <c>body_invalid</c>, <c>csv_invalid</c>; 401 <c>fresh_proof_required</c>, with roles; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>organization_not_found</c>;
    /// 415 <c>media_type_unsupported</c>; 422 <c>rows_invalid</c>, <c>invitation_invalid</c>, <c>roles_invalid</c>, <c>roles_unknown</c>, <c>locale_unknown</c>, <c>expiry_invalid</c>; 429 <c>jobs_too_many</c>.</returns>
    internal static async Task<Results<Accepted<JobView>, ProblemHttpResult>> HandleAsync(InvitationRows body, string organization, TenantContext tenant, Caller caller, RecentProof proof, RequestFacts facts, IDatabase database,
        OrganizationDirectory organizations, InvitationDirectory invitations, JobIntake jobs, CancellationToken ct)
    {
        if (body.Problem is { } wrong) return wrong.ToHttp();
        HashSet<string> promised = new(StringComparer.Ordinal);
        for (var i = 0; i < body.Rows.Count; i++)
        {
            if (!Parse(body.Rows[i]).TryGet(out var row, out var problem) || (problem = InviteOne.Check(tenant, row.Roles, row.Locale, row.ExpiresInDays)) is not null)
                return (problem! with { Detail = $"Invitation {i + 1}: {problem.Detail}" }).ToHttp();
            promised.UnionWith(row.Roles ?? []);
        }
        if (promised.Count > 0 && await proof.CheckAsync(ct) is { } stale) return stale.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await InviteOne.FindAsync(tx, organizations, organization, ct) is not { } found) return OrganizationProblems.NotFound.ToHttp();
        // Asked now so that she learns it at once, and again with each row: she may have lost it by then.
        if (await invitations.MayPromiseAsync(tx, found.Id, [.. promised], caller, ct) is { } refused) return refused.ToHttp();
        var parameters = JsonSerializer.Serialize(new(found.Id), InvitationsJson.Default.InviteManySettings);
        if (!(await jobs.StartAsync(tx, new(InviteManyJob.KindName, caller, facts, parameters, body.Rows) { Organization = found.Id }, ct)).TryGet(out var job, out var tooMany)) return tooMany.ToHttp();
        await tx.CommitAsync(ct);
        return TypedResults.Accepted(tenant.Url($"/api/v1/organizations/{found.Id}/jobs/{job.Id}"), job);
    }

    /// <summary>What can be said of a row without asking anybody.</summary>
    internal static Result<InviteOne.Request, Problem> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            if (JsonText.IsText(json.Span) && JsonSerializer.Deserialize(json.Span, InvitationsJson.Default.InviteOneRequest) is { Email.Length: <= 1000 } row) return row;
        }
        catch (JsonException) { }
        return Problem.Invalid("invitation_invalid", "it is not an object of email, roles, locale and expires_in_days.", "invitations");
    }
}

/// <summary>One invitation of <see cref="InviteMany"/>: asked and written as the endpoint for one does.</summary>
internal sealed class InviteManyJob(OrganizationDirectory organizations, InvitationDirectory invitations) : IJobKind
{
    internal const string KindName = "invitations.bulk";

    public string Name => KindName;
    public string Permission => Scopes.InvitationsWrite;

    public ValueTask<Result<object, Problem>> PrepareAsync(JobRow row, CancellationToken ct) =>
        ValueTask.FromResult<Result<object, Problem>>(InviteMany.Parse(row.Input).TryGet(out var request, out var problem) ? request : problem);

    public async ValueTask<RowResult> RunAsync(TenantTransaction tx, JobRow row, object prepared, CancellationToken ct)
    {
        var (job, request, roles) = (row.Job, (InviteOne.Request)prepared, ((InviteOne.Request)prepared).Roles ?? []);
        var settings = JsonSerializer.Deserialize(job.Parameters, InvitationsJson.Default.InviteManySettings) ?? throw new InvalidOperationException("A batch of invitations is of an organization.");
        if (await organizations.FindAsync(tx, settings.Organization, ct) is not { } organization) return OrganizationProblems.NotFound;
        if (await invitations.MayPromiseAsync(tx, organization.Id, roles, job.Caller, ct) is { } refused) return refused;
        return (await invitations.SendAsync(tx, job.Tenant, organization, request.Email ?? "", roles, request.Locale, TimeSpan.FromDays(request.ExpiresInDays ?? InviteOne.DefaultDays), job.Caller, job.Facts, ct, ("job", job.Id.ToString())))
            .TryGet(out var sent, out var problem) ? RowResult.Done(sent.Id.ToString()) : problem;
    }
}
