using System.Text.Json.Serialization;
using Gatehouse.Authorization.Granting;
using Gatehouse.Events;
using Gatehouse.Kernel;

namespace Gatehouse.Authorization;

/// <summary>Somebody was given a role.</summary>
/// <param name="Holder">Id of a user, client or group.</param>
/// <param name="Role">The role's key.</param>
/// <param name="Scope"><c>tenant</c>, <c>organization</c>, <c>workspace</c> or <c>application</c>.</param>
public sealed record RoleGranted(AssignmentId AssignmentId, string Holder, string Role, string Scope, string? ScopeId) : IDomainEvent
{
    public static string Name => "role.granted";
}

/// <summary>A role was taken from somebody.</summary>
public sealed record RoleRevoked(AssignmentId AssignmentId, string Holder, string Role, string Scope, string? ScopeId) : IDomainEvent
{
    public static string Name => "role.revoked";
}

/// <summary>There is a new role.</summary>
public sealed record RoleCreated(RoleId RoleId, string Key) : IDomainEvent
{
    public static string Name => "role.created";
}

/// <summary>A role permits something else than before.</summary>
public sealed record RoleUpdated(RoleId RoleId, string Key) : IDomainEvent
{
    public static string Name => "role.updated";
}

/// <summary>A role is gone, and nobody holds it any more.</summary>
public sealed record RoleDeleted(RoleId RoleId, string Key) : IDomainEvent
{
    public static string Name => "role.deleted";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RoleGranted))]
[JsonSerializable(typeof(RoleRevoked))]
[JsonSerializable(typeof(RoleCreated))]
[JsonSerializable(typeof(RoleUpdated))]
[JsonSerializable(typeof(RoleDeleted))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(UserRoleView))]
[JsonSerializable(typeof(ListUserRoles.Response), TypeInfoPropertyName = "ListUserRolesResponse")]
[JsonSerializable(typeof(RoleView))]
[JsonSerializable(typeof(Page<RoleView>))]
[JsonSerializable(typeof(CreateRole.Request), TypeInfoPropertyName = "CreateRoleRequest")]
[JsonSerializable(typeof(UpdateRole.Patch), TypeInfoPropertyName = "UpdateRolePatch")]
[JsonSerializable(typeof(GiveRole.Request), TypeInfoPropertyName = "GiveRoleRequest")]
[JsonSerializable(typeof(ScopedRoles.Request), TypeInfoPropertyName = "ScopedRoleRequest")]
[JsonSerializable(typeof(MoveAssignment.Patch), TypeInfoPropertyName = "MoveAssignmentPatch")]
[JsonSerializable(typeof(AssignmentView))]
[JsonSerializable(typeof(Page<AssignmentView>))]
[JsonSerializable(typeof(ApiPermissions))]
[JsonSerializable(typeof(Page<ListPermissions.Item>), TypeInfoPropertyName = "PageOfPermissions")]
[JsonSerializable(typeof(EffectivePermissions.Response), TypeInfoPropertyName = "EffectivePermissionsResponse")]
[JsonSerializable(typeof(PermissionCheck))]
[JsonSerializable(typeof(CheckPermission.Response), TypeInfoPropertyName = "CheckPermissionResponse")]
[JsonSerializable(typeof(CheckPermissions.Request), TypeInfoPropertyName = "CheckPermissionsRequest")]
[JsonSerializable(typeof(CheckPermissions.Response), TypeInfoPropertyName = "CheckPermissionsResponse")]
internal sealed partial class AuthorizationJson : JsonSerializerContext;
