using System.Text.Json;
using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>GET, POST /oauth2/authorize</c> and <c>GET /oauth2/authorize/continue</c>: RFC 6749 §3.1. A checked request is carried by a stored interaction through
/// sign-in and consent, comes back here each time, and is judged anew each time by <see cref="AuthorizationDecision"/>.
/// </summary>
internal sealed class AuthorizeEndpoint(AuthorizeRequestReader reader, ClientDirectory clients, SessionDirectory sessions, UserDirectory users, Interactions interactions,
    ISessionRules rules, CodeIssuer codes, Impersonations impersonations, AuthorizeStorage storage)
{
    internal const string InteractionKind = "authorize";

    /// <summary>A new request.</summary>
    internal async Task<IResult> StartAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (!(await ParameterReader.ReadAsync(http, ct)).TryGet(out var parameters, out var error)) return OAuthPages.Refused(error);
        switch (await reader.ReadAsync(tenant, parameters, ct))
        {
            case AuthorizeReading.Page page:
                return OAuthPages.Refused(page.Error);
            case AuthorizeReading.Refusal refusal:
                return refusal.Response.ToResult();
            case AuthorizeReading.Accepted(var request, var client):
                var payload = JsonSerializer.Serialize(request, OAuthJson.Default.AuthorizeRequest);
                if (!Interactions.Fits(payload)) return AuthorizationReplies.Error(tenant, request, OAuthError.InvalidRequest("The request is too long.")).ToResult();
                return await ProceedAsync(http, tenant, client, request, null, ct);
            case var other:
                throw new InvalidOperationException($"An unknown reading: {other}.");
        }
    }

    /// <summary>A request that has been to sign-in or consent.</summary>
    internal async Task<IResult> ContinueAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var (interaction, request) = await FindAsync(http, tenant, ct);
        if (interaction is null || request is null) return OAuthPages.Expired();
        // What was true when it began may not be any more: the client may be gone, or its redirect URI.
        if (await clients.FindAsync(tenant.Id, request.ClientId, ct) is not { Enabled: true } client
            || !RedirectUriMatch.IsRegistered(request.RedirectUri, client.RedirectUris)) return OAuthPages.Refused(OAuthError.InvalidRequest("The client was changed meanwhile."));
        return await ProceedAsync(http, tenant, client, request, interaction, ct);
    }

    /// <summary>The interaction named in the query, when it is this browser's and one of ours.</summary>
    internal async ValueTask<(Interaction? Interaction, AuthorizeRequest? Request)> FindAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (!InteractionId.TryParse(http.Request.Query["interaction"], out var id)) return default;
        await using var tx = await storage.Database.ReadAsync(tenant.Id, ct);
        if (await interactions.FindAsync(tx, tenant, http, id, ct) is not { Kind: InteractionKind } interaction) return default;
        return (interaction, JsonSerializer.Deserialize(interaction.Payload, OAuthJson.Default.AuthorizeRequest));
    }

    private async Task<IResult> ProceedAsync(HttpContext http, TenantContext tenant, Client client, AuthorizeRequest request, Interaction? interaction, CancellationToken ct)
    {
        var now = storage.Clock.Now();
        // Whoever acts as a person is she for applications, with less: see ActingAuthorization.
        var acting = await impersonations.FindCurrentAsync(http, tenant, ct);
        if (acting is not null) request = request with { Scopes = [.. request.Scopes.Where(s => s != "offline_access")] };
        var session = acting?.Session ?? await sessions.FindCurrentAsync(http, tenant, ct);
        await using var tx = await storage.Database.BeginAsync(tenant.Id, ct);
        if (session is not null && await users.FindAsync(tx, session.UserId, ct) is not { Status: UserStatus.Active }) session = null;
        var fulfilled = session is not null && interaction?.SessionId == session.Id;
        var standing = new Standing(session, fulfilled,
            Covered: (client.FirstParty && !AsksToManage(request)) || (session is not null && await IsCoveredAsync(tx, session.UserId, request, ct)),
            // What somebody answered in another session, be it of this very browser, she has not.
            Answer: interaction is null || !fulfilled ? null : await ConsentStore.FindAnswerAsync(tx, interaction.Id, ct),
            Demanded: AcrLevels.Demanded(tenant, request.AcrValues));
        if (session is not null)
        {
            var place = await storage.Organizations.StandAsync(tx, session.UserId, request.OrganizationDemand, session.OrganizationId, ct);
            // She joined it in the very sign-in, or chose another meanwhile: what it asks has not been asked yet.
            var settled = place.Organization is not { Settings.AsksMore: true } asks || session.OrganizationId == asks.Id;
            standing = standing with { Organization = place, Fulfilled = standing.Fulfilled && settled };
        }
        // A run that was fulfilled has been through the flow.
        if (session is not null && !standing.Fulfilled)
        {
            var demand = DemandOf(tenant, client, request, again: false);
            standing = standing with
            {
                Rules = acting is null ? await rules.JudgeAsync(tx, http, tenant, demand, session, inBrowser: true, ct)
                    : await ActingAuthorization.JudgeAsync(rules, tx, http, tenant, demand, acting, standing.Organization.Organization, ct),
            };
        }

        PageResult? tooMany;
        var next = AuthorizationDecision.Decide(request, standing, now);
        switch (acting is null ? next : ActingAuthorization.Limit(next, request, standing.Demanded))
        {
            case NextStep.SignIn step:
                // An interaction that another session fulfilled cannot be fulfilled again: the person signed out or in elsewhere meanwhile.
                if ((interaction is null || (interaction.SessionId is not null && !standing.Fulfilled))
                    && !(await BeginAsync(tx, http, tenant, client, request, step.Again, ct)).TryGet(out interaction, out tooMany)) return tooMany;
                await tx.CommitAsync(ct);
                return new SeeOther(Interactions.SignInUrl(tenant, interaction.Id));

            case NextStep.Consent:
                if (interaction is null && !(await BeginAsync(tx, http, tenant, client, request, again: false, ct)).TryGet(out interaction, out tooMany)) return tooMany;
                if (!await interactions.FulfilAsync(tx, interaction.Id, session!, ct)) return OAuthPages.Expired();
                await tx.CommitAsync(ct);
                return new SeeOther(tenant.Url($"/consent?interaction={interaction.Id}"));

            case NextStep.Refuse(var error):
                if (interaction is not null && !await interactions.FinishAsync(tx, interaction.Id, ct)) return OAuthPages.Expired();
                await storage.RecordRefusalAsync(tx, acting is null ? session : null, client, error, RequestFacts.Of(http), ct);
                await tx.CommitAsync(ct);
                return AuthorizationReplies.Error(tenant, request, error).ToResult();

            default:
                // Exactly once: a second tab, or a reload, finds the interaction finished.
                if (interaction is not null && !await interactions.FinishAsync(tx, interaction.Id, ct)) return OAuthPages.Expired();
                var code = await codes.IssueAsync(tx, tenant, client, request, session!, standing.Organization.Organization?.Id, acting, RequestFacts.Of(http), ct);
                await tx.CommitAsync(ct);
                return AuthorizationReplies.Code(tenant, request, code).ToResult();
        }
    }

    private ValueTask<Result<Interaction, PageResult>> BeginAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, Client client, AuthorizeRequest request, bool again, CancellationToken ct) =>
        interactions.StartAsync(tx, tenant, http, InteractionKind, static id => $"/oauth2/authorize/continue?interaction={id}",
            JsonSerializer.Serialize(request, OAuthJson.Default.AuthorizeRequest),
            DemandOf(tenant, client, request, again), ct);

    private static SignInDemand DemandOf(TenantContext tenant, Client client, AuthorizeRequest request, bool again) =>
        new(again, request.LoginHint, request.UiLocales.Count > 0 ? request.UiLocales : null, request.RequiredUser, request.Asks("create"), client.Name,
            AcrLevels.Demanded(tenant, request.AcrValues), client.Id) { Organization = request.OrganizationDemand };

    /// <summary>
    /// The tenant's own applications ask nobody, except for its management and for changes of an account: whoever merely follows a link gives
    /// nobody her powers.
    /// </summary>
    internal static bool AsksToManage(AuthorizeRequest request)
    {
        foreach (var scope in request.Scopes)
            if (scope == AccountScopes.Write || Scopes.All.Contains(scope, StringComparer.Ordinal)) return true;
        return false;
    }

    private static async ValueTask<bool> IsCoveredAsync(TenantTransaction tx, UserId user, AuthorizeRequest request, CancellationToken ct)
    {
        var given = await ConsentStore.ListScopesAsync(tx, user, request.ClientId, ct);
        foreach (var scope in request.Scopes)
            if (!given.Contains(scope)) return false;
        // A request for nothing but an API's audience is asked about as well, once.
        return given.Count > 0;
    }
}

/// <summary>What the authorization endpoint writes beside grants: one place for the database, the audit and the clock.</summary>
internal sealed class AuthorizeStorage(IDatabase database, OrganizationDirectory organizations, AuditLog audit, TimeProvider clock)
{
    internal OrganizationDirectory Organizations => organizations;
    internal IDatabase Database => database;
    internal TimeProvider Clock => clock;

    /// <summary>A person's refusal, and one that happened to her session, is hers; a stranger's (<c>prompt=none</c> without a session) is no event at all.</summary>
    internal async ValueTask RecordRefusalAsync(TenantTransaction tx, Session? session, Client client, OAuthError error, RequestFacts facts, CancellationToken ct)
    {
        if (session is null || error.Code != "access_denied") return;
        await audit.AppendAsync(tx, new AuditEntry("grant.refused", AuditOutcome.Denied, AuditActor.User(session.UserId), "client", client.Id.ToString(), facts), ct);
    }
}
