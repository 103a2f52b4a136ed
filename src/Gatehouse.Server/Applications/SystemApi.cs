using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Applications;

/// <summary>Every tenant's own management API, registered when the tenant is created, so that tokens for it are asked for like any others.</summary>
internal sealed class SystemApi(ApiRegistration apis, TimeProvider clock) : ITenantInitializer
{
    public async ValueTask InitializeAsync(TenantTransaction tx, TenantContext tenant, CancellationToken ct)
    {
        var now = clock.Now();
        var api = new Api(ApiId.New(clock), ManagementApi.Identifier(tenant), "Gatehouse management API", Http.Scopes.All, null, "ES256", System: true, 1) { CreatedAt = now, UpdatedAt = now };
        if (!(await apis.CreateAsync(tx, api, ct)).TryGet(out _, out var problem))
            throw new InvalidOperationException($"A new tenant's management API was refused: {problem.Code}.");
    }
}

/// <summary>How the management API is named in tokens.</summary>
public static class ManagementApi
{
    internal const string Path = "/api/v1";

    /// <summary>Its resource and audience: <c>{issuer}/api/v1</c>.</summary>
    public static string Identifier(TenantContext tenant) => tenant.Url(Path);
}

/// <summary>
/// The account API, through which a person sees to her own account: there wherever the management API is, without a row of its own. So
/// every tenant has it, those that are older than it too.
/// </summary>
public static class AccountApi
{
    public const string Path = "/account/v1";

    /// <summary>Its resource and audience: <c>{issuer}/account/v1</c>.</summary>
    public static string Identifier(TenantContext tenant) => tenant.Url(Path);

    /// <summary>All APIs of a tenant, this one behind the management API.</summary>
    internal static IReadOnlyList<Api> AddTo(List<Api> apis)
    {
        var at = apis.FindIndex(api => api.System);
        if (at >= 0) apis.Insert(at + 1, apis[at] with { Identifier = apis[at].Identifier[..^ManagementApi.Path.Length] + Path, Name = "Gatehouse account API", Scopes = Http.AccountScopes.All });
        return apis;
    }
}
