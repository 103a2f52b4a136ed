using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /signin/link?token=…</c>: behind the link of the mail with the code. Looking changes nothing, so that what scans mail spends
/// nothing: in the browser that asked, a button signs in; in any other, the page shows the code to be typed there.
/// </summary>
internal static class SignInLink
{
    internal const string Path = "/signin/link";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, MagicLinks links, SignInRun run, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        var token = http.Request.Query["token"].ToString();
        var (use, id, code) = await links.FindAsync(tx, tenant, CodePurpose.EmailSignIn, token, DeviceCookie.Hash(http, tenant), ct);
        if (use == LinkUse.Elsewhere) return PageResult.Of<LinkElsewherePage, LinkElsewhereModel>(new(code!), PageOptions.Default);
        if (use == LinkUse.None || await run.FindIfAnyAsync(tx, http, tenant, InteractionId.From(id).ToString(), ct) is not { } interaction) return Invalid();
        return PageResult.Of<LinkPage, LinkModel>(new(SignInRun.Path($"{Path}?token={token}", interaction.Id), interaction.Identifier ?? "", interaction.Demand.ApplicationName), SignInRun.Options(interaction));
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, IDatabase database, MagicLinks links, SignInRun run, Forms forms, EmailCodeStep step,
        UserDirectory users, StepPages pages, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        if (!(await run.FindAsync(http, tenant, ct)).TryGet(out var found, out var expired)) return expired;
        if (!tenant.Settings.SignIn.Offers(SignInSettings.EmailCode) || !EmailAddress.Parse(found.Interaction.Identifier).TryGet(out var address, out _)) return Invalid();
        StepOutcome outcome;
        await using (var tx = await database.BeginAsync(tenant.Id, ct))
        {
            // She before the link, as disabling her does it. In this run and this browser; whoever named another address meanwhile has asked for another link.
            if (await users.FindByEmailAsync(tx, address, ct) is not { Id: var user } || await step.CheckAsync(tx, found, address, user, ct) is not null
                || await links.RedeemAsync(tx, CodePurpose.EmailSignIn, http.Request.Query["token"], found.Interaction.Id.Value, found.Binding, ct) != user) return Invalid();
            outcome = await step.GoOnAsync(tx, found, user, ct);
        }
        return await pages.GoOnAsync(found, outcome, ct);
    }

    private static PageResult Invalid() => PageResult.Of<LinkInvalidPage, LinkInvalidModel>(new(IdentifierStep.PagePath), new PageOptions(StatusCodes.Status400BadRequest));
}

/// <param name="Action">Where the button leads.</param>
public sealed record LinkModel(string Action, string Name, string? Application);

/// <param name="Code">To be typed in the browser that asked.</param>
public sealed record LinkElsewhereModel(string Code);
