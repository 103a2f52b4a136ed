using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.ApiKeys;

// What this room tells others. Ids only, as everywhere.

public sealed record ApiKeyCreated(ApiKeyId KeyId) : IDomainEvent
{
    public static string Name => "api_key.created";
}

/// <summary>Its name, scopes, addresses or end changed.</summary>
public sealed record ApiKeyUpdated(ApiKeyId KeyId) : IDomainEvent
{
    public static string Name => "api_key.updated";
}

/// <summary>It has a new secret; the old one ends.</summary>
public sealed record ApiKeyRotated(ApiKeyId KeyId) : IDomainEvent
{
    public static string Name => "api_key.rotated";
}

/// <summary>It works no more.</summary>
public sealed record ApiKeyRevoked(ApiKeyId KeyId) : IDomainEvent
{
    public static string Name => "api_key.revoked";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(CreateKey.Request), TypeInfoPropertyName = "CreateApiKeyRequest")]
[JsonSerializable(typeof(CreateKey.OrganizationRequest), TypeInfoPropertyName = "CreateOrganizationApiKeyRequest")]
[JsonSerializable(typeof(IssuedKey))]
[JsonSerializable(typeof(ChangeKey.Patch), TypeInfoPropertyName = "UpdateApiKeyPatch")]
[JsonSerializable(typeof(RotateKey.Request), TypeInfoPropertyName = "RotateApiKeyRequest")]
[JsonSerializable(typeof(VerifyKey.Request), TypeInfoPropertyName = "VerifyApiKeyRequest")]
[JsonSerializable(typeof(VerifyKey.Response), TypeInfoPropertyName = "VerifyApiKeyResponse")]
[JsonSerializable(typeof(ApiKeyView))]
[JsonSerializable(typeof(Page<ApiKeyView>))]
[JsonSerializable(typeof(ApiKeyCreated))]
[JsonSerializable(typeof(ApiKeyUpdated))]
[JsonSerializable(typeof(ApiKeyRotated))]
[JsonSerializable(typeof(ApiKeyRevoked))]
internal sealed partial class ApiKeysJson : JsonSerializerContext;
