using System.Text.Json.Serialization;

namespace Gatehouse.Audit;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(AuditOrigin))]
[JsonSerializable(typeof(HeadClaims))]
[JsonSerializable(typeof(ListAuditEntries.Response), TypeInfoPropertyName = "AuditList")]
[JsonSerializable(typeof(GetAuditHead.Response), TypeInfoPropertyName = "AuditHead")]
[JsonSerializable(typeof(AuditStatistics.Response), TypeInfoPropertyName = "AuditStatisticsResponse")]
[JsonSerializable(typeof(ListSignedHeads.Response), TypeInfoPropertyName = "SignedHeadList")]
[JsonSerializable(typeof(ListSignedHeads.KeySet), TypeInfoPropertyName = "AuditKeySet")]
internal sealed partial class AuditJson : JsonSerializerContext;
