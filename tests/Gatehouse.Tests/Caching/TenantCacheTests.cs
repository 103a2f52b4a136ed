using Gatehouse.Caching;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tests.Caching;

public sealed class TenantCacheTests
{
    private readonly Feed feed = new();
    private readonly TenantId one = TenantId.New(TimeProvider.System), two = TenantId.New(TimeProvider.System);
    private int loads;

    [Fact]
    public async Task Keeps_tenants_apart()
    {
        var cache = New();
        (await GetAsync(cache, one, "k")).ShouldBe($"{one}:k");
        (await GetAsync(cache, two, "k")).ShouldBe($"{two}:k");
    }

    [Fact]
    public async Task Forgets_the_announced_entry_and_no_other()
    {
        var cache = New();
        foreach (var tenant in new[] { one, two }) foreach (var key in new[] { "k", "l" }) await GetAsync(cache, tenant, key);
        feed.Change(CacheTopic.For(one, "things", "k"));
        (await LoadsOfAsync(cache, one, "k")).ShouldBe(1);
        (await LoadsOfAsync(cache, one, "l") + await LoadsOfAsync(cache, two, "k")).ShouldBe(0);
    }

    [Fact]
    public async Task Forgets_all_of_a_tenant_and_nothing_of_another()
    {
        var cache = New();
        foreach (var tenant in new[] { one, two }) foreach (var key in new[] { "k", "l" }) await GetAsync(cache, tenant, key);
        feed.Change(CacheTopic.All(one, "things"));
        (await LoadsOfAsync(cache, one, "k") + await LoadsOfAsync(cache, one, "l")).ShouldBe(2);
        (await LoadsOfAsync(cache, two, "k")).ShouldBe(0);
    }

    [Theory]
    [InlineData("thing")]
    [InlineData("things2")]
    [InlineData("")]
    public async Task Does_not_listen_to_other_caches_topics(string name)
    {
        var cache = New();
        await GetAsync(cache, one, "k");
        feed.Change($"{one}:{name}:k");
        feed.Change($"{one}:{name}");
        feed.Change("nonsense");
        (await LoadsOfAsync(cache, one, "k")).ShouldBe(0);
    }

    [Fact]
    public async Task Forgets_everything_when_announcements_may_have_been_missed()
    {
        var cache = New();
        await GetAsync(cache, one, "k");
        feed.Lose();
        (await LoadsOfAsync(cache, one, "k")).ShouldBe(1);
    }

    [Fact]
    public async Task Names_long_keys_within_the_bound_of_a_topic()
    {
        var cache = New();
        var key = "https://api.example.com/" + new string('x', 400);
        await GetAsync(cache, one, key);
        CacheTopic.For(one, "things", key).Length.ShouldBeLessThan(200);
        feed.Change(CacheTopic.For(one, "things", key));
        (await LoadsOfAsync(cache, one, key)).ShouldBe(1);
    }

    private TenantCache<string, string> New() => new("things", 100, feed);

    private ValueTask<string?> GetAsync(TenantCache<string, string> cache, TenantId tenant, string key) =>
        cache.GetAsync(tenant, key, (t, k, _) => { loads++; return new($"{t}:{k}"); }, CancellationToken.None);

    private async Task<int> LoadsOfAsync(TenantCache<string, string> cache, TenantId tenant, string key)
    {
        var before = loads;
        await GetAsync(cache, tenant, key);
        return loads - before;
    }

    private sealed class Feed : IChangeFeed
    {
        private Action<string> change = _ => { };
        private Action lost = () => { };
        public void Subscribe(Action<string> onChange, Action onLost) => (change, lost) = (change + onChange, lost + onLost);
        internal void Change(string topic) => change(topic);
        internal void Lose() => lost();
    }
}
