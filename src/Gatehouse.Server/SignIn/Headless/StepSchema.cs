using System.Text.Json.Nodes;

namespace Gatehouse.SignIn.Headless;

/// <summary>What an answer looks like, in JSON Schema 2020-12: made from the step's fields, so that the two cannot differ.</summary>
internal static class StepSchema
{
    internal static JsonObject Of(IStep step)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach (var field in step.Fields)
        {
            JsonObject property = new() { ["type"] = "string", ["maxLength"] = field.MaxLength };
            switch (field.Format)
            {
                case "email":
                    property["format"] = "email";
                    break;
                case "password":
                    property["writeOnly"] = true;
                    break;
                case "base64url":
                    property["contentEncoding"] = "base64url";
                    break;
                default:
                    break;
            }
            properties[field.Name] = property;
            if (!field.Optional) required.Add(field.Name);
        }
        return new() { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
    }
}
