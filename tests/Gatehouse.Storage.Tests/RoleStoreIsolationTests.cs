using Gatehouse.Authorization.Granting;
using Gatehouse.Groups;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Roles, who holds them and groups: tenant one owns the rows; tenant two asks with the same ids.</summary>
public sealed class RoleStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Roles_stay_in_their_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, inner) = (storage.Clock.Now(), RoleId.New(storage.Clock));
        var role = new Role(RoleId.New(storage.Clock), "clerk", "Clerk", "", [], [], [ScopeKind.Tenant, ScopeKind.Workspace], 1) { CreatedAt = now, UpdatedAt = now };
        (await storage.InAsync(storage.One, tx => RoleStore.TryInsertAsync(tx, role, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RoleStore.TryAddPermissionAsync(tx, role.Id, "users:read", own: true, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => RoleStore.AddInclusionAsync(tx, role.Id, inner, None))).ShouldBe(1);

        (await storage.InAsync(storage.Two, tx => RoleStore.ListAsync(tx, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => RoleStore.CountAsync(tx, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => RoleStore.TryUpdateAsync(tx, role, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RoleStore.RemovePermissionAsync(tx, role.Id, "users:read", None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => RoleStore.RemoveInclusionAsync(tx, role.Id, inner, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => RoleStore.TryAddPermissionAsync(tx, role.Id, "registered:nowhere", own: false, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RoleStore.TryDeleteAsync(tx, role, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => RoleStore.TryInsertAsync(tx, role, None))).ShouldBeTrue("another tenant's keys are its own");

        var kept = (await storage.InAsync(storage.One, tx => RoleStore.ListAsync(tx, None))).ShouldHaveSingleItem();
        (kept.Key, kept.Version).ShouldBe(("clerk", 1));
        kept.Permissions.ShouldBe(["users:read"]);
        kept.Includes.ShouldBe([inner]);
        kept.AssignableAt.ShouldBe([ScopeKind.Tenant, ScopeKind.Workspace]);
    }

    [Theory, BothDatabases]
    public async Task What_somebody_holds_stays_in_her_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, user, organization) = (storage.Clock.Now(), Holder.Of(UserId.New(storage.Clock)), Guid.CreateVersion7());
        var held = new Assignment(AssignmentId.New(storage.Clock), user, SystemRoles.OrganizationOwner, new RoleScope(ScopeKind.Organization, organization), null, null, "system", now);
        (await storage.InAsync(storage.One, tx => HeldRoleStore.TryInsertAsync(tx, held, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => HeldRoleStore.TryInsertAsync(tx, held with { Id = AssignmentId.New(storage.Clock) }, None))).ShouldBeFalse("once there");

        (await storage.InAsync(storage.Two, tx => HeldRoleStore.FindAsync(tx, held.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.ListOfAsync(tx, user, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.CountOfAsync(tx, user, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.ListAsync(tx, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.ListByHolderAsync(tx, user, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.ListByRoleAsync(tx, held.Role, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.ListByScopeAsync(tx, held.Scope, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.ListForGoodAsync(tx, held.Role, held.Scope, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.TryMoveAsync(tx, held.Id, null, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.TryDeleteAsync(tx, held.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.DeleteOfAsync(tx, user, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.DeleteOfRoleAsync(tx, held.Role, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.DeleteAtAsync(tx, held.Scope, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => HeldRoleStore.DeleteOfAtAsync(tx, user, held.Scope, None))).ShouldBe(0);

        (await storage.InAsync(storage.One, tx => HeldRoleStore.ListForGoodAsync(tx, held.Role, held.Scope, None))).ShouldBe([new UserId(user.Id)]);
        (await storage.InAsync(storage.One, tx => HeldRoleStore.TryMoveAsync(tx, held.Id, now, now.AddDays(1), None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => HeldRoleStore.FindAsync(tx, held.Id, None))).ShouldBe(held with { StartsAt = now, EndsAt = now.AddDays(1) });
        (await storage.InAsync(storage.One, tx => HeldRoleStore.ListForGoodAsync(tx, held.Role, held.Scope, None))).ShouldBeEmpty("with an end it is not for good");
    }

    [Theory, BothDatabases]
    public async Task Groups_stay_in_their_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, ann) = (storage.Clock.Now(), await OrganizationStoreIsolationTests.NewUserAsync(storage, storage.One, "ann@example.com"));
        var organization = OrganizationId.New(storage.Clock);
        var group = new Group(GroupId.New(storage.Clock), organization, "Staff", "", 1, now, now);
        var inner = new Group(GroupId.New(storage.Clock), organization, "Inner", "", 1, now, now);
        foreach (var each in (Group[])[group, inner]) (await storage.InAsync(storage.One, tx => GroupStore.TryInsertAsync(tx, each, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => GroupStore.TryAddMemberAsync(tx, inner.Id, ann, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => GroupStore.TryNestAsync(tx, group.Id, inner.Id, now, None))).ShouldBeTrue();

        (await storage.InAsync(storage.Two, tx => GroupStore.FindAsync(tx, group.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListAsync(tx, null, true, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListAsync(tx, organization, false, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListOwnedIdsAsync(tx, organization, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.CountAsync(tx, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => GroupStore.ListMembersAsync(tx, inner.Id, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListDirectAsync(tx, ann, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.CountOfUserAsync(tx, ann, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => GroupStore.ListOuterAsync(tx, inner.Id, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListInnerAsync(tx, group.Id, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.ListNestingsAsync(tx, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => GroupStore.TryUpdateAsync(tx, group, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => GroupStore.TryRemoveMemberAsync(tx, inner.Id, ann, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => GroupStore.RemoveFromOwnedAsync(tx, organization, ann, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => GroupStore.TryUnnestAsync(tx, group.Id, inner.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => GroupStore.TryDeleteAsync(tx, group.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => GroupStore.DeleteOwnedAsync(tx, organization, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => GroupStore.TryInsertAsync(tx, group, None))).ShouldBeTrue("another tenant's names are its own");

        (await storage.InAsync(storage.One, tx => GroupStore.FindAsync(tx, group.Id, None))).ShouldBe(group);
        (await storage.InAsync(storage.One, tx => GroupStore.ListInnerAsync(tx, group.Id, None))).ShouldBe([inner.Id]);
        (await storage.InAsync(storage.One, tx => GroupStore.ListDirectAsync(tx, ann, None))).ShouldBe([inner.Id]);
        (await storage.InAsync(storage.One, tx => GroupStore.DeleteOwnedAsync(tx, organization, None))).ShouldBe(2);
        (await storage.InAsync(storage.One, tx => GroupStore.ListDirectAsync(tx, ann, None))).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Registered_permissions_stay_in_their_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var api = ApiId.New(storage.Clock);
        foreach (var tenant in (TenantId[])[storage.One, storage.Two])
            await storage.InAsync(tenant, tx => tx.ExecuteAsync("""
                INSERT INTO apis (tenant_id, id, identifier, name, access_token_seconds, signing_algorithm, is_system, version, created_at, updated_at)
                VALUES (@tenant, @id, 'https://orders.example.com', 'Orders', NULL, 'ES256', @system, 1, @now, @now)
                """, [("id", api), ("system", false), ("now", storage.Clock.Now())], None));
        var permission = new RegisteredPermission("orders:read", api, "Read");
        (await storage.InAsync(storage.One, tx => PermissionStore.TryInsertAsync(tx, permission, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => PermissionStore.ListOfAsync(tx, api, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => PermissionStore.ListAsync(tx, "", 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => PermissionStore.CountAsync(tx, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => PermissionStore.DescribeAsync(tx, permission with { Description = "x" }, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => PermissionStore.DeleteAsync(tx, permission, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => PermissionStore.TryInsertAsync(tx, permission, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => PermissionStore.ListOfAsync(tx, api, None))).ShouldBe([permission]);
    }
}
