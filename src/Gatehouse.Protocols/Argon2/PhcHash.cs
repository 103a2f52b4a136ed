namespace Gatehouse.Protocols.Argon2;

/// <summary>A stored Argon2id hash: its cost, its salt and its tag, whose length is <see cref="Argon2Parameters.TagLength"/>.</summary>
public sealed record PhcHash(Argon2Parameters Parameters, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Tag);

/// <summary>Why a text is no acceptable hash, for the log of an import; never shown to the user who signs in.</summary>
public sealed record PhcError(string Reason)
{
    public override string ToString() => Reason;
}

/// <summary>The most that a stored string may make us spend. An imported or forged string must not exhaust memory or processor.</summary>
public sealed record PhcLimits(int MaxMemoryKiB = 1 << 18, int MaxIterations = 32, int MaxParallelism = 32)
{
    /// <summary>256 MiB, 32 passes, 32 lanes: above any recommendation in RFC 9106 §4 for servers but its first, of 2 GiB.</summary>
    public static PhcLimits Default { get; } = new();
}
