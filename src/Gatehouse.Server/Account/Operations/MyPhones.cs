using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>
/// My telephone numbers. A new one is proved before it is mine, by a code that is good only in the session that asked for it. Whether somebody
/// has it already shows to who reads the telephone and to nobody else.
/// </summary>
internal sealed class MyPhones(IDatabase database, UserDirectory users, OwnUser own, PhoneProofs proofs, RateLimit limits, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    private const int PerHour = 10, PerDay = 20;

    private static readonly AddressChange added = new("user.phone_added", "phone_added", OwnPhones.Path), removed = new("user.phone_removed", "phone_removed", OwnPhones.Path),
        madePrimary = new("user.phone_made_primary", "primary_phone_changed", OwnPhones.Path);

    /// <summary>Whether the tenant has text messages sent at all.</summary>
    internal static bool AreTexted(TenantContext tenant) => tenant.Settings.Sms.AllowedCountries.Count > 0;

    internal ValueTask<IReadOnlyList<PendingPhone>> ListPendingAsync(TenantTransaction tx, Own me, CancellationToken ct) =>
        PendingPhoneStore.ListAsync(tx, me.Id, me.Visitor.Session.Id, clock.Now(), ct);

    /// <summary>Sends a code to a number that she wants to add, or has and has not proved. Limits of what is sent do not show.</summary>
    /// <returns>What waits for the code; 409 <c>phone_yours</c>; 422 <c>phone_invalid</c>, <c>phone_country_closed</c>, <c>phones_too_many</c>; 429 <c>phones_too_often</c>.</returns>
    internal async ValueTask<Result<PendingPhone, Problem>> AddAsync(Own me, string? text, CancellationToken ct)
    {
        if (PhoneNumber.Parse(text, me.Tenant.Settings.Sms.DefaultCountry) is not { } number) return OwnUser.PhoneInvalid;
        if (!IsOpen(me.Tenant, number)) return CountryClosed;
        var now = clock.Now();
        var pending = new PendingPhone(PendingPhoneId.New(clock), number.Value, now, now.AddSeconds(me.Tenant.Settings.SignIn.CodeSeconds));
        User user;
        await using (var tx = await database.BeginAsync(me.Tenant.Id, ct))
        {
            if (await users.FindAsync(tx, me.Id, ct) is not { } found) return ETags.Changed;
            user = found;
            var hers = user.Phones.FirstOrDefault(p => p.Number == number.Value);
            if (hers is { Verified: true }) return Problem.Conflict("phone_yours", "This number is yours already.", "number");
            if (hers is null && OwnUser.CheckPhoneRoom(user) is { } full) return full;
            if (await CountAsync(tx, limits, me, ct) is { } tooOften) return tooOften;
            if (!await PendingPhoneStore.PutAsync(tx, me.Id, me.Visitor.Session.Id, pending, ct)) return ETags.Changed;
            await tx.CommitAsync(ct);
        }
        await SendAsync(database, proofs, audit, me, user, number, ct);
        return pending;
    }

    /// <returns>The user as she is then; 409 <c>phone_taken</c>; 412 <c>version_mismatch</c>; 422 <c>code_wrong</c>, also when no such number waits, <c>phones_too_many</c>.</returns>
    internal async ValueTask<Result<User, Problem>> ConfirmAsync(Own me, PendingPhoneId id, string? typed, CancellationToken ct)
    {
        var session = me.Visitor.Session.Id;
        PendingPhone? pending;
        await using (var read = await database.ReadAsync(me.Tenant.Id, ct)) pending = await PendingPhoneStore.FindAsync(read, id, me.Id, session, clock.Now(), ct);
        if (pending is null || PhoneNumber.Parse(pending.Number) is not { } number) return PhoneProofs.Wrong;
        var user = me.Visitor.User;
        var problem = await proofs.ConfirmAsync(me.Tenant, user, session, number, typed ?? "", me.Device, me.Request, async tx =>
        {
            await PendingPhoneStore.DeleteAsync(tx, id, me.Id, session, ct);
            await added.TellAsync(tx, me, mailer, audit, user, ("number", number.Value), [user.PrimaryEmail?.Address], ct);
        }, ct);
        await using var after = await database.BeginAsync(me.Tenant.Id, ct);
        if (problem is null) return await users.FindAsync(after, me.Id, ct) is { } written ? written : ETags.Changed;
        await audit.AppendAsync(after, me.Entry("user.phone_added") with { Outcome = AuditOutcome.Failure, Details = new Dictionary<string, string> { ["reason"] = problem.Code } }, ct);
        await after.CommitAsync(ct);
        return problem;
    }

    /// <returns>Null when it is done; 404 <c>phone_not_found</c>.</returns>
    internal async ValueTask<Problem?> ForgetAsync(Own me, PendingPhoneId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await PendingPhoneStore.DeleteAsync(tx, id, me.Id, me.Visitor.Session.Id, ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("user.phone_request_cancelled"), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <returns>The user as she is then; 404 <c>phone_not_found</c>; 409 <c>phone_not_verified</c>; 412 <c>version_mismatch</c>.</returns>
    internal async ValueTask<Result<User, Problem>> MakePrimaryAsync(Own me, PhoneId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        return await madePrimary.ApplyAsync(tx, me, users, mailer, audit, (inner, user) => own.MakePhonePrimaryAsync(inner, user, id, ct),
            (_, after) => (("number", after.PrimaryPhone!.Number), [after.PrimaryEmail?.Address]), ct);
    }

    /// <returns>The user as she is then; 404 <c>phone_not_found</c>; 409 <c>phone_primary</c>, <c>phone_in_use</c>; 412 <c>version_mismatch</c>.</returns>
    internal async ValueTask<Result<User, Problem>> RemoveAsync(Own me, PhoneId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        return await removed.ApplyAsync(tx, me, users, mailer, audit, (inner, user) => own.RemovePhoneAsync(inner, user, id, ct),
            (before, after) => (("number", before.Phones.First(p => p.Id == id).Number), [after.PrimaryEmail?.Address]), ct);
    }

    internal static bool IsOpen(TenantContext tenant, PhoneNumber number) => tenant.Settings.Sms.AllowedCountries.Contains(number.Country, StringComparer.Ordinal);

    /// <summary>One person's share of messages, whatever they are for: each costs money. What numbers, networks and the tenant may have is Messaging's.</summary>
    internal static async ValueTask<Problem?> CountAsync(TenantTransaction tx, RateLimit limits, Own me, CancellationToken ct) =>
        await limits.TryTakeAsync(tx, "phone.code.hour", me.Id.ToString(), PerHour, TimeSpan.FromHours(1), ct)
        && await limits.TryTakeAsync(tx, "phone.code.day", me.Id.ToString(), PerDay, TimeSpan.FromDays(1), ct)
            ? null
            : Problem.TooMany("phones_too_often", "Too many text messages were asked for. Wait an hour.");

    /// <summary>In a transaction of its own: where a limit of what is sent is reached, the code is undone and the rest stays.</summary>
    internal static async ValueTask SendAsync(IDatabase database, PhoneProofs proofs, AuditLog audit, Own me, User user, PhoneNumber number, CancellationToken ct)
    {
        await using (var tx = await database.BeginAsync(me.Tenant.Id, ct))
        {
            if (await proofs.SendAsync(tx, me.Tenant, user, me.Visitor.Session.Id, number, me.Language, me.Request, ct))
            {
                await audit.AppendAsync(tx, Requested(me, "code_sent"), ct);
                await tx.CommitAsync(ct);
                return;
            }
        }
        await using var refused = await database.BeginAsync(me.Tenant.Id, ct);
        await audit.AppendAsync(refused, Requested(me, "limit") with { Outcome = AuditOutcome.Denied }, ct);
        await refused.CommitAsync(ct);
    }

    private static AuditEntry Requested(Own me, string result) => me.Entry("user.phone_requested") with { Details = new Dictionary<string, string> { ["result"] = result } };

    internal static Problem CountryClosed { get; } = Problem.Invalid("phone_country_closed", "No text messages are sent from here to numbers of that country.", "number");

    internal static Problem NotFound { get; } = Problem.NotFound("phone_not_found", "There is no such number in your account.");
}
