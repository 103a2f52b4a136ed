using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>The <c>WWW-Authenticate</c> header of a refused call to one of our own APIs: RFC 6750 §3, RFC 9470 §3.</summary>
public static class BearerChallenge
{
    internal static void Write(HttpContext http, TenantContext tenant, Problem problem, string scope) =>
        http.Response.Headers.WWWAuthenticate = problem.Code switch
        {
            // RFC 6750 §3.1: a request that carried no token is told no error.
            "token_missing" => $"Bearer realm=\"{tenant.Issuer}\"",
            "insufficient_scope" => $"Bearer realm=\"{tenant.Issuer}\", error=\"insufficient_scope\", scope=\"{scope}\"",
            "administrator_required" or "permission_missing" or "api_key_not_allowed" => $"Bearer realm=\"{tenant.Issuer}\", error=\"insufficient_scope\"",
            _ => $"Bearer realm=\"{tenant.Issuer}\", error=\"invalid_token\"",
        };

    internal static void Write(HttpContext http, TenantContext tenant, ProofGap gap) =>
        Write(http, tenant, "A more recent authentication is required", $", max_age=\"{FreshProof.MaxAgeSeconds}\"", gap.BothSteps);

    /// <summary>The tenant's flow asks more than the session has been through. Two steps are named where it has one; the rest has no name here, and is asked for at sign-in.</summary>
    /// <param name="methods">What the session has proved.</param>
    public static void WriteMore(HttpContext http, TenantContext tenant, IReadOnlyList<string> methods) =>
        Write(http, tenant, "The sign-in does not satisfy the rules for this resource", "", Assurance.LevelOf(methods) < 2);

    private static void Write(HttpContext http, TenantContext tenant, string description, string age, bool both)
    {
        // What this tenant calls a sign-in by two factors, where it has a name.
        var acr = both ? tenant.Settings.SignIn.Levels.FirstOrDefault(level => level.Level >= 2)?.Acr : null;
        http.Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"{tenant.Issuer}\", error=\"insufficient_user_authentication\", error_description=\"{description}\"{age}{(acr is null ? "" : $", acr_values=\"{acr}\"")}";
    }
}
