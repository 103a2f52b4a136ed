using System.Text.RegularExpressions;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;

namespace Gatehouse.Authorization.Granting;

/// <summary>What must be true of roles and of the permissions that APIs register.</summary>
internal static partial class RoleRules
{
    internal const int MaxRoles = 1000, MaxPermissions = 500, MaxIncludes = 50, MaxName = 100, MaxDescription = 500, MaxPermissionName = 100, MaxRegistered = 500, MaxHeld = 200;

    internal static Problem? CheckKey(string? key) =>
        key is null || !Key().IsMatch(key) ? Problem.Invalid("role_key_invalid", "A role's key has 2 to 50 lower-case letters, digits, - and _, and begins with a letter.", "key")
        : SystemRoles.Find(key) is not null ? Problem.Conflict("role_key_taken", "Another role of this tenant has that key.", "key") : null;

    internal static Problem? Check(Role role) =>
        (role.Name.Length is 0 or > MaxName || role.Name.Any(char.IsControl) ? Problem.Invalid("name_invalid", $"name has 1 to {MaxName} characters and no control characters.", "name") : null)
        ?? CheckDescription(role.Description)
        ?? (role.Permissions.Count > MaxPermissions ? Problem.Invalid("permissions_too_many", $"A role names at most {MaxPermissions} permissions itself.", "permissions") : null)
        ?? (role.Includes.Count > MaxIncludes ? Problem.Invalid("includes_too_many", $"A role includes at most {MaxIncludes} roles itself.", "includes") : null)
        ?? (role.AssignableAt.Count == 0 ? AssignableInvalid : null);

    internal static Problem? CheckDescription(string text) =>
        text.Length > MaxDescription || text.Any(char.IsControl) ? Problem.Invalid("description_invalid", $"description has at most {MaxDescription} characters and no control characters.", "description") : null;

    /// <summary>Ids or keys of roles that there are.</summary>
    internal static Result<IReadOnlyList<RoleId>, Problem> ReadIncludes(IReadOnlyList<string?> names, RoleBook book)
    {
        List<RoleId> found = [];
        foreach (var name in names)
        {
            if (book.Find(name) is not { } role) return Problem.Invalid("role_unknown", "includes names a role that this tenant does not have.", "includes");
            if (!found.Contains(role.Id)) found.Add(role.Id);
        }
        return found;
    }

    internal static Result<IReadOnlyList<ScopeKind>, Problem> ReadPlaces(IReadOnlyList<string?> names)
    {
        List<ScopeKind> found = [];
        foreach (var name in names)
        {
            if (ScopeText.Parse(name) is not { } kind) return AssignableInvalid;
            if (!found.Contains(kind)) found.Add(kind);
        }
        return found.Count == 0 ? AssignableInvalid : found;
    }

    /// <summary>The name an API may register: <c>resource:action</c>.</summary>
    internal static Problem? CheckPermission(string? name) =>
        name is not { Length: <= MaxPermissionName } || !Permission().IsMatch(name)
            ? Problem.Invalid("permission_invalid", $"A permission is written resource:action, with lower-case letters, digits and . _ - / and at most {MaxPermissionName} characters.", "permissions")
            : Applications.ScopeName.Management.Contains(name)
                ? Problem.Invalid("permission_reserved", $"The permission {name} is the management API's own. Choose another name.", "permissions") : null;

    private static Problem AssignableInvalid { get; } =
        Problem.Invalid("assignable_at_invalid", "assignable_at is a list of at least one of tenant, organization, workspace and application.", "assignable_at");

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{1,49}\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._/-]*(:[a-z0-9][a-z0-9._/-]*)+\z")]
    private static partial Regex Permission();
}
