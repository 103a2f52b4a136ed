using Gatehouse.Kernel;
using Gatehouse.Subtenants;
using Gatehouse.Tenants;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="RegistrationStore"/> and <see cref="TenantExportStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class RegistrationStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Registrations_and_exports_stay_in_the_tenant_and_end_once(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var user = await OrganizationStoreIsolationTests.NewUserAsync(storage, storage.One, "ann@example.com");
        var registration = new TenantRegistration(TenantRegistrationId.New(storage.Clock), user, "ann@example.com", "mine", "Mine", "mine.example", "token", null, TenantRegistration.Pending, null, null, null, now, now.AddDays(1), null);
        var made = TenantId.New(storage.Clock);
        await storage.InAsync(storage.One, async tx =>
        {
            (await RegistrationStore.TryInsertAsync(tx, registration, None)).ShouldBeTrue();
            (await RegistrationStore.TryInsertAsync(tx, registration with { Id = TenantRegistrationId.New(storage.Clock) }, None)).ShouldBeFalse("the name waits for the first");
            await TenantExportStore.InsertAsync(tx, new(Guid.CreateVersion7().ToString(), now, "usr_1", false, 1, 2, "ab"), None);
            return true;
        });
        await storage.InAsync(storage.Two, async tx =>
        {
            (await RegistrationStore.FindAsync(tx, registration.Id, None)).ShouldBeNull();
            (await RegistrationStore.ListOfUserAsync(tx, user, 10, None)).ShouldBeEmpty();
            (await RegistrationStore.ListAsync(tx, true, null, 10, None)).ShouldBeEmpty();
            (await RegistrationStore.ListAsync(tx, false, null, 10, None)).ShouldBeEmpty();
            (await RegistrationStore.CountAsync(tx, None)).ShouldBe(0);
            (await RegistrationStore.ExpireAsync(tx, now.AddDays(9), None)).ShouldBe(0);
            (await RegistrationStore.TryProveAsync(tx, registration, now, None)).ShouldBeFalse();
            (await RegistrationStore.TryEndAsync(tx, registration.Id, TenantRegistration.Refused, null, "eve", now, None)).ShouldBeFalse();
            (await RegistrationStore.TryActivateAsync(tx, registration.Id, made, "eve", now, None)).ShouldBeFalse();
            (await RegistrationStore.ForgetAsync(tx, registration.Id, None)).ShouldBe(0);
            await RegistrationStore.ForgetUserAsync(tx, user, now, None);
            (await TenantExportStore.ListAsync(tx, 10, None)).ShouldBeEmpty();
            (await TenantExportStore.AnySinceAsync(tx, now.AddDays(-1), None)).ShouldBeFalse();
            return true;
        });
        await storage.InAsync(storage.One, async tx =>
        {
            (await RegistrationStore.TryProveAsync(tx, registration with { DomainToken = "another" }, now, None)).ShouldBeFalse("another claim's proof");
            (await RegistrationStore.TryProveAsync(tx, registration, now, None)).ShouldBeTrue();
            (await RegistrationStore.TryActivateAsync(tx, registration.Id, made, "ann", now.AddDays(2), None)).ShouldBeFalse("it ran out");
            (await RegistrationStore.TryActivateAsync(tx, registration.Id, made, "ann", now, None)).ShouldBeTrue();
            (await RegistrationStore.TryEndAsync(tx, registration.Id, TenantRegistration.Refused, null, "ann", now, None)).ShouldBeFalse("it is over");
            (await RegistrationStore.FindAsync(tx, registration.Id, None)).ShouldNotBeNull().Created.ShouldBe(made);
            (await RegistrationStore.CountAsync(tx, None)).ShouldBe(1);
            (await TenantExportStore.AnySinceAsync(tx, now.AddDays(-1), None)).ShouldBeTrue();
            (await TenantExportStore.AnySinceAsync(tx, now.AddSeconds(1), None)).ShouldBeFalse("too long ago");
            return true;
        });
    }
}
