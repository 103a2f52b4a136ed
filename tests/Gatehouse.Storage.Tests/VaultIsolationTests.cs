using System.Security.Cryptography;
using System.Text;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Storage.Tests;

public sealed class VaultIsolationTests
{
    private static readonly SealedAt Place = new("things", "secret", "1");

    private static Task<TestStorage> OpenAsync(TestDatabase kind) => TestStorage.OpenAsync(kind, services =>
    {
        services.AddVault();
        services.Configure<VaultOptions>(o => o.MasterKey = Convert.ToBase64String(new byte[32]));
    });

    private static async Task<byte[]> SealAsync(TestStorage storage, Kernel.TenantId tenant)
    {
        var vault = storage.Services.GetRequiredService<TenantVault>();
        await using var tx = await storage.Database.BeginAsync(tenant, default);
        await vault.CreateDataKeyAsync(tx, default);
        var value = await vault.SealAsync(tx, Place, Encoding.UTF8.GetBytes("secret"), default);
        await tx.CommitAsync(default);
        return value;
    }

    private static async Task<string> OpenAsync(TestStorage storage, Kernel.TenantId tenant, SealedAt place, byte[] value)
    {
        await using var tx = await storage.Database.ReadAsync(tenant, default);
        return Encoding.UTF8.GetString(await storage.Services.GetRequiredService<TenantVault>().OpenAsync(tx, place, value, default));
    }

    [Theory, BothDatabases]
    public async Task Opens_what_it_sealed(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        var value = await SealAsync(storage, storage.One);
        (await OpenAsync(storage, storage.One, Place, value)).ShouldBe("secret");
        Encoding.Latin1.GetString(value).ShouldNotContain("secret");
    }

    [Theory, BothDatabases]
    public async Task Opens_nothing_of_another_tenant(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        var value = await SealAsync(storage, storage.One);
        await SealAsync(storage, storage.Two);
        await Should.ThrowAsync<CryptographicException>(() => OpenAsync(storage, storage.Two, Place, value));
    }

    [Theory, BothDatabases]
    public async Task Finds_no_data_key_of_another_tenant(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await SealAsync(storage, storage.One);
        await using var tx = await storage.Database.ReadAsync(storage.Two, default);
        (await DataKeyStore.FindCurrentAsync(tx, default)).ShouldBeNull();
        (await DataKeyStore.FindAsync(tx, 1, default)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Keeps_the_first_data_key(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        var first = await SealAsync(storage, storage.One);
        await SealAsync(storage, storage.One);
        (await OpenAsync(storage, storage.One, Place, first)).ShouldBe("secret");
        await using var tx = await storage.Database.BeginAsync(storage.One, default);
        (await DataKeyStore.TryInsertAsync(tx, new(1, [1, 2, 3]), storage.Clock.GetUtcNow(), default)).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Opens_no_value_that_was_moved_or_changed(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        var value = await SealAsync(storage, storage.One);
        foreach (var place in new[] { Place with { Row = "2" }, Place with { Column = "other" }, Place with { Table = "others" } })
            await Should.ThrowAsync<CryptographicException>(() => OpenAsync(storage, storage.One, place, value));
        for (var i = 0; i < value.Length; i++)
        {
            var spoiled = (byte[])value.Clone();
            spoiled[i] ^= 1;
            await Should.ThrowAsync<CryptographicException>(() => OpenAsync(storage, storage.One, Place, spoiled));
        }
        await Should.ThrowAsync<CryptographicException>(() => OpenAsync(storage, storage.One, Place, value[..10]));
    }

    [Theory, BothDatabases]
    public async Task Derives_one_key_for_each_tenant_and_purpose(TestDatabase kind)
    {
        await using var storage = await OpenAsync(kind);
        await SealAsync(storage, storage.One);
        await SealAsync(storage, storage.Two);
        var vault = storage.Services.GetRequiredService<TenantVault>();
        var csrf = await vault.DeriveKeyAsync(storage.One, "csrf", default);
        csrf.Length.ShouldBe(32);
        (await vault.DeriveKeyAsync(storage.One, "csrf", default)).ShouldBe(csrf);
        (await vault.DeriveKeyAsync(storage.One, "other", default)).ShouldNotBe(csrf);
        (await vault.DeriveKeyAsync(storage.Two, "csrf", default)).ShouldNotBe(csrf);
    }
}
