using Gatehouse.Flows;
using Gatehouse.Organizations;
using Gatehouse.Sessions;

namespace Gatehouse.OAuth;

/// <summary>What an authorization request needs next.</summary>
internal abstract record NextStep
{
    private NextStep()
    {
    }

    /// <param name="Again">A present session is not enough.</param>
    internal sealed record SignIn(bool Again) : NextStep;
    internal sealed record Consent : NextStep;
    internal sealed record Refuse(OAuthError Error) : NextStep;
    internal sealed record Issue : NextStep;
}

/// <summary>What is known of the person when it is decided.</summary>
/// <param name="Session">The browser's live session of an active user; null when there is none.</param>
/// <param name="Fulfilled">This very session was made, or proved anew, for this request.</param>
/// <param name="Covered">The client is the tenant's own and does not ask to manage it, or the person has allowed it all of these scopes before.</param>
/// <param name="Demanded">The level of assurance that is asked for; 0: none.</param>
/// <param name="Rules">What the tenant's flow says of the session for this application.</param>
/// <param name="Answer">What she answered on this request's consent page; null before.</param>
internal readonly record struct Standing(Session? Session, bool Fulfilled, bool Covered, bool? Answer, int Demanded = 0, SessionVerdict Rules = SessionVerdict.Enough)
{
    /// <summary>In which organization she goes on.</summary>
    internal OrganizationStanding Organization { get; init; } = OrganizationStanding.None;
}

/// <summary>OpenID Connect Core §3.1.2.3 and §3.1.2.4 as one pure function.</summary>
internal static class AuthorizationDecision
{
    internal static NextStep Decide(AuthorizeRequest request, Standing standing, DateTimeOffset now)
    {
        var silent = request.Asks("none");

        // 1. Nobody is signed in.                                    §3.1.2.3
        if (standing.Session is not { } session) return silent ? Refused("login_required", "Nobody is signed in.") : new NextStep.SignIn(Again: false);

        // 2. Somebody else is signed in than the application means.  §3.1.2.1 id_token_hint
        if (request.RequiredUser is { } required && required != session.UserId)
            return silent || standing.Fulfilled ? Refused("login_required", "Another user is signed in.") : new NextStep.SignIn(Again: true);

        // 3. The session is too old, or not to be relied on.         §3.1.2.1 prompt, max_age
        if (!standing.Fulfilled)
        {
            if (request.Asks("login") || request.Asks("select_account") || request.Asks("create")) return new NextStep.SignIn(Again: true);
            if (request.MaxAgeSeconds is { } age && now - session.AuthenticatedAt >= TimeSpan.FromSeconds(age))
                return silent ? Refused("login_required", "The last sign-in is older than max_age.") : new NextStep.SignIn(Again: true);
        }

        // 4. What she did to sign in is less than is asked for.      RFC 9470 §5, §3.1.2.1 acr_values
        if (Assurance.LevelOf(session.Methods) < standing.Demanded)
            return standing.Fulfilled ? Refused("unmet_authentication_requirements", "The person could not sign in as strongly as acr_values asks.")
                : silent ? Refused("login_required", "The session does not reach what acr_values asks.")
                : new NextStep.SignIn(Again: false);

        // 5. In an organization that is hers, and which of them. One answer for what is not hers and for what is not there.
        if (standing.Organization.Denied) return Refused("access_denied", "The person cannot go on in the organization that was asked for.");
        if (standing.Organization.MustChoose)
            return silent || standing.Fulfilled ? Refused("interaction_required", "The person has to choose an organization.") : new NextStep.SignIn(Again: false);

        // 6. The tenant's flow asks more for this application, from here. §3.1.2.6
        if (!standing.Fulfilled && standing.Rules == SessionVerdict.Denied) return Refused("access_denied", "The tenant's rules do not let this person in here.");
        if (!standing.Fulfilled && standing.Rules == SessionVerdict.More)
            return silent ? Refused("interaction_required", "The tenant's rules ask more of this session.") : new NextStep.SignIn(Again: false);

        // 7. The person has not allowed it yet.                      §3.1.2.4
        if (standing.Answer == false) return Refused("access_denied", "The person did not allow it.");
        if (standing.Answer is null && (!standing.Covered || request.Asks("consent")))
            return silent ? Refused("consent_required", "The person has not allowed this yet.") : new NextStep.Consent();

        return new NextStep.Issue();
    }

    private static NextStep.Refuse Refused(string code, string description) => new(new OAuthError(code, description));
}
