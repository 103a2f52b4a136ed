using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Http;

/// <summary>
/// <c>GET /api/v1/openapi.json</c>: the OpenAPI 3.1 description of the management API, as committed in <c>docs/openapi.json</c>. It is
/// generated from the endpoints by a test that fails when the two differ, so what is served is what is documented and costs nothing to
/// make. Only the addresses are the tenant's own.
/// </summary>
public static class ApiDescription
{
    /// <summary>Stands for the tenant's issuer in the committed file.</summary>
    internal const string ExampleIssuer = "https://id.example.com";

    private static readonly Lazy<string> committed = new(() => EmbeddedText.Read(typeof(ApiDescription).Assembly, "openapi.json"));
    private static readonly Lazy<string> flows = new(() => EmbeddedText.Read(typeof(ApiDescription).Assembly, "openapi-flows.json"));
    private static readonly Lazy<string> account = new(() => EmbeddedText.Read(typeof(ApiDescription).Assembly, "openapi-account.json"));

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/openapi.json", Handle).WithName("api.description").AllowWithoutPermission().ExcludeFromDescription();

    /// <summary><c>GET /account/v1/openapi.json</c>: the same for the account API, committed in <c>docs/openapi-account.json</c>.</summary>
    public static void MapAccount(IEndpointRouteBuilder api) =>
        api.MapGet("/openapi.json", (TenantContext tenant) => Answer(account.Value, tenant)).WithName("account.description").AllowWithoutPermission().ExcludeFromDescription();

    /// <summary><c>GET /flows/v1/openapi.json</c>: the same for sign-in on an application's own pages, committed in <c>docs/openapi-flows.json</c>.</summary>
    public static void MapFlows(IEndpointRouteBuilder api) =>
        api.MapGet("/openapi.json", (TenantContext tenant) => Answer(flows.Value, tenant)).WithName("flows.description").ExcludeFromDescription();

    private static IResult Handle(TenantContext tenant) => Answer(committed.Value, tenant);

    private static IResult Answer(string description, TenantContext tenant) =>
        Results.Text(description.Replace(ExampleIssuer, tenant.Issuer, StringComparison.Ordinal), "application/json", Encoding.UTF8);
}
