using Gatehouse.Http;
using Gatehouse.Invitations;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="InvitationStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class InvitationStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Invitations_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var acme = await OrganizationStoreIsolationTests.NewOrganizationAsync(storage, storage.One, "acme");
        var now = storage.Clock.Now();
        var (hash, renewed, user) = (Secret.Hash("a"), Secret.Hash("b"), UserId.New(storage.Clock));
        var caller = new Caller(storage.One, "user", user.ToString());
        var invitation = new Invitation(InvitationId.New(storage.Clock), acme.Id, "Ann@example.com", "ann@example.com", ["admin"], "en", "pending", now, now, now.AddDays(1), null, null) { PromisedBy = caller };
        await storage.InAsync(storage.One, async tx =>
        {
            (await InvitationStore.TryInsertAsync(tx, invitation, hash, None)).ShouldBeTrue();
            return true;
        });
        await storage.InAsync(storage.Two, async tx =>
        {
            (await InvitationStore.FindAsync(tx, invitation.Id, None)).ShouldBeNull();
            (await InvitationStore.FindByTokenAsync(tx, hash, now, None)).ShouldBeNull();
            (await InvitationStore.ListByAddressAsync(tx, "ann@example.com", now, None)).ShouldBeEmpty();
            (await InvitationStore.ListAsync(tx, acme.Id, null, 10, None)).ShouldBeEmpty();
            (await InvitationStore.ListOldestAsync(tx, acme.Id, null, 10, None)).ShouldBeEmpty();
            (await InvitationStore.RenewAsync(tx, acme.Id, invitation.Id, renewed, caller, now, now, None)).ShouldBeFalse();
            (await InvitationStore.EndAsync(tx, invitation.Id, "accepted", user, now, None)).ShouldBeFalse();
            (await InvitationStore.RevokeAsync(tx, acme.Id, invitation.Id, now, None)).ShouldBeFalse();
            return true;
        });
        await storage.InAsync(storage.One, async tx =>
        {
            (await InvitationStore.FindByTokenAsync(tx, hash, now, None)).ShouldNotBeNull().Roles.ShouldBe(["admin"]);
            (await InvitationStore.RenewAsync(tx, OrganizationId.New(storage.Clock), invitation.Id, renewed, caller, now, now, None)).ShouldBeFalse("another organization's");
            (await InvitationStore.EndAsync(tx, invitation.Id, "accepted", user, now, None)).ShouldBeTrue();
            (await InvitationStore.EndAsync(tx, invitation.Id, "declined", user, now, None)).ShouldBeFalse("answered");
            return true;
        });
    }
}
