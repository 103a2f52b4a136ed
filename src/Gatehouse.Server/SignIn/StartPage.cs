using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary><c>GET /signin</c>: where every sign-in in a browser begins, sent by another door or by nobody.</summary>
internal static class StartPage
{
    internal static void Map(IEndpointRouteBuilder pages) => pages.MapGet(IdentifierStep.PagePath, ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, StepPages steps, StepUp stepUp, SignInRun run, Interactions interactions, SessionDirectory sessions, CancellationToken ct)
    {
        if (!http.Request.Query.ContainsKey(SignInRun.Parameter)) return await StartAsync(http, tenant, database, interactions, sessions, ct);
        // Unless she says that she has an account, or another one.
        if (!(await run.FindAsync(http, tenant, ct)).TryGet(out var found, out var expired)) return expired;
        if (!http.Request.Query.ContainsKey("existing") && found.Interaction.Identifier is null)
        {
            // prompt=create begins with registration (Initiating User Registration 1.0 §4).
            if (tenant.Settings.Registration.Open && found.Interaction.Demand.Create) return SignInRun.SeeOther(tenant, SignInRun.Path(SignUpStep.Path, found.Interaction.Id));
            if (await stepUp.BeginAsync(found, ct) is { } next) return await steps.GoOnAsync(found, new StepOutcome.Next(next), ct);
        }
        return await steps.ShowAsync(found, IdentifierStep.StepName, ct);
    }

    /// <summary>Nobody sent her: she wants to her own account.</summary>
    private static async Task<IResult> StartAsync(HttpContext http, TenantContext tenant, IDatabase database, Interactions interactions, SessionDirectory sessions, CancellationToken ct)
    {
        if (await sessions.FindCurrentAsync(http, tenant, ct) is not null) return SignInRun.SeeOther(tenant, "/account");
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await interactions.StartAsync(tx, tenant, http, "account", _ => "/account", "{}", new SignInDemand(), ct)).TryGet(out var interaction, out var tooMany)) return tooMany;
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(IdentifierStep.PagePath, interaction.Id));
    }
}
