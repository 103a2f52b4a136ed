using System.Text.Json.Nodes;

namespace Gatehouse.Tests.Http.OpenApi;

/// <summary>One sign-in as an application sees it, in the description of <c>/flows/v1</c>.</summary>
internal static class FlowsExamples
{
    private const string Session = "int_06fxdkzq3h1yv7t2mp0c9eb4wr.gh_as_q8Zr1n0c5Lw3tYp7uXk2Vb9sJd4hFgAeRmTiQoWzNxE";

    private const string Identifier = """{ "name": "identifier", "schema": { "type": "object", "properties": { "email": { "type": "string", "maxLength": 254, "format": "email" } }, "required": ["email"], "additionalProperties": false }, "data": {}, "resendable": false }""";
    private const string Password = """{ "name": "password", "schema": { "type": "object", "properties": { "password": { "type": "string", "maxLength": 1024, "writeOnly": true } }, "required": ["password"], "additionalProperties": false }, "data": { "name": "ann@example.com" }, "resendable": false }""";

    internal static void Write(JsonObject paths)
    {
        Request(paths, "start", ("sign_in", """{ "client_id": "cl_06fxdkzq3h1yv7t2mp0c9eb4wr", "scope": "openid", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256", "device": "new" }"""),
            ("registration", """{ "client_id": "cl_06fxdkzq3h1yv7t2mp0c9eb4wr", "scope": "openid", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256", "prompt": "create" }"""));
        Answer(paths, "start", "200", ("open", Open(Identifier)));
        Request(paths, "submit",
            ("identifier", Submit("identifier", """{ "email": "ann@example.com" }""")),
            ("password", Submit("password", """{ "password": "an unlikely sequence of words" }""")),
            ("totp", Submit("totp", """{ "code": "123456" }""")),
            ("terms", Submit("terms", """{ "terms": "tos", "version": "3", "accept": "yes" }""")),
            ("collect", Submit("collect", """{ "company": "Acme", "size": 12, "news": true }""")),
            ("sign_up", Submit("sign_up", """{ "email": "bea@example.com", "name": "Bea" }""")),
            ("sign_up_code", Submit("sign_up_code", """{ "code": "123456" }""")),
            ("sign_up_password", Submit("sign_up_password", """{ "password": "an unlikely sequence of words", "company": "Acme", "terms.tos": "3" }""")));
        Answer(paths, "submit", "200", ("open", Open(Password)), ("completed", """{ "state": "completed", "authorization_code": "gh_ac_T5rW8yQ1uJ3oK6pZ9xC2vB4nM7lH0gFdSaEiRtYwXeU", "device": "gh_pd_Qw3Er5Ty7Ui9Op1As2Df4Gh6Jk8Lz0Xc3Vb5Nm7Qa9Z" }"""));
        Answer(paths, "submit", "422", ("credentials_wrong",
            $$"""{ "type": "urn:gatehouse:problem:credentials_wrong", "title": "Unprocessable Entity", "status": 422, "detail": "Address and password do not belong together, or there were too many attempts.", "code": "credentials_wrong", "step": "password", "flow": {{Open(Password)}} }"""),
            ("values_invalid",
            $$"""{ "type": "urn:gatehouse:problem:values_invalid", "title": "Unprocessable Entity", "status": 422, "detail": "Some values are missing or not as the step's schema says; errors names them.", "code": "values_invalid", "step": "collect", "errors": [{ "field": "size", "code": "value_too_large", "detail": "It is more than maximum." }] }"""));
        foreach (var what in (string[])["current", "cancel"]) Request(paths, what, ("run", $$"""{ "auth_session": "{{Session}}" }"""));
        Answer(paths, "current", "200", ("open", Open(Password)));
        Answer(paths, "cancel", "200", ("cancelled", """{ "state": "cancelled" }"""));
        Request(paths, "resend", ("email_code", $$"""{ "auth_session": "{{Session}}", "step": "email_code" }"""));
    }

    private static string Open(string step) => $$"""{ "state": "open", "auth_session": "{{Session}}", "expires_at": "2026-11-21T15:00:00Z", "steps": [{{step}}] }""";

    private static string Submit(string step, string values) => $$"""{ "auth_session": "{{Session}}", "step": "{{step}}", "values": {{values}} }""";

    private static void Request(JsonObject paths, string what, params (string Name, string Json)[] examples) =>
        paths["/flows/v1/" + what]!["post"]!["requestBody"]!["content"]!["application/json"]!["examples"] = Of(examples);

    private static void Answer(JsonObject paths, string what, string status, params (string Name, string Json)[] examples)
    {
        foreach (var (_, content) in paths["/flows/v1/" + what]!["post"]!["responses"]![status]!["content"]!.AsObject()) content!["examples"] = Of(examples);
    }

    private static JsonObject Of((string Name, string Json)[] examples) => new(examples.Select(e => KeyValuePair.Create(e.Name, (JsonNode?)new JsonObject { ["value"] = JsonNode.Parse(e.Json) })));
}
