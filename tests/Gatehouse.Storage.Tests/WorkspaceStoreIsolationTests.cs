using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Workspaces;
using Gatehouse.Workspaces.Templates;
using static Gatehouse.Storage.Tests.OrganizationStoreIsolationTests;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of the stores of workspaces: tenant one owns the rows; tenant two asks.</summary>
public sealed class WorkspaceStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static Workspace New(TestStorage storage, string slug, OrganizationId? organization = null, UserId? personal = null)
    {
        var now = storage.Clock.Now();
        return new(WorkspaceId.New(storage.Clock), organization, personal, slug, "Desk", "", WorkspaceStatus.Active, "{}", WorkspaceSettings.None, 1, now, now, null);
    }

    [Theory, BothDatabases]
    public async Task Workspaces_and_their_members_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var acme = await NewOrganizationAsync(storage, storage.One, "acme");
        var (ann, eve) = (await NewUserAsync(storage, storage.One, "ann@example.com"), await NewUserAsync(storage, storage.Two, "eve@example.com"));
        var (desk, own) = (New(storage, "desk", acme.Id), New(storage, "personal-x", personal: ann));
        foreach (var workspace in (Workspace[])[desk, own]) (await storage.InAsync(storage.One, tx => WorkspaceStore.TryInsertAsync(tx, workspace, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => WorkspaceStore.TryInsertAsync(tx, New(storage, "desk", acme.Id), None))).ShouldBeFalse("the slug is taken");
        (await storage.InAsync(storage.One, tx => WorkspaceStore.TryInsertAsync(tx, New(storage, "y", personal: ann), None))).ShouldBeFalse("she has one");
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.TryInsertAsync(tx, New(storage, "desk", acme.Id), None))).ShouldBeTrue("another tenant's slugs are its own");
        // The reference carries the tenant.
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.One, tx => WorkspaceStore.TryInsertAsync(tx, New(storage, "z", personal: eve), None)));
        (await storage.InAsync(storage.One, tx => WorkspaceMemberStore.TryInsertAsync(tx, desk.Id, ann, now, None))).ShouldBeTrue();
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.One, tx => WorkspaceMemberStore.TryInsertAsync(tx, desk.Id, eve, now, None)));
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.Two, tx => WorkspaceMemberStore.TryInsertAsync(tx, desk.Id, eve, now, None)));

        (await storage.InAsync(storage.Two, tx => WorkspaceStore.FindAsync(tx, desk.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.FindPersonalAsync(tx, ann, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.IsSlugTakenAsync(tx, null, "personal-x", desk.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.ListOwnedAsync(tx, acme.Id, Guid.Empty, 10, None))).ShouldNotContain(w => w.Id == desk.Id);
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.CountOwnedAsync(tx, acme.Id, None))).ShouldBe(1);
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.TryUpdateAsync(tx, desk with { Name = "Mine" }, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.HoldAsync(tx, desk.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => WorkspaceStore.TryDeleteAsync(tx, desk.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.FindAsync(tx, desk.Id, ann, None))).ShouldBeNull();
        foreach (var descending in (bool[])[true, false]) (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.ListAsync(tx, desk.Id, descending, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.ListOfUserAsync(tx, ann, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.CountAsync(tx, desk.Id, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.CountOfUserAsync(tx, ann, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => Gatehouse.Sessions.SessionActivity.CountSeenAsync(tx, [ann], DateTimeOffset.UnixEpoch, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.DeleteAsync(tx, desk.Id, ann, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.DeleteOfUserAsync(tx, ann, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => WorkspaceMemberStore.DeleteOfUserAsync(tx, acme.Id, ann, None))).ShouldBeEmpty();

        (await storage.InAsync(storage.One, tx => WorkspaceStore.FindAsync(tx, desk.Id, None))).ShouldNotBeNull().Name.ShouldBe("Desk");
        (await storage.InAsync(storage.One, tx => WorkspaceStore.FindPersonalAsync(tx, ann, None))).ShouldNotBeNull().Id.ShouldBe(own.Id);
        (await storage.InAsync(storage.One, tx => WorkspaceMemberStore.DeleteOfUserAsync(tx, acme.Id, ann, None))).ShouldBe([desk.Id]);
    }

    [Theory, BothDatabases]
    public async Task Templates_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (now, owner) = (storage.Clock.Now(), OrganizationId.New(storage.Clock));
        var template = new WorkspaceTemplate(WorkspaceTemplateId.New(storage.Clock), owner, "Project", "", TemplateContent.Empty with { OwnerRoles = ["workspace_owner"] }, 1, now, now);
        (await storage.InAsync(storage.One, tx => TemplateStore.TryInsertAsync(tx, template, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => TemplateStore.TryInsertAsync(tx, template with { Id = WorkspaceTemplateId.New(storage.Clock) }, None))).ShouldBeFalse("the name is taken");
        (await storage.InAsync(storage.Two, tx => TemplateStore.FindAsync(tx, template.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => TemplateStore.ListOwnedAsync(tx, owner, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => TemplateStore.CountOwnedAsync(tx, owner, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => TemplateStore.TryUpdateAsync(tx, template with { Name = "Mine" }, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => TemplateStore.TryDeleteAsync(tx, template, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => TemplateStore.DeleteOwnedAsync(tx, owner, None))).ShouldBe(0);
        (await storage.InAsync(storage.One, tx => TemplateStore.FindAsync(tx, template.Id, None))).ShouldNotBeNull().Content.OwnerRoles.ShouldBe(["workspace_owner"]);
        (await storage.InAsync(storage.One, tx => TemplateStore.DeleteOwnedAsync(tx, owner, None))).ShouldBe(1);
    }
}
