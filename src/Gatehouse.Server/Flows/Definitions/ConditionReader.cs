using System.Net;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Sessions;

namespace Gatehouse.Flows.Definitions;

/// <summary>Reads a condition: an object with one member, which names what is asked.</summary>
/// <param name="registers">Of people who register: only client and network are known of them.</param>
internal sealed class ConditionReader(Func<string, string, object?> fault, bool registers)
{
    private const int MaxNodes = 100, MaxDepth = 6, MaxValues = 50;
    private int nodes;

    internal FlowCondition? Read(JsonElement json, string path, int depth = 1)
    {
        if (++nodes > MaxNodes || depth > MaxDepth) return Fault(path, $"A condition has at most {MaxNodes} parts, {MaxDepth} deep.");
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() != 1) return Fault(path, "A condition is an object with exactly one member.");
        var (name, value) = json.EnumerateObject().Select(m => (m.Name, m.Value)).First();
        var here = $"{path}.{(name.Length > 40 ? "…" : name)}";
        if (registers && (name is "role" or "attribute" or "level" or "method" or "device" or "platform" or "has_second_factor")) return Fault(here, "In registration a condition is one of all, any, not, client and network.");
        switch (name)
        {
            case "all":
            case "any":
                if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is < 1 or > MaxValues) return Fault(here, "A list of conditions.");
                List<FlowCondition> parts = [];
                var i = 0;
                foreach (var element in value.EnumerateArray())
                    if (Read(element, $"{here}[{i++}]", depth + 1) is { } part) parts.Add(part);
                    else return null;
                return name == "all" ? new FlowCondition.All(parts) : new FlowCondition.Any(parts);
            case "not":
                return Read(value, here, depth + 1) is { } inner ? new FlowCondition.Not(inner) : null;
            case "client":
                List<ClientId> clients = [];
                foreach (var text in Texts(value, here) ?? [])
                    if (ClientId.TryParse(text, out var id)) clients.Add(id);
                    else return Fault(here, "client is a list of client ids.");
                return clients.Count == 0 ? null : new FlowCondition.Client(clients);
            case "network":
                List<IPNetwork> networks = [];
                foreach (var text in Texts(value, here) ?? [])
                    if (IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(text.Split('/')[0], out var whole) && whole.Equals(network.BaseAddress)) networks.Add(network);
                    else return Fault(here, "network is a list of networks such as 10.0.0.0/8 or 2001:db8::/32, without bits beyond the prefix.");
                return networks.Count == 0 ? null : new FlowCondition.Network(networks);
            case "role":
                if (Texts(value, here) is not { } roles) return null;
                return new FlowCondition.Role(roles);
            case "attribute":
                if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() != 2 || !value.TryGetProperty("name", out var attribute) || attribute.ValueKind != JsonValueKind.String
                    || !value.TryGetProperty("in", out var list)) return Fault(here, "attribute is an object with a name and a list, in.");
                return Texts(list, here + ".in") is { } values ? new FlowCondition.AttributeIn(attribute.GetString()!, values) : null;
            case "level":
                return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var level) && level is >= 1 and <= 3 ? new FlowCondition.LevelAtLeast(level) : Fault(here, "level is 1, 2 or 3: what the application demands at least.");
            case "method":
                return Texts(value, here) is { } methods ? new FlowCondition.Method(methods) : null;
            case "device":
                return value.ValueKind == JsonValueKind.String && Standing(value.GetString()) is { } standing ? new FlowCondition.Device(standing) : Fault(here, "device is trusted, known or new.");
            case "platform":
                if (Texts(value, here) is not { } platforms) return null;
                return platforms.All(p => DeviceName.Platforms.Contains(p, StringComparer.Ordinal)) ? new FlowCondition.Platform(platforms) : Fault(here, $"platform is a list of {string.Join(", ", DeviceName.Platforms)}.");
            case "has_second_factor":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? new FlowCondition.HasSecondFactor(value.ValueKind == JsonValueKind.True) : Fault(here, "has_second_factor is true or false.");
            default:
                return Fault(here, "A condition is one of all, any, not, client, network, role, attribute, level, method, device, platform and has_second_factor.");
        }
    }

    /// <summary>How well a device is known, by its name in definitions and previews.</summary>
    internal static DeviceStanding? Standing(string? name) => name switch
    {
        "trusted" => DeviceStanding.Trusted,
        "known" => DeviceStanding.Known,
        "new" => DeviceStanding.New,
        _ => null,
    };

    private List<string>? Texts(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is >= 1 and <= MaxValues && value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.GetString()!.Length <= 200))
            return [.. value.EnumerateArray().Select(e => e.GetString()!)];
        fault(path, $"A list of 1 to {MaxValues} texts.");
        return null;
    }

    private FlowCondition? Fault(string path, string detail)
    {
        fault(path, detail);
        return null;
    }
}
