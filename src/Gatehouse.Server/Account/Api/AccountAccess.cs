using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Account;

/// <summary>
/// Stands before every endpoint of the account API. A caller is a person: by an access token for <c>{issuer}/account/v1</c>, or by the session
/// cookie of a page of ours. A token, once there is one, is all that counts; a cookie counts only where no other site can have sent it.
/// </summary>
internal sealed class AccountAccess(PersonTokens tokens, Visitors visitors, FreshProof proofs, RateLimit limits)
{
    /// <summary>The header that a page's script adds to every change. Another origin's script cannot, short of a preflight that is refused here.</summary>
    internal const string CsrfHeader = "X-Gatehouse-Csrf";

    // A person clicks, a program of hers loops: more changes than this are a mistake or an attack.
    private const int WritesPerWindow = 300;

    // In her own browser nothing bounds her but what she holds; a token carries what it was given.
    private static readonly string[] inPerson = [.. AccountScopes.All, .. Scopes.All];

    private static readonly TimeSpan window = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">The endpoint names no scope and does not say that it needs none.</exception>
    internal RequestDelegate Guard(EndpointBuilder endpoint, RequestDelegate inner)
    {
        if (endpoint.Metadata.OfType<PermissionNotNeeded>().Any()) return inner;
        if (endpoint.Metadata.OfType<PermissionNeeded>().LastOrDefault() is not { } needed || !AccountScopes.All.Contains(needed.Scope, StringComparer.Ordinal))
            throw new InvalidOperationException($"The endpoint {endpoint.DisplayName} is part of the account API and needs none of its scopes.");
        var fresh = endpoint.Metadata.OfType<FreshProofNeeded>().Any();
        return http => RunAsync(http, needed.Scope, fresh, inner);
    }

    private async Task RunAsync(HttpContext http, string scope, bool fresh, RequestDelegate inner)
    {
        var ct = http.RequestAborted;
        var tenant = http.Features.Get<TenantContext>() ?? throw new InvalidOperationException("An endpoint of the account API was reached without a tenant.");
        http.Response.Headers.CacheControl = "no-store";
        var byToken = http.Request.Headers.Authorization.Count > 0;
        if (!(byToken ? await ByTokenAsync(http, tenant, scope, ct) : await ByCookieAsync(http, tenant, scope, ct)).TryGet(out var entrant, out var refused))
        {
            await RefuseAsync(http, tenant, refused, byToken);
            return;
        }
        // The account is an application of its own, whichever one brings the session or the token.
        if (entrant.Verdict == SessionVerdict.Denied)
        {
            await Problem.Forbidden("account_denied", "The tenant's rules do not let this person into her account from here.").ToHttp().ExecuteAsync(http);
            return;
        }
        if (entrant.Verdict == SessionVerdict.More)
        {
            BearerChallenge.WriteMore(http, tenant, entrant.Visitor.Session.Methods);
            await RefuseAsync(http, tenant, Problem.Unauthorized("more_proof_required", "The tenant's rules ask more for the account than this session has been through. Sign in again, or open the account in the browser, and repeat it."), byToken);
            return;
        }
        var user = entrant.Visitor.User.Id;
        // Just after a sign-in every token is fresh: an application of somebody else's must not take the account over then.
        if (fresh && !entrant.FirstParty)
        {
            await Problem.Forbidden("first_party_required", "Only this service's own applications and pages may do this.").ToHttp().ExecuteAsync(http);
            return;
        }
        if (fresh && await proofs.CheckAsync(tenant.Id, user, entrant.AuthenticatedAt, entrant.Methods, ct) is { } gap)
        {
            FreshProof.Challenge(http, tenant, gap);
            await RefuseAsync(http, tenant, gap.Problem, byToken);
            return;
        }
        if (scope == AccountScopes.Write && !await limits.TryTakeAsync(tenant.Id, "account.user", user.ToString(), WritesPerWindow, window, ct))
        {
            http.Response.Headers.RetryAfter = ((int)window.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Problem.TooMany("account_too_often", "Too many changes in a short time. Wait ten minutes.").ToHttp().ExecuteAsync(http);
            return;
        }
        http.Features.Set(entrant.Visitor);
        http.Features.Set(new Caller(tenant.Id, "user", user.ToString()) { Scopes = entrant.Scopes });
        await inner(http);
    }

    private async ValueTask<Result<Entrant, Problem>> ByTokenAsync(HttpContext http, TenantContext tenant, string scope, CancellationToken ct) =>
        (await tokens.FindAsync(http, tenant, AccountApi.Identifier(tenant), scope, ct)).TryGet(out var token, out var problem)
            ? new Entrant(new Visitor(token.Session, token.User), await visitors.JudgeTokenAsync(http, tenant, token.Session, ct), token.Scopes, token.AuthenticatedAt, token.Methods, token.FirstParty)
            : problem;

    private async ValueTask<Result<Entrant, Problem>> ByCookieAsync(HttpContext http, TenantContext tenant, string scope, CancellationToken ct)
    {
        if (!Antiforgery.FromOurselves(http, tenant)) return Problem.Forbidden("cross_origin", "With the session's cookie only pages of this very origin may call this. Use an access token from elsewhere.");
        if (scope == AccountScopes.Write && !IsMeant(http)) return Problem.Forbidden("csrf_header_missing", $"With the session's cookie a change carries the header {CsrfHeader}, with any value, and comes from a page of this origin.");
        if (await visitors.FindActingAsync(http, tenant, ct) is not null)
            return Problem.Forbidden("impersonation_forbidden", "Whoever acts as another person reaches neither her account nor her own by this API. End the impersonation first.");
        if (await visitors.FindSignedInAsync(http, tenant, ct) is var (visitor, verdict)) return new Entrant(visitor, verdict, inPerson, visitor.Session.AuthenticatedAt, visitor.Session.Methods, FirstParty: true);
        http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{tenant.Issuer}\"";
        return Problem.Unauthorized("sign_in_required", "Nobody is signed in here. Go to sign_in_url, or send an access token.");
    }

    /// <summary>Whether a script of ours sent it: with the header, and from a browser that says where it comes from.</summary>
    private static bool IsMeant(HttpContext http) =>
        http.Request.Headers[CsrfHeader].ToString().Length > 0 && (http.Request.Headers["Sec-Fetch-Site"] == "same-origin" || http.Request.Headers.Origin.Count > 0);

    /// <summary>A browser's caller is told where its person can mend it.</summary>
    private static async Task RefuseAsync(HttpContext http, TenantContext tenant, Problem problem, bool byToken)
    {
        var result = problem.ToHttp();
        if (!byToken && problem.Status == StatusCodes.Status401Unauthorized) result.ProblemDetails.Extensions["sign_in_url"] = tenant.Url(ConfirmIdentity.Path);
        await result.ExecuteAsync(http);
    }

    private sealed record Entrant(Visitor Visitor, SessionVerdict Verdict, IReadOnlyList<string> Scopes, DateTimeOffset? AuthenticatedAt, IReadOnlyList<string> Methods, bool FirstParty);
}
