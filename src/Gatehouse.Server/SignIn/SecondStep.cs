using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>
/// What stands between a right password and a session: nothing, a code, or setting one up. Between the two steps the run knows who she is
/// and what she has proved; no form does, and the browser holds nothing new.
/// </summary>
internal sealed class SecondStep(SecondFactors factors, Passwords passwords, SessionDirectory sessions, UserDirectory users, SignInRun run, Interactions interactions, IDatabase database)
{
    /// <returns>The page that must follow a right password; null: the session may begin.</returns>
    internal async ValueTask<string?> PathAsync(TenantTransaction tx, TenantContext tenant, UserId user, CancellationToken ct) =>
        await factors.HasAsync(tx, user, ct) ? CodeStep.Path
            : tenant.Settings.SignIn.SecondFactor == SignInSettings.Required ? EnrolStep.Path
            : null;

    /// <summary>The run and the person who has proved the first factor in it.</summary>
    /// <returns>Or where to go: the page of an expired run, back to the password, or on, when another tab has finished it.</returns>
    internal async ValueTask<Result<HalfWay, Elsewhere>> FindAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        Interaction? interaction;
        await using (var read = await database.ReadAsync(tenant.Id, ct))
        {
            if (!(await run.FindAsync(read, http, tenant, ct)).TryGet(out interaction, out var expired)) return new Elsewhere(expired);
            if (interaction.Proved is { } proved && await users.FindAsync(read, proved.User, ct) is { Status: UserStatus.Active } user)
                return new HalfWay(interaction, proved, user, await factors.HasAsync(read, user.Id, ct));
        }
        // The browser's own session fulfilled it: a second click, or the button back.
        return interaction.SessionId is { } fulfilled && await sessions.FindCurrentAsync(http, tenant, ct) is { } session && session.Id == fulfilled
            ? new Elsewhere(new ContinueResult(tenant.Issuer + interaction.ReturnPath, SignInRun.Options(interaction)))
            : new Elsewhere(SignInRun.SeeOther(tenant, SignInRun.Path(PasswordStep.Path, interaction.Id)));
    }

    /// <summary>
    /// Uses up the first step in the transaction of the second. The password must still be the one that was proved, and she must be active,
    /// until that transaction ends; in the order in which a reset and a disabling lock what they change.
    /// </summary>
    /// <returns>False when any of it is no longer so, or another submit has finished the run: then nothing may be committed.</returns>
    internal async ValueTask<bool> SpendAsync(TenantTransaction tx, HalfWay halfWay, CancellationToken ct)
    {
        foreach (var proof in halfWay.Proved.Proofs)
        {
            if (proof.Method != "pwd") continue;
            if (await passwords.ChangedAtAsync(tx, halfWay.User.Id, ct) is not { } set || set > proof.At || !await passwords.HoldAsync(tx, halfWay.User.Id, set, ct)) return false;
        }
        return await users.HoldActiveAsync(tx, halfWay.User.Id, ct) && await interactions.SpendProofsAsync(tx, halfWay.Interaction, ct);
    }

    /// <summary>Everything that was proved, in the words of RFC 8176: two factors of different kinds are <c>mfa</c>.</summary>
    internal static IReadOnlyList<string> Methods(Proved proved, IAuthenticator authenticator) =>
        [.. proved.Proofs.Select(p => p.Method).Concat(authenticator.Methods).Distinct(StringComparer.Ordinal), "mfa"];
}

/// <summary>A sign-in between its two steps.</summary>
/// <param name="HasFactor">Whether she has a second step; else she must set one up.</param>
internal sealed record HalfWay(Interaction Interaction, Proved Proved, User User, bool HasFactor)
{
    internal string Name => Interaction.Identifier ?? User.PrimaryEmail?.Address ?? User.Id.ToString();
}
