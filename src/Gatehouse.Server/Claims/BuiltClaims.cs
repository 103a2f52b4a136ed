using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Authorization;
using Gatehouse.Kernel;

namespace Gatehouse.Claims;

/// <summary>What became of one rule.</summary>
/// <param name="Code"><c>applied</c>, <c>cut</c>; or why it did not: <c>scope_missing</c>, <c>condition_unmet</c>, <c>source_absent</c>, <c>claim_taken</c>, <c>too_large</c>.</param>
/// <param name="Detail">In words, for who writes rules.</param>
/// <param name="Because">Of each word of a list of roles or permissions: through what it is held.</param>
public sealed record ClaimOutcome(ClaimRuleId Rule, string Name, string Claim, string Source, string Code, string Detail, IReadOnlyDictionary<string, List<HeldThrough>>? Because = null)
{
    public bool Applied => Code is "applied" or "cut";
}

/// <summary>The claims that rules put into one token or one answer of UserInfo.</summary>
public sealed class BuiltClaims
{
    /// <summary>Bytes of JSON: of one claim, of all in a token (which travels in a header), and of all in UserInfo.</summary>
    internal const int MaxClaim = 4096, MaxToken = 8192, MaxUserInfo = 32768;

    private static readonly JsonSerializerOptions plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject root = [];
    private readonly List<ClaimOutcome> outcomes = [];
    private readonly SortedSet<string> truncated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClaimRule> taken = new(StringComparer.Ordinal);
    private int size;

    public static BuiltClaims None { get; } = new();

    public IReadOnlyList<ClaimOutcome> Outcomes => outcomes;

    /// <summary>Writes the claims as members of the object that is open.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        foreach (var (name, value) in root)
        {
            json.WritePropertyName(name);
            value!.WriteTo(json);
        }
        if (truncated.Count == 0) return;
        json.WriteStartArray(ClaimName.Truncated);
        foreach (var claim in truncated) json.WriteStringValue(claim);
        json.WriteEndArray();
    }

    internal void Skip(ClaimRule rule, string code, string detail) => outcomes.Add(new(rule.Id, rule.Name, rule.Claim, rule.Source.Kind!, code, detail));

    internal void Add(ClaimRule rule, JsonNode value, ClaimDestination destination, IReadOnlyDictionary<string, List<HeldThrough>>? because)
    {
        // 1. Who spoke first has the name; what stands in its way as an object's outside or inside is the same claim.
        if (FindTaken(rule) is { } other) { Skip(rule, "claim_taken", $"The rule {other.Id} says this claim already."); return; }

        // 2. What fits.
        var cut = value is JsonArray list && list.Count > rule.MaxItems;
        var bound = Math.Min(MaxClaim, (destination == ClaimDestination.UserInfo ? MaxUserInfo : MaxToken) - size - rule.Claim.Length - 8);
        if (cut && !rule.Cut) { Leave(rule); return; }
        if (cut) while (((JsonArray)value).Count > rule.MaxItems) ((JsonArray)value).RemoveAt(((JsonArray)value).Count - 1);
        var bytes = SizeOf(value);
        if (bytes > bound)
        {
            if (!rule.Cut || value is not JsonArray items) { Leave(rule); return; }
            while (items.Count > 0 && bytes > bound)
            {
                bytes -= SizeOf(items[^1]!) + 1;
                items.RemoveAt(items.Count - 1);
            }
            if (items.Count == 0) { Leave(rule); return; }
            cut = true;
        }

        // 3. Said.
        size += bytes + rule.Claim.Length + 8;
        var at = root;
        foreach (var step in rule.Path.SkipLast(1))
        {
            if (at[step] is not JsonObject inner) at[step] = inner = [];
            at = inner;
        }
        at[rule.Path[^1]] = value;
        taken.Add(Key(rule.Path, rule.Path.Count), rule);
        if (cut) truncated.Add(rule.Claim);
        outcomes.Add(new(rule.Id, rule.Name, rule.Claim, rule.Source.Kind!, cut ? "cut" : "applied",
            cut ? $"Only the first {((JsonArray)value).Count} are told: {ClaimName.Truncated} says so." : Said(destination), because));
    }

    private static string Said(ClaimDestination destination) => destination switch
    {
        ClaimDestination.IdToken => "In the ID token.",
        ClaimDestination.AccessToken => "In the access token.",
        _ => "In UserInfo.",
    };

    private void Leave(ClaimRule rule)
    {
        truncated.Add(rule.Claim);
        Skip(rule, "too_large", $"It has more than {rule.MaxItems} items, or more bytes than a claim or all claims together may have: {ClaimName.Truncated} names it.");
    }

    private ClaimRule? FindTaken(ClaimRule rule)
    {
        for (var length = 1; length <= rule.Path.Count; length++)
            if (taken.TryGetValue(Key(rule.Path, length), out var outer)) return outer;
        var inside = Key(rule.Path, rule.Path.Count) + "\n";
        foreach (var (key, inner) in taken)
            if (key.StartsWith(inside, StringComparison.Ordinal)) return inner;
        return null;
    }

    private static string Key(IReadOnlyList<string> path, int length) => string.Join('\n', path.Take(length));

    private static int SizeOf(JsonNode value) => Encoding.UTF8.GetByteCount(value.ToJsonString(plain));
}
