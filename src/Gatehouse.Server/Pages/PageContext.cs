using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Pages;

/// <summary>What every component of a page may know. Cascaded from the root; built once per answer.</summary>
/// <param name="Tenant">Null only where no tenant was found: first-run set-up and the page for an unknown address.</param>
/// <param name="Csrf">Goes into every form as <c>csrf</c>; empty without a tenant.</param>
/// <param name="PathAndQuery">Of this request inside the tenant, without <c>lang</c>: what the language switch links to.</param>
public sealed record PageContext(TenantContext? Tenant, Locale Locale, string Csrf, string RequestId, string PathAndQuery, DateTimeOffset Now)
{
    /// <summary>The colour of these pages, <c>#rrggbb</c>: an organization's where one is known that has its own, else the tenant's.</summary>
    public string Accent { get => field ?? Settings.Brand.Accent; init; }

    public Texts Text { get; } = Texts.For(Locale);

    /// <summary>Above the page; null for nearly everybody.</summary>
    public PageBanner? Banner { get; init; }

    /// <summary>The name people know this place by.</summary>
    public string DisplayName => Tenant?.DisplayName ?? "Gatehouse";

    public TenantSettings Settings => Tenant?.Settings ?? TenantSettings.Default;

    /// <summary>A link inside this tenant.</summary>
    /// <param name="path">Begins with a slash.</param>
    public string Link(string path) => Tenant?.PathBase + path;

    /// <summary>This same page in another language.</summary>
    public string InLanguage(Locale locale) =>
        Link($"{PathAndQuery}{(PathAndQuery.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{LocaleChoice.Parameter}={locale.Tag}");

    /// <summary>"5 minutes ago" within a month, a date before that.</summary>
    public string When(DateTimeOffset time)
    {
        var span = Now - time;
        return span < TimeSpan.FromDays(30) ? Text.Ago(span < TimeSpan.Zero ? TimeSpan.Zero : span) : Locale.Date(time);
    }
}

/// <summary>What an answer may say beyond its component.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="UiLocales">Languages the application asked for.</param>
/// <param name="Interaction">The interaction the page belongs to: a language chosen now outranks the application's wish for its rest.</param>
public sealed record PageOptions(int Status = 200, IReadOnlyList<string>? UiLocales = null, InteractionId? Interaction = null, TimeSpan? RetryAfter = null)
{
    public static PageOptions Default { get; } = new();
}
