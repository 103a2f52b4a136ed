using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Credentials;

/// <summary>A user has a new password, or hers was taken away; sessions begun with the old one end in this transaction.</summary>
/// <param name="KeptSession">The session in which she changed it herself, which goes on; null when it was reset or set by somebody else.</param>
public sealed record PasswordChanged(UserId UserId, SessionId? KeptSession) : IDomainEvent
{
    public static string Name => "password.changed";
}

/// <summary>A user says that what a notice told her of was not her doing: whatever may be in a stranger's hands ends in this transaction.</summary>
public sealed record AccountDisowned(UserId UserId) : IDomainEvent
{
    public static string Name => "account.disowned";
}

/// <summary>A user has one passkey more.</summary>
public sealed record PasskeyAdded(UserId UserId, PasskeyId PasskeyId) : IDomainEvent
{
    public static string Name => "passkey.added";
}

/// <summary>One of a user's passkeys opens nothing any more; she or an administrator removed it.</summary>
public sealed record PasskeyRemoved(UserId UserId, PasskeyId PasskeyId) : IDomainEvent
{
    public static string Name => "passkey.removed";
}

/// <summary>What a user has for a second step came, went or was replaced; whatever stood in for it ends in this transaction.</summary>
public sealed record SecondFactorChanged(UserId UserId) : IDomainEvent
{
    public static string Name => "second_factor.changed";
}

/// <summary>What a user had lost was removed after a recovery; whatever was begun with it ends in this transaction.</summary>
public sealed record AccountRecovered(UserId UserId) : IDomainEvent
{
    public static string Name => "account.recovered";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SetPassword.Request), TypeInfoPropertyName = "SetPasswordRequest")]
[JsonSerializable(typeof(ResetPassword.Request), TypeInfoPropertyName = "ResetPasswordRequest")]
[JsonSerializable(typeof(ResetPassword.Response), TypeInfoPropertyName = "ResetPasswordResponse")]
[JsonSerializable(typeof(PasswordChanged))]
[JsonSerializable(typeof(AccountDisowned))]
[JsonSerializable(typeof(SecondFactorChanged))]
[JsonSerializable(typeof(AccountRecovered))]
[JsonSerializable(typeof(Recovering.RecoveryView))]
[JsonSerializable(typeof(Page<Recovering.RecoveryView>))]
[JsonSerializable(typeof(PasskeyAdded))]
[JsonSerializable(typeof(PasskeyRemoved))]
[JsonSerializable(typeof(Page<PasskeyView>))]
[JsonSerializable(typeof(MetadataView))]
[JsonSerializable(typeof(AuthenticatorModelView))]
[JsonSerializable(typeof(RelatedOrigins.Document))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
