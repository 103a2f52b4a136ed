using Gatehouse.Kernel;

namespace Gatehouse.Applications;

/// <summary>An API as the management API shows it.</summary>
/// <param name="Identifier">What tokens for it carry as <c>aud</c>, and what clients ask for as <c>resource</c>.</param>
/// <param name="AccessTokenSeconds">Null: the tenant's.</param>
/// <param name="System">The management API itself.</param>
internal sealed record ApiView(ApiId Id, string Identifier, string Name, IReadOnlyList<ScopeView> Scopes, int? AccessTokenSeconds, string SigningAlgorithm,
    bool System, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static ApiView Of(Api api) =>
        new(api.Id, api.Identifier, api.Name, [.. api.Scopes.Select(s => new ScopeView(s, api.ScopeDescriptions.GetValueOrDefault(s) ?? ""))],
            api.AccessTokenSeconds, api.SigningAlgorithm, api.System, api.Version, api.CreatedAt, api.UpdatedAt);
}

/// <param name="Name">Unique in the tenant, over all its APIs.</param>
/// <param name="Description">What the consent page says of it; at most 200 characters, may be empty.</param>
internal sealed record ScopeView(string? Name, string? Description)
{
    /// <summary>The two halves of <see cref="Api"/>, in the order given.</summary>
    internal static (string[] Names, Dictionary<string, string> Descriptions) Split(IReadOnlyList<ScopeView?> scopes)
    {
        Dictionary<string, string> descriptions = new(StringComparer.Ordinal);
        foreach (var scope in scopes) descriptions[scope?.Name ?? ""] = scope?.Description ?? "";
        return ([.. scopes.Select(s => s?.Name ?? "")], descriptions);
    }
}

internal static class ApiProblems
{
    /// <summary>Absent, or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("api_not_found", "This tenant has no such API.");
}
