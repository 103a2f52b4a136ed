using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

public sealed class MailIsolationTests
{
    private static readonly byte[] Recipient = [7, 7, 7];

    private static async Task<MailRow> InsertAsync(TestStorage storage, TenantId tenant)
    {
        var row = new MailRow(MailId.New(storage.Clock), "verify_email", "en", "queued", [1, 2], 0, storage.Clock.Now());
        await using var tx = await storage.Database.BeginAsync(tenant, default);
        await MailStore.InsertAsync(tx, row, Recipient, default);
        await tx.CommitAsync(default);
        return row;
    }

    [Theory, BothDatabases]
    public async Task Shows_and_changes_no_mail_of_another_tenant(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var mail = await InsertAsync(storage, storage.One);
        var (now, past) = (storage.Clock.Now(), storage.Clock.Now().AddHours(-1));
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await MailStore.FindAsync(tx, mail.Id, default)).ShouldBeNull();
            (await MailStore.ListReadableAsync(tx, null, past, 10, default)).ShouldBeEmpty();
            (await MailStore.ListReadableAsync(tx, Recipient, past, 10, default)).ShouldBeEmpty();
            (await MailStore.TryClaimAsync(tx, mail.Id, now, now.AddMinutes(1), default)).ShouldBeFalse();
            (await MailStore.TryPostponeAsync(tx, mail.Id, now.AddDays(1), default)).ShouldBeFalse();
            (await MailStore.TryFinishAsync(tx, mail.Id, "sent", readable: false, default)).ShouldBeFalse();
            (await MailStore.TryFinishAsync(tx, mail.Id, "sent", readable: true, default)).ShouldBeFalse();
            await tx.CommitAsync(default);
        }
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            (await MailStore.FindAsync(tx, mail.Id, default)).ShouldNotBeNull().ShouldSatisfyAllConditions(m => m.State.ShouldBe("queued"), m => m.Sealed.ShouldBe([1, 2]), m => m.Attempts.ShouldBe(0));
            (await MailStore.ListReadableAsync(tx, Recipient, past, 10, default)).Count.ShouldBe(1);
            (await MailStore.TryClaimAsync(tx, mail.Id, now, now.AddMinutes(1), default)).ShouldBeTrue();
            (await MailStore.TryClaimAsync(tx, mail.Id, now, now.AddMinutes(1), default)).ShouldBeFalse("a claimed mail is somebody's");
            (await MailStore.TryFinishAsync(tx, mail.Id, "sent", readable: false, default)).ShouldBeTrue();
            (await MailStore.FindAsync(tx, mail.Id, default))!.Sealed.ShouldBeNull();
            await tx.CommitAsync(default);
        }
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await MailStore.DeleteOldAsync(tx, now.AddDays(1), default)).ShouldBe(0);
            await tx.CommitAsync(default);
        }
        await using var own = await storage.Database.BeginAsync(storage.One, default);
        (await MailStore.DeleteOldAsync(own, now.AddDays(1), default)).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Counts_an_address_for_each_tenant_apart(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        foreach (var tenant in new[] { storage.One, storage.Two })
        {
            await using var tx = await storage.Database.BeginAsync(tenant, default);
            (await MailStore.TryTakeShareAsync(tx, Recipient, 5, 2, default)).ShouldBeTrue();
            (await MailStore.TryTakeShareAsync(tx, Recipient, 5, 2, default)).ShouldBeTrue();
            (await MailStore.TryTakeShareAsync(tx, Recipient, 5, 2, default)).ShouldBeFalse();
            (await MailStore.TryTakeShareAsync(tx, Recipient, 6, 2, default)).ShouldBeTrue();
            await tx.CommitAsync(default);
        }
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            await MailStore.ReturnShareAsync(tx, Recipient, 5, default);
            (await MailStore.TryTakeShareAsync(tx, Recipient, 5, 2, default)).ShouldBeTrue("what was given back");
            (await MailStore.DeleteOldQuotasAsync(tx, 100, default)).ShouldBe(2);
            await tx.CommitAsync(default);
        }
        await using var own = await storage.Database.BeginAsync(storage.One, default);
        (await MailStore.TryTakeShareAsync(own, Recipient, 5, 2, default)).ShouldBeFalse("the other tenant's pruning must not give shares back");
    }

    [Theory, BothDatabases]
    public async Task Gives_exactly_the_share_to_many_at_once(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var given = 0;
        await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(async () =>
        {
            await using var tx = await storage.Database.BeginAsync(storage.One, default);
            if (await MailStore.TryTakeShareAsync(tx, Recipient, 5, 10, default)) Interlocked.Increment(ref given);
            await tx.CommitAsync(default);
        })));
        given.ShouldBe(10);
    }

    [Theory, BothDatabases]
    public async Task Keeps_templates_apart(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var now = storage.Clock.Now();
        StoredTemplate? own;
        await using (var tx = await storage.Database.BeginAsync(storage.One, default))
        {
            own = await MailTemplateStore.TrySaveAsync(tx, null, "verify_email", "en", new("a", "b", "c"), null, now, default);
            own = await MailTemplateStore.TrySaveAsync(tx, null, "verify_email", "en", new("d", "e", "f"), own, now, default);
            await tx.CommitAsync(default);
        }
        own.ShouldNotBeNull();
        await using (var tx = await storage.Database.BeginAsync(storage.Two, default))
        {
            (await MailTemplateStore.FindAsync(tx, null, "verify_email", "en", default)).ShouldBeNull();
            (await MailTemplateStore.TryDeleteAsync(tx, null, "verify_email", "en", own, default)).ShouldBeFalse();
            (await MailTemplateStore.TrySaveAsync(tx, null, "verify_email", "en", new("x", "y", "z"), own, now, default)).ShouldBeNull();
            (await MailTemplateStore.TrySaveAsync(tx, null, "verify_email", "en", new("x", "y", "z"), null, now, default)).ShouldNotBeNull();
            await tx.CommitAsync(default);
        }
        await using var read = await storage.Database.ReadAsync(storage.One, default);
        (await MailTemplateStore.FindAsync(read, null, "verify_email", "en", default)).ShouldBe(own);
        own.Template.ShouldBe(new MailTemplate("d", "e", "f"));
    }

    [Theory, BothDatabases]
    public async Task Keeps_organizations_templates_apart(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        var now = storage.Clock.Now();
        var (theirs, other) = ((await OrganizationStoreIsolationTests.NewOrganizationAsync(storage, storage.One, "acme")).Id, (await OrganizationStoreIsolationTests.NewOrganizationAsync(storage, storage.One, "other")).Id);
        var own = (await storage.InAsync(storage.One, tx => MailTemplateStore.TrySaveAsync(tx, theirs, "invitation", "en", new("a", "b", "c"), null, now, default))).ShouldNotBeNull();
        own = (await storage.InAsync(storage.One, tx => MailTemplateStore.TrySaveAsync(tx, theirs, "invitation", "en", new("d", "e", "f"), own, now, default))).ShouldNotBeNull();
        foreach (var (tenant, organization) in new (TenantId, OrganizationId?)[] { (storage.Two, theirs), (storage.One, other), (storage.One, null) })
        {
            (await storage.InAsync(tenant, tx => MailTemplateStore.FindAsync(tx, organization, "invitation", "en", default))).ShouldBeNull();
            (await storage.InAsync(tenant, tx => MailTemplateStore.TryDeleteAsync(tx, organization, "invitation", "en", own, default))).ShouldBeFalse();
            (await storage.InAsync(tenant, tx => MailTemplateStore.TrySaveAsync(tx, organization, "invitation", "en", new("x", "y", "z"), own, now, default))).ShouldBeNull();
        }
        // The reference carries the tenant.
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.Two, tx => MailTemplateStore.TrySaveAsync(tx, theirs, "invitation", "en", new("x", "y", "z"), null, now, default)));
        (await storage.InAsync(storage.One, tx => MailTemplateStore.FindAsync(tx, theirs, "invitation", "en", default))).ShouldBe(own);
        (await storage.InAsync(storage.One, tx => MailTemplateStore.TryDeleteAsync(tx, theirs, "invitation", "en", own, default))).ShouldBeTrue();
    }
}
