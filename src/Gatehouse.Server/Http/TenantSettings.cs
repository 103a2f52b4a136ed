using System.Text.Json.Serialization;

namespace Gatehouse.Http;

/// <summary>
/// Everything a tenant decides for itself: typed, validated, with a default for every value. Stored as one JSON document per tenant
/// that holds only what differs from the defaults; changed at run time through the management API.
/// </summary>
public sealed record TenantSettings
{
    public static TenantSettings Default { get; } = new();

    public SessionSettings Sessions { get; init; } = new();
    public PasswordSettings Passwords { get; init; } = new();
    public SignInSettings SignIn { get; init; } = new();
    public PasskeySettings Passkeys { get; init; } = new();
    public AccountSettings Account { get; init; } = new();
    public UserSettings Users { get; init; } = new();
    public TokenSettings Tokens { get; init; } = new();
    public ApiKeySettings ApiKeys { get; init; } = new();
    public KeySettings Keys { get; init; } = new();
    public RegistrationSettings Registration { get; init; } = new();
    public LocaleSettings Locales { get; init; } = new();
    public BrandSettings Brand { get; init; } = new();
    public WorkspaceDefaults Workspaces { get; init; } = new();
    public LimitSettings Limits { get; init; } = new();
    public SmsSettings Sms { get; init; } = new();
    public SubtenantSettings Subtenants { get; init; } = new();
    public ImpersonationSettings Impersonation { get; init; } = new();
}

/// <summary>How long, in how many browsers and how firmly people stay signed in.</summary>
public sealed record SessionSettings
{
    public const string BindOff = "off", BindNetwork = "network", BindUserAgent = "user_agent", BindStrict = "strict";

    /// <summary>Longest pause between two requests, seconds. 60 to 2592000 (30 days); default 604800 (7 days).</summary>
    public int IdleSeconds { get; init; } = 7 * 86400;
    /// <summary>Longest life however active, seconds. 300 to 31536000 (365 days); default 2592000 (30 days). At least the idle time.</summary>
    public int AbsoluteSeconds { get; init; } = 30 * 86400;
    /// <summary>In how many browsers a user may be signed in at once; when one more begins, the oldest ends. 0 to 1000; default 0: as many as she likes.</summary>
    public int MaxPerUser { get; init; }
    /// <summary>
    /// What of a request must be as it was when she last proved who she is: <c>off</c>, <c>network</c> (IPv4 /24, IPv6 /48), <c>user_agent</c> (browser and
    /// system, not their versions) or <c>strict</c> (both); default <c>off</c>. Where it is not, that request has no session and she proves herself anew; strict
    /// also ends the session.
    /// </summary>
    public string Binding { get; init; } = BindOff;
}

/// <summary>What a password must be. Defaults: NIST SP 800-63B-4 §3.1.1.</summary>
public sealed record PasswordSettings
{
    /// <summary>Fewest characters (Unicode code points). 8 to 64; default 15, the NIST minimum where the password is the only factor.</summary>
    public int MinLength { get; init; } = 15;
    /// <summary>Most characters. 64 to 1024; default 256.</summary>
    public int MaxLength { get; init; } = 256;
    /// <summary>Refuse the common passwords shipped with the product. Default true.</summary>
    public bool RefuseCommon { get; init; } = true;
    /// <summary>Character classes (lower, upper, digit, other) that must appear. 0 to 4; default 0: composition rules weaken passwords.</summary>
    public int RequiredClasses { get; init; }

    public const string BreachOff = "off", BreachAuto = "auto", BreachOffline = "offline", BreachOnline = "online", BreachBoth = "both";

    /// <summary>
    /// Where a chosen password is looked for among breached ones: <c>offline</c> in the server's list, <c>online</c> at a service by the first five digits of
    /// its SHA-1, <c>both</c>, <c>off</c> nowhere; default <c>auto</c>: in the server's list if it has one.
    /// </summary>
    public string BreachCheck { get; init; } = BreachAuto;
    /// <summary>Accept a password when that could not be found out. Default true: an outage of a stranger's service must not keep people from changing theirs.</summary>
    public bool BreachFailOpen { get; init; } = true;
    /// <summary>Look at sign-in too, online at most once a day for each user; whose password is breached chooses another before the session begins. Default true.</summary>
    public bool BreachCheckAtSignIn { get; init; } = true;
    /// <summary>How many of her last passwords a user may not choose again; the present one, the first of them, she never may. 0 to 24; default 0: no old hash is kept.</summary>
    public int History { get; init; }
    /// <summary>After how many days a password must be replaced at the next sign-in. 0 to 3650; default 0: never, as NIST SP 800-63B-4 demands.</summary>
    public int MaxAgeDays { get; init; }
}

