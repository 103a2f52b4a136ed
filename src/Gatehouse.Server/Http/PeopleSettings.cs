namespace Gatehouse.Http;

/// <summary>What people may do about themselves.</summary>
public sealed record AccountSettings
{
    /// <summary>Names of the attributes (members of the user's <c>attributes</c>) that a person sees in her account. At most 50; default none.</summary>
    public IReadOnlyList<string> VisibleAttributes { get; init; } = [];
    /// <summary>Those she may change herself: never what anything decides by. All of them visible; default none.</summary>
    public IReadOnlyList<string> EditableAttributes { get; init; } = [];
    /// <summary>Whether a person may delete her account herself. Default false.</summary>
    public bool Deletion { get; init; }
    /// <summary>How many days after she asked her account is deleted; until then she can call it off. 0 to 365; default 0, at once.</summary>
    public int DeletionGraceDays { get; init; }
}

/// <summary>How people are kept and found.</summary>
public sealed record UserSettings
{
    public const string SeesSelf = "self", SeesOrganization = "organization", SeesWorkspace = "workspace", SeesTenant = "tenant";

    /// <summary>
    /// Whom a person sees among the people of the tenant (<c>/account/v1/people</c>): <c>self</c>, nobody else (default); <c>organization</c>, who belongs to an active organization that
    /// she belongs to; <c>workspace</c>, who belongs to an active workspace that she belongs to; <c>tenant</c>, everybody. It says nothing of administrators.
    /// </summary>
    public string Visibility { get; init; } = SeesSelf;
    /// <summary>
    /// Names of the attributes (members of the user's <c>attributes</c>) by which a list of users is filtered on an index. At most 10; default none. A change is followed by a
    /// walk over everybody, during which lists are filtered without it.
    /// </summary>
    public IReadOnlyList<string> SearchableAttributes { get; init; } = [];
    /// <summary>How many days ahead an administrator's deletion of a user is scheduled where it names no time. 0 to 365; default 30.</summary>
    public int DeletionGraceDays { get; init; } = 30;
}

/// <summary>What it means for an administrator to act as a person.</summary>
public sealed record ImpersonationSettings
{
    /// <summary>How long one may last, minutes. 1 to 480; default 60.</summary>
    public int MaxMinutes { get; init; } = 60;
    /// <summary>The person gets a mail when it begins. Default true.</summary>
    public bool Notify { get; init; } = true;
}
