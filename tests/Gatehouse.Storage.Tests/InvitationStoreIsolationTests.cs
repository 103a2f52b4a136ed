using Gatehouse.Invitations;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="InvitationStore"/> and <see cref="BatchStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class InvitationStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Invitations_and_batches_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var acme = await OrganizationStoreIsolationTests.NewOrganizationAsync(storage, storage.One, "acme");
        var now = storage.Clock.Now();
        var (hash, renewed, user) = (Secret.Hash("a"), Secret.Hash("b"), UserId.New(storage.Clock));
        var invitation = new Invitation(InvitationId.New(storage.Clock), acme.Id, "Ann@example.com", "ann@example.com", ["admin"], "en", "pending", now, now, now.AddDays(1), null, null);
        var batch = new Batch(Guid.CreateVersion7(), acme.Id, "en", TimeSpan.FromDays(1), "user", "usr_1", 1, 0, now, null);
        await OrganizationStoreIsolationTests.InAsync(storage, storage.One, async tx =>
        {
            (await InvitationStore.TryInsertAsync(tx, invitation, hash, None)).ShouldBeTrue();
            await BatchStore.InsertAsync(tx, batch, [("b@example.com", [])], None);
            return true;
        });
        await OrganizationStoreIsolationTests.InAsync(storage, storage.Two, async tx =>
        {
            (await InvitationStore.FindAsync(tx, invitation.Id, None)).ShouldBeNull();
            (await InvitationStore.FindByTokenAsync(tx, hash, now, None)).ShouldBeNull();
            (await InvitationStore.ListByAddressAsync(tx, "ann@example.com", now, None)).ShouldBeEmpty();
            (await InvitationStore.ListAsync(tx, acme.Id, null, 10, None)).ShouldBeEmpty();
            (await InvitationStore.RenewAsync(tx, acme.Id, invitation.Id, renewed, now, now, None)).ShouldBeFalse();
            (await InvitationStore.EndAsync(tx, invitation.Id, "accepted", user, now, None)).ShouldBeFalse();
            (await InvitationStore.RevokeAsync(tx, acme.Id, invitation.Id, now, None)).ShouldBeFalse();
            (await BatchStore.FindAsync(tx, batch.Id, None)).ShouldBeNull();
            (await BatchStore.FindOpenAsync(tx, None)).ShouldBeNull();
            (await BatchStore.HoldAsync(tx, batch.Id, None)).ShouldBeFalse();
            (await BatchStore.ListDueAsync(tx, batch.Id, 0, 10, None)).ShouldBeEmpty();
            (await BatchStore.ListAsync(tx, batch.Id, 0, 10, None)).ShouldBeEmpty();
            (await BatchStore.AnswerAsync(tx, batch.Id, 1, "eve", null, None)).ShouldBeFalse();
            await BatchStore.AdvanceAsync(tx, batch.Id, 1, None);
            await BatchStore.FinishAsync(tx, batch.Id, now, None);
            return true;
        });
        await using (var system = await storage.System.ReadAsync(None)) (await BatchStore.FindTenantsAsync(system, now.AddSeconds(1), None)).ShouldBe([storage.One]);
        await OrganizationStoreIsolationTests.InAsync(storage, storage.One, async tx =>
        {
            (await InvitationStore.FindByTokenAsync(tx, hash, now, None)).ShouldNotBeNull().Roles.ShouldBe(["admin"]);
            (await InvitationStore.RenewAsync(tx, OrganizationId.New(storage.Clock), invitation.Id, renewed, now, now, None)).ShouldBeFalse("another organization's");
            (await InvitationStore.EndAsync(tx, invitation.Id, "accepted", user, now, None)).ShouldBeTrue();
            (await InvitationStore.EndAsync(tx, invitation.Id, "declined", user, now, None)).ShouldBeFalse("answered");
            (await BatchStore.FindOpenAsync(tx, None)).ShouldNotBeNull().Done.ShouldBe(0);
            (await BatchStore.ListDueAsync(tx, batch.Id, 0, 10, None)).ShouldHaveSingleItem();
            (await BatchStore.AnswerAsync(tx, batch.Id, 1, "invited", invitation.Id, None)).ShouldBeTrue();
            (await BatchStore.AnswerAsync(tx, batch.Id, 1, "invited", invitation.Id, None)).ShouldBeFalse("answered");
            return true;
        });
    }
}
