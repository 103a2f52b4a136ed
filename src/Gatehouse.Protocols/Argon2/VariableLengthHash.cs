using System.Security.Cryptography;

namespace Gatehouse.Protocols.Argon2;

/// <summary>H', RFC 9106 §3.3: BLAKE2b stretched to any length by chaining 64-byte hashes and keeping the first half of each.</summary>
internal static class VariableLengthHash
{
    internal static void Hash(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var length = output.Length;
        if (length <= 64)
        {
            HashWithLength(length, input, output);
            return;
        }

        Span<byte> v = stackalloc byte[64];
        HashWithLength(length, input, v);
        v[..32].CopyTo(output);
        output = output[32..];
        while (output.Length > 64)
        {
            Blake2b.Hash(v, v);
            v[..32].CopyTo(output);
            output = output[32..];
        }
        Blake2b.Hash(v, output);
        CryptographicOperations.ZeroMemory(v);
    }

    private static void HashWithLength(int length, ReadOnlySpan<byte> input, Span<byte> output)
    {
        var state = new Blake2b(output.Length);
        state.UpdateInt32(length);
        state.Update(input);
        state.Finish(output);
    }
}
