using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>An entry as it is stored. <see cref="Seq"/> and <see cref="Hash"/> are null until the sealer has linked it.</summary>
internal sealed record AuditRow(
    AuditId Id, DateTimeOffset At, string Action, string Outcome, string ActorKind, string? ActorId, string? TargetKind, string? TargetId,
    string Ip, string UserAgent, string RequestId, string? Details, long? Seq, byte[]? Hash);

/// <summary>The end of a tenant's chain.</summary>
internal sealed record AuditHead(long Seq, byte[] Hash)
{
    /// <summary>Before the first entry: nothing, and 32 zero bytes.</summary>
    internal static AuditHead Empty { get; } = new(0, new byte[32]);
}
