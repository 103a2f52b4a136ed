using System.Text.Json.Serialization;

namespace Gatehouse.Audit;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(ListAuditEntries.Response), TypeInfoPropertyName = "AuditList")]
[JsonSerializable(typeof(GetAuditHead.Response), TypeInfoPropertyName = "AuditHead")]
internal sealed partial class AuditJson : JsonSerializerContext;
