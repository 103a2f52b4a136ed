using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Account;

/// <summary>Everything the Account room puts into the process. Read this first.</summary>
public static class AccountModule
{
    public static void AddAccount(this IServiceCollection services) => services.AddSingleton<Visitors>();

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAccount(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        var group = pages.MapGroup("/account").ExcludeFromDescription();
        ShowAccount.Map(group);
        OwnSessions.Map(group);
        ChangePassword.Map(group);
        OwnConsents.Map(group);
    }
}
