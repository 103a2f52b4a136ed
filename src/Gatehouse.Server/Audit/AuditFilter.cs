using System.Buffers.Binary;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

/// <summary>What a list of entries is narrowed by. Each is exact; null does not narrow.</summary>
/// <param name="Action">A name, or a noun and <c>.*</c> for everything that begins with it.</param>
internal sealed record AuditFilter(string? Actor, string? Target, string? Action, DateTimeOffset? From, DateTimeOffset? To)
{
    internal OrganizationId? Organization { get; init; }
    internal string? Outcome { get; init; }

    /// <summary>The address as it stands in plain columns; <see cref="IpMac"/> as it is found under seal. Both or neither.</summary>
    internal string? Ip { get; init; }
    internal byte[]? IpMac { get; init; }

    internal bool IsClass => Action is { } action && action.EndsWith(".*", StringComparison.Ordinal);

    internal static AuditFilter All { get; } = new(null, null, null, null, null);

    /// <summary>
    /// The values of every statement that narrows by this, in their one order. Times bound the id too, which carries its own: the index that
    /// ends with it then skips what is outside, and the column makes the bound exact.
    /// </summary>
    internal List<(string, object?)> Args(Guid? before)
    {
        var until = To is { } end ? IdBound(end.AddMilliseconds(1)) : AfterAll;
        if (before is { } cursor && Compare(cursor, until) < 0) until = cursor;
        List<(string, object?)> args =
        [
            ("from_id", From is { } begin ? IdBound(begin) : Guid.Empty), ("from", From ?? DateTimeOffset.UnixEpoch),
            ("to_id", until), ("to", To ?? new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        ];
        if (Actor is { } actor) args.Add(("actor", actor));
        if (Target is { } target) args.Add(("target", target));
        if (Action is { } action) args.Add(IsClass ? ("class", action[..^2]) : ("action", action));
        if (Organization is { } organization) args.Add(("organization", organization));
        if (Outcome is { } outcome) args.Add(("outcome", outcome));
        return args;
    }

    private static readonly Guid AfterAll = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>In the databases' order, that of the bytes.</summary>
    private static int Compare(Guid left, Guid right) => left.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(right.ToByteArray(bigEndian: true));

    /// <summary>The smallest UUIDv7 of that millisecond: 48 bits of time, then zeros.</summary>
    private static Guid IdBound(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
