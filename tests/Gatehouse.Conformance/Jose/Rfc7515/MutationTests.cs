using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7515;

/// <summary>No change of a single character, nor a character put in or taken out, leaves a token valid. The same changes in every run.</summary>
public class MutationTests
{
    public static TheoryData<string> Algorithms => [.. JwsAlgorithm.Offered.Select(a => a.Name)];

    [Theory, MemberData(nameof(Algorithms))]
    public void No_changed_character_verifies(string name)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(name)!);
        var expected = Expect.Key(key.PublicKey.WithKeyId("k1"));
        var token = Encoding.ASCII.GetBytes(Jws.Sign(key, "JWT", "k1", """{"sub":"usr_1"}"""u8));
        Jws.Verify(token, expected).ShouldSucceed();

        foreach (var (at, value) in Bytes(name, 1500))
        {
            var mutant = token.ToArray();
            var index = at % mutant.Length;
            if (mutant[index] == value) continue;
            mutant[index] = value;
            Jws.Verify(mutant, expected).TryGet(out _, out _).ShouldBeFalse(Encoding.Latin1.GetString(mutant));
        }
    }

    [Fact]
    public void No_inserted_or_deleted_character_verifies()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var expected = Expect.Key(key.PublicKey.WithKeyId("k1"));
        var token = Encoding.ASCII.GetBytes(Jws.Sign(key, "JWT", "k1", """{"sub":"usr_1"}"""u8));
        for (var i = 0; i < token.Length; i++)
            Jws.Verify([.. token.AsSpan(0, i), .. token.AsSpan(i + 1)], expected).TryGet(out _, out _).ShouldBeFalse($"without {i}");
        foreach (var (at, value) in Bytes("insert", 1500))
        {
            var i = at % (token.Length + 1);
            Jws.Verify([.. token.AsSpan(0, i), value, .. token.AsSpan(i)], expected).TryGet(out _, out _).ShouldBeFalse($"{value} at {i}");
        }
    }

    [Fact]
    public void Arbitrary_bytes_are_refused_and_never_throw()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var expected = Expect.Key(key.PublicKey);
        foreach (var (at, value) in Bytes("header", 3000))
        {
            // A signed header with one spoiled byte: past base64url, into the JSON reader.
            var header = """{"alg":"ES256","typ":"JWT","x":"\u00e9\ud83d\ude00","y":[1,{"z":null}]}"""u8.ToArray();
            header[at % header.Length] = value;
            Jws.Verify(Forge.Token(key, header, "{}"u8), expected).TryGet(out _, out var error);
            (error is null || error.Code.StartsWith("jws_", StringComparison.Ordinal)).ShouldBeTrue();
        }
    }

    /// <summary>Positions and bytes from SHA-256 over a counter: arbitrary, and the same in every run.</summary>
    private static IEnumerable<(int At, byte Value)> Bytes(string seed, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var block = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{i}"));
            // Half of the bytes are from the alphabet, since others are refused before anything interesting.
            var value = (block[4] & 1) == 0 ? block[5] : (byte)"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[block[5] % 64];
            yield return (BinaryPrimitives.ReadInt32LittleEndian(block) & int.MaxValue, value);
        }
    }
}
