using System.Text.Json.Serialization;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;

namespace Gatehouse.Flows;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SignInDemand))]
[JsonSerializable(typeof(IReadOnlyList<Proof>))]
[JsonSerializable(typeof(FlowView))]
[JsonSerializable(typeof(IReadOnlyList<Answered>))]
[JsonSerializable(typeof(FlowFault[]))]
[JsonSerializable(typeof(FlowKeys.Keys), TypeInfoPropertyName = "FlowKeysKeys")]
[JsonSerializable(typeof(FlowKeys.Created), TypeInfoPropertyName = "FlowKeysCreated")]
[JsonSerializable(typeof(GetFlow.Versions))]
[JsonSerializable(typeof(ChangeFlow.Request), TypeInfoPropertyName = "ChangeFlowRequest")]
[JsonSerializable(typeof(ChangeFlow.RollBackRequest))]
[JsonSerializable(typeof(PreviewFlow.Request), TypeInfoPropertyName = "PreviewFlowRequest")]
[JsonSerializable(typeof(PreviewFlow.Response), TypeInfoPropertyName = "PreviewFlowResponse")]
internal sealed partial class FlowsJson : JsonSerializerContext;
