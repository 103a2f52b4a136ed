using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Events;

/// <summary>
/// Something that happened in a tenant and that other rooms or programs may care about. A record of plain values, which its room lists
/// in its JSON context.
/// </summary>
public interface IDomainEvent
{
    /// <summary>Stable name, <c>noun.verb_past</c>, for example <c>user.disabled</c>.</summary>
    static abstract string Name { get; }
}

/// <summary>A room's reaction that must be true as soon as the event is: it runs in the same transaction.</summary>
public interface IEventSubscriber<in T>
{
    ValueTask HandleAsync(TenantTransaction tx, T occurrence, CancellationToken ct);
}

/// <summary>Writes events beside the change that caused them, in one transaction, and runs the subscribers that guard security.</summary>
public sealed class EventOutbox(IServiceProvider services, IOptions<JsonOptions> json, TimeProvider clock)
{
    private const string Insert = """
        INSERT INTO outbox_events (tenant_id, id, name, payload, created_at) VALUES (@tenant, @id, @name, @payload, @now)
        """;

    public async ValueTask PublishAsync<T>(TenantTransaction tx, T occurrence, CancellationToken ct) where T : IDomainEvent
    {
        foreach (var subscriber in services.GetServices<IEventSubscriber<T>>()) await subscriber.HandleAsync(tx, occurrence, ct);
        var payload = JsonSerializer.Serialize(occurrence, json.Value.SerializerOptions.GetTypeInfo(typeof(T)));
        await tx.ExecuteAsync(Insert, [("id", EventId.New(clock)), ("name", T.Name), ("payload", new Json(payload)), ("now", clock.Now())], ct);
    }
}
