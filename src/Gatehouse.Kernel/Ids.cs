using System.Text.Json.Serialization;

namespace Gatehouse.Kernel;

// The ids of everything that more than one room speaks of. An id that only one room uses stays in that room.

/// <summary>Names a tenant.</summary>
[JsonConverter(typeof(TypedIdConverter<TenantId>))]
public readonly record struct TenantId(Guid Value) : ITypedId<TenantId>
{
    public static string Prefix => "tnt";
    public static TenantId From(Guid value) => new(value);
    public static TenantId New(TimeProvider clock) => TypedId.New<TenantId>(clock);
    public static bool TryParse(string? text, out TenantId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a user of one tenant.</summary>
[JsonConverter(typeof(TypedIdConverter<UserId>))]
public readonly record struct UserId(Guid Value) : ITypedId<UserId>
{
    public static string Prefix => "usr";
    public static UserId From(Guid value) => new(value);
    public static UserId New(TimeProvider clock) => TypedId.New<UserId>(clock);
    public static bool TryParse(string? text, out UserId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a browser session; not the secret that proves it.</summary>
[JsonConverter(typeof(TypedIdConverter<SessionId>))]
public readonly record struct SessionId(Guid Value) : ITypedId<SessionId>
{
    public static string Prefix => "ses";
    public static SessionId From(Guid value) => new(value);
    public static SessionId New(TimeProvider clock) => TypedId.New<SessionId>(clock);
    public static bool TryParse(string? text, out SessionId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names an OAuth client (application); this is the <c>client_id</c> on the wire.</summary>
[JsonConverter(typeof(TypedIdConverter<ClientId>))]
public readonly record struct ClientId(Guid Value) : ITypedId<ClientId>
{
    public static string Prefix => "cli";
    public static ClientId From(Guid value) => new(value);
    public static ClientId New(TimeProvider clock) => TypedId.New<ClientId>(clock);
    public static bool TryParse(string? text, out ClientId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a registered API (resource server).</summary>
[JsonConverter(typeof(TypedIdConverter<ApiId>))]
public readonly record struct ApiId(Guid Value) : ITypedId<ApiId>
{
    public static string Prefix => "api";
    public static ApiId From(Guid value) => new(value);
    public static ApiId New(TimeProvider clock) => TypedId.New<ApiId>(clock);
    public static bool TryParse(string? text, out ApiId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names one telephone number of one user.</summary>
[JsonConverter(typeof(TypedIdConverter<PhoneId>))]
public readonly record struct PhoneId(Guid Value) : ITypedId<PhoneId>
{
    public static string Prefix => "phn";
    public static PhoneId From(Guid value) => new(value);
    public static PhoneId New(TimeProvider clock) => TypedId.New<PhoneId>(clock);
    public static bool TryParse(string? text, out PhoneId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a signing key; its <c>kid</c> on the wire.</summary>
[JsonConverter(typeof(TypedIdConverter<KeyId>))]
public readonly record struct KeyId(Guid Value) : ITypedId<KeyId>
{
    public static string Prefix => "key";
    public static KeyId From(Guid value) => new(value);
    public static KeyId New(TimeProvider clock) => TypedId.New<KeyId>(clock);
    public static bool TryParse(string? text, out KeyId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names what one authorization gave: the family of its code, refresh tokens and access tokens.</summary>
[JsonConverter(typeof(TypedIdConverter<GrantId>))]
public readonly record struct GrantId(Guid Value) : ITypedId<GrantId>
{
    public static string Prefix => "gra";
    public static GrantId From(Guid value) => new(value);
    public static GrantId New(TimeProvider clock) => TypedId.New<GrantId>(clock);
    public static bool TryParse(string? text, out GrantId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names the stored run of a sign-in, consent or sign-out.</summary>
[JsonConverter(typeof(TypedIdConverter<InteractionId>))]
public readonly record struct InteractionId(Guid Value) : ITypedId<InteractionId>
{
    public static string Prefix => "int";
    public static InteractionId From(Guid value) => new(value);
    public static InteractionId New(TimeProvider clock) => TypedId.New<InteractionId>(clock);
    public static bool TryParse(string? text, out InteractionId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names one e-mail address of a user.</summary>
[JsonConverter(typeof(TypedIdConverter<EmailId>))]
public readonly record struct EmailId(Guid Value) : ITypedId<EmailId>
{
    public static string Prefix => "eml";
    public static EmailId From(Guid value) => new(value);
    public static EmailId New(TimeProvider clock) => TypedId.New<EmailId>(clock);
    public static bool TryParse(string? text, out EmailId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a user's passkey; not the credential's own id, which is the authenticator's.</summary>
[JsonConverter(typeof(TypedIdConverter<PasskeyId>))]
public readonly record struct PasskeyId(Guid Value) : ITypedId<PasskeyId>
{
    public static string Prefix => "pky";
    public static PasskeyId From(Guid value) => new(value);
    public static PasskeyId New(TimeProvider clock) => TypedId.New<PasskeyId>(clock);
    public static bool TryParse(string? text, out PasskeyId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a browser that a user trusts to leave out her second step.</summary>
[JsonConverter(typeof(TypedIdConverter<TrustedDeviceId>))]
public readonly record struct TrustedDeviceId(Guid Value) : ITypedId<TrustedDeviceId>
{
    public static string Prefix => "tdv";
    public static TrustedDeviceId From(Guid value) => new(value);
    public static TrustedDeviceId New(TimeProvider clock) => TypedId.New<TrustedDeviceId>(clock);
    public static bool TryParse(string? text, out TrustedDeviceId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a recovery of an account whose second steps or passkeys are lost.</summary>
[JsonConverter(typeof(TypedIdConverter<RecoveryId>))]
public readonly record struct RecoveryId(Guid Value) : ITypedId<RecoveryId>
{
    public static string Prefix => "rcv";
    public static RecoveryId From(Guid value) => new(value);
    public static RecoveryId New(TimeProvider clock) => TypedId.New<RecoveryId>(clock);
    public static bool TryParse(string? text, out RecoveryId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names an audit entry.</summary>
[JsonConverter(typeof(TypedIdConverter<AuditId>))]
public readonly record struct AuditId(Guid Value) : ITypedId<AuditId>
{
    public static string Prefix => "aud";
    public static AuditId From(Guid value) => new(value);
    /// <param name="at">When the entry is written: whoever asks for entries from or to a time is answered by the ids.</param>
    public static AuditId New(DateTimeOffset at) => TypedId.New<AuditId>(at);
    public static bool TryParse(string? text, out AuditId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names an outbox event.</summary>
[JsonConverter(typeof(TypedIdConverter<EventId>))]
public readonly record struct EventId(Guid Value) : ITypedId<EventId>
{
    public static string Prefix => "evt";
    public static EventId From(Guid value) => new(value);
    public static EventId New(TimeProvider clock) => TypedId.New<EventId>(clock);
    public static bool TryParse(string? text, out EventId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names an organization of one tenant.</summary>
[JsonConverter(typeof(TypedIdConverter<OrganizationId>))]
public readonly record struct OrganizationId(Guid Value) : ITypedId<OrganizationId>
{
    public static string Prefix => "org";
    public static OrganizationId From(Guid value) => new(value);
    public static OrganizationId New(TimeProvider clock) => TypedId.New<OrganizationId>(clock);
    public static bool TryParse(string? text, out OrganizationId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a workspace, of an organization or directly of a tenant.</summary>
[JsonConverter(typeof(TypedIdConverter<WorkspaceId>))]
public readonly record struct WorkspaceId(Guid Value) : ITypedId<WorkspaceId>
{
    public static string Prefix => "wsp";
    public static WorkspaceId From(Guid value) => new(value);
    public static WorkspaceId New(TimeProvider clock) => TypedId.New<WorkspaceId>(clock);
    public static bool TryParse(string? text, out WorkspaceId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a template that workspaces are made from.</summary>
[JsonConverter(typeof(TypedIdConverter<WorkspaceTemplateId>))]
public readonly record struct WorkspaceTemplateId(Guid Value) : ITypedId<WorkspaceTemplateId>
{
    public static string Prefix => "wst";
    public static WorkspaceTemplateId From(Guid value) => new(value);
    public static WorkspaceTemplateId New(TimeProvider clock) => TypedId.New<WorkspaceTemplateId>(clock);
    public static bool TryParse(string? text, out WorkspaceTemplateId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a group of users.</summary>
[JsonConverter(typeof(TypedIdConverter<GroupId>))]
public readonly record struct GroupId(Guid Value) : ITypedId<GroupId>
{
    public static string Prefix => "grp";
    public static GroupId From(Guid value) => new(value);
    public static GroupId New(TimeProvider clock) => TypedId.New<GroupId>(clock);
    public static bool TryParse(string? text, out GroupId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names a role. The system's own roles have the same id in every tenant.</summary>
[JsonConverter(typeof(TypedIdConverter<RoleId>))]
public readonly record struct RoleId(Guid Value) : ITypedId<RoleId>
{
    public static string Prefix => "rol";
    public static RoleId From(Guid value) => new(value);
    public static RoleId New(TimeProvider clock) => TypedId.New<RoleId>(clock);
    public static bool TryParse(string? text, out RoleId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names an invitation; not the secret that proves it.</summary>
[JsonConverter(typeof(TypedIdConverter<InvitationId>))]
public readonly record struct InvitationId(Guid Value) : ITypedId<InvitationId>
{
    public static string Prefix => "inv";
    public static InvitationId From(Guid value) => new(value);
    public static InvitationId New(TimeProvider clock) => TypedId.New<InvitationId>(clock);
    public static bool TryParse(string? text, out InvitationId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names one assignment of a role to somebody, somewhere.</summary>
[JsonConverter(typeof(TypedIdConverter<AssignmentId>))]
public readonly record struct AssignmentId(Guid Value) : ITypedId<AssignmentId>
{
    public static string Prefix => "asg";
    public static AssignmentId From(Guid value) => new(value);
    public static AssignmentId New(TimeProvider clock) => TypedId.New<AssignmentId>(clock);
    public static bool TryParse(string? text, out AssignmentId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names an API key; not the secret.</summary>
[JsonConverter(typeof(TypedIdConverter<ApiKeyId>))]
public readonly record struct ApiKeyId(Guid Value) : ITypedId<ApiKeyId>
{
    public static string Prefix => "apk";
    public static ApiKeyId From(Guid value) => new(value);
    public static ApiKeyId New(TimeProvider clock) => TypedId.New<ApiKeyId>(clock);
    public static bool TryParse(string? text, out ApiKeyId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names one rule of what goes into tokens.</summary>
[JsonConverter(typeof(TypedIdConverter<ClaimRuleId>))]
public readonly record struct ClaimRuleId(Guid Value) : ITypedId<ClaimRuleId>
{
    public static string Prefix => "clr";
    public static ClaimRuleId From(Guid value) => new(value);
    public static ClaimRuleId New(TimeProvider clock) => TypedId.New<ClaimRuleId>(clock);
    public static bool TryParse(string? text, out ClaimRuleId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Names one time in which an administrator acted as a person.</summary>
[JsonConverter(typeof(TypedIdConverter<ImpersonationId>))]
public readonly record struct ImpersonationId(Guid Value) : ITypedId<ImpersonationId>
{
    public static string Prefix => "imp";
    public static ImpersonationId From(Guid value) => new(value);
    public static ImpersonationId New(TimeProvider clock) => TypedId.New<ImpersonationId>(clock);
    public static bool TryParse(string? text, out ImpersonationId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}
