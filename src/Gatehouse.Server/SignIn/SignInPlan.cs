using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.SignIn;

/// <summary>Decides which step follows from what has been proved. Asked after every proof, and by nothing else is a session begun.</summary>
internal sealed class SignInPlan(SecondFactors factors, Passwords passwords)
{
    /// <summary>With which steps the person whose address is known may begin to prove who she is, the usual one first.</summary>
    internal IReadOnlyList<string> FirstFactors(Run run)
    {
        var offered = run.Tenant.Settings.SignIn;
        if (!EmailAddress.Parse(run.Interaction.Identifier).TryGet(out _, out _)) return offered.Offers(SignInSettings.SmsCode) ? [SmsCodeStep.StepName] : [];
        return [.. new[] { PasswordStep.StepName, EmailCodeStep.StepName }.Where(offered.Offers)];
    }

    /// <param name="methods">Everything proved so far, combined.</param>
    /// <returns>The steps of which one must follow, the usual one first; none: it is enough.</returns>
    internal async ValueTask<IReadOnlyList<string>> NextAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, CancellationToken ct)
    {
        var demanded = run.Interaction.Demand.Level;
        if (!Assurance.HasTwoSteps(methods) && await factors.HasAsync(tx, user, ct))
        {
            // The same telephone twice is one proof: who began with it goes on with something else, or begins with her address.
            var began = methods.Contains("sms", StringComparer.Ordinal) ? SmsAuthenticator.AuthenticatorName : null;
            string[] left = [.. (await factors.DescribeAsync(tx, user, ct)).Select(state => state.Name).Where(name => name != began)];
            return left is [RecoveryCodes.AuthenticatorName] or [] ? [IdentifierStep.StepName, .. left] : left;
        }
        // After a second step that she has, so that the old password alone does not set the new one; before one that she sets up, whose
        // recovery codes are shown at the end.
        if (methods.Contains("pwd", StringComparer.Ordinal) && await passwords.ChangeDueAsync(tx, run.Tenant, user, ct) is not null) return [NewPasswordStep.StepName];
        if (!Assurance.HasTwoSteps(methods) && (run.Tenant.Settings.SignIn.SecondFactor == SignInSettings.Required || demanded > 1)) return [EnrolStep.StepName];
        // Two keys of one kind are two steps and one factor.
        if (demanded > 1 && Assurance.LevelOf(methods) < 2 && !methods.Contains("pwd", StringComparer.Ordinal) && await passwords.ChangedAtAsync(tx, user, ct) is not null)
            return [PasswordStep.StepName];
        return [];
    }
}
