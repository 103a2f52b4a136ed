using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Applications;
using Gatehouse.Claims;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>POST /api/v1/claims/preview</c>: what the ID token, the access token and UserInfo of a person would say, and why. Written by what writes the real
/// ones; never signed, and without what belongs to one issue of a token alone.
/// </summary>
internal static class PreviewClaims
{
    /// <summary>Of one sign-in, of one moment: a preview has neither.</summary>
    private static readonly string[] ofOneIssue = ["exp", "iat", "jti", "sid", "gid", "at_hash", "nonce", "auth_time", "acr", "amr"];

    /// <param name="User">Id of an active user.</param>
    /// <param name="Client">Id of the application that would get the tokens.</param>
    /// <param name="Scopes">As if they had been granted; each one that the client may ask for. Left out: all that it may ask for.</param>
    /// <param name="Organization">Id or slug of the one she would go on in.</param>
    /// <param name="Api">Id of the API that the access token would be for; left out: as the scopes say.</param>
    internal sealed record Request(string? User, string? Client, string[]? Scopes, string? Organization, string? Api);

    /// <param name="IdToken">Null without <c>openid</c>; so is <paramref name="Userinfo"/>.</param>
    /// <param name="AccessToken">Null where such a request would be refused; then <paramref name="Refused"/> says why.</param>
    /// <param name="Rules">What became of each rule that speaks of this client and API, in the order in which they speak.</param>
    internal sealed record Response(JsonElement? IdToken, JsonElement? AccessToken, JsonElement? Userinfo, string? Refused, IReadOnlyList<Told> Rules);

    /// <param name="Destination"><c>id_token</c>, <c>access_token</c> or <c>userinfo</c>.</param>
    /// <param name="Because">Of each word of a list of roles or permissions: the assignments and groups through which it is held.</param>
    internal sealed record Told(string Destination, ClaimRuleId Rule, string Name, string Claim, string Source, bool Applied, string Code, string Detail, IReadOnlyDictionary<string, IReadOnlyList<Through>>? Because);

    internal sealed record Through(AssignmentId? Assignment, IReadOnlyList<string> Roles, GroupId? Group, string Scope, string? ScopeId, DateTimeOffset? EndsAt);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/claims/preview", HandleAsync).WithName("claims.preview").WithSummary("Show what tokens would say and why").RequirePermission(Scopes.ClaimsPreview);

    /// <returns>200; 403 <c>preview_permission_missing</c>; 422 <c>user_unknown</c>, <c>client_unknown</c>, <c>scopes_invalid</c>, <c>organization_unknown</c>, <c>api_unknown</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, TenantContext tenant, Caller caller, IDatabase database, ClientDirectory clients, UserDirectory users,
        OrganizationDirectory organizations, PreviewWriting writing, CancellationToken ct)
    {
        // 1. Whoever may not read people and what they hold is not shown it here either.
        if (Lacks(caller, Scopes.UsersRead) is { } missing) return missing.ToHttp();
        if (!ClientId.TryParse(request.Client, out var clientId) || await clients.FindAsync(tenant.Id, clientId, ct) is not { } client)
            return Problem.Invalid("client_unknown", "client is the id of an application of this tenant.", "client").ToHttp();
        foreach (var touched in await writing.Claims.ListTouchedAsync(tenant.Id, client.Id, ct))
            if (Lacks(caller, touched) is { } lacking) return lacking.ToHttp();

        // 2. Of whom, for what.
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        if (!UserId.TryParse(request.User, out var userId) || await users.FindAsync(tx, userId, ct) is not { Status: UserStatus.Active })
            return Problem.Invalid("user_unknown", "user is the id of an active user of this tenant.", "user").ToHttp();
        string[] scopes = [.. request.Scopes ?? client.Scopes];
        if (scopes.Length > 200 || scopes.Any(s => s is null || !client.Scopes.Contains(s, StringComparer.Ordinal)))
            return Problem.Invalid("scopes_invalid", "scopes names scopes that the application may ask for.", "scopes").ToHttp();
        Organization? organization = null;
        if (request.Organization is { } name)
        {
            if (Lacks(caller, Scopes.OrganizationsRead) is { } unseen) return unseen.ToHttp();
            organization = await organizations.FindNamedAsync(tx, name, ct) is { } named ? await organizations.FindActiveAsync(tx, named.Id, userId, ct) : null;
            if (organization is null) return Problem.Invalid("organization_unknown", "organization is the id or slug of an active organization that the user belongs to.", "organization").ToHttp();
        }
        string[] resources = [];
        if (request.Api is { } asked)
        {
            if ((await clients.ListApisAsync(tenant.Id, ct)).FirstOrDefault(a => a.Id.ToString() == asked) is not { } api) return Problem.Invalid("api_unknown", "api is the id of an API of this tenant.", "api").ToHttp();
            resources = [api.Identifier];
        }
        return TypedResults.Ok(await writing.WriteAsync(tx, tenant, client, userId, [.. scopes.Distinct(StringComparer.Ordinal)], organization, resources, ct));
    }

    private static Problem? Lacks(Caller caller, string permission) => caller.Permitted.Contains(permission, StringComparer.Ordinal) ? null
        : Problem.Forbidden("preview_permission_missing", $"The preview would show what needs {permission}, which your token does not carry or no role of yours permits.");

    internal static JsonElement Strip(ReadOnlySpan<byte> payload)
    {
        var claims = JsonNode.Parse(payload)!.AsObject();
        foreach (var name in ofOneIssue) claims.Remove(name);
        return JsonElement.Parse(claims.ToJsonString());
    }
}

