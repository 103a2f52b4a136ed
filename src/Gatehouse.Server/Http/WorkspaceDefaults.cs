namespace Gatehouse.Http;

/// <summary>Where people work together.</summary>
public sealed record WorkspaceDefaults
{
    /// <summary>Whether everybody gets a personal workspace with her account. Default false: it is made when it is first asked for.</summary>
    public bool Personal { get; init; }
}
