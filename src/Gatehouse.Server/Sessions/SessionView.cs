using Gatehouse.Kernel;

namespace Gatehouse.Sessions;

/// <summary>A session as the management API shows one.</summary>
internal sealed record SessionView(SessionId Id, UserId UserId, DateTimeOffset CreatedAt, DateTimeOffset AuthenticatedAt, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt, IReadOnlyList<string> Methods, string IpAddress, string UserAgent, string? Name, OrganizationId? OrganizationId)
{
    internal static SessionView Of(Session s) =>
        new(s.Id, s.UserId, s.CreatedAt, s.AuthenticatedAt, s.LastSeenAt, s.ExpiresAt, s.Methods, s.IpAddress, s.UserAgent, s.Name, s.OrganizationId);

    /// <summary>Ended, run out, never there, or another tenant's: the caller cannot tell which.</summary>
    internal static Problem NotFound { get; } = Problem.NotFound("session_not_found", "There is no such live session in this tenant.");
    internal static Problem UserNotFound { get; } = Problem.NotFound("user_not_found", "There is no such user in this tenant.");
}
