using System.Net;
using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Flows.Definitions;

/// <summary>How well a browser is known as hers.</summary>
public enum DeviceStanding
{
    /// <summary>She has never signed in with it.</summary>
    New,

    /// <summary>She has signed in with it before.</summary>
    Known,

    /// <summary>She trusts it (<see cref="Sessions.TrustedDevices"/>).</summary>
    Trusted,
}

/// <summary>What a condition may ask about.</summary>
/// <param name="Client">The application she signs in to; null: her own account.</param>
/// <param name="Address">Where she comes from; null where it is unknown.</param>
/// <param name="Level">The level of assurance that is demanded; 0: none.</param>
/// <param name="Roles">Those she holds; none before it is known who she is.</param>
/// <param name="Attributes">The tenant's facts about her, an object; an undefined element before it is known who she is.</param>
/// <param name="Methods">RFC 8176 values of what she has proved so far.</param>
/// <param name="Device">Null before it is known who she is.</param>
/// <param name="Platform">One of <see cref="Sessions.DeviceName.Platforms"/>: what her browser says of itself, which anybody may make it say.</param>
public sealed record FlowFacts(ClientId? Client, IPAddress? Address, int Level, IReadOnlyList<string> Roles, JsonElement Attributes, bool HasSecondFactor, IReadOnlyList<string> Methods,
    DeviceStanding? Device, string Platform);

/// <summary>When a step applies. What cannot be known is not so: a condition on her roles does not hold before it is known who she is.</summary>
public abstract record FlowCondition
{
    private FlowCondition()
    {
    }

    public abstract bool Holds(FlowFacts facts);

    /// <summary>Whether it can only be judged when it is known who she is.</summary>
    public virtual bool AsksWho => false;

    /// <summary>Keys of the roles it speaks of.</summary>
    public virtual IEnumerable<string> RolesNamed => [];

    public sealed record All(IReadOnlyList<FlowCondition> Of) : FlowCondition
    {
        public override IEnumerable<string> RolesNamed => Of.SelectMany(c => c.RolesNamed);

        public override bool AsksWho => Of.Any(c => c.AsksWho);

        public override bool Holds(FlowFacts facts) => Of.All(c => c.Holds(facts));
    }

    public sealed record Any(IReadOnlyList<FlowCondition> Of) : FlowCondition
    {
        public override IEnumerable<string> RolesNamed => Of.SelectMany(c => c.RolesNamed);

        public override bool AsksWho => Of.Any(c => c.AsksWho);

        public override bool Holds(FlowFacts facts) => Of.Any(c => c.Holds(facts));
    }

    public sealed record Not(FlowCondition Of) : FlowCondition
    {
        public override bool AsksWho => Of.AsksWho;

        public override IEnumerable<string> RolesNamed => Of.RolesNamed;

        public override bool Holds(FlowFacts facts) => !Of.Holds(facts);
    }

    public sealed record Client(IReadOnlyList<ClientId> OneOf) : FlowCondition
    {
        public override bool Holds(FlowFacts facts) => facts.Client is { } client && OneOf.Contains(client);
    }

    public sealed record Network(IReadOnlyList<IPNetwork> OneOf) : FlowCondition
    {
        public override bool Holds(FlowFacts facts) =>
            facts.Address is { } address && OneOf.Any(n => n.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }

    public sealed record Role(IReadOnlyList<string> OneOf) : FlowCondition
    {
        public override IEnumerable<string> RolesNamed => OneOf;

        public override bool AsksWho => true;

        public override bool Holds(FlowFacts facts) => OneOf.Any(r => facts.Roles.Contains(r, StringComparer.Ordinal));
    }

    public sealed record AttributeIn(string Name, IReadOnlyList<string> OneOf) : FlowCondition
    {
        public override bool AsksWho => true;

        public override bool Holds(FlowFacts facts) =>
            facts.Attributes.ValueKind == JsonValueKind.Object && facts.Attributes.TryGetProperty(Name, out var value)
            && (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(Matches) : Matches(value));

        private bool Matches(JsonElement value) => OneOf.Contains(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), StringComparer.Ordinal);
    }

    public sealed record LevelAtLeast(int Level) : FlowCondition
    {
        public override bool Holds(FlowFacts facts) => facts.Level >= Level;
    }

    public sealed record Method(IReadOnlyList<string> OneOf) : FlowCondition
    {
        public override bool AsksWho => true;

        public override bool Holds(FlowFacts facts) => OneOf.Any(m => facts.Methods.Contains(m, StringComparer.Ordinal));
    }

    /// <summary>At least so well known: what is trusted is known too. <c>New</c> is neither.</summary>
    public sealed record Device(DeviceStanding Standing) : FlowCondition
    {
        public override bool AsksWho => true;

        public override bool Holds(FlowFacts facts) => Standing == DeviceStanding.New ? facts.Device == DeviceStanding.New : facts.Device >= Standing;
    }

    public sealed record Platform(IReadOnlyList<string> OneOf) : FlowCondition
    {
        public override bool Holds(FlowFacts facts) => OneOf.Contains(facts.Platform, StringComparer.Ordinal);
    }

    public sealed record HasSecondFactor(bool Value) : FlowCondition
    {
        public override bool AsksWho => true;

        public override bool Holds(FlowFacts facts) => facts.HasSecondFactor == Value;
    }
}
