using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;

namespace Gatehouse.OAuth;

/// <summary>Makes a grant and its code: RFC 6749 §4.1.2. The code is 256 random bits, kept as a hash, good for seconds and once.</summary>
internal sealed class CodeIssuer(EventOutbox events, AuditLog audit, TimeProvider clock)
{
    // How long a grant is remembered that never gets a refresh token: as long as an access token of it could live, so that a replayed code
    // still finds what to revoke.
    private static readonly TimeSpan withoutRefresh = TimeSpan.FromDays(2);

    internal async ValueTask<string> IssueAsync(TenantTransaction tx, TenantContext tenant, Client client, AuthorizeRequest request, Session session, OrganizationId? organization, Acting? acting, RequestFacts facts, CancellationToken ct)
    {
        var now = clock.Now();
        var grant = new Grant(GrantId.New(clock), client.Id, session.UserId, session.Id, request.Scopes, request.Resources, session.AuthenticatedAt, session.Methods,
            now, acting is null ? now + withoutRefresh : acting.EndsAt, Generation: 0, RevokedAt: null,
            // Who acts as another has proved nothing that the person could have: no method, and a level of its own name.
            acting is null ? AcrLevels.NameOf(tenant, session.Methods, request.AcrValues) : TokenClaims.Impersonated) { OrganizationId = organization, ActorId = acting?.Actor };
        var code = Secret.New(Secret.CodePrefix);
        await GrantStore.InsertAsync(tx, grant, ct);
        await GrantStore.InsertCodeAsync(tx, Secret.Hash(code),
            new AuthorizationCode(grant, request.RedirectUri, request.CodeChallenge, request.Nonce, now.AddSeconds(tenant.Settings.Tokens.CodeSeconds), null), ct);
        await events.PublishAsync(tx, new GrantCreated(grant.Id, client.Id, session.UserId), ct);
        var details = new Dictionary<string, string>(StringComparer.Ordinal) { ["grant"] = grant.Id.ToString(), ["scope"] = string.Join(' ', request.Scopes) }.With(organization);
        if (acting is not null) (details["user"], details["impersonation"]) = (session.UserId.ToString(), acting.Id.ToString());
        await audit.AppendAsync(tx, new AuditEntry("grant.created", AuditOutcome.Success, AuditActor.User(acting?.Actor ?? session.UserId), "client", client.Id.ToString(), facts, details) { Organization = organization }, ct);
        return code;
    }
}
