using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Gatehouse.Events;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Events;

public sealed partial class EventOutboxTests
{
    private static readonly Type[] events = [.. typeof(EventOutbox).Assembly.GetTypes().Where(t => t is { IsInterface: false } && t.IsAssignableTo(typeof(IDomainEvent)))];

    /// <summary>An event that its room forgot to list would fail the operation it belongs to.</summary>
    [Fact]
    public async Task Every_event_is_written_in_the_words_of_its_room()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var json = server.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        events.Length.ShouldBeGreaterThan(20);
        foreach (var type in events)
        {
            json.TryGetTypeInfo(type, out var info).ShouldBeTrue(type.Name);
            info!.Kind.ShouldBe(JsonTypeInfoKind.Object, type.Name);
            foreach (var property in info.Properties) property.Name.ShouldMatch("^[a-z]+(_[a-z]+)*$", type.Name);
        }
    }

    [Fact]
    public void Every_event_has_a_name_of_its_own()
    {
        var names = events.Select(t => (string)t.GetProperty(nameof(IDomainEvent.Name))!.GetValue(null)!).ToList();
        names.ShouldBeUnique();
        foreach (var name in names) Noun().IsMatch(name).ShouldBeTrue(name);
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*\\.[a-z]+(_[a-z]+)*$")]
    private static partial Regex Noun();
}
