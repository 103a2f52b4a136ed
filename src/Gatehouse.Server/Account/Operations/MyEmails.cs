using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;
using Gatehouse.Vault;

namespace Gatehouse.Account;

/// <summary>
/// My e-mail addresses. A new one is proved before it is anybody's: by a code, or by a link that is good only where I am signed in, so that
/// nobody can be talked into giving her address to another's account. Whether somebody has it already is told to its owner and to nobody
/// else: the answer is the same.
/// </summary>
internal sealed class MyEmails(IDatabase database, UserDirectory users, OwnUser own, RateLimit limits, Mailer mailer, TenantVault vault, AuditLog audit, TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private const int PerHour = 10, PerDay = 20, PerNetworkAndHour = 60;

    private static readonly AddressChange added = new("user.email_added", "email_added", OwnEmails.Path), removed = new("user.email_removed", "email_removed", OwnEmails.Path),
        madePrimary = new("user.email_made_primary", "primary_email_changed", OwnEmails.Path);

    internal ValueTask<IReadOnlyList<PendingEmail>> ListPendingAsync(TenantTransaction tx, UserId user, CancellationToken ct) => PendingEmailStore.ListAsync(tx, user, clock.Now(), ct);

    /// <summary>Sends code and link to an address that she wants to add, or has and has not proved.</summary>
    /// <returns>What waits for the code; 409 <c>email_yours</c>, <c>emails_too_many</c>; 422 <c>email_invalid</c>; 429 <c>emails_too_often</c>.</returns>
    internal async ValueTask<Result<PendingEmail, Problem>> AddAsync(Own me, string? text, CancellationToken ct)
    {
        if (!EmailAddress.Parse(text).TryGet(out var address, out var problem)) return problem with { Field = "address" };
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await users.FindAsync(tx, me.Id, ct) is not { } user) return ETags.Changed;
        var hers = user.Emails.FirstOrDefault(e => e.Normalized == address.Normalized);
        if (hers is { Verified: true }) return Problem.Conflict("email_yours", "This address is yours already.", "address");
        if (hers is null && OwnUser.CheckRoom(user) is { } full) return full;
        if (!await limits.TryTakeAsync(tx, "email.add.hour", me.Id.ToString(), PerHour, TimeSpan.FromHours(1), ct)
            || !await limits.TryTakeAsync(tx, "email.add.day", me.Id.ToString(), PerDay, TimeSpan.FromDays(1), ct)
            || !await limits.TryTakeAsync(tx, "email.add.ip", RateLimit.SiteKey(me.Request.IpAddress), PerNetworkAndHour, TimeSpan.FromHours(1), ct))
            return Problem.TooMany("emails_too_often", "Too many messages were asked for. Wait an hour.");

        var owner = hers is null ? await users.FindByEmailAsync(tx, address, ct) : null;
        var now = clock.Now();
        var pending = new PendingEmail(PendingEmailId.New(clock), address.Address, now, now + Lifetime);
        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        var token = Secret.New(Secret.LinkPrefix);
        if (!await PendingEmailStore.PutAsync(tx, me.Id, pending, address.Normalized, await MacAsync(tx, pending.Id, code, ct), Secret.Hash(token), ct)) return ETags.Changed;
        var mail = owner is null
            ? new Mail(address.Address, "confirm_email", me.Language, new Dictionary<string, string>
            {
                ["link"] = me.Tenant.Url($"{OwnEmails.VerifyPath}?token={token}"),
                ["code"] = $"{code[..4]} {code[4..]}",
                ["minutes"] = ((int)Lifetime.TotalMinutes).ToString(CultureInfo.InvariantCulture),
            })
            : new Mail(owner.EmailOf(address).Address, "email_in_use", owner.Locale ?? me.Language, new Dictionary<string, string> { ["link"] = me.Tenant.Url("/signin") });
        var queued = await mailer.QueueAsync(tx, me.Tenant, mail, ct);
        await audit.AppendAsync(tx, me.Entry("user.email_requested") with { Details = new Dictionary<string, string> { ["result"] = !queued ? "mail_limit" : owner is null ? "code_sent" : "in_use" } }, ct);
        await tx.CommitAsync(ct);
        return pending;
    }

    /// <returns>The user as she is then; 409 <c>email_taken</c>, <c>emails_too_many</c>; 422 <c>code_wrong</c>, also when there is no such address under way.</returns>
    internal async ValueTask<Result<User, Problem>> ConfirmAsync(Own me, PendingEmailId id, string? typed, CancellationToken ct)
    {
        await using (var attempt = await database.BeginAsync(me.Tenant.Id, ct))
        {
            if (await PendingEmailStore.AttemptAsync(attempt, id, me.Id, clock.Now(), ct) is not { } mac) return CodeWrong;
            var tried = await MacAsync(attempt, id, Digits(typed), ct);
            var right = CryptographicOperations.FixedTimeEquals(mac, tried);
            if (!right) await audit.AppendAsync(attempt, me.Entry("user.email_added") with { Outcome = AuditOutcome.Failure, Details = new Dictionary<string, string> { ["reason"] = "wrong_code" } }, ct);
            await attempt.CommitAsync(ct);
            if (!right) return CodeWrong;
        }
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        return await PendingEmailStore.TakeAsync(tx, id, me.Id, clock.Now(), ct) is { } pending ? await FinishAsync(tx, me, pending, ct) : CodeWrong;
    }

    /// <summary>What a link would add; null when it does nothing for her (any more).</summary>
    internal async ValueTask<PendingEmail?> FindByLinkAsync(Own me, string token, CancellationToken ct)
    {
        if (!Secret.HasShape(token, Secret.LinkPrefix)) return null;
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await PendingEmailStore.FindAsync(tx, Secret.Hash(token), me.Id, clock.Now(), ct);
    }

    /// <returns>As <see cref="ConfirmAsync"/>.</returns>
    internal async ValueTask<Result<User, Problem>> ConfirmByLinkAsync(Own me, string token, CancellationToken ct)
    {
        if (!Secret.HasShape(token, Secret.LinkPrefix)) return CodeWrong;
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        return await PendingEmailStore.TakeAsync(tx, Secret.Hash(token), me.Id, clock.Now(), ct) is { } pending ? await FinishAsync(tx, me, pending, ct) : CodeWrong;
    }

    /// <returns>Null when it is done; 404 <c>email_not_found</c>.</returns>
    internal async ValueTask<Problem?> ForgetAsync(Own me, PendingEmailId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await PendingEmailStore.DeleteAsync(tx, id, me.Id, ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("user.email_request_cancelled"), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <returns>The user as she is then; 404 <c>email_not_found</c>; 409 <c>email_not_verified</c>; 412 <c>version_mismatch</c>.</returns>
    internal async ValueTask<Result<User, Problem>> MakePrimaryAsync(Own me, EmailId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        return await madePrimary.ApplyAsync(tx, me, users, mailer, audit, (inner, user) => own.MakePrimaryAsync(inner, user, id, ct),
            (before, after) => (("address", after.PrimaryEmail!.Address), [before.PrimaryEmail?.Address, after.PrimaryEmail.Address]), ct);
    }

    /// <returns>The user as she is then; 404 <c>email_not_found</c>; 409 <c>email_primary</c>, <c>email_last_verified</c>; 412 <c>version_mismatch</c>.</returns>
    internal async ValueTask<Result<User, Problem>> RemoveAsync(Own me, EmailId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        return await removed.ApplyAsync(tx, me, users, mailer, audit, (inner, user) => own.RemoveEmailAsync(inner, user, id, ct),
            (before, after) =>
            {
                var gone = before.Emails.First(e => e.Id == id);
                // Whoever's address it was is told at it too, unless nobody ever said it was hers.
                return (("address", gone.Address), [after.PrimaryEmail?.Address, gone.Verified ? gone.Address : null]);
            }, ct);
    }

    private ValueTask<Result<User, Problem>> FinishAsync(TenantTransaction tx, Own me, PendingEmail pending, CancellationToken ct) =>
        EmailAddress.Parse(pending.Address).TryGet(out var address, out var problem)
            ? added.ApplyAsync(tx, me, users, mailer, audit, (inner, user) => own.AddEmailAsync(inner, user, address, ct), (before, _) => (("address", address.Address), [before.PrimaryEmail?.Address]), ct)
            : ValueTask.FromResult<Result<User, Problem>>(problem);

    /// <summary>Under a key of the tenant and bound to its row: eight digits alone would be found in the hash by trying them all.</summary>
    private async ValueTask<byte[]> MacAsync(TenantTransaction tx, PendingEmailId id, string code, CancellationToken ct) =>
        HMACSHA256.HashData(await vault.DeriveKeyAsync(tx, "pending_email.code", ct), Encoding.UTF8.GetBytes($"{id}:{code}"));

    /// <summary>The digits of what was typed, in whatever script, without what stands between them.</summary>
    private static string Digits(string? typed) => typed is null or { Length: > 64 } ? "" : new([.. typed.Where(char.IsDigit).Select(c => (char)('0' + (int)char.GetNumericValue(c)))]);

    private static Problem CodeWrong { get; } =
        Problem.Invalid("code_wrong", "The code is wrong, was used or is too old, or there were too many attempts. Ask for a new one.", "code");

    internal static Problem NotFound { get; } = Problem.NotFound("email_not_found", "There is no such address in your account.");
}
