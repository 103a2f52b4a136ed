using System.Text.Json.Serialization.Metadata;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Sessions;

/// <summary>One browser signed in to one tenant.</summary>
/// <param name="AuthenticatedAt">When the person last proved who she is: <c>auth_time</c>.</param>
/// <param name="Methods">RFC 8176 <c>amr</c> values of what was really done.</param>
public sealed record Session(SessionId Id, UserId UserId, DateTimeOffset CreatedAt, DateTimeOffset AuthenticatedAt, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt, IReadOnlyList<string> Methods, string IpAddress, string UserAgent);

/// <summary>A session ended before its time, by its user, an administrator, or because the user was disabled or changed the password.</summary>
public sealed record SessionRevoked(SessionId SessionId, UserId UserId, string Reason) : IDomainEvent<SessionRevoked>
{
    public static string Name => "session.revoked";
    public static JsonTypeInfo<SessionRevoked> JsonType => SessionsJson.Default.SessionRevoked;
}

[System.Text.Json.Serialization.JsonSerializable(typeof(SessionRevoked))]
internal sealed partial class SessionsJson : System.Text.Json.Serialization.JsonSerializerContext;

/// <summary>What later rooms may ask of sessions and do to them.</summary>
public sealed class SessionDirectory
{
    /// <summary>The live session whose cookie this request carries, or null. Moves the idle time at most once a minute.</summary>
    public ValueTask<Session?> FindCurrentAsync(HttpContext http, TenantContext tenant, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<Session?> FindAsync(TenantTransaction tx, SessionId id, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>
    /// Begins a session for a person who has just proved who she is, ending the browser's current one (its secret is never reused:
    /// fixation). The same user's re-authentication keeps the session's id and renews its secret and <c>auth_time</c>.
    /// </summary>
    /// <returns>The session and the cookie value to set once the transaction is committed (<see cref="SetCookie"/>).</returns>
    public ValueTask<(Session Session, string Secret)> StartAsync(TenantTransaction tx, TenantContext tenant, UserId user, IReadOnlyList<string> methods, HttpContext http, CancellationToken ct) => throw new NotImplementedException();

    public void SetCookie(HttpContext http, TenantContext tenant, string secret) => throw new NotImplementedException();
    public void ClearCookie(HttpContext http, TenantContext tenant) => throw new NotImplementedException();

    /// <summary>Ends it and publishes <see cref="SessionRevoked"/>. False when it was not live.</summary>
    public ValueTask<bool> RevokeAsync(TenantTransaction tx, SessionId id, string reason, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Ends all of a user's sessions but one.</summary>
    public ValueTask<int> RevokeAllAsync(TenantTransaction tx, UserId user, SessionId? except, string reason, CancellationToken ct) => throw new NotImplementedException();
}
