using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.OAuth;

/// <summary>A person let a client act for her.</summary>
internal sealed record GrantCreated(GrantId GrantId, ClientId ClientId, UserId UserId) : IDomainEvent
{
    public static string Name => "grant.created";
}

/// <summary>No token comes of this grant any more, and those it gave no longer count.</summary>
internal sealed record GrantRevoked(GrantId GrantId, string Reason) : IDomainEvent
{
    public static string Name => "grant.revoked";
}

/// <summary>A person allowed a third-party client something, for this time and later ones.</summary>
internal sealed record ConsentGiven(UserId UserId, ClientId ClientId, IReadOnlyList<string> Scopes) : IDomainEvent
{
    public static string Name => "consent.given";
}

/// <summary>A person took back what she had allowed a client.</summary>
internal sealed record ConsentRevoked(UserId UserId, ClientId ClientId) : IDomainEvent
{
    public static string Name => "consent.revoked";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GrantCreated))]
[JsonSerializable(typeof(GrantRevoked))]
[JsonSerializable(typeof(ConsentGiven))]
[JsonSerializable(typeof(ConsentRevoked))]
[JsonSerializable(typeof(AuthorizeRequest))]
[JsonSerializable(typeof(PreviewClaims.Request), TypeInfoPropertyName = "PreviewClaimsRequest")]
[JsonSerializable(typeof(PreviewClaims.Response), TypeInfoPropertyName = "PreviewClaimsResponse")]
internal sealed partial class OAuthJson : JsonSerializerContext;
