using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Applications;
using Gatehouse.Credentials;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>Who I am here.</summary>
/// <param name="Attributes">Those of the tenant's own facts about her that she may see.</param>
/// <param name="EditableAttributes">Those of them that she may change.</param>
internal sealed record ProfileView(UserId Id, string? DisplayName, string? GivenName, string? FamilyName, string? Locale, string? Zoneinfo,
    JsonElement Attributes, IReadOnlyList<string> EditableAttributes, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static ProfileView Of(TenantContext tenant, User user) => new(user.Id, user.DisplayName, user.GivenName, user.FamilyName, user.Locale, user.Zoneinfo,
        OwnAttributes.Visible(tenant, user), tenant.Settings.Account.EditableAttributes, user.Version, user.CreatedAt, user.UpdatedAt);
}

internal sealed record OwnEmailView(EmailId Id, string Address, bool Verified, bool Primary)
{
    internal static OwnEmailView Of(UserEmail email) => new(email.Id, email.Address, email.Verified, email.Primary);
}

/// <param name="Items">Those that are hers.</param>
/// <param name="Pending">Those that wait for the code that was sent to them.</param>
internal sealed record OwnEmailsView(IReadOnlyList<OwnEmailView> Items, IReadOnlyList<PendingEmail> Pending);

internal sealed record OwnPhoneView(PhoneId Id, string Number, bool Verified, bool Primary)
{
    internal static OwnPhoneView Of(UserPhone phone) => new(phone.Id, phone.Number, phone.Verified, phone.Primary);
}

/// <param name="Items">Those that are hers.</param>
/// <param name="Pending">Those that wait, in this session, for the code that was sent to them.</param>
internal sealed record OwnPhonesView(IReadOnlyList<OwnPhoneView> Items, IReadOnlyList<PendingPhone> Pending);

/// <param name="Name">What she calls it; null until she does.</param>
/// <param name="Current">Whether it is the one that asks.</param>
internal sealed record OwnSessionView(SessionId Id, string? Name, bool Current, DateTimeOffset CreatedAt, DateTimeOffset AuthenticatedAt, DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt, IReadOnlyList<string> Methods, string IpAddress, string UserAgent)
{
    internal static OwnSessionView Of(Session s, SessionId current) =>
        new(s.Id, s.Name, s.Id == current, s.CreatedAt, s.AuthenticatedAt, s.LastSeenAt, s.ExpiresAt, s.Methods, s.IpAddress, s.UserAgent);
}

/// <param name="Name">Browser and system, as far as it said; null where it did not.</param>
/// <param name="Current">Whether it is the browser that asks.</param>
internal sealed record OwnDeviceView(TrustedDeviceId Id, string? Name, bool Current, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string IpAddress, string UserAgent)
{
    /// <param name="browser">Hash of the asking browser's device cookie, if it has one.</param>
    internal static OwnDeviceView Of(TrustedDevice d, byte[]? browser) =>
        new(d.Id, d.Name, browser is not null && d.Browser.AsSpan().SequenceEqual(browser), d.CreatedAt, d.ExpiresAt, d.LastUsedAt, d.IpAddress, d.UserAgent);
}

/// <param name="NeedsApproval">It waits for an administrator's yes.</param>
/// <param name="ReadyAt">From when on it can be completed, by a link to the primary address.</param>
internal sealed record OwnRecoveryView(RecoveryId Id, bool NeedsApproval, DateTimeOffset StartedAt, DateTimeOffset ReadyAt, DateTimeOffset ExpiresAt)
{
    internal static OwnRecoveryView Of(Credentials.Recovering.Recovery r) => new(r.Id, r.NeedsApproval, r.StartedAt, r.ReadyAt, r.ExpiresAt);
}

/// <param name="Synced">Whether its provider may copy it to other devices of hers.</param>
internal sealed record OwnPasskeyView(PasskeyId Id, string Name, bool Synced, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    internal static OwnPasskeyView Of(Passkey p) => new(p.Id, p.Name, p.BackupEligible, p.CreatedAt, p.LastUsedAt);
}

/// <param name="Left">How often it can still be used; null: without end.</param>
internal sealed record TwoStepMethodView(string Name, DateTimeOffset Since, DateTimeOffset? LastUsedAt, int? Left)
{
    internal static TwoStepMethodView Of(AuthenticatorState s) => new(s.Name, s.Since, s.LastUsedAt, s.Left);
}

/// <param name="Required">Whether the tenant lets nobody do without.</param>
internal sealed record TwoStepView(bool On, bool Required, IReadOnlyList<TwoStepMethodView> Methods);

/// <param name="RecoveryCodes">Told now and never again.</param>
internal sealed record RecoveryCodesView(IReadOnlyList<string> RecoveryCodes);

internal sealed record ConsentView(ClientId ClientId, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt)
{
    internal static ConsentView Of(ConsentRecord c) => new(c.ClientId, c.ClientName, c.Scopes, c.GrantedAt);
}

/// <param name="Active">Whether it is the one I work in, in the session that asks.</param>
internal sealed record OwnOrganizationView(OrganizationId Id, string Slug, string DisplayName, bool Active)
{
    internal static OwnOrganizationView Of(OwnOrganization o) => new(o.Organization.Id, o.Organization.Slug, o.Organization.DisplayName, o.Active);
}

