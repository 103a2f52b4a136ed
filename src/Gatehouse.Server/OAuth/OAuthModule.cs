using Gatehouse.Applications;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.OAuth;

/// <summary>Everything the OAuth room puts into the process. Read this first.</summary>
public static class OAuthModule
{
    public static void AddOAuth(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(OAuthJson.Default));
        services.AddSingleton<Users.Merging.IUserMerge, MoveConsents>();
        services.AddSingleton<Discovery>();
        services.AddSingleton<SecretGuesses>();
        services.AddSingleton<ClientKeySets>();
        services.AddSingleton<ClientAssertions>();
        services.AddSingleton<ClientAuthenticator>();
        services.AddSingleton<TokenTargetMemory>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<IdTokenIssuer>();
        services.AddSingleton<GrantTokens>();
        services.AddSingleton<ClientCredentialsGrant>();
        services.AddSingleton<AuthorizationCodeGrant>();
        services.AddSingleton<RefreshTokenGrant>();
        services.AddSingleton<OAuthMetrics>();
        services.AddSingleton<TokenEndpoint>();

        services.AddSingleton<AccessTokenDenials>();
        services.AddSingleton<IAccessTokenRevocation>(s => s.GetRequiredService<AccessTokenDenials>());
        services.AddSingleton<GrantedOrganization>();
        services.AddSingleton<IEventSubscriber<MemberRemoved>>(s => s.GetRequiredService<GrantedOrganization>());
        services.AddSingleton<IEventSubscriber<OrganizationDisabled>>(s => s.GetRequiredService<GrantedOrganization>());
        services.AddSingleton<IEventSubscriber<OrganizationDeleted>>(s => s.GetRequiredService<GrantedOrganization>());
        services.AddSingleton<AccessTokenVerifier>();
        services.AddSingleton<UserClaims>();
        services.AddSingleton<ActingTokens>();
        services.AddSingleton<UserInfoEndpoint>();
        services.AddSingleton<PreviewWriting>();
        services.AddSingleton<RevokeEndpoint>();
        services.AddSingleton<IntrospectEndpoint>();

        services.AddSingleton<IdTokenHints>();
        services.AddSingleton<AuthorizeRequestReader>();
        services.AddSingleton<CodeIssuer>();
        services.AddSingleton<AuthorizeStorage>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<ConsentAnswers>();
        services.AddSingleton<ConsentEndpoint>();
        services.AddSingleton<IConsentRecords, ConsentRecords>();
        services.AddSingleton<IHeadlessRequests, HeadlessAuthorization>();
        services.AddSingleton<LogoutEndpoint>();

        services.AddSingleton<GrantRevocation>();
        services.AddSingleton<IEventSubscriber<SessionRevoked>>(s => s.GetRequiredService<GrantRevocation>());
        services.AddSingleton<IEventSubscriber<AllSessionsRevoked>>(s => s.GetRequiredService<GrantRevocation>());
        services.AddSingleton<FollowOthers>();
        FollowOthers.Subscribe(services);
        services.AddHostedService<PruneOAuth>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapOAuth(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        pages.MapGet("/.well-known/openid-configuration", MetadataAsync).ExcludeFromDescription();
        pages.MapGet("/.well-known/oauth-authorization-server", MetadataAsync).ExcludeFromDescription();
        pages.MapGet("/oauth2/jwks", static (HttpContext http, TenantContext tenant, Discovery discovery, CancellationToken ct) =>
            discovery.SendKeysAsync(http, tenant, ct)).ExcludeFromDescription();

        pages.MapMethods("/oauth2/authorize", [HttpMethods.Get, HttpMethods.Post], static (HttpContext http, TenantContext tenant, AuthorizeEndpoint endpoint, CancellationToken ct) =>
            endpoint.StartAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapGet("/oauth2/authorize/continue", static (HttpContext http, TenantContext tenant, AuthorizeEndpoint endpoint, CancellationToken ct) =>
            endpoint.ContinueAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapGet("/consent", static (HttpContext http, TenantContext tenant, ConsentEndpoint endpoint, CancellationToken ct) =>
            endpoint.ShowAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapPost("/consent", static (HttpContext http, TenantContext tenant, RequestFacts facts, ConsentEndpoint endpoint, Forms forms, CancellationToken ct) =>
            endpoint.AnswerAsync(http, tenant, facts, forms, ct)).ExcludeFromDescription();
        pages.MapMethods("/oauth2/logout", [HttpMethods.Get, HttpMethods.Post], static (HttpContext http, TenantContext tenant, LogoutEndpoint endpoint, CancellationToken ct) =>
            endpoint.StartAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapPost("/oauth2/logout/confirm", static (HttpContext http, TenantContext tenant, LogoutEndpoint endpoint, Forms forms, CancellationToken ct) =>
            endpoint.ConfirmAsync(http, tenant, forms, ct)).ExcludeFromDescription();

        pages.MapPost("/oauth2/token", static (HttpContext http, TenantContext tenant, TokenEndpoint endpoint, CancellationToken ct) =>
            endpoint.HandleAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapMethods("/oauth2/userinfo", [HttpMethods.Get, HttpMethods.Post], static (HttpContext http, TenantContext tenant, UserInfoEndpoint endpoint, CancellationToken ct) =>
            endpoint.HandleAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapPost("/oauth2/revoke", static (HttpContext http, TenantContext tenant, RevokeEndpoint endpoint, CancellationToken ct) =>
            endpoint.HandleAsync(http, tenant, ct)).ExcludeFromDescription();
        pages.MapPost("/oauth2/introspect", static (HttpContext http, TenantContext tenant, IntrospectEndpoint endpoint, CancellationToken ct) =>
            endpoint.HandleAsync(http, tenant, ct)).ExcludeFromDescription();
        PreviewClaims.Map(api);
        Preflight.Map(pages, "/oauth2/token", "POST");
        Preflight.Map(pages, "/oauth2/userinfo", "GET, POST");
        Preflight.Map(pages, "/oauth2/revoke", "POST");
        // Discovery and keys need no preflight for a plain fetch; some libraries send headers that cause one.
        Preflight.Map(pages, "/.well-known/openid-configuration", "GET");
        Preflight.Map(pages, "/.well-known/oauth-authorization-server", "GET");
        Preflight.Map(pages, "/oauth2/jwks", "GET");
    }

    private static Task MetadataAsync(HttpContext http, TenantContext tenant, Discovery discovery, CancellationToken ct) => discovery.SendMetadataAsync(http, tenant, ct);
}
