using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Events;

/// <summary>Something that happened in a tenant and that other rooms or programs may care about. A record of plain values.</summary>
public interface IDomainEvent<TSelf> where TSelf : IDomainEvent<TSelf>
{
    /// <summary>Stable name, <c>noun.verb_past</c>, for example <c>user.disabled</c>.</summary>
    static abstract string Name { get; }
    static abstract JsonTypeInfo<TSelf> JsonType { get; }
}

/// <summary>A room's reaction that must be true as soon as the event is: it runs in the same transaction.</summary>
public interface IEventSubscriber<in T>
{
    ValueTask HandleAsync(TenantTransaction tx, T occurrence, CancellationToken ct);
}

/// <summary>Writes events beside the change that caused them, in one transaction, and runs the subscribers that guard security.</summary>
public sealed class EventOutbox(IServiceProvider services, TimeProvider clock)
{
    private const string Insert = """
        INSERT INTO outbox_events (tenant_id, id, name, payload, created_at) VALUES (@tenant, @id, @name, @payload, @now)
        """;

    public async ValueTask PublishAsync<T>(TenantTransaction tx, T occurrence, CancellationToken ct) where T : IDomainEvent<T>
    {
        foreach (var subscriber in services.GetServices<IEventSubscriber<T>>()) await subscriber.HandleAsync(tx, occurrence, ct);
        await tx.ExecuteAsync(Insert,
            [("id", EventId.New(clock)), ("name", T.Name), ("payload", new Json(JsonSerializer.Serialize(occurrence, T.JsonType))), ("now", clock.Now())], ct);
    }
}
