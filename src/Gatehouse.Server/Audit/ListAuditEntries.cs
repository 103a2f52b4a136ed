using System.Globalization;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>GET /api/v1/audit</c>: the tenant's entries, newest first.</summary>
internal static class ListAuditEntries
{
    private const int MaxFilterLength = 400;

    internal sealed record Party(string Kind, string? Id);

    /// <param name="Seq">Its place in the chain; null for the moment until it is sealed.</param>
    /// <param name="Hash">Hexadecimal; null as long as <paramref name="Seq"/> is.</param>
    internal sealed record Item(AuditId Id, long? Seq, DateTimeOffset At, string Action, string Outcome, Party Actor, Party? Target,
        string Ip, string UserAgent, string RequestId, Dictionary<string, string>? Details, string? Hash);

    internal sealed record Response(IReadOnlyList<Item> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/audit", HandleAsync).WithName("audit.list").RequirePermission(Scopes.AuditRead);

    /// <param name="actor">Exact id of who did it.</param>
    /// <param name="target">Exact id of what it was done to.</param>
    /// <param name="action">Exact name, such as <c>user.created</c>.</param>
    /// <param name="from">RFC 3339 time, included.</param>
    /// <param name="to">RFC 3339 time, excluded.</param>
    /// <returns>200; 400 <c>limit_invalid</c>, <c>cursor_invalid</c>, <c>time_invalid</c>, <c>filter_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? actor, string? target, string? action, string? from, string? to, string? limit, string? cursor,
        TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        if (!PageRequest.Parse(limit, cursor).TryGet(out var page, out var problem)) return problem.ToHttp();
        if (Unfit(actor) || Unfit(target) || Unfit(action))
            return Problem.BadRequest("filter_invalid", $"actor, target and action have 1 to {MaxFilterLength} characters.").ToHttp();
        if (!TryTime(from, out var since) || !TryTime(to, out var until))
            return Problem.BadRequest("time_invalid", "from and to are RFC 3339 times, such as 2026-01-31T12:00:00Z.").ToHttp();

        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var rows = page.ToPage(await AuditStore.ListAsync(tx, new(actor, target, action, since, until), page, ct), row => row.Id.Value);
        return TypedResults.Ok(new Response([.. rows.Items.Select(ToItem)], rows.Next));
    }

    private static bool Unfit(string? filter) => filter is not null && (filter.Length is 0 or > MaxFilterLength || filter.Contains('\0', StringComparison.Ordinal));

    private static bool TryTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)) return false;
        time = parsed.Year is > 1970 and < 9999 ? parsed : null;
        return time is not null;
    }

    private static Item ToItem(AuditRow row) => new(
        row.Id, row.Seq, row.At, row.Action, row.Outcome, new(row.ActorKind, row.ActorId),
        row.TargetKind is null ? null : new(row.TargetKind, row.TargetId), row.Ip, row.UserAgent, row.RequestId,
        row.Details is null ? null : JsonSerializer.Deserialize(row.Details, AuditJson.Default.DictionaryStringString),
        row.Hash is null ? null : Convert.ToHexStringLower(row.Hash));
}
