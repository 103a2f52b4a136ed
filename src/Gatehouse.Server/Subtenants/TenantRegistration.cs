using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Subtenants;

/// <summary>Names a registration of a tenant.</summary>
[JsonConverter(typeof(TypedIdConverter<TenantRegistrationId>))]
public readonly record struct TenantRegistrationId(Guid Value) : ITypedId<TenantRegistrationId>
{
    public static string Prefix => "trg";
    public static TenantRegistrationId From(Guid value) => new(value);
    public static TenantRegistrationId New(TimeProvider clock) => TypedId.New<TenantRegistrationId>(clock);
    public static bool TryParse(string? text, out TenantRegistrationId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <summary>Somebody's wish for a tenant of her own.</summary>
/// <param name="Email">Her verified address when she asked: the first administrator's in the new tenant.</param>
/// <param name="Domain">What she says is hers; null: nobody asked.</param>
/// <param name="State"><c>pending</c>, <c>active</c>, <c>refused</c>, <c>withdrawn</c>, <c>expired</c>.</param>
/// <param name="DecidedBy">The id of an administrator; <c>webhook</c>; <c>automatic</c>.</param>
public sealed record TenantRegistration(TenantRegistrationId Id, UserId User, string Email, string Slug, string DisplayName, string? Domain, string? DomainToken, DateTimeOffset? DomainProvedAt,
    string State, string? Reason, TenantId? Created, string? DecidedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt)
{
    public const string Pending = "pending", Active = "active", Refused = "refused", Withdrawn = "withdrawn", Expired = "expired";

    /// <summary>As it stands at a time: what has run out is over whether or not somebody wrote that down.</summary>
    internal TenantRegistration At(DateTimeOffset now) => State == Pending && ExpiresAt <= now ? this with { State = Expired, EndedAt = ExpiresAt } : this;

    /// <summary>Whether a proof of the domain is still to come.</summary>
    public bool WaitsForDomain => State == Pending && Domain is not null && DomainProvedAt is null;
}

/// <summary>What is wrong with a registration. Public: the account's door answers with the same words.</summary>
public static class TenantRegistrationProblems
{
    public static Problem NotFound { get; } = Problem.NotFound("tenant_registration_not_found", "There is no such registration here.");
    internal static Problem Closed { get; } = Problem.Forbidden("tenant_registration_closed", "This tenant lets nobody register tenants.");
    internal static Problem Registered { get; } =
        Problem.Forbidden("tenant_registered", "Somebody registered this tenant, or one above it: what stands below is made by administrators of the tenants above alone.");
    internal static Problem Unverified { get; } = Problem.Conflict("email_unverified", "Prove your primary e-mail address first: it is the first administrator's.");
    internal static Problem TooMany { get; } = Problem.TooMany("tenant_registrations_too_many", "You have tried this often. Wait an hour.");
    internal static Problem Quota { get; } = Problem.Conflict("tenant_quota_reached", "You have as many tenants here as one person may have.");
    internal static Problem Full { get; } = Problem.Conflict("tenants_full", "No more tenants can be registered here.");
    internal static Problem SlugTaken { get; } = Problem.Conflict("slug_taken", "That name is taken.", "slug");
    internal static Problem SlugReserved { get; } = Problem.Invalid("slug_invalid", "A name has 3 to 63 lower-case letters, digits and inner hyphens, and is none that servers use themselves.", "slug");
    internal static Problem Over { get; } = Problem.Conflict("tenant_registration_over", "This registration is over already.");
    internal static Problem DomainNeeded { get; } = Problem.Invalid("domain_required", "Here a tenant needs a domain of yours.", "domain");
    internal static Problem DomainUnproved { get; } = Problem.Conflict("domain_not_proved", "Its domain is not proved yet.");
}
