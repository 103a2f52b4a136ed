using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Vault;

public sealed class MasterKeyTests
{
    private static readonly string Key = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());
    private static readonly string OtherKey = Convert.ToBase64String(Enumerable.Repeat((byte)8, 32).ToArray());

    /// <summary>Another start of the program over the same database and data folder.</summary>
    private static MasterKeyCheck Start(TestStorage storage, string key = "", string file = "") =>
        new(storage.System, storage.Services.GetRequiredService<MigrationRunner>(), Source(storage, key, file),
            storage.Services.GetRequiredService<IOptions<StorageOptions>>(), storage.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<MasterKeyCheck>.Instance);

    private static MasterKeySource Source(TestStorage storage, string key = "", string file = "") =>
        new(Options.Create(new VaultOptions { MasterKey = key, MasterKeyFile = file }), storage.Services.GetRequiredService<IOptions<StorageOptions>>());

    private static string DefaultFile(TestStorage storage) => Source(storage).DefaultFile;

    [Theory, BothDatabases]
    public async Task Makes_a_key_once_for_a_new_database(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind, migrate: false);
        await Start(storage).VerifyAsync(default);
        var made = await File.ReadAllTextAsync(DefaultFile(storage));
        Convert.FromBase64String(made).Length.ShouldBe(32);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(DefaultFile(storage)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Exists(Path.Combine(Path.GetDirectoryName(DefaultFile(storage))!, "gatehouse.db")).ShouldBeFalse("looking must not create the database");
        await Start(storage).VerifyAsync(default);
        (await File.ReadAllTextAsync(DefaultFile(storage))).ShouldBe(made);
    }

    [Fact]
    public async Task Never_overwrites_a_key_file()
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Sqlite, migrate: false);
        await File.WriteAllTextAsync(DefaultFile(storage), Key);
        Should.Throw<MasterKeyException>(() => Source(storage).Generate()).Message.ShouldContain("master.key");
        (await File.ReadAllTextAsync(DefaultFile(storage))).ShouldBe(Key);
    }

    [Theory, BothDatabases]
    public async Task Starts_again_with_the_same_key(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        foreach (var _ in new int[2])
        {
            await Start(storage, Key).VerifyAsync(default);
            await Start(storage, Key).ClaimAsync(default);
        }
        var file = DefaultFile(storage) + ".mounted";
        await File.WriteAllTextAsync(file, Key + "\n");
        await Start(storage, file: file).VerifyAsync(default);
        File.Exists(DefaultFile(storage)).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Refuses_another_databases_key_and_writes_nothing(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        await Start(storage, Key).ClaimAsync(default);
        var before = await SnapshotAsync(storage);
        var refused = await Should.ThrowAsync<MasterKeyException>(() => Start(storage, OtherKey).VerifyAsync(default));
        refused.Message.ShouldSatisfyAllConditions(m => m.ShouldContain("not this database's"), m => m.ShouldNotContain("\n"), m => m.ShouldNotContain(OtherKey));
        await Should.ThrowAsync<MasterKeyException>(() => Start(storage, OtherKey).ClaimAsync(default));
        (await SnapshotAsync(storage)).ShouldBe(before);
    }

    [Theory, BothDatabases]
    public async Task Refuses_to_start_without_the_key_of_a_used_database(TestDatabase kind)
    {
        await using var storage = await TestStorage.OpenAsync(kind);
        await Start(storage, Key).ClaimAsync(default);
        var refused = await Should.ThrowAsync<MasterKeyException>(() => Start(storage).VerifyAsync(default));
        refused.Message.ShouldSatisfyAllConditions(m => m.ShouldContain("missing"), m => m.ShouldNotContain("\n"));
        File.Exists(DefaultFile(storage)).ShouldBeFalse();
    }

    [Fact]
    public async Task Lets_one_of_two_first_starts_with_different_keys_claim_the_database()
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Postgres);
        await Start(storage, Key).VerifyAsync(default);
        await Start(storage, OtherKey).VerifyAsync(default);
        await Start(storage, Key).ClaimAsync(default);
        await Should.ThrowAsync<MasterKeyException>(() => Start(storage, OtherKey).ClaimAsync(default));
        await Start(storage, Key).VerifyAsync(default);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public async Task Refuses_a_malformed_key(string key)
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Sqlite, migrate: false);
        (await Should.ThrowAsync<MasterKeyException>(() => Start(storage, key).VerifyAsync(default))).Message.ShouldContain("32 bytes");
        var file = DefaultFile(storage) + ".mounted";
        await File.WriteAllTextAsync(file, key);
        (await Should.ThrowAsync<MasterKeyException>(() => Start(storage, file: file).VerifyAsync(default))).Message.ShouldContain(file);
    }

    [Fact]
    public async Task Refuses_a_key_file_that_is_not_there()
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Sqlite, migrate: false);
        (await Should.ThrowAsync<MasterKeyException>(() => Start(storage, file: "/nowhere/key").VerifyAsync(default))).Message.ShouldContain("/nowhere/key");
    }

    [Fact]
    public async Task Refuses_two_configured_keys()
    {
        await using var storage = await TestStorage.OpenAsync(TestDatabase.Sqlite, migrate: false);
        await Should.ThrowAsync<MasterKeyException>(() => Start(storage, Key, "/somewhere").VerifyAsync(default));
    }

    private static async Task<string> SnapshotAsync(TestStorage storage)
    {
        await using var tx = await storage.System.ReadAsync(default);
        var rows = await tx.ListAsync("SELECT id, key_id, sealed FROM vault_check", [], r => $"{r.Text(0)} {r.Text(1)} {Convert.ToHexString(r.Bytes(2))}", default);
        return string.Join('|', rows);
    }
}
