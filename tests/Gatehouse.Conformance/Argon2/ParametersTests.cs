using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>The ranges of RFC 9106 §3.1.</summary>
public sealed class ParametersTests
{
    [Theory]
    [InlineData(8, 1, 1, 4)]
    [InlineData(64, 1, 8, 32)]
    [InlineData(134217720, 1, 16777215, 32)]
    public void Takes_the_least_and_the_most(int m, int t, int p, int length)
    {
        Argon2Parameters.AreValid(m, t, p, length).ShouldBeTrue();
        new Argon2Parameters(m, t, p, length).MemoryKiB.ShouldBe(m);
    }

    [Theory]
    [InlineData(7, 1, 1, 32)]
    [InlineData(63, 1, 8, 32)]
    [InlineData(64, 0, 1, 32)]
    [InlineData(64, -1, 1, 32)]
    [InlineData(64, 1, 0, 32)]
    [InlineData(64, 1, -1, 32)]
    [InlineData(int.MaxValue, 1, 16777216, 32)]
    [InlineData(64, 1, 1, 3)]
    public void Refuses_what_the_RFC_forbids(int m, int t, int p, int length)
    {
        Argon2Parameters.AreValid(m, t, p, length).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => new Argon2Parameters(m, t, p, length));
    }

    [Fact]
    public void Refuses_default_parameters_a_short_salt_and_a_tag_of_another_length()
    {
        using var pool = new Argon2MemoryPool(1);
        pool.TryRent(64, out var memory).ShouldBeTrue();
        using (memory)
        {
            var p = new Argon2Parameters(64, 1, 1);
            Should.Throw<ArgumentException>(() => Argon2id.Hash("p"u8, "saltsalt"u8, default, memory, new byte[32]));
            Should.Throw<ArgumentException>(() => Argon2id.Hash("p"u8, "saltsal"u8, p, memory, new byte[32]));
            Should.Throw<ArgumentException>(() => Argon2id.Hash("p"u8, "saltsalt"u8, p, memory, new byte[31]));
            Argon2id.Hash("p"u8, "saltsalt"u8, p, memory, new byte[32]); // and after a refusal the memory still serves
        }
    }
}
