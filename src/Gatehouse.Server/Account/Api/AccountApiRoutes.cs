using Gatehouse.Applications;
using Gatehouse.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Account;

/// <summary>The account API: its conventions, its guard, its endpoints.</summary>
internal static class AccountApiRoutes
{
    internal const string Path = AccountApi.Path;

    internal static void Map(IEndpointRouteBuilder pages)
    {
        var api = pages.MapGroup(Path);
        ApiConventions.Apply(api);
        // Added after the conventions, so the guard stands outside them: nothing of a request is read before its caller is known.
        api.WrapEndpoints(pages.ServiceProvider.GetRequiredService<AccountAccess>().Guard);
        ApiDescription.MapAccount(api);
        ProfileApi.Map(api);
        EmailsApi.Map(api);
        PhonesApi.Map(api);
        SessionsApi.Map(api);
        DevicesApi.Map(api);
        PasskeysApi.Map(api);
        KeysApi.Map(api);
        TwoStepApi.Map(api);
        RecoveryApi.Map(api);
        PasswordApi.Map(api);
        ConsentsApi.Map(api);
        OrganizationsApi.Map(api);
        WorkspacesApi.Map(api);
        TenantsApi.Map(api);
        ActivityApi.Map(api);
        NoticesApi.Map(api);
        DataApi.Map(api);
        DeletionApi.Map(api);
        PeopleApi.Map(api);
    }
}
