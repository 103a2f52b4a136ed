using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>BLAKE2b: RFC 7693, appendices A and E.</summary>
public sealed class Rfc7693Tests
{
    [Fact] // Appendix A
    public void Hashes_abc()
    {
        Span<byte> output = stackalloc byte[64];
        Blake2b.Hash("abc"u8, output);
        Convert.ToHexStringLower(output).ShouldBe(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    [Fact] // Appendix E: every combination of four output lengths and six input lengths, unkeyed and keyed, hashed together
    public void Passes_the_self_test()
    {
        var all = new Blake2b(32);
        foreach (var outputLength in new[] { 20, 32, 48, 64 })
        {
            foreach (var inputLength in new[] { 0, 3, 128, 129, 255, 1024 })
            {
                var input = Sequence(inputLength, (uint)inputLength);
                all.Update(Hash(input, [], outputLength));
                all.Update(Hash(input, Sequence(outputLength, (uint)outputLength), outputLength));
            }
        }
        var result = new byte[32];
        all.Finish(result);
        Convert.ToHexStringLower(result).ShouldBe("c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    public void Hashes_the_same_in_pieces(int piece)
    {
        var input = Sequence(1024, 7);
        var state = new Blake2b(64);
        foreach (var chunk in input.Chunk(piece)) state.Update(chunk);
        var output = new byte[64];
        state.Finish(output);
        output.ShouldBe(Hash(input, [], 64));
    }

    private static byte[] Hash(byte[] input, byte[] key, int outputLength)
    {
        var output = new byte[outputLength];
        var state = new Blake2b(outputLength, key);
        state.Update(input);
        state.Finish(output);
        return output;
    }

    // The appendix's deterministic sequence: Fibonacci's generator.
    private static byte[] Sequence(int length, uint seed)
    {
        var bytes = new byte[length];
        uint a = 0xDEAD4BAD * seed, b = 1;
        for (var i = 0; i < length; i++)
        {
            (a, b) = (b, a + b);
            bytes[i] = (byte)(b >> 24);
        }
        return bytes;
    }
}
