using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Users;

namespace Gatehouse.Organizations;

/// <summary>What must be true of a slug, a name and metadata, of an organization as of what lies in one, whoever writes them.</summary>
public static class OrganizationRules
{
    /// <summary>A DNS label in lower case, so that it can become one; never in the shape of an international name or of an id.</summary>
    public static Result<string, Problem> Slug(string? text)
    {
        if (text is null || text.Length is < 1 or > 63 || text[0] == '-' || text[^1] == '-' || text.StartsWith("xn--", StringComparison.Ordinal)) return SlugInvalid;
        foreach (var c in text)
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return SlugInvalid;
        return text;
    }

    public static Result<string, Problem> Name(string? text) =>
        !PersonName.Parse(text, "display_name").TryGet(out var name, out var problem) ? problem
        : name.Value is { } value ? value : Problem.Invalid("name_invalid", $"A display_name has 1 to {PersonName.MaxLength} characters and no invisible ones.", "display_name");

    public static Result<string, Problem> Metadata(JsonElement? value) => UserAttributes.Parse(value).TryGet(out var metadata, out _) ? metadata.Json : MetadataInvalid;

    /// <summary>RFC 7396: what is null goes, objects merge.</summary>
    public static Result<string, Problem> Merge(string current, JsonElement patch) => UserAttributes.Merge(current, patch).TryGet(out var metadata, out _) ? metadata.Json : MetadataInvalid;

    private static Problem SlugInvalid { get; } =
        Problem.Invalid("slug_invalid", "A slug is 1 to 63 lower-case letters, digits and hyphens, without a hyphen at either end.", "slug");

    private static Problem MetadataInvalid { get; } =
        Problem.Invalid("metadata_invalid", $"metadata is a JSON object of at most {UserAttributes.MaxBytes / 1024} KiB and {UserAttributes.MaxDepth} levels, without NUL characters or numbers out of range.", "metadata");
}
