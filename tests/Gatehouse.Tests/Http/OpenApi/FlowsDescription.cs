using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Credentials;
using Gatehouse.SignIn;
using Gatehouse.SignIn.Headless;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>
/// What the description of <c>/flows/v1</c> says beyond the endpoints' types: each step's values and data, made from the steps themselves; the shape of its problems;
/// how clients authenticate; examples.
/// </summary>
internal sealed class FlowsDescription(IReadOnlyList<IStep> steps)
{
    private const string Challenge = "/oauth2/authorize-challenge", Start = "/flows/v1/start", Basic = "client_basic";

    /// <summary>What goes with each step's question; null: nothing. A step that is missing here fails the test.</summary>
    private static readonly Dictionary<string, Type?> data = new(StringComparer.Ordinal)
    {
        ["identifier"] = typeof(IdentifierData),
        ["passkey"] = typeof(PasskeyRequest),
        ["password"] = typeof(PasswordData),
        ["new_password"] = typeof(NewPasswordData),
        ["terms"] = typeof(TermsData),
        ["organization"] = typeof(OrganizationData),
        ["collect"] = typeof(CollectData),
        ["enrol_totp"] = typeof(EnrolData),
        ["totp"] = typeof(CodeData),
        ["recovery_code"] = typeof(CodeData),
        ["email_code"] = typeof(SentCodeData),
        ["sms_code"] = typeof(SmsCodeData),
        ["sms"] = typeof(SmsCodeData),
        ["sign_up"] = typeof(IdentifierData),
        ["sign_up_code"] = typeof(SentCodeData),
        ["sign_up_password"] = typeof(SignUpData),
        ["sign_up_passkey"] = typeof(SignUpData),
        ["webhook"] = null,
        ["web"] = null,
    };

    internal void Write(JsonObject document)
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        // 1. Who may call: a client, by its id alone or with its secret; afterwards whoever holds auth_session.
        document["components"]!["securitySchemes"] = new JsonObject
        {
            [Basic] = new JsonObject { ["type"] = "http", ["scheme"] = "basic", ["description"] = "client_id and client_secret of a confidential client, RFC 6749 §2.3.1. Public clients send client_id alone." },
        };
        foreach (var (path, item) in document["paths"]!.AsObject())
            item!["post"]!["security"] = path is Start or Challenge ? new JsonArray(new JsonObject(), new JsonObject { [Basic] = new JsonArray() }) : new JsonArray();

