using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Invitations;

/// <summary>Somebody is asked into an organization by an address.</summary>
/// <param name="Normalized">The address as it is compared: only who has proved it accepts.</param>
/// <param name="Roles">Keys of what she gets with the membership.</param>
/// <param name="Status"><c>pending</c>, <c>accepted</c>, <c>declined</c>, <c>revoked</c>, <c>expired</c>.</param>
/// <param name="UserId">Who answered it.</param>
public sealed record Invitation(InvitationId Id, OrganizationId OrganizationId, string Email, string Normalized, IReadOnlyList<string> Roles, string Locale, string Status,
    DateTimeOffset CreatedAt, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt, UserId? UserId)
{
    internal const string Pending = "pending", Accepted = "accepted", Declined = "declined", Revoked = "revoked", Expired = "expired";

    /// <summary>Who sent it, with what her token carried: its roles are hers to give when they are given, not only when they were promised. Null: of before this was kept.</summary>
    internal Caller? PromisedBy { get; init; }

    /// <summary>Roles are handed to whoever opened the message: an address that an administrator called proved is not enough for them.</summary>
    public bool NeedsLink => Roles.Count > 0;

    /// <summary>As it is now: one that ran out is expired, whether or not anybody has written that down.</summary>
    internal Invitation At(DateTimeOffset now) => Status == Pending && now >= ExpiresAt ? this with { Status = Expired } : this;
}

/// <summary>An invitation as the management API shows one. Its secret stands in the message alone.</summary>
internal sealed record InvitationView(InvitationId Id, OrganizationId Organization, string Email, IReadOnlyList<string> Roles, string Locale, string Status,
    DateTimeOffset CreatedAt, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt, UserId? User)
{
    internal static InvitationView Of(Invitation i) => new(i.Id, i.OrganizationId, i.Email, i.Roles, i.Locale, i.Status, i.CreatedAt, i.SentAt, i.ExpiresAt, i.EndedAt, i.UserId);
}

public sealed record InvitationSent(InvitationId InvitationId, OrganizationId OrganizationId) : IDomainEvent
{
    public static string Name => "invitation.sent";
}

public sealed record InvitationAccepted(InvitationId InvitationId, OrganizationId OrganizationId, UserId UserId) : IDomainEvent
{
    public static string Name => "invitation.accepted";
}

public sealed record InvitationRevoked(InvitationId InvitationId, OrganizationId OrganizationId) : IDomainEvent
{
    public static string Name => "invitation.revoked";
}

internal static class InvitationProblems
{
    /// <summary>Absent, another organization's or another tenant's: the caller cannot tell which.</summary>
    internal static readonly Problem NotFound = Problem.NotFound("invitation_not_found", "There is no such invitation, or it is not open any more.");
    internal static readonly Problem LinkNeeded = Problem.Forbidden("invitation_link_needed", "This invitation brings roles. Open the link in its message in this browser, or send the token that stands in it.");
    internal static readonly Problem Exists = Problem.Conflict("invitation_exists", "That address has an open invitation to this organization. Send it again, or revoke it first.", "email");
    internal static readonly Problem Member = Problem.Conflict("member_exists", "Whose address that is belongs to this organization already.", "email");
    internal static readonly Problem Closed = Problem.Conflict("invitation_closed", "This invitation was answered, revoked or has run out.");
    internal static readonly Problem MailLimit = Problem.TooMany("mails_too_many", "That address has had its share of messages for this hour. Try again later.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(InviteOne.Request), TypeInfoPropertyName = "InviteOneRequest")]
[JsonSerializable(typeof(InviteMany.Request), TypeInfoPropertyName = "InviteManyRequest")]
[JsonSerializable(typeof(InviteMany.Settings), TypeInfoPropertyName = "InviteManySettings")]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(Page<InvitationView>))]
[JsonSerializable(typeof(InvitationSent))]
[JsonSerializable(typeof(InvitationAccepted))]
[JsonSerializable(typeof(InvitationRevoked))]
internal sealed partial class InvitationsJson : JsonSerializerContext
{
    internal static string Write(IReadOnlyList<string> roles) => JsonSerializer.Serialize(roles, Default.IReadOnlyListString);

    internal static IReadOnlyList<string> Read(string roles) => JsonSerializer.Deserialize(roles, Default.IReadOnlyListString) ?? [];
}
