using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Architecture.Endpoints;

public sealed class EndpointsTests
{
    /// <summary>What answers without a tenant, by the beginning of its path. A new one is a decision.</summary>
    private static readonly Dictionary<string, string> WithoutTenant = new()
    {
        ["/healthz"] = "The process lives, whatever tenants there are.",
        ["/readyz"] = "The process can serve; asked by the load balancer.",
        ["/setup"] = "There is no tenant yet.",
        ["/assets/"] = "Style sheets and pictures are the product's; tenants' colours come with the page.",
    };

    [Fact]
    public void Every_endpoint_takes_a_tenant_or_says_that_it_does_not_and_management_is_guarded()
    {
        var endpoints = ProductEndpoint.All();
        endpoints.Count.ShouldBeGreaterThan(30);
        ProductEndpoint.Faults(endpoints).ShouldBeEmpty();
    }

    [Fact]
    public void Only_known_paths_answer_without_a_tenant()
    {
        var without = ProductEndpoint.All().Where(e => e.AllowsNoTenant).ToList();
        without.Where(e => !WithoutTenant.Keys.Any(k => e.Pattern.StartsWith(k, StringComparison.Ordinal))).ShouldBeEmpty();
        WithoutTenant.Keys.Where(k => !without.Any(e => e.Pattern.StartsWith(k, StringComparison.Ordinal))).ShouldBeEmpty("a reason that no endpoint needs any more");
    }

    private static IReadOnlyList<string> Faults(Action<WebApplication> map)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        map(app);
        return [.. ProductEndpoint.Faults(ProductEndpoint.Read(app))];
    }

    [Fact]
    public void Right_endpoints_have_no_faults() => Faults(app =>
    {
        app.MapGet("/signin", (TenantContext tenant) => tenant.Slug);
        app.MapGet("/healthz", () => "ok").AllowNoTenant();
        app.MapGet("/api/v1/users", (TenantContext tenant) => tenant.Slug).WithName("users.list").RequirePermission(Scopes.UsersRead);
        app.MapPost("/api/v1/users", (TenantContext tenant) => tenant.Slug).WithName("users.create").RequirePermission(Scopes.UsersWrite);
    }).ShouldBeEmpty();

    [Fact]
    public void An_endpoint_without_a_tenant_is_found() => Faults(app => app.MapGet("/who", (HttpContext http) => http.Request.Path.Value)).ShouldContain(f => f.Contains("takes no TenantContext"));

    [Fact]
    public void A_bare_delegate_is_found() => Faults(app => app.Map("/raw", (RequestDelegate)(http => http.Response.WriteAsync("x")))).ShouldContain(f => f.Contains("takes no TenantContext"));

    [Fact]
    public void Management_without_permission_name_or_tenant_is_found()
    {
        Faults(app => app.MapGet("/api/v1/x", (TenantContext t) => t.Slug)).ShouldBe(["GET /api/v1/x requires no permission", "GET /api/v1/x has no name"]);
        Faults(app => app.MapGet("/api/v1/x", () => "").WithName("x").RequirePermission(Scopes.UsersRead).AllowNoTenant()).ShouldBe(["GET /api/v1/x is management without a tenant"]);
        Faults(app => app.MapGet("/api/v1/x", (TenantContext t) => t.Slug).WithName("x").RequirePermission("nothing:read")).ShouldContain(f => f.Contains("no scope"));
        Faults(app => app.MapDelete("/api/v1/x", (TenantContext t) => t.Slug).WithName("x").RequirePermission(Scopes.UsersRead)).ShouldContain(f => f.Contains("mixed up"));
    }
}
