using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Sessions;

/// <summary>A session ended before its time, by its user, an administrator, or because the user was disabled or changed the password.</summary>
public sealed record SessionRevoked(SessionId SessionId, UserId UserId, string Reason) : IDomainEvent<SessionRevoked>
{
    public static string Name => "session.revoked";
    public static JsonTypeInfo<SessionRevoked> JsonType => SessionsJson.Default.SessionRevoked;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionRevoked))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(Page<SessionView>))]
internal sealed partial class SessionsJson : JsonSerializerContext;
