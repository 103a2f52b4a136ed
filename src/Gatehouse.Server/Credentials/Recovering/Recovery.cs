using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Credentials.Recovering;

/// <summary>What was proved beside the mailbox: her password, a telephone of hers, or nothing, so that an administrator must say yes.</summary>
[JsonConverter(typeof(RecoveryProofConverter))]
public enum RecoveryProof { None, Password, Sms }

/// <summary><c>none</c>, <c>password</c>, <c>sms</c>.</summary>
internal sealed class RecoveryProofConverter() : JsonStringEnumConverter<RecoveryProof>(System.Text.Json.JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>A recovery that is under way: begun, confirmed from the mailbox, and neither ended nor run out.</summary>
/// <param name="Email">Her primary address when it began; only it completes it.</param>
/// <param name="NeedsApproval">An administrator has to say yes, and has not.</param>
/// <param name="Notices">How many reminders have gone out: 1, when half of the delay was over; 2, when it could be completed.</param>
public sealed record Recovery(RecoveryId Id, UserId User, EmailId Email, RecoveryProof Proof, bool NeedsApproval, string? ApprovedBy, DateTimeOffset? ApprovedAt,
    DateTimeOffset StartedAt, DateTimeOffset ReadyAt, DateTimeOffset ExpiresAt, int Notices)
{
    public bool IsReady(DateTimeOffset now) => !NeedsApproval && ReadyAt <= now && now < ExpiresAt;
}

/// <summary>How a recovery ended.</summary>
internal enum RecoveryEnd { Completed, Cancelled, Void }
