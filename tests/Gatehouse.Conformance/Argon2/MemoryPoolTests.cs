using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

public sealed class MemoryPoolTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(4096)] // on huge pages
    public void Returned_memory_is_zero(int memoryKiB)
    {
        using var block = MemoryBlock.Allocate((nuint)memoryKiB * 1024);
        IsZero(block).ShouldBeTrue();
        using var pool = new Argon2MemoryPool(1);
        var memory = new Argon2Memory(pool, block);
        Hash(memory, new Argon2Parameters(memoryKiB, 1, 1));
        IsZero(block).ShouldBeFalse();
        block.Clear();
        IsZero(block).ShouldBeTrue();
    }

    [Fact]
    public void A_block_used_for_a_large_and_then_a_small_hash_is_wiped_whole()
    {
        using var block = MemoryBlock.Allocate(256 * 1024);
        using var pool = new Argon2MemoryPool(1);
        var memory = new Argon2Memory(pool, block);
        Hash(memory, new Argon2Parameters(256, 1, 1));
        Hash(memory, new Argon2Parameters(8, 1, 1));
        block.Clear();
        IsZero(block).ShouldBeTrue();
    }

    [Fact]
    public void What_the_pool_rents_again_is_the_same_block_and_zero()
    {
        using var pool = new Argon2MemoryPool(1);
        nint first;
        using (var memory = Rent(pool, 64))
        {
            first = Start(memory);
            Hash(memory, new Argon2Parameters(64, 1, 1));
            IsZero(memory).ShouldBeFalse();
        }
        using var again = Rent(pool, 64);
        Start(again).ShouldBe(first);
        IsZero(again).ShouldBeTrue();
    }

    [Fact]
    public void Rents_a_larger_block_than_asked_before_allocating_another()
    {
        using var pool = new Argon2MemoryPool(1);
        Rent(pool, 1024).Dispose();
        using var memory = Rent(pool, 64);
        memory.CapacityKiB.ShouldBe(1024);
    }

    [Fact]
    public void Gives_up_a_block_that_is_too_small()
    {
        using var pool = new Argon2MemoryPool(1);
        Rent(pool, 64).Dispose();
        using var memory = Rent(pool, 1024);
        memory.CapacityKiB.ShouldBe(1024);
    }

    [Fact]
    public async Task Makes_the_next_wait_when_all_are_out()
    {
        using var pool = new Argon2MemoryPool(2);
        using var first = Rent(pool, 64);
        var second = Rent(pool, 64);
        pool.TryRent(64, out _).ShouldBeFalse();
        var waiting = pool.RentAsync(64, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        second.Dispose();
        using var third = await waiting;
        pool.TryRent(64, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_wait_takes_no_place()
    {
        using var pool = new Argon2MemoryPool(1);
        var memory = Rent(pool, 64);
        using var cancellation = new CancellationTokenSource();
        var waiting = pool.RentAsync(64, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting);
        memory.Dispose();
        Rent(pool, 64).Dispose();
    }

    [Fact]
    public void Returning_twice_gives_back_one_place()
    {
        using var pool = new Argon2MemoryPool(1);
        var memory = Rent(pool, 64);
        memory.Dispose();
        memory.Dispose();
        using var second = Rent(pool, 64);
        pool.TryRent(64, out _).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_to_hash_in_memory_that_was_returned()
    {
        using var pool = new Argon2MemoryPool(1);
        var memory = Rent(pool, 64);
        memory.Dispose();
        Should.Throw<ObjectDisposedException>(() => Hash(memory, new Argon2Parameters(64, 1, 1)));
    }

    [Fact]
    public void Refuses_parameters_larger_than_the_memory()
    {
        using var pool = new Argon2MemoryPool(1);
        using var memory = Rent(pool, 64);
        Should.Throw<ArgumentException>(() => Hash(memory, new Argon2Parameters(128, 1, 1)));
    }

    [Fact]
    public void Refuses_a_block_above_its_limit()
    {
        using var pool = new Argon2MemoryPool(1, maxBlockKiB: 1024);
        Should.Throw<ArgumentOutOfRangeException>(() => pool.TryRent(1025, out _));
    }

    [Fact]
    public void Refuses_to_rent_after_disposal_and_still_takes_back()
    {
        var pool = new Argon2MemoryPool(2);
        var memory = Rent(pool, 64);
        pool.Dispose();
        memory.Dispose();
        Should.Throw<ObjectDisposedException>(() => pool.TryRent(64, out _));
    }

    private static Argon2Memory Rent(Argon2MemoryPool pool, int memoryKiB)
    {
        pool.TryRent(memoryKiB, out var memory).ShouldBeTrue();
        return memory!;
    }

    private static void Hash(Argon2Memory memory, Argon2Parameters p) =>
        Argon2id.Hash("password"u8, "saltsalt"u8, p, memory, new byte[p.TagLength]);

    private static unsafe nint Start(Argon2Memory memory)
    {
        using var use = memory.Use(0);
        return (nint)use.Start;
    }

    private static unsafe bool IsZero(Argon2Memory memory)
    {
        using var use = memory.Use(0);
        return !new ReadOnlySpan<byte>(use.Start, memory.CapacityKiB * 1024).ContainsAnyExcept((byte)0);
    }

    private static unsafe bool IsZero(MemoryBlock block) =>
        !new ReadOnlySpan<byte>(block.Start, (int)block.CapacityBytes).ContainsAnyExcept((byte)0);
}
