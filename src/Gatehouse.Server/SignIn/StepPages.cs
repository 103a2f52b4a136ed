using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>Puts the steps on pages: a form is an answer, another step's turn a redirect, a session a cookie and the way on.</summary>
internal sealed class StepPages(Steps steps, AutomaticSteps automatic, SignInRun run, Forms forms, SessionDirectory sessions, OrganizationAccent accent)
{
    internal const string SendPath = "/signin/send";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        MapSubmit(pages, IdentifierStep.PagePath, IdentifierStep.StepName);
        MapSubmit(pages, PasskeyStep.PagePath, PasskeyStep.StepName);
        MapShow(pages, PasswordStep.PagePath, PasswordStep.StepName);
        MapSubmit(pages, PasswordStep.PagePath, PasswordStep.StepName);
        MapShow(pages, NewPasswordStep.PagePath, NewPasswordStep.StepName);
        MapSubmit(pages, NewPasswordStep.PagePath, NewPasswordStep.StepName);
        MapShow(pages, TermsAcceptance.PagePath, TermsAcceptance.StepName);
        MapSubmit(pages, TermsAcceptance.PagePath, TermsAcceptance.StepName);
        MapShow(pages, OrganizationStep.PagePath, OrganizationStep.StepName);
        MapSubmit(pages, OrganizationStep.PagePath, OrganizationStep.StepName);
        MapShow(pages, AttributeCollection.PagePath, AttributeCollection.StepName);
        MapSubmit(pages, AttributeCollection.PagePath, AttributeCollection.StepName);
        MapShow(pages, HookCheck.PagePath, HookCheck.StepName);
        MapSubmit(pages, HookCheck.PagePath, HookCheck.StepName);
        MapShow(pages, WebPageStep.PagePath, WebPageStep.StepName);
        pages.MapGet(WebPageStep.ReturnPath, static (HttpContext http, TenantContext tenant, StepPages self, WebPageStep step, CancellationToken ct) => self.ReturnAsync(http, tenant, step, ct));
        MapShow(pages, EnrolStep.PagePath, EnrolStep.StepName);
        MapSubmit(pages, EnrolStep.PagePath, EnrolStep.StepName);
        pages.MapGet(CodeStep.PagePath, static (HttpContext http, TenantContext tenant, StepPages self, CancellationToken ct) => self.ShowAsync(http, tenant, self.WayOf(http), ct));
        pages.MapPost(CodeStep.PagePath, static (HttpContext http, TenantContext tenant, StepPages self, CancellationToken ct) =>
            self.SubmitAsync(http, tenant, self.WayOf(http), ct));
        MapShow(pages, EmailCodeStep.PagePath, EmailCodeStep.StepName);
        MapSubmit(pages, EmailCodeStep.PagePath, EmailCodeStep.StepName);
        MapShow(pages, SmsCodeStep.PagePath, SmsCodeStep.StepName);
        MapSubmit(pages, SmsCodeStep.PagePath, SmsCodeStep.StepName);
        pages.MapPost(SendPath, static (string? step, HttpContext http, TenantContext tenant, StepPages self, CancellationToken ct) => self.SendAsync(http, tenant, step ?? "", ct));
        pages.MapGet(EnrolStep.ImagePath, static async (HttpContext http, TenantContext tenant, SignInRun run, EnrolStep step, CancellationToken ct) =>
            (await run.FindAsync(http, tenant, ct)).TryGet(out var found, out _) && await step.ImageAsync(found, ct) is { } image ? image : Results.NotFound());
    }

    internal async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, string step, CancellationToken ct)
    {
        if (!(await run.FindAsync(http, tenant, ct)).TryGet(out var found, out var expired)) return expired;
        return await ShowAsync(found, step, ct);
    }

    internal async ValueTask<IResult> ShowAsync(Run found, string step, CancellationToken ct) => await AnswerAsync(found, await steps.Of(step).ShowAsync(found, ct), ct);

    private async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, string step, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!(await run.FindAsync(http, tenant, ct)).TryGet(out var found, out var expired)) return expired;
        return await GoOnAsync(found, await steps.SubmitAsync(step, found, StepInput.Of(form), ct), ct);
    }

    /// <summary>Back from a page of the tenant's.</summary>
    private async Task<IResult> ReturnAsync(HttpContext http, TenantContext tenant, WebPageStep step, CancellationToken ct)
    {
        if (!(await run.FindAsync(http, tenant, ct)).TryGet(out var found, out var expired)) return expired;
        return await step.ReturnAsync(found, http.Request.Query["result"].ToString(), ct) is { } outcome ? await GoOnAsync(found, outcome, ct) : ErrorResult.Of(StatusCodes.Status400BadRequest, "request_invalid", "/signin");
    }

    /// <summary>Sends what a step sends, again or for the first time; the step's page then says the same whether or not anything was.</summary>
    private async Task<IResult> SendAsync(HttpContext http, TenantContext tenant, string step, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await run.FindAsync(http, tenant, ct)).TryGet(out var found, out var expired)) return expired;
        if (steps.Find(step) is not IResendable sender) return ErrorResult.Of(StatusCodes.Status404NotFound, "not_found");
        var outcome = await Steps.ResendAsync(sender, found, ct);
        return await AnswerAsync(found, outcome is StepOutcome.Ask(var view) ? new StepOutcome.Next(view.Step) : outcome, ct);
    }

    /// <summary>What became of an answer, after the steps that need none.</summary>
    internal async ValueTask<IResult> GoOnAsync(Run found, StepOutcome outcome, CancellationToken ct)
    {
        var (now, then) = await automatic.GoOnAsync(found, outcome, ct);
        return await AnswerAsync(now, then, ct);
    }

    internal async ValueTask<IResult> AnswerAsync(Run found, StepOutcome outcome, CancellationToken ct)
    {
        if (outcome is not StepOutcome.Next) await accent.SetAsync(found, ct);
        if (outcome.Trust is { } trust) TrustedDevices.SetCookie(found.Http, found.Tenant, trust);
        switch (outcome)
        {
            case StepOutcome.Ask(var view):
                return steps.Of(view.Step).Page(found, view);
            case StepOutcome.Next(var next):
                return SignInRun.SeeOther(found.Tenant, SignInRun.Path(steps.Of(next).Path, found.Interaction.Id));
            case StepOutcome.Done(var secret, var codes):
                sessions.SetCookie(found.Http, found.Tenant, secret);
                return codes is null
                    ? new ContinueResult(found.ReturnUrl, SignInRun.Options(found.Interaction))
                    : PageResult.Of<EnrolledPage, EnrolledModel>(new(codes, found.ReturnUrl), SignInRun.Options(found.Interaction));
            case StepOutcome.Away(var url):
                return new ContinueResult(url, SignInRun.Options(found.Interaction));
            case StepOutcome.Fulfilled:
                return new ContinueResult(found.ReturnUrl, SignInRun.Options(found.Interaction));
            default:
                return SignInRun.Expired();
        }
    }

    private string WayOf(HttpContext http) => steps.WayOf(http).Name;

    private static void MapShow(IEndpointRouteBuilder pages, string path, string step) =>
        pages.MapGet(path, (HttpContext http, TenantContext tenant, StepPages self, CancellationToken ct) => self.ShowAsync(http, tenant, step, ct));

    private static void MapSubmit(IEndpointRouteBuilder pages, string path, string step) =>
        pages.MapPost(path, (HttpContext http, TenantContext tenant, StepPages self, CancellationToken ct) => self.SubmitAsync(http, tenant, step, ct));
}
