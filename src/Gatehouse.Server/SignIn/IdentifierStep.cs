using Gatehouse.Credentials;
using Gatehouse.Flows;
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
/// <c>GET, POST /signin</c>: whose account is it? The answer looks the same for every address, known or not: none is looked up here.
/// </summary>
internal static class IdentifierStep
{
    internal const string Path = "/signin";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync);
        pages.MapPost(Path, SubmitAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, IDatabase database, SignInRun run, Interactions interactions,
        SessionDirectory sessions, Passkeys passkeys, CancellationToken ct)
    {
        if (!http.Request.Query.ContainsKey(SignInRun.Parameter)) return await StartAsync(http, tenant, database, interactions, sessions, ct);

        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await run.FindAsync(tx, http, tenant, ct)).TryGet(out var interaction, out var expired)) return expired;
        // prompt=create begins with registration (Initiating User Registration 1.0 §4), unless she says that she has an account.
        if (interaction.Demand.Create && interaction.Identifier is null && !http.Request.Query.ContainsKey("existing") && tenant.Settings.Registration.Open)
            return SignInRun.SeeOther(tenant, SignInRun.Path(SignUpStep.Path, interaction.Id));
        var page = await PageAsync(tx, tenant, passkeys, interaction, interaction.Identifier ?? interaction.Demand.LoginHint, null, ct);
        await tx.CommitAsync(ct);
        return page;
    }

    /// <summary>Nobody sent her: she wants to her own account.</summary>
    private static async Task<IResult> StartAsync(HttpContext http, TenantContext tenant, IDatabase database, Interactions interactions, SessionDirectory sessions, CancellationToken ct)
    {
        if (await sessions.FindCurrentAsync(http, tenant, ct) is not null) return SignInRun.SeeOther(tenant, "/account");
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await interactions.StartAsync(tx, tenant, http, "account", _ => "/account", "{}", new SignInDemand(), ct)).TryGet(out var interaction, out var tooMany)) return tooMany;
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(Path, interaction.Id));
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, TenantContext tenant, Forms forms, IDatabase database, SignInRun run, Interactions interactions, Passkeys passkeys, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!(await run.FindAsync(tx, http, tenant, ct)).TryGet(out var interaction, out var expired)) return expired;
        if (!EmailAddress.Parse(form["email"]).TryGet(out var address, out var problem))
        {
            var page = await PageAsync(tx, tenant, passkeys, interaction, form["email"], problem.Code, ct);
            await tx.CommitAsync(ct);
            return page;
        }

        if (!await interactions.RememberIdentifierAsync(tx, interaction.Id, address.Address, ct)) return SignInRun.Expired();
        await tx.CommitAsync(ct);
        return SignInRun.SeeOther(tenant, SignInRun.Path(PasswordStep.Path, interaction.Id));
    }

    /// <summary>The page, with a challenge for the passkey that may be offered on it: the one thing that showing it writes.</summary>
    internal static async ValueTask<PageResult> PageAsync(TenantTransaction tx, TenantContext tenant, Passkeys passkeys, Interaction interaction, string? email, string? problem, CancellationToken ct) =>
        PageResult.Of<IdentifierPage, IdentifierModel>(
            new(interaction.Id, interaction.Demand.ApplicationName, email, tenant.Settings.Registration.Open, problem,
                await passkeys.BeginSignInAsync(tx, tenant, interaction.Id.Value, ct)),
            SignInRun.Options(interaction, problem is null ? 200 : 422));
}

/// <param name="Problem">A code that stands at the address; null when nothing is wrong.</param>
/// <param name="Passkey">Null where passkeys are not offered.</param>
public sealed record IdentifierModel(InteractionId Interaction, string? Application, string? Email, bool RegistrationOpen, string? Problem, PasskeyRequest? Passkey);