/// <param name="By"><c>you</c>, <c>administrator</c>, <c>application</c>, <c>system</c> or <c>somebody</c>.</param>
/// <param name="IpAddress">Empty where it is another's.</param>
internal sealed record ActivityView(AuditId Id, DateTimeOffset At, string Action, string Outcome, string By, string IpAddress, string UserAgent)
{
    internal static ActivityView Of(Activity a) => new(a.Id, a.At, a.Action, a.Outcome, JsonNamingPolicy.SnakeCaseLower.ConvertName(a.By.ToString()), a.IpAddress, a.UserAgent);
}

/// <param name="Optional">By name, whether she wants it. Notices about the account's safety are not among them: they always come.</param>
internal sealed record NoticesView(IReadOnlyDictionary<string, bool> Optional);

/// <summary>Everything at once.</summary>
/// <param name="PendingEmails">Addresses that wait for their code.</param>
/// <param name="PendingPhones">Numbers that wait for their code in this session.</param>
/// <param name="PasswordChangedAt">Null where there is none. The password itself is not known here.</param>
internal sealed record DataView(DateTimeOffset GeneratedAt, string Issuer, ProfileView Profile, IReadOnlyList<OwnEmailView> Emails, IReadOnlyList<PendingEmail> PendingEmails,
    IReadOnlyList<OwnPhoneView> Phones, IReadOnlyList<PendingPhone> PendingPhones, IReadOnlyList<OwnSessionView> Sessions, IReadOnlyList<OwnDeviceView> TrustedDevices, DateTimeOffset? PasswordChangedAt,
    IReadOnlyList<OwnPasskeyView> Passkeys, IReadOnlyList<TwoStepMethodView> TwoStep, IReadOnlyList<RoleView> Roles, IReadOnlyList<AcceptedTerms> Terms, IReadOnlyList<ConsentView> Consents,
    IReadOnlyList<OwnOrganizationView> Organizations, IReadOnlyDictionary<string, bool> Notices, IReadOnlyList<ActivityView> Activity);

internal sealed record RoleView(string Role, DateTimeOffset GrantedAt);

/// <summary>A whole list, which is never so long that it would need pages.</summary>
internal sealed record ListView<T>(IReadOnlyList<T> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ProfileView))]
[JsonSerializable(typeof(OwnEmailsView))]
[JsonSerializable(typeof(EmailsApi.AddRequest))]
[JsonSerializable(typeof(EmailsApi.VerifyRequest))]
[JsonSerializable(typeof(OwnPhonesView))]
[JsonSerializable(typeof(PhonesApi.AddRequest), TypeInfoPropertyName = "AddPhoneRequest")]
[JsonSerializable(typeof(PhonesApi.VerifyRequest), TypeInfoPropertyName = "VerifyPhoneRequest")]
[JsonSerializable(typeof(TwoStepApi.SmsRequest))]
[JsonSerializable(typeof(TwoStepApi.SmsCodeRequest))]
[JsonSerializable(typeof(Page<OwnSessionView>))]
[JsonSerializable(typeof(OwnSessionView))]
[JsonSerializable(typeof(SessionsApi.NameRequest), TypeInfoPropertyName = "NameSessionRequest")]
[JsonSerializable(typeof(ListView<OwnDeviceView>))]
[JsonSerializable(typeof(ListView<OwnPasskeyView>))]
[JsonSerializable(typeof(PasskeysApi.NameRequest), TypeInfoPropertyName = "NamePasskeyRequest")]
[JsonSerializable(typeof(ListView<OwnKeyView>))]
[JsonSerializable(typeof(OwnIssuedKeyView))]
[JsonSerializable(typeof(KeysApi.CreateRequest), TypeInfoPropertyName = "CreateOwnApiKeyRequest")]
[JsonSerializable(typeof(TwoStepView))]
[JsonSerializable(typeof(RecoveryCodesView))]
[JsonSerializable(typeof(OwnRecoveryView))]
[JsonSerializable(typeof(PasswordApi.Request), TypeInfoPropertyName = "ChangePasswordRequest")]
[JsonSerializable(typeof(ListView<ConsentView>))]
[JsonSerializable(typeof(ListView<OwnOrganizationView>))]
[JsonSerializable(typeof(WorkspacesApi.OwnWorkspaceView))]
[JsonSerializable(typeof(ListView<WorkspacesApi.OwnWorkspaceView>), TypeInfoPropertyName = "ListOfOwnWorkspaces")]
[JsonSerializable(typeof(OrganizationsApi.JoinRequest), TypeInfoPropertyName = "JoinOrganizationRequest")]
[JsonSerializable(typeof(OrganizationsApi.AcceptRequest), TypeInfoPropertyName = "AcceptInvitationRequest")]
[JsonSerializable(typeof(OrganizationsApi.JoinView))]
[JsonSerializable(typeof(ListView<OrganizationsApi.OwnInvitationView>))]
[JsonSerializable(typeof(OrganizationsApi.ChooseRequest), TypeInfoPropertyName = "ChooseOrganizationRequest")]
[JsonSerializable(typeof(Page<ActivityView>))]
[JsonSerializable(typeof(NoticesView))]
[JsonSerializable(typeof(OwnDeletionView))]
[JsonSerializable(typeof(PersonView))]
[JsonSerializable(typeof(Page<PersonView>))]
[JsonSerializable(typeof(DataView))]
[JsonSerializable(typeof(ListView<OwnTenantView>))]
[JsonSerializable(typeof(OwnTenantView))]
[JsonSerializable(typeof(TenantsApi.RegisterRequest), TypeInfoPropertyName = "RegisterTenantRequest")]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>The same for a file that a person opens: indented.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DataView))]
internal sealed partial class AccountFileJson : JsonSerializerContext;