/// <summary>What a sign-in asks for.</summary>
public sealed record SignInSettings
{
    public const string Optional = "optional", Required = "required";

    /// <summary>
    /// The second step: <c>optional</c> or <c>required</c>; default <c>optional</c>: who has set one up is asked for it. Required: whoever
    /// has none sets one up in the middle of her next sign-in, before the session begins; sessions that exist go on.
    /// </summary>
    public string SecondFactor { get; init; } = Optional;

    /// <summary>
    /// What applications may ask for in <c>acr_values</c> and are told in <c>acr</c>: 1 to 20 names, each once, of the levels 1 (one factor), 2 (two
    /// factors of different kinds) and 3 (one of them a key that never leaves its device); NIST SP 800-63's AAL. Tokens carry the first
    /// name of a level unless another was asked for.
    /// </summary>
    public IReadOnlyList<AcrLevel> Levels { get; init; } =
    [
        new("urn:gatehouse:acr:1fa", 1), new("urn:gatehouse:acr:2fa", 2), new("urn:gatehouse:acr:hwk", 3),
        new("http://idmanagement.gov/ns/assurance/aal/1", 1), new("http://idmanagement.gov/ns/assurance/aal/2", 2), new("http://idmanagement.gov/ns/assurance/aal/3", 3),
    ];

    public const string Password = "password", Passkey = "passkey", EmailCode = "email_code", SmsCode = "sms_code";

    /// <summary>
    /// What people may begin with: <c>password</c>, <c>passkey</c>, <c>email_code</c> (a code and a link by mail, to verified addresses),
    /// <c>sms_code</c> (a verified telephone number instead of an address). At least <c>password</c> or <c>email_code</c>, which everybody has; default
    /// <c>password</c>, <c>passkey</c>. Who has a second step is asked for it whatever she began with.
    /// </summary>
    public IReadOnlyList<string> Methods { get; init; } = [Password, Passkey];

    /// <summary>Digits of codes that are sent. 6 to 9; default 6: five tries at one, ten in ten minutes and fifty a day for one person.</summary>
    public int CodeDigits { get; init; } = 6;

    /// <summary>How long codes and links that are sent to sign in work, seconds. 60 to 600; default 600 (NIST SP 800-63B-4 §3.1.3: at most ten minutes).</summary>
    public int CodeSeconds { get; init; } = 600;

    /// <summary>
    /// Whether a code by text message to a verified number lets people set a new password, beside the link by mail. Default false: numbers are taken over (SIM
    /// swapping), and with the number then the account of everybody who has no second step. The number that gets the codes of her second step never does.
    /// </summary>
    public bool ResetBySms { get; init; }

    /// <summary>
    /// Hours that pass, after notices to all of her addresses, before a person who has lost her second steps or passkeys may have them removed by herself.
    /// 1 to 720; default 0: off, only an administrator helps her. Where it is on, a link by mail sets no password for who has passkeys and none: it
    /// begins such a recovery.
    /// </summary>
    public int RecoveryDelayHours { get; init; }

    /// <summary>
    /// For how many days a person may trust a browser after a second step, so that it is not asked there again; no application's demand and no fresh proof
    /// is met by that. 0 to 365; default 0: off, because it makes a password and a browser out of a password and a telephone. Fewer days hold at once,
    /// more for what is trusted from then on.
    /// </summary>
    public int TrustedDeviceDays { get; init; }

    public bool Offers(string method) => Methods.Contains(method, StringComparer.Ordinal);
}

/// <param name="Acr">1 to 200 characters without spaces; OpenID Connect Core §2 wants an absolute URI or a registered name.</param>
/// <param name="Level">1, 2 or 3.</param>
public sealed record AcrLevel(string Acr, int Level);

