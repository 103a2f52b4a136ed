using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;

namespace Gatehouse.Tests.Keys;

public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeySettings Settings = new() { RotationSeconds = 1000, PrepublishSeconds = 100, RetireSeconds = 200 };

    private static SigningKeyRow Key(KeyState state, string algorithm, double activates, double? retires = null) =>
        new(KeyId.New(TimeProvider.System), algorithm, state, "{}", null, Start, Start.AddSeconds(activates), retires is { } r ? Start.AddSeconds(r) : null);

    private static IReadOnlyList<KeyStep> DecideAt(double seconds, params SigningKeyRow[] es256) =>
        KeySchedule.Decide([.. es256, Key(KeyState.Active, "RS256", 1_000_000)], Settings, Start.AddSeconds(seconds));

    [Fact]
    public void Makes_a_first_key_for_each_algorithm() =>
        KeySchedule.Decide([], Settings, Start).ShouldBe([new KeyStep.Create("ES256", KeyState.Active, Start), new KeyStep.Create("RS256", KeyState.Active, Start)]);

    [Fact]
    public void Leaves_a_young_key_alone() => DecideAt(899, Key(KeyState.Active, "ES256", 0)).ShouldBeEmpty();

    [Fact]
    public void Publishes_the_next_key_before_it_is_due() =>
        DecideAt(900, Key(KeyState.Active, "ES256", 0)).ShouldBe([new KeyStep.Create("ES256", KeyState.Next, Start.AddSeconds(1000))]);

    [Fact]
    public void Publishes_a_late_key_for_its_whole_time_all_the_same() =>
        DecideAt(5000, Key(KeyState.Active, "ES256", 0)).ShouldBe([new KeyStep.Create("ES256", KeyState.Next, Start.AddSeconds(5100))]);

    [Fact]
    public void Waits_until_the_next_key_has_been_published_long_enough() =>
        DecideAt(999, Key(KeyState.Active, "ES256", 0), Key(KeyState.Next, "ES256", 1000)).ShouldBeEmpty();

    [Fact]
    public void Lets_the_next_key_take_over()
    {
        var (active, next) = (Key(KeyState.Active, "ES256", 0), Key(KeyState.Next, "ES256", 1000));
        DecideAt(1000, active, next).ShouldBe([new KeyStep.TakeOver(next, active, Start.AddSeconds(1200))]);
    }

    [Fact]
    public void Lets_the_next_key_take_over_at_once_where_none_signs()
    {
        var next = Key(KeyState.Next, "ES256", 1000);
        DecideAt(10, next).ShouldBe([new KeyStep.TakeOver(next, null, Start.AddSeconds(210))]);
    }

    [Fact]
    public void Retires_a_key_when_its_time_is_over()
    {
        var (active, old) = (Key(KeyState.Active, "ES256", 1000), Key(KeyState.Retiring, "ES256", 0, retires: 1200));
        DecideAt(1199, active, old).ShouldBeEmpty();
        DecideAt(1200, active, old).ShouldBe([new KeyStep.Retire(old)]);
    }

    [Fact]
    public void Follows_settings_that_became_shorter()
    {
        var steps = KeySchedule.Decide([Key(KeyState.Active, "ES256", 0), Key(KeyState.Active, "RS256", 0)],
            Settings with { RotationSeconds = 10, PrepublishSeconds = 5 }, Start.AddSeconds(8));
        steps.ShouldBe([new KeyStep.Create("ES256", KeyState.Next, Start.AddSeconds(13)), new KeyStep.Create("RS256", KeyState.Next, Start.AddSeconds(13))]);
    }
}
