using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.OAuth;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Flows;

/// <summary>
/// Authorization requests of applications that show their own pages: read, judged and answered by the protocol's room, while SignIn asks the
/// questions. OAuth 2.0 for First-Party Applications (draft-ietf-oauth-first-party-apps).
/// </summary>
public interface IHeadlessRequests
{
    /// <summary>Who asks, and whether this client may ask so.</summary>
    ValueTask<Result<HeadlessRequest, HeadlessRefusal>> ReadAsync(HttpContext http, TenantContext tenant, FormParameters parameters, CancellationToken ct);

    /// <summary>Gives the client its code for a run that was fulfilled: once. The run ends.</summary>
    /// <returns>The authorization code; or why not: then the run has ended as well.</returns>
    ValueTask<Result<string, HeadlessRefusal>> FinishAsync(HttpContext http, TenantContext tenant, InteractionId interaction, byte[] binding, CancellationToken ct);

    /// <summary>Lets a web page of this client's read the answer.</summary>
    ValueTask AllowOriginAsync(HttpContext http, TenantContext tenant, ClientId client, CancellationToken ct);
}

/// <param name="Payload">For the interaction; the protocol's own.</param>
public sealed record HeadlessRequest(string Payload, SignInDemand Demand);

/// <summary>A refusal in OAuth's words.</summary>
/// <param name="Error">A code such as <c>invalid_client</c>, <c>redirect_to_web</c>.</param>
public sealed record HeadlessRefusal(string Error, string Description, int Status = 400);
