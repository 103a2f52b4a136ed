using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Authorization;

/// <summary>The <c>WWW-Authenticate</c> header of a refused management call: RFC 6750 §3.</summary>
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
}
