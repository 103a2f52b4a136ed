using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>
/// One request of somebody whose sign-in is under way: what every step knows of her, whether a browser shows her pages or a program asks
/// for her over the JSON API. Steps read no form, no query and no cookie.
/// </summary>
/// <param name="Binding">Hash of what the run is bound to: the browser's device cookie, or the program's <c>auth_session</c>.</param>
/// <param name="Headless">A program drives it: a session that begins gets no cookie.</param>
internal sealed record Run(HttpContext Http, TenantContext Tenant, RequestFacts Request, Interaction Interaction, byte[] Binding, bool Headless)
{
    /// <summary>Hash of what tells a person's own browser or program from a stranger's; null: a program that sent none.</summary>
    internal byte[]? Device => Headless ? Interaction.Demand.Device : Binding;

    internal Situation Situation => new(Tenant, Request, Interaction.Demand, Device, Headless ? null : Http, Interaction.Proved?.Answers ?? []) { Organization = Interaction.Proved?.Organization };

    /// <summary>Where the browser goes on when it is done.</summary>
    internal string ReturnUrl => Tenant.Issuer + Interaction.ReturnPath;

    internal string Locale => LocaleChoice.For(Http, Tenant, Interaction.Demand.UiLocales, Interaction.Id).Tag;
}

/// <summary>What a tenant's flow is asked about, before anything of the person.</summary>
/// <param name="Device">Hash of the browser's device cookie, or of the device a program keeps; null where there is none.</param>
/// <param name="Http">Whose cookies may say that she trusts this browser; null: a program's, of which none are read.</param>
/// <param name="Answers">What the tenant's programs and pages have said of her, in this run or for this session.</param>
internal readonly record struct Situation(TenantContext Tenant, RequestFacts Request, SignInDemand Demand, byte[]? Device, HttpContext? Http, IReadOnlyList<Answered> Answers)
{
    /// <summary>The organization that she has chosen in this run, or that her session is in.</summary>
    internal OrganizationId? Organization { get; init; }
}
