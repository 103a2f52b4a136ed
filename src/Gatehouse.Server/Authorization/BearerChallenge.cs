using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>The <c>WWW-Authenticate</c> header of a refused call to one of our own APIs: RFC 6750 §3, RFC 9470 §3.</summary>
internal static class BearerChallenge
{
    internal static void Write(HttpContext http, TenantContext tenant, Problem problem, string scope) =>
        http.Response.Headers.WWWAuthenticate = problem.Code switch
        {
            // RFC 6750 §3.1: a request that carried no token is told no error.
            "token_missing" => $"Bearer realm=\"{tenant.Issuer}\"",
            "insufficient_scope" => $"Bearer realm=\"{tenant.Issuer}\", error=\"insufficient_scope\", scope=\"{scope}\"",
            "administrator_required" => $"Bearer realm=\"{tenant.Issuer}\", error=\"insufficient_scope\"",
            _ => $"Bearer realm=\"{tenant.Issuer}\", error=\"invalid_token\"",
        };

    internal static void Write(HttpContext http, TenantContext tenant, ProofGap gap)
    {
        // What this tenant calls a sign-in by two factors, where it has a name.
        var acr = gap.BothSteps ? tenant.Settings.SignIn.Levels.FirstOrDefault(level => level.Level >= 2)?.Acr : null;
        http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{tenant.Issuer}\", error=\"insufficient_user_authentication\", error_description=\"A more recent authentication is required\", "
            + $"max_age=\"{FreshProof.MaxAgeSeconds}\"{(acr is null ? "" : $", acr_values=\"{acr}\"")}";
    }
}
