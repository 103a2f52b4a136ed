using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Domains;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;

namespace Gatehouse.Subtenants;

/// <summary>
/// People register tenants below their own. Everything that counts, decides or ends begins by holding the parent's row: two at once take turns, and the settings they
/// decide by stay. A tenant is made in the transaction that ends its registration: once, or not at all.
/// </summary>
public sealed class TenantRegistrations(IDatabase database, ISystemDatabase system, TenantDirectory tenants, ChildTenants children, UserDirectory users, Roles roles, OneTimeLinks links, Mailer mailer,
    DomainProofs proofs, Hooks hooks, RateLimit limits, AuditLog audit, TimeProvider clock)
{
    internal const int TriesPerHour = 20, ChecksPerHour = 30, MaxListed = 200, MinSlug = 3;
    private static readonly TimeSpan linkLife = TimeSpan.FromDays(1);

    // What a person's link could be mistaken for, and what servers use.
    private static readonly FrozenSet<string> reserved = FrozenSet.Create(StringComparer.Ordinal,
        "main", "www", "admin", "administrator", "api", "account", "accounts", "auth", "login", "signin", "signup", "sso", "oauth", "oauth2", "console", "root", "system", "security", "support", "help", "mail", "smtp",
        "status", "static", "assets", "cdn", "docs", "billing", "abuse", "postmaster", "hostmaster", "webmaster", "localhost", "gatehouse");

    /// <summary>All that she asked for here, newest first; at most 200.</summary>
    public async ValueTask<IReadOnlyList<TenantRegistration>> ListOfAsync(TenantContext tenant, UserId user, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return [.. (await RegistrationStore.ListOfUserAsync(tx, user, MaxListed, ct)).Select(r => r.At(clock.Now()))];
    }

    /// <returns>The registration, active already where nobody is asked; 403 <c>tenant_registration_closed</c>; 409 <c>email_unverified</c>, <c>tenant_quota_reached</c>, <c>tenants_full</c>, <c>slug_taken</c>;
    /// 422 <c>slug_invalid</c>, <c>display_name_invalid</c>, <c>domain_required</c>, <c>domain_invalid</c>, <c>domain_shared</c>; 429 <c>tenant_registrations_too_many</c>.</returns>
    public async ValueTask<Result<TenantRegistration, Problem>> RegisterAsync(TenantContext tenant, UserId user, string? slug, string? displayName, string? domain, RequestFacts facts, CancellationToken ct)
    {
        if (!tenant.Settings.Subtenants.IsOpen) return TenantRegistrationProblems.Closed;
        // Whether a name is taken is told to whoever could take it, and so seldom that nobody reads the list by it.
        if (!await limits.TryTakeAsync(tenant.Id, "tenant.register", user.ToString(), TriesPerHour, TimeSpan.FromHours(1), ct)) return TenantRegistrationProblems.TooMany;
        slug = slug?.Trim() ?? "";
        if (slug.Length < MinSlug || reserved.Contains(slug)) return TenantRegistrationProblems.SlugReserved;
        if (ChildTenants.Check(slug, displayName) is { } invalid) return invalid;
        string? named = null;
        if (!string.IsNullOrWhiteSpace(domain) && !DomainProofs.Parse(domain).TryGet(out named, out var badDomain)) return badDomain;

        await using (var look = await system.ReadAsync(ct))
            if (await RegisteredTenants.IsWithinAsync(look, tenants, tenant.Id, ct)) return TenantRegistrationProblems.Closed;

        TenantRegistration registration;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (await tenants.HoldAsync(tx, ct) is not { Settings.Subtenants: { IsOpen: true } rules } || await users.FindAsync(tx, user, ct) is not { Status: UserStatus.Active } person) return TenantRegistrationProblems.Closed;
            if (person.PrimaryEmail is not { Verified: true } email) return TenantRegistrationProblems.Unverified;
            if (rules.DomainProof && named is null) return TenantRegistrationProblems.DomainNeeded;
            var now = clock.Now();
            await RegistrationStore.ExpireAsync(tx, now, ct);
            if (await CountOfAsync(tx, user, ct) >= rules.PerPerson) return TenantRegistrationProblems.Quota;
            if (await RegistrationStore.CountAsync(tx, ct) >= rules.Total) return TenantRegistrationProblems.Full;
            if (await tenants.WasNamedAsync(slug, ct)) return TenantRegistrationProblems.SlugTaken;
            registration = new(TenantRegistrationId.New(clock), user, email.Address, slug, displayName!.Trim(), named, named is null ? null : Secret.New("")[..32], null, TenantRegistration.Pending, null, null, null, now,
                now + TimeSpan.FromDays(rules.PendingDays), null);
            if (!await RegistrationStore.TryInsertAsync(tx, registration, ct)) return TenantRegistrationProblems.SlugTaken;
            await audit.AppendAsync(tx, Entry("tenant_registration.created", registration, AuditActor.User(user), facts), ct);
            await tx.CommitAsync(ct);
        }
        return registration.WaitsForDomain ? registration : await DecideAsync(tenant, registration, facts, ct);
    }

    /// <summary>Looks for the proof of a registration's domain; found, the registration goes on.</summary>
    /// <returns>Or 403 <c>tenant_registration_closed</c>; 404 <c>tenant_registration_not_found</c>; 409 <c>tenant_registration_over</c>, <c>slug_taken</c>; 422 <c>domain_not_proved</c>; 429 <c>tenant_registrations_too_many</c>.</returns>
    public async ValueTask<Result<TenantRegistration, Problem>> VerifyDomainAsync(TenantContext tenant, UserId user, string? id, RequestFacts facts, CancellationToken ct)
    {
        if (await FindOwnAsync(tenant, user, id, ct) is not { } found) return TenantRegistrationProblems.NotFound;
        if (!found.WaitsForDomain) return found.State == TenantRegistration.Pending ? found : TenantRegistrationProblems.Over;
        if (!await limits.TryTakeAsync(tenant.Id, "tenant.domain", user.ToString(), ChecksPerHour, TimeSpan.FromHours(1), ct)) return TenantRegistrationProblems.TooMany;
        if (await proofs.FindAsync(found.Domain!, found.DomainToken!, ct) is null)
            return Problem.Invalid("domain_not_proved", $"Neither a TXT record at {DomainProofs.RecordName(found.Domain!)} nor a line of https://{found.Domain}{DomainProofs.FilePath} says it. New records may take a while to be seen.");
        var now = clock.Now();
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            if (!await RegistrationStore.TryProveAsync(tx, found, now, ct)) return TenantRegistrationProblems.Over;
            await audit.AppendAsync(tx, Entry("tenant_registration.domain_proved", found, AuditActor.User(user), facts), ct);
            await tx.CommitAsync(ct);
        }
        return await DecideAsync(tenant, found with { DomainProvedAt = now }, facts, ct);
    }

    /// <returns>Null when it is withdrawn; 404 <c>tenant_registration_not_found</c>; 409 <c>tenant_registration_over</c>.</returns>
    public async ValueTask<Problem?> WithdrawAsync(TenantContext tenant, UserId user, string? id, RequestFacts facts, CancellationToken ct) =>
        await FindOwnAsync(tenant, user, id, ct) is { } found ? await EndAsync(tenant, found, TenantRegistration.Withdrawn, null, AuditActor.User(user), user.ToString(), facts, ct) : TenantRegistrationProblems.NotFound;

    /// <summary>What becomes of it now that it is complete: as the tenant's settings say.</summary>
    private async ValueTask<Result<TenantRegistration, Problem>> DecideAsync(TenantContext tenant, TenantRegistration registration, RequestFacts facts, CancellationToken ct)
    {
        var rules = tenant.Settings.Subtenants;
        switch (rules.Registration)
        {
            case SubtenantSettings.Automatic:
                return await ActivateAsync(tenant, registration, AuditActor.System, SubtenantSettings.Automatic, facts, ct);
            case SubtenantSettings.Webhook:
                // No transaction is open meanwhile. The same id for every try: a program that has answered answers alike.
                var step = new WebhookStep("tenant_registration", null, rules.WebhookUrl, TimeSpan.FromSeconds(rules.WebhookSeconds), AllowOnFailure: false);
                var answer = await hooks.AskAsync(tenant, step, new HookQuestion(registration.Id.ToString(), "tenant_registration", 1, registration.User, registration.Email, null, facts, [], Facts(registration)), ct);
                var by = SubtenantSettings.Webhook;
                if (answer.Result == "continue") return await ActivateAsync(tenant, registration, AuditActor.System, by, facts, ct);
                if (answer.Result == "deny") return await RefusedAsync(tenant, registration, answer.Reason, by, facts, ct);
                // It did not answer: somebody decides by hand, unless the tenant says otherwise.
                return rules.WebhookFailure switch
                {
                    SubtenantSettings.Approve => await ActivateAsync(tenant, registration, AuditActor.System, $"{by}:{answer.Result}", facts, ct),
                    SubtenantSettings.Refuse => await RefusedAsync(tenant, registration, answer.Result, by, facts, ct),
                    _ => registration,
                };
            default:
                return registration;
        }
    }

    private async ValueTask<Result<TenantRegistration, Problem>> RefusedAsync(TenantContext tenant, TenantRegistration registration, string? reason, string by, RequestFacts facts, CancellationToken ct) =>
        await EndAsync(tenant, registration, TenantRegistration.Refused, reason, AuditActor.System, by, facts, ct) is { } problem ? problem : await GetAsync(tenant, registration.Id, ct);

    /// <summary>Makes the tenant, with her as its first administrator.</summary>
    /// <returns>Or 403 <c>tenant_registration_closed</c>; 409 <c>tenant_registration_over</c>, <c>slug_taken</c>, <c>domain_not_proved</c>.</returns>
    internal async ValueTask<Result<TenantRegistration, Problem>> ActivateAsync(TenantContext tenant, TenantRegistration registration, AuditActor actor, string by, RequestFacts facts, CancellationToken ct)
    {
        if (registration.WaitsForDomain) return TenantRegistrationProblems.DomainUnproved;
        if (!EmailAddress.Parse(registration.Email).TryGet(out var email, out var unfit)) return unfit;
        if (await tenants.WasNamedAsync(registration.Slug, ct)) return TenantRegistrationProblems.SlugTaken;
        using var supplies = children.Prepare();
        await using var everything = await system.BeginAsync(ct);
        if (await RegisteredTenants.IsWithinAsync(everything, tenants, tenant.Id, ct)) return TenantRegistrationProblems.Closed;
        var tx = everything.For(tenant.Id);
        if (await tenants.HoldAsync(tx, ct) is null) return TenantRegistrationProblems.NotFound;
        // Whoever is gone or was disabled meanwhile gets nothing, nor who does not have the address any more.
        if (await users.FindAsync(tx, registration.User, ct) is not { Status: UserStatus.Active } person || !person.Emails.Any(e => e.Verified && e.Normalized == email.Normalized)) return TenantRegistrationProblems.Unverified;
        if (!(await children.CreateAsync(everything, supplies, tenant, registration.Slug, registration.DisplayName, actor, facts, ct)).TryGet(out var made, out var problem))
            return problem.Code == "domain_taken" ? TenantRegistrationProblems.SlugTaken : problem;
        tx = everything.For(tenant.Id);
        var now = clock.Now();
        if (!await RegistrationStore.TryActivateAsync(tx, registration.Id, made.Id, by, now, ct)) return TenantRegistrationProblems.Over;
        await audit.AppendAsync(tx, Entry("tenant_registration.approved", registration, actor, facts, ("made", made.Id.ToString())), ct);

        var inside = everything.For(made.Id);
        if (!(await users.CreateAsync(inside, email, verified: true, person.DisplayName, person.Locale, ct)).TryGet(out var first, out var notMade)) return notMade;
        await roles.MakeAdministratorAsync(inside, first.Id, ct);
        // No password travels with her: she sets one there, by a message to the address that she has proved here.
        var token = await links.IssueAsync(inside, LinkPurpose.ResetPassword, first.Id, first.PrimaryEmail!.Id, OneTimeLinks.ByAdministrator, linkLife, ct);
        await mailer.QueueAsync(inside, made, new Mail(email.Address, "tenant_ready", person.Locale ?? tenant.Settings.Locales.Default, new Dictionary<string, string>
        {
            ["link"] = made.Url($"/signin/reset?token={token}"), ["name"] = made.DisplayName, ["minutes"] = ((int)linkLife.TotalMinutes).ToString(CultureInfo.InvariantCulture),
        }), ct);
        await audit.AppendAsync(inside, new AuditEntry("tenant.set_up", AuditOutcome.Success, AuditActor.User(first.Id), "tenant", made.Id.ToString(), facts), ct);
        await everything.CommitAsync(ct);
        return await GetAsync(tenant, registration.Id, ct);
    }

    /// <returns>Null when it is over; 409 <c>tenant_registration_over</c>.</returns>
    internal async ValueTask<Problem?> EndAsync(TenantContext tenant, TenantRegistration registration, string state, string? reason, AuditActor actor, string by, RequestFacts facts, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!await RegistrationStore.TryEndAsync(tx, registration.Id, state, reason, by, clock.Now(), ct)) return TenantRegistrationProblems.Over;
        await audit.AppendAsync(tx, Entry($"tenant_registration.{state}", registration, actor, facts, ("reason", reason ?? "")), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    internal async ValueTask<TenantRegistration> GetAsync(TenantContext tenant, TenantRegistrationId id, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return (await RegistrationStore.FindAsync(tx, id, ct))!.At(clock.Now());
    }

    internal async ValueTask<TenantRegistration?> FindAsync(TenantContext tenant, string? id, CancellationToken ct)
    {
        if (!TenantRegistrationId.TryParse(id, out var parsed)) return null;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return (await RegistrationStore.FindAsync(tx, parsed, ct))?.At(clock.Now());
    }

    // Another's is as absent as one that is not there.
    private async ValueTask<TenantRegistration?> FindOwnAsync(TenantContext tenant, UserId user, string? id, CancellationToken ct) => await FindAsync(tenant, id, ct) is { } found && found.User == user ? found : null;

    /// <summary>Those that wait, and those whose tenant is there.</summary>
    private async ValueTask<int> CountOfAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        while (true)
        {
            // Not those that are shown to her: what was called off is no place to hide the others behind.
            var counting = await RegistrationStore.ListCountingAsync(tx, user, MaxListed, ct);
            var gone = 0;
            foreach (var own in counting)
                if (own.Created is { } created && await tenants.FindAsync(created, ct) is null)
                {
                    await RegistrationStore.ForgetAsync(tx, own.Id, ct);
                    gone++;
                }
            // A whole page of which some count no more: there may be others behind it.
            if (gone == 0 || counting.Count < MaxListed) return counting.Count - gone;
        }
    }

    private static string Facts(TenantRegistration r) =>
        JsonSerializer.Serialize(new Dictionary<string, string?> { ["registration"] = r.Id.ToString(), ["slug"] = r.Slug, ["display_name"] = r.DisplayName, ["domain"] = r.Domain }, SubtenantsJson.Default.DictionaryStringString);

    private static AuditEntry Entry(string action, TenantRegistration r, AuditActor actor, RequestFacts facts, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["slug"] = r.Slug };
        foreach (var (name, value) in more)
            if (value.Length > 0) details[name] = value;
        return new(action, AuditOutcome.Success, actor, "tenant_registration", r.Id.ToString(), facts, details);
    }
}
