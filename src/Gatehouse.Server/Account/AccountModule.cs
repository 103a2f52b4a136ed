using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Account;

/// <summary>Everything the Account room puts into the process. Read this first.</summary>
public static class AccountModule
{
    public static void AddAccount(this IServiceCollection services)
    {
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAccount(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
    }
}