/// <summary>Signing in with a passkey.</summary>
public sealed record PasskeySettings
{
    /// <summary>Whether people may add passkeys and sign in with them. Default true.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>Demand that the device makes sure who it is (fingerprint, face, PIN). Default true; without it a passkey may be one factor only.</summary>
    public bool RequireUserVerification { get; init; } = true;
    /// <summary>Take passkeys that a provider copies to a person's other devices. Default true; false refuses adding and using them.</summary>
    public bool AllowSynced { get; init; } = true;
    /// <summary>
    /// The domain that passkeys are for, where it is not the issuer's host but one above it (<c>example.com</c> for <c>id.example.com</c>). Empty (the default): the
    /// issuer's host. With a domain that the issuer is not below, passkeys are not offered. Changing it makes every passkey useless.
    /// </summary>
    public string RpId { get; init; } = "";
    /// <summary>
    /// Other sites whose pages may use these passkeys (<c>https://example.org</c>), published at <c>/.well-known/webauthn</c>. At most 5: browsers read five
    /// names. Default none.
    /// </summary>
    public IReadOnlyList<string> RelatedOrigins { get; init; } = [];
    /// <summary>Pages of other sites that may hold a page of ours or of a related site in a frame while a passkey is used, as origins. At most 20; default none.</summary>
    public IReadOnlyList<string> FrameOrigins { get; init; } = [];
    /// <summary>What authenticators are asked to prove of their model: <c>none</c>, <c>indirect</c> or <c>direct</c>; default <c>none</c>: a person is asked less, and she keeps her privacy.</summary>
    public string Attestation { get; init; } = NoAttestation;
    /// <summary>
    /// Authenticator models (AAGUID) that are taken; all others are refused, adding and using. Needs <c>attestation: direct</c>; what a model says of itself is proved
    /// only with <c>require_known</c>. At most 200; default none: all are taken.
    /// </summary>
    public IReadOnlyList<string> AaguidsAllowed { get; init; } = [];
    /// <summary>Authenticator models (AAGUID) that are refused, adding and using. Needs <c>attestation: direct</c>. At most 200; default none.</summary>
    public IReadOnlyList<string> AaguidsDenied { get; init; } = [];
    /// <summary>
    /// Take new passkeys only of models that the FIDO Alliance's metadata knows, proved by attestation, and not revoked or broken; one that is so later is
    /// refused at sign-in. Needs <c>attestation: direct</c> and the server's <c>AuthenticatorMetadata</c>. Default false.
    /// </summary>
    public bool RequireKnown { get; init; }
    /// <summary>As <c>require_known</c>, and certified by the FIDO Alliance. Default false.</summary>
    public bool RequireCertified { get; init; }

    public const string NoAttestation = "none", IndirectAttestation = "indirect", DirectAttestation = "direct";
}

/// <summary>How long what we issue is good for.</summary>
public sealed record TokenSettings
{
    /// <summary>Authorization codes, seconds. 5 to 60; default 30.</summary>
    public int CodeSeconds { get; init; } = 30;
    /// <summary>Access tokens, seconds, unless the API says otherwise. 10 to 86400; default 600.</summary>
    public int AccessTokenSeconds { get; init; } = 600;
    /// <summary>ID tokens, seconds. 10 to 86400; default 600.</summary>
    public int IdTokenSeconds { get; init; } = 600;
    /// <summary>Longest pause between two uses of a refresh token family, seconds. 60 to 31536000; default 1209600 (14 days).</summary>
    public int RefreshIdleSeconds { get; init; } = 14 * 86400;
    /// <summary>Longest life of a refresh token family, seconds. 60 to 63072000; default 7776000 (90 days).</summary>
    public int RefreshAbsoluteSeconds { get; init; } = 90 * 86400;
    /// <summary>How long the refresh token before the current one is still answered (a lost reply), seconds. 0 to 60; default 10.</summary>
    public int RefreshGraceSeconds { get; init; } = 10;
    /// <summary>Longest pause in an interaction (a sign-in under way), seconds. 60 to 86400; default 3600.</summary>
    public int InteractionSeconds { get; init; } = 3600;
    /// <summary>
    /// Whether a client's assertion (<c>private_key_jwt</c>) may name the token endpoint as its audience instead of the issuer. Default false: what a client says to an endpoint that
    /// somebody else told it of can be said on to us. True for libraries that do not know better.
    /// </summary>
    public bool AssertionsForTokenEndpoint { get; init; }
}

/// <summary>How signing keys turn over.</summary>
public sealed record KeySettings
{
    /// <summary>How long a key signs, seconds. 10 to 63072000; default 7776000 (90 days).</summary>
    public int RotationSeconds { get; init; } = 90 * 86400;
    /// <summary>How long a new key is published before it signs, seconds. 1 to 2592000; default 86400 (1 day): verifiers' caches.</summary>
    public int PrepublishSeconds { get; init; } = 86400;
    /// <summary>How long a key stays published after it last signed, seconds. 1 to 2592000; default 172800 (2 days); at least the longest token.</summary>
    public int RetireSeconds { get; init; } = 2 * 86400;
}

