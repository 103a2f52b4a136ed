using System.Text.Json.Serialization;

namespace Gatehouse.Flows;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SignInDemand))]
[JsonSerializable(typeof(IReadOnlyList<Proof>))]
internal sealed partial class FlowsJson : JsonSerializerContext;
