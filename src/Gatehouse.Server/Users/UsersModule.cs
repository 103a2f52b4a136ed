using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Jobs;
using Gatehouse.Messaging;
using Gatehouse.Tenants;
using Gatehouse.Users.Deleting;
using Gatehouse.Users.Merging;
using Gatehouse.Users.Visibility;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Users;

/// <summary>Everything the Users room puts into the process. Read this first.</summary>
public static class UsersModule
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<UserGuards>();
        services.AddSingleton<IndexUsers>();
        services.AddSingleton<IEventSubscriber<UserCreated>>(s => s.GetRequiredService<IndexUsers>());
        services.AddSingleton<IEventSubscriber<UserUpdated>>(s => s.GetRequiredService<IndexUsers>());
        services.AddSingleton<IEventSubscriber<UserDeleted>>(s => s.GetRequiredService<IndexUsers>());
        services.AddSingleton<ISettingsGuard>(s => s.GetRequiredService<IndexUsers>());
        services.AddSingleton<IndexWalk>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<IndexWalk>());
        services.AddSingleton<UserChange>();
        services.AddSingleton<UserRemoval>();
        services.AddSingleton(s => new Deletions(s.GetRequiredService<UserGuards>(), s.GetRequiredService<EventOutbox>(), s.GetRequiredService<Mailer>(), s.GetRequiredService<AuditLog>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FollowStatus>();
        services.AddSingleton<IEventSubscriber<UserDeleted>>(s => s.GetRequiredService<FollowStatus>());
        services.AddSingleton<IEventSubscriber<UserDisabled>>(s => s.GetRequiredService<FollowStatus>());
        services.AddSingleton<IEventSubscriber<UserEnabled>>(s => s.GetRequiredService<FollowStatus>());
        services.AddSingleton<MergeUsers>();
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton<IVisibleUsers>(SeeSelf.Instance);
        services.AddSingleton<IVisibleUsers, SeeTenant>();
        services.AddSingleton<DeletionWorker>();
        services.AddHostedService(s => s.GetRequiredService<DeletionWorker>());
        services.AddSingleton<IJobKind, BulkUsersJob>();
        services.AddSingleton(s => new OwnUser(s.GetRequiredService<UserGuards>(), s.GetServices<IPhoneGuard>(), s.GetRequiredService<EventOutbox>(), s.GetRequiredService<TimeProvider>()));
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Add(UsersJson.Default));
    }

    /// <param name="pages">Routes at the tenant's root.</param>
    /// <param name="api">Routes under <c>/api/v1</c>.</param>
    public static void MapUsers(this IEndpointRouteBuilder pages, IEndpointRouteBuilder api)
    {
        CreateUser.Map(api);
        BulkUsers.Map(api);
        ListUsers.Map(api);
        GetUser.Map(api);
        UpdateUser.Map(api);
        DisableUser.Map(api);
        DeleteUser.Map(api);
        ScheduleDeletion.Map(api);
        MergeUsers.Map(api);
        ChangeEmails.Map(api);
        ChangePhones.Map(api);
    }
}
