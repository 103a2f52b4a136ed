using Gatehouse.Caching;

namespace Gatehouse.Tests.Caching;

public sealed class ClockCacheTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Loads_once_and_then_answers_from_memory()
    {
        var cache = new ClockCache<string, string>(8);
        var loads = 0;
        ValueTask<string?> Load(string key, CancellationToken ct) { loads++; return new(key + "!"); }
        (await cache.GetAsync("a", Load, Ct)).ShouldBe("a!");
        (await cache.GetAsync("a", Load, Ct)).ShouldBe("a!");
        loads.ShouldBe(1);
    }

    [Fact]
    public async Task Remembers_that_there_is_nothing()
    {
        var cache = new ClockCache<string, string>(8);
        var loads = 0;
        ValueTask<string?> Load(string key, CancellationToken ct) { loads++; return new((string?)null); }
        (await cache.GetAsync("a", Load, Ct)).ShouldBeNull();
        (await cache.GetAsync("a", Load, Ct)).ShouldBeNull();
        loads.ShouldBe(1);
    }

    [Fact]
    public async Task Never_holds_more_than_its_capacity_and_keeps_what_is_used()
    {
        var cache = new ClockCache<int, string>(10);
        ValueTask<string?> Load(int key, CancellationToken ct) => new("v");
        await cache.GetAsync(-1, Load, Ct);
        for (var i = 0; i < 1000; i++)
        {
            await cache.GetAsync(i, Load, Ct);
            cache.TryGet(-1, out _).ShouldBeTrue($"the entry that is used all the time was evicted after {i}");
            cache.Count.ShouldBeLessThanOrEqualTo(10);
        }
    }

    [Fact]
    public async Task Loads_of_one_key_at_once_are_one_load()
    {
        var cache = new ClockCache<string, string>(8);
        var gate = new TaskCompletionSource<string?>();
        var loads = 0;
        ValueTask<string?> Load(string key, CancellationToken ct) { Interlocked.Increment(ref loads); return new(gate.Task); }
        var waiting = Enumerable.Range(0, 20).Select(_ => cache.GetAsync("a", Load, Ct).AsTask()).ToArray();
        gate.SetResult("value");
        (await Task.WhenAll(waiting)).ShouldAllBe(v => v == "value");
        loads.ShouldBe(1);
    }

    [Theory]
    [InlineData("topic")]
    [InlineData("where")]
    [InlineData("clear")]
    public async Task Does_not_keep_what_was_being_loaded_while_it_was_forgotten(string how)
    {
        var cache = new ClockCache<string, string>(8, key => "t:" + key);
        var old = new TaskCompletionSource<string?>();
        var first = cache.GetAsync("a", (_, _) => new(old.Task), Ct).AsTask();
        switch (how)
        {
            case "topic": cache.ForgetTopic("t:a"); break;
            case "where": cache.ForgetWhere((_, _) => false); break;
            default: cache.Clear(); break;
        }
        // Who asks after the change must not get the answer from before it.
        (await cache.GetAsync("a", (_, _) => new("new"), Ct)).ShouldBe("new");
        old.SetResult("old");
        (await first).ShouldBe("old");
        (await cache.GetAsync("a", (_, _) => new("newer"), Ct)).ShouldBe("new");
    }

    [Fact]
    public async Task Forgets_one_topic_and_no_other()
    {
        var cache = new ClockCache<string, string>(8, key => "t:" + key);
        await cache.GetAsync("a", (_, _) => new("1"), Ct);
        await cache.GetAsync("b", (_, _) => new("1"), Ct);
        cache.ForgetTopic("t:a");
        cache.TryGet("a", out _).ShouldBeFalse();
        cache.TryGet("b", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Gives_a_failed_load_to_those_who_wait_and_tries_again()
    {
        var cache = new ClockCache<string, string>(8);
        await Should.ThrowAsync<InvalidOperationException>(async () => await cache.GetAsync("a", (_, _) => throw new InvalidOperationException("down"), Ct));
        (await cache.GetAsync("a", (_, _) => new("up"), Ct)).ShouldBe("up");
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_take_the_load_from_others()
    {
        var cache = new ClockCache<string, string>(8);
        var gate = new TaskCompletionSource<string?>();
        using var impatient = new CancellationTokenSource();
        var first = cache.GetAsync("a", (_, _) => new(gate.Task), impatient.Token).AsTask();
        var second = cache.GetAsync("a", (_, _) => new(gate.Task), Ct).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult("value");
        (await second).ShouldBe("value");
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        var cache = new ClockCache<string, string>(8);
        Func<string, CancellationToken, ValueTask<string?>> load = (_, _) => new("v");
        await cache.GetAsync("a", load, Ct);
        for (var i = 0; i < 100; i++) await cache.GetAsync("a", load, Ct);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) await cache.GetAsync("a", load, Ct);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
