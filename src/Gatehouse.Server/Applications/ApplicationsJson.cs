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
internal sealed partial class ApplicationsJson : JsonSerializerContext;
