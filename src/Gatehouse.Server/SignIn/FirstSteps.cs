using Gatehouse.Http;

namespace Gatehouse.SignIn;

/// <summary>Which step follows the address.</summary>
internal static class FirstSteps
{
    /// <summary>The password where it is offered, else the code by mail: one of them always is.</summary>
    internal static string Of(TenantContext tenant) => tenant.Settings.SignIn.Offers(SignInSettings.Password) ? PasswordStep.StepName : EmailCodeStep.StepName;
}
