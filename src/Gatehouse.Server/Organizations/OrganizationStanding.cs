
namespace Gatehouse.Organizations;

/// <summary>In which organization a person goes on, where an application asks.</summary>
/// <param name="Organization">This one; null: in none.</param>
/// <param name="Choices">She has to choose one of these first; empty: nothing to choose.</param>
/// <param name="Denied">One was demanded, and it is not hers: absent, disabled and somebody else's are the same.</param>
public sealed record OrganizationStanding(Organization? Organization, IReadOnlyList<Organization> Choices, bool Denied)
{
    public static OrganizationStanding None { get; } = new(null, [], false);

    public bool MustChoose => Choices.Count > 0;
}

/// <summary>What an application asks of a person's organization.</summary>
/// <param name="Named">The one it demands, by id or slug; null: none.</param>
/// <param name="Wanted">Whether it is to be told which one she works in (scope <c>organization</c>).</param>
public readonly record struct OrganizationDemand(string? Named, bool Wanted)
{
    public const string Scope = "organization";

    /// <summary>Most characters of a name: an id or a slug.</summary>
    public const int MaxLength = 64;

    public bool IsNone => Named is null && !Wanted;
}
