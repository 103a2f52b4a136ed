using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Audit;

internal sealed record AuditParty(string Kind, string? Id);

/// <summary>An entry as the API shows it.</summary>
/// <param name="Seq">Its place in the chain; null for the moment until it is sealed.</param>
/// <param name="OrganizationId">The organization in which it happened, where it was one.</param>
/// <param name="Details">Those that tell of a person among them.</param>
/// <param name="Masked">Whether address, browser and what tells of a person are masked because the caller lacks <c>audit:pii</c>.</param>
/// <param name="Erased">Whether something that told of a person can never be read again: she was erased.</param>
/// <param name="Hash">Hexadecimal; null as long as <paramref name="Seq"/> is.</param>
internal sealed record AuditItem(AuditId Id, long? Seq, DateTimeOffset At, string Action, string Outcome, AuditParty Actor, AuditParty? Target, OrganizationId? OrganizationId,
    string Ip, string UserAgent, string RequestId, Dictionary<string, string>? Details, bool Masked, bool Erased, string? Hash)
{
    /// <param name="row">Opened.</param>
    internal static AuditItem Of(AuditRow row, bool masked)
    {
        var erased = (row.SealedOrigin is not null && row.OriginKey is null) || (row.SealedPersonal is not null && row.PersonalKey is null);
        var shown = masked ? AuditMask.Mask(row) : row;
        return new(shown.Id, shown.Seq, shown.At, shown.Action, shown.Outcome, new(shown.ActorKind, shown.ActorId),
            shown.TargetKind is null ? null : new(shown.TargetKind, shown.TargetId), shown.Organization, shown.Ip, shown.UserAgent, shown.RequestId,
            AllDetails(shown), masked, erased, shown.Hash is null ? null : Convert.ToHexStringLower(shown.Hash));
    }

    internal static Dictionary<string, string>? AllDetails(AuditRow row)
    {
        if (row.Details is null && row.Personal is null) return null;
        var all = row.Details is null ? [] : JsonSerializer.Deserialize(row.Details, AuditJson.Default.DictionaryStringString)!;
        if (row.Personal is not null)
            foreach (var (name, value) in JsonSerializer.Deserialize(row.Personal, AuditJson.Default.DictionaryStringString)!) all[name] = value;
        return all;
    }
}
