using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Tenants;

/// <summary>
/// The JSON that is stored of a tenant's settings: only what differs from the defaults, so that a better default reaches every tenant
/// that never chose. Reading lays it over the defaults; what this version does not know (a newer process wrote it) is left alone.
/// </summary>
internal static class TenantSettingsDocument
{
    internal static TenantSettings Read(string stored)
    {
        if (stored == "{}") return TenantSettings.Default;
        var whole = Defaults();
        Lay(JsonNode.Parse(stored)!.AsObject(), whole);
        return whole.Deserialize(TenantSettingsJson.Default.TenantSettings)!;
    }

    /// <summary>RFC 7396 merge patch over the stored document: null goes back to the default.</summary>
    /// <returns>The document to store; or <c>member_unknown</c> with the path of the member at fault.</returns>
    internal static Result<JsonObject, Problem> Merge(JsonObject stored, JsonObject patch) =>
        Merge(stored, patch, Defaults(), "") is { } problem ? problem : stored;

    /// <summary>What of a document must be stored: its difference from the defaults.</summary>
    internal static string Shorten(JsonObject document)
    {
        RemoveDefaults(document, Defaults());
        return document.ToJsonString();
    }

    private static JsonObject Defaults() => JsonSerializer.SerializeToNode(TenantSettings.Default, TenantSettingsJson.Default.TenantSettings)!.AsObject();

    private static void Lay(JsonObject over, JsonObject whole)
    {
        foreach (var (name, value) in over)
        {
            if (!whole.TryGetPropertyValue(name, out var below)) continue;
            if (value is JsonObject inner && below is JsonObject belowInner) Lay(inner, belowInner);
            else whole[name] = value?.DeepClone();
        }
    }

    private static Problem? Merge(JsonObject stored, JsonObject patch, JsonObject known, string path)
    {
        foreach (var (name, value) in patch)
        {
            if (!known.TryGetPropertyValue(name, out var like)) return Problem.Invalid("member_unknown", "There is no such setting.", path + name);
            if (value is null) stored.Remove(name);
            else if (like is JsonObject likeInner)
            {
                if (value is not JsonObject inner) return Problem.Invalid("setting_invalid", $"{path + name} is an object.", path + name);
                if (stored[name] is not JsonObject storedInner) stored[name] = storedInner = [];
                if (Merge(storedInner, inner, likeInner, path + name + ".") is { } problem) return problem;
            }
            else stored[name] = value.DeepClone();
        }
        return null;
    }

    private static void RemoveDefaults(JsonObject document, JsonObject defaults)
    {
        foreach (var (name, value) in document.ToArray())
        {
            if (!defaults.TryGetPropertyValue(name, out var like)) continue;
            if (value is JsonObject inner && like is JsonObject likeInner)
            {
                RemoveDefaults(inner, likeInner);
                if (inner.Count == 0) document.Remove(name);
            }
            else if (JsonNode.DeepEquals(value, like)) document.Remove(name);
        }
    }
}
