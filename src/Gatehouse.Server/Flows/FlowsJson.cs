using System.Text.Json.Serialization;

namespace Gatehouse.Flows;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SignInDemand))]
internal sealed partial class FlowsJson : JsonSerializerContext;
