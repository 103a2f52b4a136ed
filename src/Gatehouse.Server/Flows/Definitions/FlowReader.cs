using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Flows.Definitions;

/// <summary>
/// Reads a definition strictly: an unknown member, step or condition is a mistake, never ignored, since a policy that is not understood must not
/// look as if it were in force. Says where the mistake is.
/// </summary>
public sealed class FlowReader
{
    private const int MaxSteps = 30, MaxId = DefinitionParts.MaxId, MaxText = 4000, MaxUrl = 500, MaxWebhooks = 3;
    private static readonly string[] firstFactors = ["password", "passkey", "email_code", "sms_code"], secondFactors = ["totp", "sms", "passkey"];

    private readonly DefinitionParts parts = new();

    private readonly bool registers;

    private FlowReader(string kind) => registers = kind == FlowDefinition.Registration;

    /// <returns>The definition, or everything that is wrong with it: <c>flow_invalid</c>, each with the path of its member.</returns>
    public static Result<FlowDefinition, IReadOnlyList<Problem>> Read(string kind, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && !JsonText.IsText(Encoding.UTF8.GetBytes(json.GetRawText())))
            return new[] { Problem.Invalid("flow_invalid", "A text in the definition is none: half of a surrogate pair.", "definition") };
        var reader = new FlowReader(kind);
        var steps = reader.ReadSteps(json);
        return reader.parts.Problems.Count > 0 ? reader.parts.Problems : new FlowDefinition(steps, json.GetRawText());
    }

    private List<FlowStep> ReadSteps(JsonElement json)
    {
        List<FlowStep> steps = [];
        if (!parts.IsObject(json, "definition", "steps")) return steps;
        if (!json.TryGetProperty("steps", out var array) || array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > MaxSteps || (array.GetArrayLength() == 0 && !registers))
        {
            Fault("steps", $"steps is a list of 1 to {MaxSteps} steps; of none only in registration.");
            return steps;
        }
        var i = 0;
        foreach (var element in array.EnumerateArray())
            if (ReadStep(element, $"steps[{i++}]") is { } step) steps.Add(step);
        foreach (var twice in steps.GroupBy(s => s.Id, StringComparer.Ordinal).Where(g => g.Count() > 1)) Fault("steps", $"The id {twice.Key} occurs twice.");
        if (steps.OfType<WebhookStep>().Count() > MaxWebhooks) Fault("steps", $"At most {MaxWebhooks} webhook steps: everybody waits for each of them.");
        if (!registers && parts.Problems.Count == 0 && !steps.OfType<FirstFactorStep>().Any(s => s.When is null)) Fault("steps", "One first_factor step has no condition: without it some people could not even begin.");
        return steps;
    }

    private FlowStep? ReadStep(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) return Fault(path, "A step is an object.");
        var id = parts.Text(json, "id", path, MaxId);
        var type = parts.Text(json, "type", path, MaxId);
        // Who registers has proved nothing, holds nothing and is nobody yet.
        if (registers && (type is "first_factor" or "second_factor" or "web")) return Fault(path + ".type", "In registration type is terms, collect, webhook or deny.");
        FlowCondition? when = null;
        if (json.TryGetProperty("when", out var condition) && (when = new ConditionReader(Fault, registers).Read(condition, path + ".when")) is null) return null;
        switch (type)
        {
            case "first_factor":
                return parts.IsObject(json, path, "id", "type", "when", "any_of") && Names(json, path, firstFactors) is { } first ? new FirstFactorStep(id, when, first) : null;
            case "second_factor":
                if (!parts.IsObject(json, path, "id", "type", "when", "any_of", "enrol", "enrol_from", "trusted_device")) return null;
                var any = json.TryGetProperty("any_of", out _) ? Names(json, path, secondFactors) : null;
                var enrol = json.TryGetProperty("enrol", out var flag);
                if (enrol && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return Fault(path + ".enrol", "enrol is true or false.");
                var trusted = json.TryGetProperty("trusted_device", out var trust);
                if (trusted && trust.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return Fault(path + ".trusted_device", "trusted_device is true or false.");
                DateTimeOffset? from = null;
                if (json.TryGetProperty("enrol_from", out var date))
                {
                    if (date.ValueKind != JsonValueKind.String || !date.TryGetDateTimeOffset(out var read)) return Fault(path + ".enrol_from", "enrol_from is a time as RFC 3339 writes it.");
                    from = read.ToUniversalTime();
                }
                if (enrol && flag.ValueKind == JsonValueKind.True && any is not null && !any.Contains("totp", StringComparer.Ordinal))
                    return Fault(path + ".enrol", "In the middle of a sign-in only totp can be set up: name it in any_of, or leave any_of out.");
                return new SecondFactorStep(id, when, any, enrol && flag.ValueKind == JsonValueKind.True, from, trusted && trust.ValueKind == JsonValueKind.True);
            case "terms":
                if (!parts.IsObject(json, path, "id", "type", "when", "terms", "version", "title", "text", "url")) return null;
                var url = json.TryGetProperty("url", out _) ? parts.Text(json, "url", path, MaxUrl) : null;
                if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var target) && target.Scheme == "https")) Fault(path + ".url", "url is an https address.");
                return new TermsStep(id, when, parts.Text(json, "terms", path, MaxId), parts.Text(json, "version", path, MaxId), parts.Texts(json, "title", path, 200), parts.Texts(json, "text", path, MaxText), url);
            case "collect":
                return new CollectReader(parts).Read(json, id, when, path);
            case "webhook":
                if (!parts.IsObject(json, path, "id", "type", "when", "url", "timeout_ms", "on_failure")) return null;
                var hook = parts.Text(json, "url", path, MaxUrl);
                if (hook.Length > 0 && !OutgoingHttp.IsTarget(hook)) Fault(path + ".url", "url is an https address without user and fragment.");
                var milliseconds = 2000;
                if (json.TryGetProperty("timeout_ms", out var timeout) && !(timeout.ValueKind == JsonValueKind.Number && timeout.TryGetInt32(out milliseconds) && milliseconds is >= 100 and <= 5000))
                    Fault(path + ".timeout_ms", "timeout_ms is 100 to 5000.");
                var failure = parts.Text(json, "on_failure", path, 10);
                if (failure.Length > 0 && failure is not ("allow" or "deny")) Fault(path + ".on_failure", "on_failure is allow or deny: what holds where the program does not answer.");
                return new WebhookStep(id, when, hook, TimeSpan.FromMilliseconds(milliseconds), failure == "allow");
            case "web":
                if (!parts.IsObject(json, path, "id", "type", "when", "url")) return null;
                var page = parts.Text(json, "url", path, MaxUrl);
                if (page.Length == 0) return null;
                return OutgoingHttp.IsTarget(page) ? new WebStep(id, when, page) : Fault(path + ".url", "url is an https address without user and fragment.");
            case "deny":
                return parts.IsObject(json, path, "id", "type", "when") ? new DenyStep(id, when) : null;
            default:
                return Fault(path + ".type", "type is first_factor, second_factor, terms, collect, webhook, web or deny.");
        }
    }

    private List<string>? Names(JsonElement json, string path, string[] known)
    {
        if (json.TryGetProperty("any_of", out var array) && array.ValueKind == JsonValueKind.Array && array.GetArrayLength() is > 0 and <= 10
            && array.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && known.Contains(e.GetString(), StringComparer.Ordinal)))
            return [.. array.EnumerateArray().Select(e => e.GetString()!).Distinct(StringComparer.Ordinal)];
        Fault(path + ".any_of", $"any_of is a list of {string.Join(", ", known)}.");
        return null;
    }

    private FlowStep? Fault(string path, string detail)
    {
        parts.Fault(path, detail);
        return null;
    }
}
