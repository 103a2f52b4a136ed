using System.Text.Json.Serialization;
using Gatehouse.Kernel;

namespace Gatehouse.Flows.Hooks;

/// <summary>Names a key with which requests to a tenant's programs are signed.</summary>
[JsonConverter(typeof(TypedIdConverter<FlowKeyId>))]
internal readonly record struct FlowKeyId(Guid Value) : ITypedId<FlowKeyId>
{
    public static string Prefix => "fky";
    public static FlowKeyId From(Guid value) => new(value);
    public static FlowKeyId New(TimeProvider clock) => TypedId.New<FlowKeyId>(clock);
    public static bool TryParse(string? text, out FlowKeyId id) => TypedId.TryParse(text, out id);
    public override string ToString() => TypedId.Format(this);
}

/// <param name="Sealed">The secret, sealed by the vault.</param>
internal sealed record FlowKey(FlowKeyId Id, byte[] Sealed, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A key as the management API shows it: never its secret.</summary>
/// <param name="CreatedBy">Who made it.</param>
internal sealed record FlowKeyView(FlowKeyId Id, DateTimeOffset CreatedAt, string CreatedBy);
