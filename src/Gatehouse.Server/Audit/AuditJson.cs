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
[JsonSerializable(typeof(ListSignedHeads.Head), TypeInfoPropertyName = "SignedHeadItem")]
[JsonSerializable(typeof(KeepAudit.Retention), TypeInfoPropertyName = "AuditRetention")]
[JsonSerializable(typeof(KeepAudit.HoldRequest), TypeInfoPropertyName = "AuditHoldRequest")]
[JsonSerializable(typeof(KeepAudit.Hold), TypeInfoPropertyName = "AuditHoldItem")]
[JsonSerializable(typeof(KeepAudit.HoldList), TypeInfoPropertyName = "AuditHoldList")]
[JsonSerializable(typeof(KeepAudit.ErasureRequest), TypeInfoPropertyName = "AuditErasureRequest")]
[JsonSerializable(typeof(ErasedPerson))]
[JsonSerializable(typeof(ManageStreams.Request), TypeInfoPropertyName = "AuditStreamRequest")]
[JsonSerializable(typeof(ManageStreams.Stream), TypeInfoPropertyName = "AuditStreamItem")]
[JsonSerializable(typeof(ManageStreams.StreamList), TypeInfoPropertyName = "AuditStreamList")]
internal sealed partial class AuditJson : JsonSerializerContext;
