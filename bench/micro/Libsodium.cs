using System.Runtime.InteropServices;

namespace Gatehouse.Bench.Micro;

/// <summary>The libsodium of the system (Debian: libsodium23), to compare with.</summary>
internal static unsafe partial class Libsodium
{
    private const string Library = "libsodium.so.23";
    private const int Argon2id13 = 2;

    internal static void Initialize()
    {
        if (sodium_init() < 0) throw new InvalidOperationException("libsodium does not start.");
    }

    /// <summary>Argon2id with one lane, the only number that libsodium offers.</summary>
    internal static void Argon2id(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations, int memoryKiB, Span<byte> tag)
    {
        fixed (byte* p = password, s = salt, t = tag)
        {
            var status = crypto_pwhash(
                t, (ulong)tag.Length, p, (ulong)password.Length, s, (ulong)iterations, (nuint)memoryKiB * 1024, Argon2id13);
            if (status != 0) throw new InvalidOperationException("crypto_pwhash failed.");
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial int crypto_pwhash(
        byte* output, ulong outputBytes, byte* password, ulong passwordBytes, byte* salt, ulong opsLimit, nuint memoryLimitBytes, int algorithm);
}