/// <summary>Who may become a user.</summary>
public sealed record RegistrationSettings
{
    public const string PasskeyOrPassword = "passkey_or_password", Password = "password", Passkey = "passkey";

    /// <summary>Whether anybody may sign up with an e-mail address. Default false.</summary>
    public bool Open { get; init; }

    /// <summary>
    /// What people who sign up will sign in with: <c>passkey_or_password</c> (a passkey is offered first, where their browser can make one), <c>password</c> or <c>passkey</c>;
    /// default <c>passkey_or_password</c>, which is a password where passkeys are not offered. <c>passkey</c> needs <c>passkeys.enabled</c> and <c>passkey</c> in <c>sign_in.methods</c>.
    /// </summary>
    public string Credential { get; init; } = PasskeyOrPassword;
}

/// <summary>Which languages the pages and e-mails speak.</summary>
public sealed record LocaleSettings
{
    /// <summary>Used when the person asks for nothing we have. One of <see cref="Offered"/>; default <c>en</c>.</summary>
    public string Default { get; init; } = "en";
    /// <summary>BCP 47 tags out of those shipped: <c>en</c>, <c>fa</c>. At least one; default both.</summary>
    public IReadOnlyList<string> Offered { get; init; } = ["en", "fa"];
}

/// <summary>How the tenant's pages look.</summary>
public sealed record BrandSettings
{
    public const string DefaultAccent = "#4f46e5";

    /// <summary><c>#rrggbb</c>; default <c>#4f46e5</c>. Adjusted where contrast demands it.</summary>
    public string Accent { get; init; } = DefaultAccent;
    /// <summary>Where "terms" leads; empty: not shown. https, at most 500 characters.</summary>
    public string TermsUrl { get; init; } = "";
    /// <summary>Where "privacy" leads; empty: not shown. https, at most 500 characters.</summary>
    public string PrivacyUrl { get; init; } = "";
}

/// <summary>What an attacker may try before we slow her down.</summary>
public sealed record LimitSettings
{
    /// <summary>Failed sign-ins from one IP address in 10 minutes, over all users. 5 to 100000; default 100.</summary>
    public int FailuresPerIp { get; init; } = 100;
    /// <summary>Failed sign-ins on one user in 10 minutes from devices that never signed in as her. 3 to 1000; default 10.</summary>
    public int FailuresPerUser { get; init; } = 10;
    /// <summary>Failed sign-ins in the whole tenant in 10 minutes before unknown devices are slowed. 100 to 10000000; default 10000.</summary>
    public int FailuresPerTenant { get; init; } = 10_000;
    /// <summary>
    /// Sign-ins begun from one IP address (IPv6: one /48) in 10 minutes, finished or not; each is a row until it expires. 50 to 1000000;
    /// default 5000: a campus of 20000 behind one address, a quarter of which signs in at once.
    /// </summary>
    public int SignInsPerIp { get; init; } = 5000;
    /// <summary>E-mails to one address in an hour for one purpose. 1 to 100; default 10.</summary>
    public int MailsPerAddress { get; init; } = 10;
    /// <summary>Text messages to one number in an hour. 1 to 100; default 5.</summary>
    public int SmsPerNumberHour { get; init; } = 5;
    /// <summary>Text messages to one number in a day. 1 to 1000; default 10.</summary>
    public int SmsPerNumberDay { get; init; } = 10;
    /// <summary>Text messages in an hour to numbers that begin alike (country and <see cref="SmsPrefixDigits"/>). 1 to 1000000; default 50.</summary>
    public int SmsPerPrefixHour { get; init; } = 50;
    /// <summary>How many digits after the country's count as the beginning. 1 to 8; default 4: a block that one operator was given.</summary>
    public int SmsPrefixDigits { get; init; } = 4;
    /// <summary>Text messages in an hour that were asked for from one IP address (IPv6: one /48). 1 to 1000000; default 20.</summary>
    public int SmsPerIpHour { get; init; } = 20;
    /// <summary>Text messages of the whole tenant in an hour. 1 to 10000000; default 500.</summary>
    public int SmsPerTenantHour { get; init; } = 500;
    /// <summary>Text messages of the whole tenant in a day. 1 to 100000000; default 2000: what a day may cost.</summary>
    public int SmsPerTenantDay { get; init; } = 2000;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TenantSettings))]
public sealed partial class TenantSettingsJson : JsonSerializerContext;
