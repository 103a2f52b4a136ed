using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Protocols.E164;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary><c>GET, POST /signin/forgot/code</c>: the code that a text message brought; a right one leads to the page where the password is set.</summary>
internal static class ResetCodeStep
{
    internal const string Path = "/signin/forgot/code";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync).AddEndpointFilter(AnswerTime.FilterAsync);
    }

    /// <summary>From the form of <see cref="ForgotStep"/>: remembers what was typed in the run, or in a new one, and sends.</summary>
    internal static async ValueTask<IResult> StartAsync(HttpContext http, TenantContext tenant, RequestFacts request, string identifier, IDatabase database, SignInRun run, Interactions interactions,
        RateLimit limits, ResetCode reset, CancellationToken ct)
    {
        Interaction? interaction;
        string locale;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            interaction = await run.FindIfAnyAsync(tx, http, tenant, ct);
            if (!await MailBudget.TryTakeAsync(tx, limits, "reset.ip", request, ct)) return MailBudget.Exhausted();
            if (interaction is null && !(await interactions.StartAsync(tx, tenant, http, "account", _ => "/account", "{}", new SignInDemand(), ct)).TryGet(out interaction, out var tooMany)) return tooMany;
            if (!await interactions.RememberIdentifierAsync(tx, interaction.Id, identifier, ct)) return SignInRun.Expired();
            locale = LocaleChoice.For(http, tenant, interaction.Demand.UiLocales, interaction.Id).Tag;
            await tx.CommitAsync(ct);
        }
        await reset.SendAsync(tenant, interaction.Id, identifier, locale, request, ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(Path, interaction.Id));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, SignInRun run, CancellationToken ct) =>
        await run.FindIfAnyAsync(http, tenant, ct) is not { } interaction ? SignInRun.Expired()
        : !ResetCode.IsOffered(tenant) || interaction.Identifier is null ? SignInRun.SeeOther(tenant, SignInRun.Path(ForgotStep.Path, interaction.Id))
        : Show(interaction, null);

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, RequestFacts request, Forms forms, SignInRun run, ResetCode reset, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (await run.FindIfAnyAsync(http, tenant, ct) is not { } interaction) return SignInRun.Expired();
        if (!ResetCode.IsOffered(tenant) || interaction.Identifier is null) return SignInRun.SeeOther(tenant, SignInRun.Path(ForgotStep.Path, interaction.Id));
        if (form["code"].Length == 0) return Show(interaction, "code_missing");
        return await reset.RedeemAsync(tenant, interaction, form["code"], DeviceCookie.Hash(http, tenant), request, ct) is { } token
            ? SignInRun.SeeOther(tenant, $"{ResetStep.Path}?token={token}")
            : Show(interaction, "code_wrong");
    }

    private static PageResult Show(Interaction interaction, string? problem) =>
        PageResult.Of<ResetCodePage, ResetCodeModel>(new(interaction.Id, PhoneNumber.Parse(interaction.Identifier)?.Value, problem), SignInRun.Options(interaction, problem is null ? 200 : 422));
}

/// <param name="Number">The number that was typed; null where it was an address.</param>
public sealed record ResetCodeModel(Kernel.InteractionId Interaction, string? Number, string? Problem);
