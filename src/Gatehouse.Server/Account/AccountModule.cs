using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Account;

/// <summary>Everything the Account room puts into the process. Read this first.</summary>
public static class AccountModule
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddSingleton<Visitors>();
        services.AddSingleton<OwnForms>();
        services.AddSingleton<AccountAccess>();
        services.AddSingleton<MyProfile>();
        services.AddSingleton<MyEmails>();
        services.AddSingleton<MyPhones>();
        services.AddSingleton<MySmsStep>();
        services.AddSingleton<MySessions>();
        services.AddSingleton<MyDevices>();
        services.AddSingleton<MyPasskeys>();
        services.AddSingleton<MyKeys>();
        services.AddSingleton<MyTwoStep>();
        services.AddSingleton<MyRecovery>();
        services.AddSingleton<MyPassword>();
        services.AddSingleton<MyConsents>();
        services.AddSingleton<MyOrganizations>();
        services.AddSingleton<MyWorkspaces>();
        services.AddSingleton<MyTenants>();
        services.AddSingleton<MyActivity>();
        services.AddSingleton<MyNotices>();
        services.AddSingleton<MyData>();
        services.AddSingleton<MyAccount>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetPendingEmails>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetPendingPhones>();
        services.AddSingleton(PendingEmailStore.Pruning);
        services.AddSingleton(PendingPhoneStore.Pruning);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(AccountJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapAccount(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        // Whoever types the server's bare address gets to what is hers, by way of signing in if need be.
        pages.MapGet("/", (TenantContext tenant) => Results.Redirect(tenant.PathBase + ShowAccount.Path)).ExcludeFromDescription();
        var group = pages.MapGroup("/account").ExcludeFromDescription();
        ShowAccount.Map(group);
        OwnProfile.Map(group);
        OwnEmails.Map(group);
        OwnPhones.Map(group);
        ChangePassword.Map(group);
        TwoStep.Map(group);
        OwnRecovery.Map(group);
        TwoStepApp.Map(group);
        TwoStepSms.Map(group);
        TwoStepCodes.Map(group);
        OwnPasskeys.Map(group);
        OwnKeys.Map(group);
        OwnSessions.Map(group);
        OwnOrganizations.Map(group);
        OwnTenants.Map(group);
        OwnConsents.Map(group);
        OwnActivity.Map(group);
        OwnPrivacy.Map(group);
        ConfirmIdentity.Map(group);
        AccountApiRoutes.Map(pages);
    }
}
