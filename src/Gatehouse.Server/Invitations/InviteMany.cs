using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Invitations;

/// <summary><c>/api/v1/organizations/{organization}/invitation-batches</c>: asking many people in. Written down at once, worked through in the background.</summary>
internal static class InviteMany
{
    internal const int MaxRows = 2000;

    /// <param name="Invitations">At most 2000, as a body has at most 64 KiB; send several batches for more.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(IReadOnlyList<Row>? Invitations, string? Locale = null, int? ExpiresInDays = null);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Row(string? Email, IReadOnlyList<string>? Roles = null);

    /// <param name="Status"><c>running</c>, <c>finished</c>.</param>
    internal sealed record BatchView(string Id, string Status, long Total, long Done, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
    {
        internal static BatchView Of(Batch b) => new(Name(b.Id), b.FinishedAt is null ? "running" : "finished", b.Total, b.Done, b.CreatedAt, b.FinishedAt);
    }

    /// <param name="Number">From 1, as they were sent.</param>
    /// <param name="Result"><c>invited</c>, or the code of what was wrong; null: not yet its turn.</param>
    internal sealed record RowView(long Number, string Email, string? Result, InvitationId? Invitation);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/organizations/{organization}/invitation-batches", StartAsync).WithName("invitation_batches.create").WithSummary("Invite many").RequirePermission(Scopes.InvitationsWrite).InOrganization().Idempotent();
        api.MapGet("/organizations/{organization}/invitation-batches/{id}", GetAsync).WithName("invitation_batches.get").WithSummary("Get a batch's progress").RequirePermission(Scopes.InvitationsRead).InOrganization();
        api.MapGet("/organizations/{organization}/invitation-batches/{id}/rows", RowsAsync).WithName("invitation_batches.rows").WithSummary("List a batch's results").RequirePermission(Scopes.InvitationsRead).InOrganization();
    }

    /// <returns>201; 404 <c>organization_not_found</c>; 422 <c>invitations_invalid</c>, <c>roles_invalid</c>, <c>roles_unknown</c>, <c>locale_unknown</c>, <c>expiry_invalid</c>.</returns>
    internal static async Task<Results<Created<BatchView>, ProblemHttpResult>> StartAsync(string organization, Request request, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database,
        OrganizationDirectory organizations, InvitationDirectory invitations, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (request.Invitations is not { Count: >= 1 and <= MaxRows } rows || rows.Any(r => r is null || r.Email is not { Length: <= 1000 }))
            return Problem.Invalid("invitations_invalid", $"invitations is a list of 1 to {MaxRows} objects with an email.", "invitations").ToHttp();
        if (InviteOne.Check(tenant, null, request.Locale, request.ExpiresInDays) is { } wrong) return wrong.ToHttp();
        foreach (var row in rows)
            if (InviteOne.Check(tenant, row.Roles, null, null) is { } odd) return odd.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await InviteOne.FindAsync(tx, organizations, organization, ct) is not { } found) return InvitationProblems.OrganizationNotFound.ToHttp();
        // Asked now, of who asks now: the background has no caller.
        string[] promised = [.. rows.SelectMany(r => r.Roles ?? []).Distinct(StringComparer.Ordinal)];
        if (await invitations.MayPromiseAsync(tx, found.Id, promised, caller, ct) is { } refused) return refused.ToHttp();
        var now = clock.Now();
        var batch = new Batch(InvitationId.New(clock).Value, found.Id, request.Locale ?? tenant.Settings.Locales.Default, TimeSpan.FromDays(request.ExpiresInDays ?? InviteOne.DefaultDays), caller.Kind, caller.Id, rows.Count, 0, now, null);
        await BatchStore.InsertAsync(tx, batch, [.. rows.Select(r => (r.Email!, r.Roles ?? []))], ct);
        await audit.AppendAsync(tx, OrganizationAudit.Of("invitations.started", found.Id, caller, facts, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["batch"] = Name(batch.Id), ["count"] = rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/organizations/{found.Id}/invitation-batches/{Name(batch.Id)}"), BatchView.Of(batch));
    }

    /// <returns>200; 404 <c>organization_not_found</c>, <c>batch_not_found</c>.</returns>
    internal static async Task<Results<Ok<BatchView>, ProblemHttpResult>> GetAsync(string organization, string id, TenantContext tenant, IDatabase database, OrganizationDirectory organizations, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await InviteOne.FindAsync(tx, organizations, organization, ct) is not { } found) return InvitationProblems.OrganizationNotFound.ToHttp();
        return await FindAsync(tx, found, id, ct) is { } batch ? TypedResults.Ok(BatchView.Of(batch)) : InvitationProblems.BatchNotFound.ToHttp();
    }

    /// <param name="after">The number of the last row of the page before.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>after_invalid</c>; 404 <c>organization_not_found</c>, <c>batch_not_found</c>.</returns>
    internal static async Task<Results<Ok<Page<RowView>>, ProblemHttpResult>> RowsAsync(string organization, string id, string? limit, string? after, TenantContext tenant, IDatabase database, OrganizationDirectory organizations, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, null).TryGet(out var page, out var problem)) return problem.ToHttp();
        var from = 0L;
        if (!string.IsNullOrEmpty(after) && !long.TryParse(after, System.Globalization.NumberStyles.None, null, out from)) return Problem.BadRequest("after_invalid", "after is the value of \"next\" of the page before.", "after").ToHttp();
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (await InviteOne.FindAsync(tx, organizations, organization, ct) is not { } found) return InvitationProblems.OrganizationNotFound.ToHttp();
        if (await FindAsync(tx, found, id, ct) is not { } batch) return InvitationProblems.BatchNotFound.ToHttp();
        var rows = await BatchStore.ListAsync(tx, batch.Id, from, page.Limit, ct);
        return TypedResults.Ok(new Page<RowView>([.. rows.Select(r => new RowView(r.Number, r.Email, r.Result, r.InvitationId))],
            rows.Count == page.Limit && rows[^1].Number < batch.Total ? rows[^1].Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
    }

    private static async ValueTask<Batch?> FindAsync(TenantTransaction tx, Organization organization, string id, CancellationToken ct) =>
        id.StartsWith("bat_", StringComparison.Ordinal) && Guid.TryParseExact(id[4..], "N", out var guid) && await BatchStore.FindAsync(tx, guid, ct) is { } batch && batch.OrganizationId == organization.Id ? batch : null;

    private static string Name(Guid id) => $"bat_{id:N}";
}
