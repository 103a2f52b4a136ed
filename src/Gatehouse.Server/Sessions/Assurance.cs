namespace Gatehouse.Sessions;

/// <summary>
/// How sure we are of somebody, from what she really did: the RFC 8176 values of a session. Levels are those of NIST SP 800-63-4: 1, one
/// factor; 2, two factors of different kinds; 3, two of which one is a key that never leaves its device and cannot be phished.
/// </summary>
public static class Assurance
{
    /// <summary>Stands where two factors of different kinds were used, or one authenticator that is both.</summary>
    public const string Mfa = "mfa";

    // Whoever reads a person's mail can set a new password: the two are one factor, however they are combined.
    private static readonly string[] known = ["pwd", "pin", "kba", "email"], held = ["otp", "sms", "tel", "pop", "hwk", "swk", "sc"];

    /// <summary>Everything that was done, each once, with <c>mfa</c> where it follows.</summary>
    public static IReadOnlyList<string> Combine(IEnumerable<string> methods)
    {
        string[] done = [.. methods.Distinct(StringComparer.Ordinal)];
        return !done.Contains(Mfa, StringComparer.Ordinal) && done.Any(known.Contains) && done.Any(held.Contains) ? [.. done, Mfa] : done;
    }

    /// <summary>1, 2 or 3.</summary>
    public static int LevelOf(IReadOnlyList<string> methods) =>
        !methods.Contains(Mfa, StringComparer.Ordinal) ? 1 : methods.Contains("hwk", StringComparer.Ordinal) ? 3 : 2;

    /// <summary>Whether she showed something that a password and a mailbox cannot replace, beside or instead of them: a code app, a recovery code, a key; not her telephone alone.</summary>
    public static bool HasSecondFactor(IReadOnlyList<string> methods) =>
        methods.Contains(Mfa, StringComparer.Ordinal) || methods.Any(m => m is "otp" or "hwk" or "swk");

    /// <summary>Whether she took two steps, of whatever kinds, or one that is worth two.</summary>
    public static bool HasTwoSteps(IReadOnlyList<string> methods) =>
        methods.Contains(Mfa, StringComparer.Ordinal) || methods.Count(m => known.Contains(m, StringComparer.Ordinal) || held.Contains(m, StringComparer.Ordinal)) > 1;
}
