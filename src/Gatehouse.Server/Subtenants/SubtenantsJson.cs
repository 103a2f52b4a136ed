using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Subtenants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TenantRegistrationView))]
[JsonSerializable(typeof(Page<TenantRegistrationView>))]
[JsonSerializable(typeof(ManageRegistrations.Refusal))]
[JsonSerializable(typeof(Dictionary<string, string?>), TypeInfoPropertyName = "DictionaryStringString")]
internal sealed partial class SubtenantsJson : JsonSerializerContext;
