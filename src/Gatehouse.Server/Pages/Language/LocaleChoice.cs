using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>
/// Which language a request is answered in. In order: what the person chose on this page (<c>?lang=</c>), what she chose earlier
/// during this interaction, what the application asked for (<c>ui_locales</c>), what she chose some time ago (cookie <c>lang</c>),
/// what her browser asks for, the tenant's default. Only languages the tenant offers.
/// </summary>
/// <remarks>
/// OpenID Connect Core §3.1.2.1 calls <c>ui_locales</c> the person's preference as the application knows it; a choice made on our own
/// page after the application asked is newer knowledge, so the cookie remembers the interaction it was made in.
/// </remarks>
public static class LocaleChoice
{
    private const string CookiePurpose = "lang";

    /// <summary>The query parameter of the language switch.</summary>
    public const string Parameter = "lang";

    public static Locale For(HttpContext http, TenantContext? tenant, IReadOnlyList<string>? uiLocales = null, InteractionId? interaction = null)
    {
        var settings = tenant?.Settings.Locales ?? TenantSettings.Default.Locales;
        if (Offered(settings, http.Request.Query[Parameter].ToString()) is { } chosen) return chosen;

        var (cookie, during) = ReadCookie(http, tenant);
        var earlier = Offered(settings, cookie);
        if (earlier is not null && interaction is { } current && during == current.ToString()) return earlier;
        foreach (var tag in uiLocales ?? [])
        {
            if (Offered(settings, tag) is { } asked) return asked;
        }
        if (earlier is not null) return earlier;
        foreach (var wanted in http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Take(10))
        {
            if (wanted.Quality != 0 && Offered(settings, wanted.Value.AsSpan()) is { } accepted) return accepted;
        }
        return Offered(settings, settings.Default) ?? Locale.English;
    }

    /// <summary>Remembers a choice made through the language switch, for 400 days (the most browsers keep a cookie).</summary>
    internal static void Remember(HttpContext http, TenantContext? tenant, Locale locale, InteractionId? interaction)
    {
        if (Locale.Find(http.Request.Query[Parameter].ToString()) != locale) return;
        var value = interaction is { } id ? $"{locale.Tag}.{id}" : locale.Tag;
        http.Response.Cookies.Append(Name(tenant), value, new CookieOptions
        {
            HttpOnly = true,
            Secure = tenant?.IsHttps ?? http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = TimeSpan.FromDays(400),
            IsEssential = true,
        });
    }

    private static Locale? Offered(LocaleSettings settings, ReadOnlySpan<char> tag)
    {
        if (Locale.Find(tag) is not { } locale) return null;
        foreach (var offered in settings.Offered)
        {
            if (string.Equals(offered, locale.Tag, StringComparison.Ordinal)) return locale;
        }
        return null;
    }

    private static (string Tag, string Interaction) ReadCookie(HttpContext http, TenantContext? tenant)
    {
        var value = http.Request.Cookies[Name(tenant)] ?? "";
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (value, "") : (value[..dot], value[(dot + 1)..]);
    }

    private static string Name(TenantContext? tenant) => tenant?.CookieName(CookiePurpose) ?? "gh-lang";
}
