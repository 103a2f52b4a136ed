using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Sessions;

/// <summary>A session ended before its time, by its user, an administrator, or because the user was disabled or changed the password.</summary>
public sealed record SessionRevoked(SessionId SessionId, UserId UserId, string Reason) : IDomainEvent
{
    public static string Name => "session.revoked";
}

/// <summary>
/// All of a user's sessions ended but the one named, those included that ran out or were forgotten long ago: whoever gave something under a
/// session takes it back here, however old it is. Published with every such end, also when no session was left to end.
/// </summary>
/// <param name="KeptSession">The one that goes on; null: none.</param>
public sealed record AllSessionsRevoked(UserId UserId, SessionId? KeptSession, string Reason) : IDomainEvent
{
    public static string Name => "session.all_revoked";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionRevoked))]
[JsonSerializable(typeof(AllSessionsRevoked))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(Page<SessionView>))]
[JsonSerializable(typeof(Page<TrustedDeviceView>))]
[JsonSerializable(typeof(CredentialsView))]
[JsonSerializable(typeof(ResetCredentials.Request), TypeInfoPropertyName = "ResetCredentialsRequest")]
[JsonSerializable(typeof(ResetCredentials.Response), TypeInfoPropertyName = "ResetCredentialsResponse")]
internal sealed partial class SessionsJson : JsonSerializerContext;
