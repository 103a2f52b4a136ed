using System.Text.Json;
using Gatehouse.Applications;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Sessions;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// Authorization without a browser, for the tenant's own applications that were allowed it: draft-ietf-oauth-first-party-apps §5. The request is
/// checked as one at the authorization endpoint is, and judged by the same decision; what needs a page of ours is refused with
/// <c>redirect_to_web</c>.
/// </summary>
internal sealed class HeadlessAuthorization(ClientAuthenticator authenticator, AuthorizeRequestReader reader, ClientDirectory clients, SessionDirectory sessions,
    UserDirectory users, Interactions interactions, CodeIssuer codes, AuthorizeStorage storage) : IHeadlessRequests
{
    public async ValueTask<Result<HeadlessRequest, HeadlessRefusal>> ReadAsync(HttpContext http, TenantContext tenant, FormParameters parameters, CancellationToken ct)
    {
        if (parameters.FindRepeated() is { } repeated) return Refused(OAuthError.InvalidRequest($"{repeated} occurs more than once."));
        if (!(await authenticator.AuthenticateAsync(http, tenant, parameters, ct)).TryGet(out var client, out var error)) return Refused(error);
        Cors.AllowClient(http, client);
        // Whoever shows the question sees the answer: only whom the tenant trusts with its people's passwords.      draft §9.1
        if (!client.FirstParty || !client.Headless) return Refused(OAuthError.UnauthorizedClient("The client may not sign people in on pages of its own."));
        if (!(await reader.ReadHeadlessAsync(tenant, parameters, client, ct)).TryGet(out var request, out error)) return Refused(error);
        var create = request.Asks("create");
        if (create && request.RequiredUser is not null) return Refused(OAuthError.InvalidRequest("prompt=create with an id_token_hint asks for somebody new who is somebody known."));
        if (AuthorizeEndpoint.AsksToManage(request) || request.Asks("consent"))
            return new HeadlessRefusal("redirect_to_web", "What is asked for needs a page of this server: use the authorization endpoint.");
        var payload = JsonSerializer.Serialize(request, OAuthJson.Default.AuthorizeRequest);
        if (!Interactions.Fits(payload)) return Refused(OAuthError.InvalidRequest("The request is too long."));
        return new HeadlessRequest(payload, new SignInDemand(Reauthenticate: true, request.LoginHint, request.UiLocales.Count > 0 ? request.UiLocales : null,
            request.RequiredUser, create, client.Name, AcrLevels.Demanded(tenant, request.AcrValues), client.Id) { Organization = request.OrganizationDemand });
    }

    public async ValueTask<Result<string, HeadlessRefusal>> FinishAsync(HttpContext http, TenantContext tenant, InteractionId interaction, byte[] binding, CancellationToken ct)
    {
        await using var tx = await storage.Database.BeginAsync(tenant.Id, ct);
        if (await interactions.FindHeadlessAsync(tx, interaction, binding, ct) is not { SessionId: { } sessionId } run) return Ended;
        if (JsonSerializer.Deserialize(run.Payload, OAuthJson.Default.AuthorizeRequest) is not { } request) return Ended;
        // What was true when it began may not be any more.
        if (await clients.FindAsync(tenant.Id, request.ClientId, ct) is not { Enabled: true, FirstParty: true, Headless: true } client) return Ended;
        Cors.AllowClient(http, client);
        var session = await sessions.FindAsync(tx, sessionId, ct);
        if (session is not null && await users.FindAsync(tx, session.UserId, ct) is not { Status: UserStatus.Active }) session = null;
        var place = session is null ? OrganizationStanding.None : await storage.Organizations.StandAsync(tx, session.UserId, request.OrganizationDemand, session.OrganizationId, ct);
        // What an organization asks is asked in the run; one that it was not begun in, she goes on in only where it asks nothing.
        if (place.Organization is { Settings.AsksMore: true } asks && session?.OrganizationId != asks.Id) return Ended;
        var standing = new Standing(session, Fulfilled: true, Covered: true, Answer: null, AcrLevels.Demanded(tenant, request.AcrValues)) { Organization = place };
        var next = AuthorizationDecision.Decide(request, standing, storage.Clock.Now());
        // Exactly once: a second call finds it finished.
        if (!await interactions.FinishAsync(tx, run.Id, ct)) return Ended;
        switch (next)
        {
            case NextStep.Issue:
                var code = await codes.IssueAsync(tx, tenant, client, request, session!, place.Organization?.Id, null, RequestFacts.Of(http), ct);
                await tx.CommitAsync(ct);
                return code;
            case NextStep.Refuse(var error):
                await tx.CommitAsync(ct);
                return Refused(error);
            case NextStep.Consent:
                await tx.CommitAsync(ct);
                return new HeadlessRefusal("redirect_to_web", "The person has to allow this on a page of this server: use the authorization endpoint.");
            default:
                return Ended;
        }
    }

    public async ValueTask AllowOriginAsync(HttpContext http, TenantContext tenant, ClientId client, CancellationToken ct)
    {
        if (await clients.FindAsync(tenant.Id, client, ct) is { } found) Cors.AllowClient(http, found);
    }

    private static HeadlessRefusal Ended => new("invalid_session", "The run has ended, or its session has. Start again.");

    private static HeadlessRefusal Refused(OAuthError error) => new(error.Code, error.Description, error.Status);
}
