using Gatehouse.Http;

namespace Gatehouse.Sessions;

/// <summary>
/// What a tenant calls the levels of <see cref="Assurance"/>: the values of <c>acr_values</c> and <c>acr</c> (OpenID Connect Core §2, §3.1.2.1, RFC 9470).
/// </summary>
public static class AcrLevels
{
    /// <summary>The level that this value asks for; null when the tenant does not know it.</summary>
    public static int? LevelOf(TenantContext tenant, string acr)
    {
        var levels = tenant.Settings.SignIn.Levels;
        for (var i = 0; i < levels.Count; i++)
            if (string.Equals(levels[i].Acr, acr, StringComparison.Ordinal)) return levels[i].Level;
        return null;
    }

    /// <summary>The least that satisfies one of these values; 0 when none of them is known, or there are none.</summary>
    public static int Demanded(TenantContext tenant, IReadOnlyList<string> values)
    {
        var least = 0;
        for (var i = 0; i < values.Count; i++)
            if (LevelOf(tenant, values[i]) is { } level && (least == 0 || level < least)) least = level;
        return least;
    }

    /// <summary>What to call what was done: the first value asked for that it satisfies; else the first name of the highest level it reaches.</summary>
    public static string NameOf(TenantContext tenant, IReadOnlyList<string> methods, IReadOnlyList<string> asked)
    {
        var reached = Assurance.LevelOf(methods);
        for (var i = 0; i < asked.Count; i++)
            if (LevelOf(tenant, asked[i]) is { } level && level <= reached) return asked[i];
        AcrLevel? best = null;
        var levels = tenant.Settings.SignIn.Levels;
        for (var i = 0; i < levels.Count; i++)
            if (levels[i].Level <= reached && (best is null || levels[i].Level > best.Level)) best = levels[i];
        // OpenID Connect Core §2: "0" says that the sign-in reaches no level that has a name.
        return best?.Acr ?? "0";
    }
}
