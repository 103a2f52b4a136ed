using System.Text.Json.Serialization;

namespace Gatehouse.Applications;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ClientCreated))]
[JsonSerializable(typeof(ClientUpdated))]
[JsonSerializable(typeof(ClientDisabled))]
[JsonSerializable(typeof(ClientDeleted))]
[JsonSerializable(typeof(ClientSecretAdded))]
[JsonSerializable(typeof(ClientSecretRemoved))]
[JsonSerializable(typeof(ApiCreated))]
[JsonSerializable(typeof(ApiUpdated))]
[JsonSerializable(typeof(ApiDeleted))]
[JsonSerializable(typeof(CreateClient.Request), TypeInfoPropertyName = "CreateClientRequest")]
[JsonSerializable(typeof(CreateClient.Response), TypeInfoPropertyName = "CreateClientResponse")]
[JsonSerializable(typeof(ListClients.Response), TypeInfoPropertyName = "ListClientsResponse")]
[JsonSerializable(typeof(ClientView))]
[JsonSerializable(typeof(UpdateClient.Patch), TypeInfoPropertyName = "UpdateClientPatch")]
[JsonSerializable(typeof(SetClientAuthentication.Request), TypeInfoPropertyName = "SetClientAuthenticationRequest")]
[JsonSerializable(typeof(AddClientSecret.Request), TypeInfoPropertyName = "AddClientSecretRequest")]
[JsonSerializable(typeof(AddClientSecret.Response), TypeInfoPropertyName = "AddClientSecretResponse")]
[JsonSerializable(typeof(CreateApi.Request), TypeInfoPropertyName = "CreateApiRequest")]
[JsonSerializable(typeof(ListApis.Response), TypeInfoPropertyName = "ListApisResponse")]
[JsonSerializable(typeof(ApiView))]
[JsonSerializable(typeof(ScopeView[]))]
[JsonSerializable(typeof(UpdateApi.Patch), TypeInfoPropertyName = "UpdateApiPatch")]
internal sealed partial class ApplicationsJson : JsonSerializerContext;
