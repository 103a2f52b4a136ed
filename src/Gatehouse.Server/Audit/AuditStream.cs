namespace Gatehouse.Audit;

/// <summary>A place to which entries or signed heads are sent as they come.</summary>
/// <param name="Kind"><c>syslog</c> or <c>http</c>.</param>
/// <param name="Content"><c>entries</c> or <c>heads</c>.</param>
/// <param name="Address">A URL, or host and port.</param>
/// <param name="Ca">PEM of the authority that its certificate must come from; null: the machine's own list.</param>
/// <param name="Personal">Whether what tells of persons is sent in the open.</param>
/// <param name="Cursor">Everything up to this place was taken over there.</param>
internal sealed record AuditStream(Guid Id, string Kind, string Content, string Address, bool Tls, string? Ca, byte[]? SealedToken, bool Personal, bool Enabled,
    long Cursor, long Failures, DateTimeOffset NextAttemptAt, string? LastError, DateTimeOffset? LastDeliveredAt, DateTimeOffset CreatedAt)
{
    internal const string Syslog = "syslog", Http = "http", Entries = "entries", Heads = "heads";

    private static readonly TimeSpan[] waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)];

    /// <summary>How long to wait after that many failures in a row: up to half an hour, spread by a fifth so that what failed together does not come back together.</summary>
    internal static TimeSpan Wait(long failures)
    {
        var wait = waits[Math.Min(failures, waits.Length) - 1];
        return wait + wait * (System.Security.Cryptography.RandomNumberGenerator.GetInt32(0, 200) / 1000.0);
    }
}
