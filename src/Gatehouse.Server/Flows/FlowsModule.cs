using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Flows.Definitions;
using Gatehouse.Flows.Hooks;
using Gatehouse.Groups.Rules;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Flows;

/// <summary>Everything the Flows room puts into the process. Read this first.</summary>
public static class FlowsModule
{
    public static void AddFlows(this IServiceCollection services)
    {
        services.AddSingleton<Interactions>();
        services.AddSingleton<FlowDirectory>();
        services.AddSingleton<LockoutGuard>();
        services.AddSingleton<ISelfWrittenAttributes, CollectedAttributes>();
        services.AddSingleton<ISettingsGuard>(s => s.GetRequiredService<LockoutGuard>());
        services.AddSingleton<Hooks.Hooks>();
        services.AddSingleton<Handovers>();
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(FlowsJson.Default));
        services.AddSingleton(FlowsPruning.Table);
        services.AddSingleton<IEventSubscriber<PasswordChanged>, ForgetProofs>();
        services.AddSingleton<IEventSubscriber<PasskeyRemoved>, ForgetProofs>();
        services.AddSingleton<IEventSubscriber<AccountDisowned>, ForgetProofs>();
        services.AddSingleton<IEventSubscriber<AccountRecovered>, ForgetProofs>();
        services.AddSingleton<IEventSubscriber<UserDisabled>, ForgetProofs>();
        services.AddSingleton<IEventSubscriber<UserDeleted>, ForgetProofs>();
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapFlows(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        GetFlow.Map(api);
        ChangeFlow.Map(api);
        PreviewFlow.Map(api);
        FlowKeys.Map(api);
    }
}
