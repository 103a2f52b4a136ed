using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Impersonation;

/// <summary>What ends an impersonation before its time, in the transaction that did it: what was issued under it ends there, too.</summary>
internal sealed class EndImpersonations(Impersonations impersonations, TimeProvider clock) :
    IEventSubscriber<SessionRevoked>, IEventSubscriber<AllSessionsRevoked>, IEventSubscriber<RoleGranted>, IEventSubscriber<RoleRevoked>, IEventSubscriber<RoleUpdated>, IEventSubscriber<RoleDeleted>,
    IEventSubscriber<GroupsOfUserChanged>, IEventSubscriber<GroupNestingChanged>, IEventSubscriber<GroupDeleted>
{
    internal static void Subscribe(IServiceCollection services)
    {
        services.AddSingleton<EndImpersonations>();
        services.AddSingleton<IEventSubscriber<SessionRevoked>>(Mine);
        services.AddSingleton<IEventSubscriber<AllSessionsRevoked>>(Mine);
        services.AddSingleton<IEventSubscriber<RoleGranted>>(Mine);
        services.AddSingleton<IEventSubscriber<RoleRevoked>>(Mine);
        services.AddSingleton<IEventSubscriber<RoleUpdated>>(Mine);
        services.AddSingleton<IEventSubscriber<RoleDeleted>>(Mine);
        services.AddSingleton<IEventSubscriber<GroupsOfUserChanged>>(Mine);
        services.AddSingleton<IEventSubscriber<GroupNestingChanged>>(Mine);
        services.AddSingleton<IEventSubscriber<GroupDeleted>>(Mine);

        static EndImpersonations Mine(IServiceProvider services) => services.GetRequiredService<EndImpersonations>();
    }

    /// <summary>The actor's own. Those that impersonations made are in no list of sessions, and end none.</summary>
    public async ValueTask HandleAsync(TenantTransaction tx, SessionRevoked occurrence, CancellationToken ct)
    {
        var reason = Actor(occurrence.Reason);
        await TellAsync(tx, await ImpersonationStore.EndOfActorSessionAsync(tx, occurrence.SessionId, default, reason, clock.Now(), ct), reason, ct);
    }

    /// <summary>
    /// The person ends her sessions, this one too, though she cannot see who it is; or she is disabled or deleted. So it is said of the actor as well, of whatever
    /// session was forgotten long ago.
    /// </summary>
    public async ValueTask HandleAsync(TenantTransaction tx, AllSessionsRevoked occurrence, CancellationToken ct)
    {
        var reason = occurrence.Reason is "user_disabled" or "user_deleted" ? occurrence.Reason : "user_sessions_ended";
        await TellAsync(tx, await ImpersonationStore.EndOfUserAsync(tx, occurrence.UserId, reason, clock.Now(), ct), reason, ct);
        if (occurrence.KeptSession is null) await TellAsync(tx, await ImpersonationStore.EndOfActorAsync(tx, occurrence.UserId, Actor(occurrence.Reason), clock.Now(), ct), Actor(occurrence.Reason), ct);
    }

    private static string Actor(string reason) => reason switch { "user_disabled" => "actor_disabled", "user_deleted" => "actor_deleted", _ => "actor_signed_out" };

    /// <summary>What either holds is another thing now: who still may, begins again.</summary>
    public ValueTask HandleAsync(TenantTransaction tx, RoleGranted occurrence, CancellationToken ct) => EndOfHolderAsync(tx, occurrence.Holder, ct);

    public ValueTask HandleAsync(TenantTransaction tx, RoleRevoked occurrence, CancellationToken ct) => EndOfHolderAsync(tx, occurrence.Holder, ct);

    public ValueTask HandleAsync(TenantTransaction tx, GroupsOfUserChanged occurrence, CancellationToken ct) => EndOfUserAsync(tx, occurrence.UserId, ct);

    /// <summary>It concerns whoever holds the role, or is in the group: those end that would not begin any more.</summary>
    public ValueTask HandleAsync(TenantTransaction tx, RoleUpdated occurrence, CancellationToken ct) => EndUnfitAsync(tx, ct);

    public ValueTask HandleAsync(TenantTransaction tx, RoleDeleted occurrence, CancellationToken ct) => EndUnfitAsync(tx, ct);

    public ValueTask HandleAsync(TenantTransaction tx, GroupNestingChanged occurrence, CancellationToken ct) => EndUnfitAsync(tx, ct);

    public ValueTask HandleAsync(TenantTransaction tx, GroupDeleted occurrence, CancellationToken ct) => EndUnfitAsync(tx, ct);

    private ValueTask EndOfHolderAsync(TenantTransaction tx, string holder, CancellationToken ct) =>
        UserId.TryParse(holder, out var user) ? EndOfUserAsync(tx, user, ct) : GroupId.TryParse(holder, out _) ? EndUnfitAsync(tx, ct) : ValueTask.CompletedTask;

    private async ValueTask EndOfUserAsync(TenantTransaction tx, UserId user, CancellationToken ct)
    {
        await TellAsync(tx, await ImpersonationStore.EndOfUserAsync(tx, user, RolesChanged, clock.Now(), ct), RolesChanged, ct);
        await TellAsync(tx, await ImpersonationStore.EndOfActorAsync(tx, user, RolesChanged, clock.Now(), ct), RolesChanged, ct);
    }

    private async ValueTask EndUnfitAsync(TenantTransaction tx, CancellationToken ct)
    {
        foreach (var live in await ImpersonationStore.ListLiveAsync(tx, clock.Now(), ct))
            if (!await impersonations.IsAllowedAsync(tx, live, ct)) await impersonations.EndAsync(tx, live.Id, RolesChanged, AuditActor.System, RequestFacts.None, ct);
    }

    private const string RolesChanged = "roles_changed";

    private async ValueTask TellAsync(TenantTransaction tx, List<StoredImpersonation> ended, string reason, CancellationToken ct)
    {
        foreach (var one in ended) await impersonations.TellAsync(tx, one, reason, AuditActor.System, RequestFacts.None, ct);
    }
}
