using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Organizations;

namespace Gatehouse.Workspaces;

/// <summary>What must be true of a workspace, whoever writes it.</summary>
internal static class WorkspaceRules
{
    internal const int MaxName = 100, MaxDescription = 500, MaxMembers = 5_000, MaxOfUser = 500, MaxOfOrganization = 1_000, MaxOfTenant = 10_000, MaxRoles = 20;

    /// <summary>What slugs of personal workspaces begin with: nobody else's may, so that hers is always free.</summary>
    internal const string PersonalPrefix = "personal-";

    internal static Result<string, Problem> Slug(string? text) =>
        !OrganizationRules.Slug(text).TryGet(out var slug, out var problem) ? problem
        : slug.StartsWith(PersonalPrefix, StringComparison.Ordinal) ? Problem.Invalid("slug_invalid", $"Slugs that begin with {PersonalPrefix} are those of personal workspaces.", "slug") : slug;

    internal static Problem? Check(string name, string description) =>
        name.Length is 0 or > MaxName || name.Any(char.IsControl) ? Problem.Invalid("name_invalid", $"name has 1 to {MaxName} characters and no control characters.", "name")
        : description.Length > MaxDescription || description.Any(char.IsControl) ? Problem.Invalid("description_invalid", $"description has at most {MaxDescription} characters and no control characters.", "description")
        : null;

    /// <summary>Keys of roles, as they are written: whether there are such roles is asked elsewhere.</summary>
    internal static Problem? CheckRoles(IReadOnlyList<string?>? roles, string field) =>
        roles is not null && (roles.Count > MaxRoles || roles.Any(r => r is not { Length: > 0 and <= 100 }) || roles.Distinct(StringComparer.Ordinal).Count() != roles.Count)
            ? Problem.Invalid("roles_invalid", $"{field} is a list of at most {MaxRoles} keys of roles, each once.", field) : null;
}

/// <summary>What a workspace decides for itself. Null: nothing.</summary>
public sealed record WorkspaceSettings
{
    public static WorkspaceSettings None { get; } = new();

    /// <summary>Keys of the roles that whoever is added gets where nothing else is said. Whoever adds her must hold them. At most 20; default none.</summary>
    public IReadOnlyList<string>? DefaultRoles { get; init; }

    internal static WorkspaceSettings Read(string stored) => stored == "{}" ? None : JsonSerializer.Deserialize(stored, WorkspacesJson.Default.WorkspaceSettings) ?? None;

    internal string Write() => DefaultRoles is null ? "{}" : JsonSerializer.Serialize(this, WorkspacesJson.Default.WorkspaceSettings);

    /// <summary>RFC 7396 over the members there are.</summary>
    /// <returns>Or <c>member_unknown</c>, <c>setting_invalid</c>, <c>roles_invalid</c>.</returns>
    internal static Result<WorkspaceSettings, Problem> Merge(WorkspaceSettings current, JsonElement? patch)
    {
        if (patch is not { } given || given.ValueKind == JsonValueKind.Undefined) return current;
        if (given.ValueKind == JsonValueKind.Null) return None;
        if (given.ValueKind != JsonValueKind.Object) return Problem.Invalid("setting_invalid", "settings is an object.", "settings");
        var settings = current;
        foreach (var member in given.EnumerateObject())
        {
            if (member.Name != "default_roles") return Problem.Invalid("member_unknown", "There is no such setting.", $"settings.{(member.Name.Length <= 100 ? member.Name : member.Name[..100])}");
            if (member.Value.ValueKind == JsonValueKind.Null) { settings = settings with { DefaultRoles = null }; continue; }
            if (member.Value.ValueKind != JsonValueKind.Array) return Problem.Invalid("setting_invalid", "A list of keys of roles.", "settings.default_roles");
            List<string?> keys = [.. member.Value.EnumerateArray().Select(k => k.ValueKind == JsonValueKind.String ? k.GetString() : null)];
            if (WorkspaceRules.CheckRoles(keys, "settings.default_roles") is { } wrong) return wrong;
            settings = settings with { DefaultRoles = [.. keys.Select(k => k!)] };
        }
        return settings;
    }
}
