using System.Text.Json.Serialization;
using Gatehouse.Events;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>A person holds a role now.</summary>
public sealed record RoleGranted(UserId UserId, string Role) : IDomainEvent
{
    public static string Name => "role.granted";
}

/// <summary>A person no longer holds a role.</summary>
public sealed record RoleRevoked(UserId UserId, string Role) : IDomainEvent
{
    public static string Name => "role.revoked";
}

/// <summary>A deleted user holds nothing.</summary>
internal sealed class ForgetRoles(Roles roles) : IEventSubscriber<UserDeleted>
{
    public async ValueTask HandleAsync(TenantTransaction tx, UserDeleted occurrence, CancellationToken ct) =>
        await roles.RevokeAsync(tx, occurrence.UserId, Roles.Administrator, ct);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RoleGranted))]
[JsonSerializable(typeof(RoleRevoked))]
[JsonSerializable(typeof(RoleView))]
[JsonSerializable(typeof(ListUserRoles.Response), TypeInfoPropertyName = "ListUserRolesResponse")]
internal sealed partial class AuthorizationJson : JsonSerializerContext;
