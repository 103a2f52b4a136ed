using System.Diagnostics.Metrics;
using Gatehouse.Credentials;
using Gatehouse.Http;

namespace Gatehouse.SignIn;

/// <summary>What operators see of sign-ins.</summary>
internal sealed class SignInMetrics(IMeterFactory meters)
{
    private readonly Counter<long> signIns = ProductMeter.Of(meters).CreateCounter<long>("gatehouse.sign_ins", "{sign_in}", "Sign-ins by password or passkey, by outcome.");

    internal void Succeeded() => Count("success");
    internal void Registered() => Count("registered");

    /// <param name="verdict">What the password was; right, where it was somebody else's than the application asked for.</param>
    internal void Refused(PasswordVerdict verdict) => Count(verdict switch
    {
        PasswordVerdict.Wrong => "wrong",
        PasswordVerdict.Throttled => "throttled",
        _ => "wrong_account",
    });

    internal void RefusedPasskey() => Count("passkey_refused");

    private void Count(string outcome) => signIns.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
