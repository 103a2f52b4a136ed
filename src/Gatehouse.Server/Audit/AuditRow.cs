using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>An entry as it is stored: waiting in the inbox (<see cref="Seq"/> and <see cref="Hash"/> null), or in the chain.</summary>
internal sealed record AuditRow(
    AuditId Id, DateTimeOffset At, string Action, string Outcome, string ActorKind, string? ActorId, string? TargetKind, string? TargetId,
    string Ip, string UserAgent, string RequestId, string? Details, long? Seq, byte[]? Hash)
{
    /// <summary>Everything plain: entries from before there were envelopes.</summary>
    internal const int PlainForm = 1;

    /// <summary>Address, browser and personal details sealed under persons' keys; empty in the plain columns.</summary>
    internal const int SealedForm = 2;

    internal int Form { get; init; } = SealedForm;
    internal OrganizationId? Organization { get; init; }

    /// <summary>Details that tell of a person, as an object of strings; like <see cref="Ip"/> readable only before sealing or after opening.</summary>
    internal string? Personal { get; init; }

    /// <summary>Whose key opens address and browser; empty: nobody's in particular. Null in form 1.</summary>
    internal string? OriginOf { get; init; }

    /// <summary>Whose key opens <see cref="Personal"/>.</summary>
    internal string? PersonalOf { get; init; }

    internal byte[]? SealedOrigin { get; init; }
    internal byte[]? SealedPersonal { get; init; }

    /// <summary>The persons' keys, themselves sealed, as far as they still exist.</summary>
    internal byte[]? OriginKey { get; init; }
    internal byte[]? PersonalKey { get; init; }

    /// <summary>The noun before the point: what retention and <c>user.*</c> go by.</summary>
    internal string Class => ClassOf(Action);

    internal static string ClassOf(string action) => action.Split('.', 2)[0];
}

/// <summary>The end of a tenant's chain.</summary>
internal sealed record AuditHead(long Seq, byte[] Hash)
{
    /// <summary>Before the first entry: nothing, and 32 zero bytes.</summary>
    internal static AuditHead Empty { get; } = new(0, new byte[32]);
}