/// <summary>Writes a preview by what writes the real tokens.</summary>
internal sealed class PreviewWriting(ClientDirectory clients, UserClaims people, ClaimsBuilder claims, AccessTokenIssuer accessTokens, IdTokenIssuer idTokens, TimeProvider clock)
{
    internal ClaimsBuilder Claims => claims;

    internal async ValueTask<PreviewClaims.Response> WriteAsync(TenantTransaction tx, TenantContext tenant, Client client, UserId user, IReadOnlyList<string> scopes, Organization? organization,
        IReadOnlyList<string> resources, CancellationToken ct)
    {
        List<PreviewClaims.Told> told = [];
        var facts = new ClaimFacts(client, user, organization);
        var subject = new TokenSubject(user, default, default, clock.GetUtcNow(), [], null) { Organization = scopes.Contains(OrganizationDemand.Scope) ? organization : null };

        JsonElement? accessToken = null, idToken = null, userInfo = null;
        string? refused = null;
        if (AccessTargets.Resolve(tenant, await clients.ListApisAsync(tenant.Id, ct), new(scopes, [], client.FirstParty), resources, null).TryGet(out var target, out var error))
        {
            var added = await claims.BuildAsync(tx, facts, ClaimDestination.AccessToken, target.Wanted, target.Api, ct);
            told.AddRange(Tell("access_token", added));
            accessToken = PreviewClaims.Strip(accessTokens.WritePayload(tenant, target, client.Id.ToString(), subject, added));
        }
        else refused = error.Description;

        if (scopes.Contains("openid", StringComparer.Ordinal))
        {
            var inIdToken = await claims.BuildAsync(tx, facts, ClaimDestination.IdToken, scopes, null, ct);
            told.AddRange(Tell("id_token", inIdToken));
            idToken = PreviewClaims.Strip(idTokens.WritePayload(tenant, client, subject, null, "", inIdToken));

            var person = await people.FindAsync(tenant.Id, user, ct) ?? throw new InvalidOperationException("An active user is not there.");
            // A token for UserInfo carries OpenID Connect's scopes only.
            string[] identity = [.. scopes.Where(AccessTarget.IsIdentityScope)];
            var inUserInfo = await claims.BuildAsync(tx, facts, ClaimDestination.UserInfo, identity, null, ct);
            told.AddRange(Tell("userinfo", inUserInfo));
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer)) UserInfoEndpoint.Write(json, person, new(user.ToString(), identity, subject.Organization), inUserInfo);
            userInfo = JsonElement.Parse(buffer.WrittenSpan);
        }
        return new(idToken, accessToken, userInfo, refused, told);
    }

    private static IEnumerable<PreviewClaims.Told> Tell(string destination, BuiltClaims built) =>
        built.Outcomes.Select(o => new PreviewClaims.Told(destination, o.Rule, o.Name, o.Claim, o.Source, o.Applied, o.Code, o.Detail, o.Because?.ToDictionary(b => b.Key,
            b => (IReadOnlyList<PreviewClaims.Through>)[.. b.Value.Select(t => new PreviewClaims.Through(t.Assignment, t.Roles, t.Group, t.Scope, t.ScopeId, t.EndsAt))])));
}
