using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>Decides which step follows from what has been proved. Asked after every proof, and by nothing else is a session begun.</summary>
internal sealed class SignInPlan(SecondFactors factors, Passwords passwords)
{
    /// <param name="methods">Everything proved so far, combined.</param>
    /// <returns>The next step's name; null: it is enough.</returns>
    internal async ValueTask<string?> NextAsync(TenantTransaction tx, Run run, UserId user, IReadOnlyList<string> methods, CancellationToken ct)
    {
        var demanded = run.Interaction.Demand.Level;
        if (!Assurance.HasTwoSteps(methods))
        {
            if (await factors.FirstAsync(tx, user, ct) is { } factor) return factor.Name;
            if (run.Tenant.Settings.SignIn.SecondFactor == SignInSettings.Required || demanded > 1) return EnrolStep.StepName;
        }
        // Two keys of one kind are two steps and one factor.
        if (demanded > 1 && Assurance.LevelOf(methods) < 2 && !methods.Contains("pwd", StringComparer.Ordinal) && await passwords.ChangedAtAsync(tx, user, ct) is not null)
            return PasswordStep.StepName;
        return null;
    }
}
