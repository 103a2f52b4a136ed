using Gatehouse.Flows;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Organizations;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>What is different at the authorization endpoint for an administrator who acts as a person: she is that person for applications, with less.</summary>
internal static class ActingAuthorization
{
    /// <summary>
    /// The person is let in here by the tenant's rules, and the actor has done herself what they and the organization ask of who comes in: nobody goes around a second
    /// step by acting as somebody who has one. What the person's own flow would ask of her besides, nobody could answer.
    /// </summary>
    internal static async ValueTask<SessionVerdict> JudgeAsync(ISessionRules rules, TenantTransaction tx, HttpContext http, TenantContext tenant, SignInDemand demand, Acting acting, Organization? organization, CancellationToken ct)
    {
        if (await rules.JudgeAsync(tx, http, tenant, demand, acting.Session, inBrowser: true, ct) == SessionVerdict.Denied) return SessionVerdict.Denied;
        var methods = acting.Own.Methods;
        if (organization is { Settings: var asks } && (asks.RequiresSecondFactor && !Assurance.HasTwoSteps(methods) || !FlowVerdict.UsedAny(asks.Methods, methods))) return SessionVerdict.Denied;
        // The organization is the person's, to which the actor need not belong.
        return await rules.JudgeAsync(tx, http, tenant, demand with { Organization = default }, acting.Own, inBrowser: true, ct) == SessionVerdict.Enough ? SessionVerdict.Enough : SessionVerdict.Denied;
    }

    /// <summary>Who acts as a person proves nothing in her place and allows nothing in her name; and no token of hers manages the tenant or her account.</summary>
    internal static NextStep Limit(NextStep next, AuthorizeRequest request, int demanded)
    {
        if (AuthorizeEndpoint.AsksToManage(request) || request.Scopes.Contains(AccountScopes.Read)) return Refuse("access_denied", "Whoever acts as another person neither manages the tenant nor her account.");
        if (demanded > 0) return Refuse("unmet_authentication_requirements", "Whoever acts as another person has not signed in as her.");
        return next switch
        {
            NextStep.SignIn => Refuse("login_required", "Whoever acts as another person does not sign in as her."),
            NextStep.Consent => Refuse("consent_required", "Whoever acts as another person allows nothing in her name."),
            _ => next,
        };
    }

    private static NextStep.Refuse Refuse(string code, string description) => new(new OAuthError(code, description));
}
