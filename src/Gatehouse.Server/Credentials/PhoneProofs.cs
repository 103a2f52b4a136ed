using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

/// <summary>
/// How a person shows that a number is hers: a code is sent to it and typed in the session that asked. The number becomes hers only then, so
/// that nobody can occupy another's.
/// </summary>
public sealed class PhoneProofs(IDatabase database, OneTimeCodes codes, Texter texter, UserDirectory users)
{
    /// <summary>Sends a code to a number. The caller commits, unless it is false.</summary>
    /// <param name="session">Where the code will be typed.</param>
    /// <returns>False: too soon, too often, or a limit is reached; answer as if it had been sent.</returns>
    public async ValueTask<bool> SendAsync(TenantTransaction tx, TenantContext tenant, User user, SessionId session, PhoneNumber number, string locale, RequestFacts request, CancellationToken ct) =>
        await codes.IssueAsync(tx, tenant, Binding(user.Id, session, number), user.Id, null, ct) is { } issued
        && await texter.QueueAsync(tx, tenant, new(number, "verify_phone", user.Locale ?? locale, issued.Code, issued.Lifetime, RateLimit.SiteKey(request.IpAddress)) { Proved = true }, ct);

    /// <summary>What was sent to this number from this session, if anything was.</summary>
    public ValueTask<CodeState?> FindSentAsync(TenantTransaction tx, UserId user, SessionId session, PhoneNumber number, CancellationToken ct) =>
        codes.FindAsync(tx, Binding(user, session, number), ct);

    /// <summary>Makes the number hers if the code is right, together with what the caller does then.</summary>
    /// <param name="then">In the same transaction: audit, notices.</param>
    /// <returns>Null when it is hers now; <c>code_wrong</c>, also after too many tries; <c>phone_taken</c>, <c>phones_too_many</c>.</returns>
    public async ValueTask<Problem?> ConfirmAsync(TenantContext tenant, User user, SessionId session, PhoneNumber number, string typed, byte[]? device, RequestFacts request,
        Func<TenantTransaction, ValueTask> then, CancellationToken ct)
    {
        if (await codes.BeginAttemptAsync(tenant, Binding(user.Id, session, number), user.Id, device, request, ct) is not { } attempt) return Wrong;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await codes.RedeemAsync(tx, attempt, typed, ct) != user.Id) return Wrong;
        if (await users.AddProvedPhoneAsync(tx, user.Id, number, ct) is { } refused) return refused;
        await then(tx);
        await tx.CommitAsync(ct);
        return null;
    }

    public static Problem Wrong { get; } = Problem.Invalid("code_wrong", "The code is wrong, or has been used or replaced, or there were too many tries.", "code");

    private static CodeBinding Binding(UserId user, SessionId session, PhoneNumber number) => new(CodePurpose.VerifyPhone, session.Value, $"{user}:{number}");
}
