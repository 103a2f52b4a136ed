namespace Gatehouse.Protocols.Jose;

/// <summary>What a verifier expects of a JWS before it looks at it. May be kept and shared between threads.</summary>
public sealed record JwsVerification
{
    public const int DefaultMaxLength = 16 * 1024;

    /// <summary>The keys trusted for this purpose, each for its one algorithm.</summary>
    public required IReadOnlyList<VerificationKey> Keys { get; init; }

    /// <summary>The <c>typ</c> the token must have, such as <c>at+jwt</c>. Null: it must have none, or <c>JWT</c>.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// Takes a token without <c>typ</c>, or with <c>JWT</c>, beside <see cref="Type"/>: for messages older than their <c>typ</c>, such as
    /// client assertions and request objects. Off by default, since it lets one kind of token stand in for another (RFC 8725 §2.8).
    /// </summary>
    public bool AcceptsUntyped { get; init; }

    /// <summary>Characters of the longest token that is looked at at all. Default 16 KiB.</summary>
    public int MaxLength { get; init; } = DefaultMaxLength;

    internal bool Accepts(JwsHeader header) =>
        Type is not null && header.HasType(Type) || (Type is null || AcceptsUntyped) && (header.Type is null || header.HasType("JWT"));
}

/// <summary>A JWS whose signature was verified, and the expected key that verified it.</summary>
public sealed record VerifiedJws(JwsHeader Header, VerificationKey Key, ReadOnlyMemory<byte> Payload);

/// <summary>A JWS as presented: nothing in it is true yet. For finding out whose keys to verify it with.</summary>
public sealed record UnverifiedJws(JwsHeader Header, ReadOnlyMemory<byte> Payload);
