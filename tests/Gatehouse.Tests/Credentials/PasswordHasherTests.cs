using System.Text;
using Gatehouse.Credentials;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Credentials;

/// <summary>Runs when nothing else does: it measures the process that all tests share.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class PasswordHasherTests
{
    private static readonly byte[] Password = Encoding.UTF8.GetBytes("correct horse battery staple");

    private static PasswordHasher Hasher(int concurrent = 1, int queued = 256, int iterations = 2) =>
        new(Options.Create(new CredentialsOptions { MaxConcurrentHashes = concurrent, MaxQueuedHashes = queued, Iterations = iterations }));

    [Fact]
    public async Task Hashes_with_a_salt_of_its_own_and_verifies()
    {
        using var hasher = Hasher();
        (await hasher.HashAsync(Password, default)).TryGet(out var first, out _).ShouldBeTrue();
        (await hasher.HashAsync(Password, default)).TryGet(out var second, out _).ShouldBeTrue();
        first.ShouldStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
        second.ShouldNotBe(first);
        (await hasher.VerifyAsync(Password, first, default)).ShouldBe((true, false));
        (await hasher.VerifyAsync([.. Password, 0], first, default)).ShouldBe((false, false));
        (await hasher.VerifyAsync(Password, null, default)).ShouldBe((false, false));
    }

    [Fact]
    public async Task Says_when_a_hash_was_made_with_other_parameters()
    {
        using var before = Hasher();
        using var after = Hasher(iterations: 3);
        (await before.HashAsync(Password, default)).TryGet(out var old, out _).ShouldBeTrue();
        (await after.VerifyAsync(Password, old, default)).ShouldBe((true, true));
    }

    [Fact]
    public async Task Refuses_at_once_what_does_not_fit_the_queue_and_recovers()
    {
        using var hasher = Hasher(concurrent: 1, queued: 3);
        var all = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await hasher.VerifyAsync(Password, null, default) is null)));
        all.Count(refused => refused).ShouldBeInRange(1, 60);
        (await hasher.VerifyAsync(Password, null, default)).ShouldNotBeNull();
        (await hasher.HashAsync(Password, default)).TryGet(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Leaves_the_queue_when_the_caller_gives_up()
    {
        using var hasher = Hasher(concurrent: 1, queued: 1);
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        for (var i = 0; i < 5; i++) await Should.ThrowAsync<OperationCanceledException>(async () => await hasher.VerifyAsync(Password, null, given.Token));
        (await hasher.VerifyAsync(Password, null, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_flood_of_hashes_keeps_to_its_memory()
    {
        using var hasher = Hasher(concurrent: 2);
        for (var i = 0; i < 4; i++) await hasher.VerifyAsync(Password, null, default);
        var before = Resident();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await hasher.VerifyAsync(Password, null, default))));
        // 200 × 19 MiB would be 3.7 GiB; two blocks are 38 MiB, the rest is the tests' own noise.
        (Resident() - before).ShouldBeLessThan(150L << 20);
    }

    private static long Resident()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
