using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Credentials;

/// <summary>A user has a new password; sessions begun with the old one end in this transaction.</summary>
/// <param name="KeptSession">The session in which she changed it herself, which goes on; null when it was reset or set by somebody else.</param>
public sealed record PasswordChanged(UserId UserId, SessionId? KeptSession) : IDomainEvent
{
    public static string Name => "password.changed";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SetPassword.Request), TypeInfoPropertyName = "SetPasswordRequest")]
[JsonSerializable(typeof(PasswordChanged))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
