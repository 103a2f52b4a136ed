using System.Globalization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>GET /api/v1/audit/statistics</c>: how much happened, by action and outcome and by day. Read from what the sealer counts, so a year costs what a day does.</summary>
internal static class AuditStatistics
{
    private const int MaxDays = 366, DefaultDays = 30;

    internal sealed record ActionCount(string Action, string Outcome, long Entries);

    internal sealed record DayCount(string Day, string Outcome, long Entries);

    /// <param name="From">First day, UTC.</param>
    /// <param name="To">Last day, UTC.</param>
    internal sealed record Response(string From, string To, long Entries, IReadOnlyList<ActionCount> ByAction, IReadOnlyList<DayCount> ByDay);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/audit/statistics", HandleAsync).WithName("audit.statistics").WithSummary("Count what happened").RequirePermission(Scopes.AuditRead);

    /// <param name="from">First day, such as <c>2026-01-31</c>; default 29 days before <paramref name="to"/>.</param>
    /// <param name="to">Last day, included; default today. At most 366 days in all.</param>
    /// <returns>200; 400 <c>day_invalid</c>, <c>range_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string? from, string? to, TenantContext tenant, IDatabase database, TimeProvider clock, CancellationToken ct)
    {
        if (!TryDay(to, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), out var last) || !TryDay(from, last.AddDays(1 - DefaultDays), out var first))
            return Problem.BadRequest("day_invalid", "from and to are days, such as 2026-01-31.").ToHttp();
        if (first > last || last.DayNumber - first.DayNumber >= MaxDays) return Problem.BadRequest("range_invalid", $"from is not after to, and between them are at most {MaxDays} days.").ToHttp();
        var (begin, end) = (Text(first), Text(last));
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var actions = await AuditStore.SumByActionAsync(tx, begin, end, ct);
        var days = await AuditStore.SumByDayAsync(tx, begin, end, ct);
        return TypedResults.Ok(new Response(begin, end, days.Sum(d => d.Entries),
            [.. actions.Select(a => new ActionCount(a.Action, a.Outcome, a.Entries))], [.. days.Select(d => new DayCount(d.Day, d.Outcome, d.Entries))]));
    }

    private static bool TryDay(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return text is null || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 1970 and < 9999);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
