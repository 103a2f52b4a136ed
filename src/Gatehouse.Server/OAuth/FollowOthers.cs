using Gatehouse.Applications;
using Gatehouse.Caching;
using Gatehouse.Events;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.OAuth;

/// <summary>What this room does, in the same transaction, when something happens to a user or a client elsewhere.</summary>
internal sealed class FollowOthers(GrantRevocation grants) :
    IEventSubscriber<UserUpdated>, IEventSubscriber<UserEnabled>, IEventSubscriber<UserDisabled>, IEventSubscriber<UserDeleted>,
    IEventSubscriber<ClientDisabled>, IEventSubscriber<ClientDeleted>
{
    internal static void Subscribe(IServiceCollection services)
    {
        services.AddSingleton<IEventSubscriber<UserUpdated>>(Mine);
        services.AddSingleton<IEventSubscriber<UserEnabled>>(Mine);
        services.AddSingleton<IEventSubscriber<UserDisabled>>(Mine);
        services.AddSingleton<IEventSubscriber<UserDeleted>>(Mine);
        services.AddSingleton<IEventSubscriber<ClientDisabled>>(Mine);
        services.AddSingleton<IEventSubscriber<ClientDeleted>>(Mine);

        static FollowOthers Mine(IServiceProvider services) => services.GetRequiredService<FollowOthers>();
    }

    public ValueTask HandleAsync(TenantTransaction tx, UserUpdated occurrence, CancellationToken ct) => ForgetAsync(tx, occurrence.UserId);

    public ValueTask HandleAsync(TenantTransaction tx, UserEnabled occurrence, CancellationToken ct) => ForgetAsync(tx, occurrence.UserId);

    /// <summary>Also what was granted under sessions that have long ended.</summary>
    public async ValueTask HandleAsync(TenantTransaction tx, UserDisabled occurrence, CancellationToken ct)
    {
        await ForgetAsync(tx, occurrence.UserId);
        await grants.RevokeAsync(tx, occurrence.UserId, null, "user_disabled", ct);
    }

    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct)
    {
        await ForgetAsync(tx, occurrence.UserId);
        await grants.RevokeAsync(tx, occurrence.UserId, null, "user_deleted", ct);
        await ConsentStore.DeleteOfUserAsync(tx, occurrence.UserId, ct);
    }

    public ValueTask HandleAsync(TenantTransaction tx, ClientDisabled occurrence, CancellationToken ct) => grants.RevokeAsync(tx, occurrence.ClientId, "client_disabled", ct);

    public async ValueTask HandleAsync(TenantTransaction tx, ClientDeleted occurrence, CancellationToken ct)
    {
        await grants.RevokeAsync(tx, occurrence.ClientId, "client_deleted", ct);
        await ConsentStore.DeleteOfClientAsync(tx, occurrence.ClientId, ct);
    }

    private static ValueTask ForgetAsync(TenantTransaction tx, Kernel.UserId user)
    {
        tx.Announce(CacheTopic.For(tx.Tenant, UserClaims.Topic, user));
        return ValueTask.CompletedTask;
    }
}
