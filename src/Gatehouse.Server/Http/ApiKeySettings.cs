namespace Gatehouse.Http;

/// <summary>API keys of users, organizations and clients.</summary>
public sealed record ApiKeySettings
{
    /// <summary>Longest life of a key, days. 1 to 3650; default 365.</summary>
    public int MaxDays { get; init; } = 365;
    /// <summary>Keys of one owner that are good at the same time. 1 to 500; default 50.</summary>
    public int MaxPerOwner { get; init; } = 50;
    /// <summary>Longest time that the old secret works beside the new one after a rotation, hours. 0 to 720; default 168 (7 days).</summary>
    public int MaxOverlapHours { get; init; } = 168;
    /// <summary>Whether people who may make keys make their own in their account, too, by whatever sign-in lets them into it. Default false: they do it through an application that manages the tenant.</summary>
    public bool InAccount { get; init; }
}