        // 2. The steps.
        IStep[] asked = [.. steps.Where(s => s is not IAutomaticStep && s.Name != WebPageStep.StepName).OrderBy(s => s.Name, StringComparer.Ordinal)];
        JsonArray values = [], kinds = [];
        foreach (var step in asked)
        {
            var name = Pascal(step.Name);
            if (!data.TryGetValue(step.Name, out var type)) throw new InvalidOperationException($"What goes with the step {step.Name}?");
            schemas[name + "Values"] = step is IAdaptiveStep
                ? new JsonObject { ["type"] = "object", ["description"] = $"Answer of {step.Name}: as its schema says, which differs from person to person.", ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "integer", "number", "boolean", "null") } }
                : Described(StepSchema.Of(step), $"Answer of {step.Name}.");
            values.Add(Reference(name + "Values"));
            if (type is null) continue;
            schemas[type.Name] ??= Described(Schema(type), "Goes with a step's question.");
            if (!kinds.Any(k => JsonNode.DeepEquals(k, Reference(type.Name)))) kinds.Add(Reference(type.Name));
        }
        var names = new JsonArray([.. asked.Select(s => (JsonNode)JsonValue.Create(s.Name)!)]);
        var described = schemas["StepDocument"]!["properties"]!;
        described["name"] = new JsonObject { ["type"] = "string", ["enum"] = names, ["description"] = "Which step; more may come." };
        described["schema"] = new JsonObject { ["type"] = "object", ["description"] = "JSON Schema (2020-12) of an answer's values.", ["additionalProperties"] = true };
        described["data"] = new JsonObject { ["description"] = "What belongs to the question: a challenge, a key.", ["anyOf"] = kinds };
        schemas["SubmitFlowRequest"]!["properties"]!["values"] = new JsonObject { ["description"] = "As the step's schema says.", ["anyOf"] = values };
        schemas["FlowDocument"]!["properties"]!["state"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("open", "completed", "cancelled"), ["description"] = "open: answer one of the steps; completed: here is the code; cancelled." };

        // 3. What a refusal says: besides the problem, what may be answered now.
        var problem = schemas["Problem"]!["properties"]!.AsObject();
        problem["step"] = new JsonObject { ["type"] = "string", ["description"] = "The step that was answered" };
        problem["flow"] = Reference("FlowDocument");
        problem["errors"] = new JsonObject { ["type"] = "array", ["description"] = "Which values are wrong, where there are several", ["items"] = Reference("ValueFault") };
        schemas["ValueFault"] = Described(Schema(typeof(ValueFault)), "What is wrong with one value.");
        schemas["ChallengeError"] = Described(Schema(typeof(ChallengeError)), "draft-ietf-oauth-first-party-apps §5.2.2: insufficient_authorization comes with the open steps.");
        schemas["ChallengeError"]!["properties"]!["steps"] = new JsonObject { ["type"] = "array", ["items"] = Reference("StepDocument") };
        schemas["AuthorizeChallengeRequest"] = new JsonObject
        {
            ["description"] = "First the parameters of an authorization request; then auth_session, client_id, step and the step's values beside them.",
            ["type"] = "object",
            ["properties"] = new JsonObject([.. schemas["StartFlowRequest"]!["properties"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())),
                KeyValuePair.Create("auth_session", (JsonNode?)new JsonObject { ["type"] = "string" }), KeyValuePair.Create("step", (JsonNode?)new JsonObject { ["type"] = "string" })]),
            ["additionalProperties"] = new JsonObject { ["type"] = "string" },
        };
        foreach (var (name, required) in ((string, string[])[])[("StartFlowRequest", ["code_challenge", "code_challenge_method"]), ("AskFlowRequest", ["auth_session"]), ("StepFlowRequest", ["auth_session", "step"]), ("SubmitFlowRequest", ["auth_session", "step"])])
            schemas[name]!["required"] = new JsonArray([.. required.Select(r => (JsonNode)JsonValue.Create(r)!)]);
        foreach (var unused in (string[])["JsonNode", "JsonObject"]) schemas.Remove(unused);
        document["tags"]![0]!["description"] = "Sign-in and registration, step by step.";
        var challenge = document["paths"]![Challenge]!["post"]!.AsObject();
        challenge["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { ["application/x-www-form-urlencoded"] = new JsonObject { ["schema"] = Reference("AuthorizeChallengeRequest") } },
        };
        foreach (var (status, answer) in challenge["responses"]!.AsObject())
            if (status[0] == '4') answer!["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference("ChallengeError") } };

        FlowsExamples.Write(document["paths"]!.AsObject());
        document["components"]!["schemas"] = new JsonObject(schemas.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => KeyValuePair.Create(s.Key, s.Value?.DeepClone())));
    }

    private static JsonObject Schema(Type type)
    {
        var json = new JsonSerializerOptions(SignInJson.Default.Options) { TypeInfoResolver = JsonTypeInfoResolver.Combine(SignInJson.Default, new DefaultJsonTypeInfoResolver()), RespectNullableAnnotations = true };
        var schema = json.GetJsonSchemaAsNode(type, new() { TreatNullObliviousAsNonNullable = true }).AsObject();
        LeaveOutNulls(schema);
        return schema;
    }

    /// <summary>What is null is left out of an answer.</summary>
    private static void LeaveOutNulls(JsonNode? node)
    {
        if (node is JsonArray list) foreach (var item in list) LeaveOutNulls(item);
        if (node is not JsonObject schema) return;
        foreach (var (_, member) in schema) LeaveOutNulls(member);
        if (schema["required"] is not JsonArray required || schema["properties"] is not JsonObject properties) return;
        string[] there = [.. required.Select(r => r!.GetValue<string>()).Where(r => !(properties[r] is JsonObject property && property["type"] is JsonArray types && types.Any(t => t!.GetValue<string>() == "null")))];
        schema.Remove("required");
        if (there.Length > 0) schema["required"] = new JsonArray([.. there.Select(t => (JsonNode)JsonValue.Create(t)!)]);
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
}
