using System.Text.Json.Serialization;

namespace Gatehouse.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(RotateKey.Request), TypeInfoPropertyName = "RotateKeyRequest")]
internal sealed partial class KeysJson : JsonSerializerContext;
