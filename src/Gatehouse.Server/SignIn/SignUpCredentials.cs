using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>What somebody who signs up will sign in with, judged and not yet hers.</summary>
/// <param name="Methods">RFC 8176 values of what was done.</param>
internal sealed record SignUpCredential(string? Password, NewPasskey? Passkey, IReadOnlyList<string> Methods);

/// <summary>
/// What the tenant lets people who sign up choose from (<c>registration.credential</c>): a passkey, whose challenge is the link's, or a password. Judged before
/// anything is made: a refusal leaves the link as it was.
/// </summary>
internal sealed class SignUpCredentials(IDatabase database, Passwords passwords, Passkeys passkeys, AuditLog audit)
{
    /// <summary>Puts on the page what may be chosen.</summary>
    internal async ValueTask<ChoosePasswordModel> OfferAsync(TenantContext tenant, string token, SignUpDraft draft, ChoosePasswordModel page, CancellationToken ct)
    {
        return page with { Passkey = await BeginPasskeyAsync(tenant, Subject(token), draft, ct), PasskeyAction = $"{SignUpVerify.PasskeyPath}?token={token}", Password = OffersPassword(tenant) };
    }

    /// <summary>What an authenticator is asked to make; null where no passkey is offered.</summary>
    /// <param name="subject">What the challenge is kept by.</param>
    internal async ValueTask<PasskeyCreation?> BeginPasskeyAsync(TenantContext tenant, Guid subject, SignUpDraft draft, CancellationToken ct)
    {
        if (!OffersPasskey(tenant) || draft.User is not { } id) return null;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var creation = await passkeys.BeginSignUpAsync(tx, tenant, subject, id, draft.Email, draft.Name, ct);
        await tx.CommitAsync(ct);
        return creation;
    }

    /// <returns>What <see cref="GiveAsync"/> takes; or, for the page, <c>passkey_only</c> or what the policy has against it.</returns>
    internal async ValueTask<Result<SignUpCredential, string>> PasswordAsync(TenantContext tenant, SignUpDraft draft, string typed, CancellationToken ct)
    {
        if (!OffersPassword(tenant)) return "passkey_only";
        return (await passwords.HashNewAsync(tenant, typed, draft.Email, ct)).TryGet(out var phc, out var problem) ? new SignUpCredential(phc, null, ["pwd"]) : problem.Code;
    }

    /// <returns>What <see cref="GiveAsync"/> takes; or why not: the challenge is used up either way.</returns>
    internal async ValueTask<Result<SignUpCredential, string>> PasskeyAsync(TenantContext tenant, Guid subject, StepInput form, RequestFacts request, CancellationToken ct)
    {
        if (!OffersPasskey(tenant)) return "passkey_invalid";
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        var judged = await passkeys.JudgeSignUpAsync(tx, tenant, subject, new PasskeyForm(form["id"], form["client_data"], form["data"], "", "", form["transports"]), ct);
        if (judged.TryGet(out var made, out var refused))
        {
            await tx.CommitAsync(ct);
            return new SignUpCredential(null, made, made.Methods);
        }
        await audit.AppendAsync(tx, new AuditEntry("user.registered", AuditOutcome.Failure, AuditActor.Anonymous, null, null, request, new Dictionary<string, string> { ["reason"] = refused.Reason }), ct);
        await tx.CommitAsync(ct);
        return refused.Code;
    }

    /// <summary>Makes it hers, in the transaction that made the account.</summary>
    /// <returns>Null; or a code, and then the caller does not commit.</returns>
    internal async ValueTask<string?> GiveAsync(TenantTransaction tx, TenantContext tenant, User user, SignUpCredential credential, RequestFacts request, CancellationToken ct)
    {
        if (credential.Passkey is not { } made)
        {
            await passwords.SetAsync(tx, user.Id, credential.Password!, ct);
            return null;
        }
        var device = DeviceName.Of(request.UserAgent);
        var name = (device.Known ? PasskeyName.Parse($"{device.Browser}, {device.System}") : null) ?? PasskeyName.Parse(tenant.DisplayName) ?? "1";
        if (!(await passkeys.StoreAsync(tx, tenant, user.Id, name, made, ct)).TryGet(out var passkey, out var refused)) return refused.Code;
        await audit.AppendAsync(tx, new AuditEntry("passkey.added", AuditOutcome.Success, AuditActor.User(user.Id), "user", user.Id.ToString(), request,
            new Dictionary<string, string> { ["passkey"] = passkey.Id.ToString() }), ct);
        return null;
    }

    internal static bool OffersPasskey(TenantContext tenant) =>
        tenant.Settings.Registration.Credential != RegistrationSettings.Password && tenant.Settings.SignIn.Offers(SignInSettings.Passkey) && Passkeys.RpId(tenant) is not null;

    internal static bool OffersPassword(TenantContext tenant) => tenant.Settings.Registration.Credential != RegistrationSettings.Passkey;

    /// <summary>What the challenge of a link's passkey, or a code that is asked for behind it, is kept by.</summary>
    internal static Guid Subject(string token) => new(Secret.Hash(token).AsSpan(0, 16));
}
