using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>Something that accepts access tokens.</summary>
/// <param name="Identifier">The RFC 8707 resource and the token's <c>aud</c>: an absolute URI without fragment.</param>
/// <param name="AccessTokenSeconds">Null: the tenant's.</param>
/// <param name="SigningAlgorithm"><c>ES256</c> or <c>RS256</c>.</param>
/// <param name="System">The management API itself; cannot be changed or deleted.</param>
public sealed record Api(ApiId Id, string Identifier, string Name, IReadOnlyList<string> Scopes, int? AccessTokenSeconds, string SigningAlgorithm, bool System, long Version)
{
    /// <summary>What a consent page says of a scope; a scope without an entry has no words of its own.</summary>
    public IReadOnlyDictionary<string, string> ScopeDescriptions { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}
