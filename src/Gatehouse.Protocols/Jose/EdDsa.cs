using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Gatehouse.Protocols.Jose;

/// <summary>
/// Ed25519 (RFC 8032) from libsodium, since .NET has none. Without the library EdDSA is not offered: nothing fails, keys of that kind
/// are simply not accepted. libsodium refuses signatures with s ≥ L and public keys of small order.
/// </summary>
public static unsafe class EdDsa
{
    internal const int PublicKeyLength = 32;
    internal const int SeedLength = 32;
    internal const int ExpandedKeyLength = 64;
    internal const int SignatureLength = 64;

    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, byte*, int> seedKeypair;
    private static readonly delegate* unmanaged[Cdecl]<byte*, ulong*, byte*, ulong, byte*, int> signDetached;
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, ulong, byte*, int> verifyDetached;

    [SuppressMessage("Performance", "CA1810", Justification = "Three pointers are resolved together or not at all.")]
    static EdDsa()
    {
        if (!NativeLibrary.TryLoad("libsodium.so.23", typeof(EdDsa).Assembly, null, out var library)
            && !NativeLibrary.TryLoad("libsodium", typeof(EdDsa).Assembly, null, out library)) return;
        if (!NativeLibrary.TryGetExport(library, "sodium_init", out var init)
            || !NativeLibrary.TryGetExport(library, "crypto_sign_seed_keypair", out var keypair)
            || !NativeLibrary.TryGetExport(library, "crypto_sign_detached", out var sign)
            || !NativeLibrary.TryGetExport(library, "crypto_sign_verify_detached", out var verify)) return;
        if (((delegate* unmanaged[Cdecl]<int>)init)() < 0) return;   // 0: ready, 1: was ready already
        seedKeypair = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, int>)keypair;
        signDetached = (delegate* unmanaged[Cdecl]<byte*, ulong*, byte*, ulong, byte*, int>)sign;
        verifyDetached = (delegate* unmanaged[Cdecl]<byte*, byte*, ulong, byte*, int>)verify;
    }

    /// <summary>Whether libsodium was found in this process.</summary>
    public static bool IsAvailable => verifyDetached is not null;

    /// <summary>Expands a 32-byte seed to libsodium's secret key (seed and public key, 64 bytes).</summary>
    internal static void Expand(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> expanded)
    {
        Require(seed.Length == SeedLength && publicKey.Length == PublicKeyLength && expanded.Length == ExpandedKeyLength);
        fixed (byte* s = seed, p = publicKey, e = expanded)
        {
            Require(seedKeypair(p, e, s) == 0);
        }
    }

    internal static void Sign(ReadOnlySpan<byte> expanded, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require(expanded.Length == ExpandedKeyLength && signature.Length == SignatureLength);
        fixed (byte* e = expanded, m = message, s = signature)
        {
            Require(signDetached(s, null, m, (ulong)message.Length, e) == 0);
        }
    }

    internal static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require(publicKey.Length == PublicKeyLength);
        if (signature.Length != SignatureLength) return false;
        fixed (byte* p = publicKey, m = message, s = signature)
        {
            return verifyDetached(s, m, (ulong)message.Length, p) == 0;
        }
    }

    private static void Require(bool condition)
    {
        if (!IsAvailable) throw new PlatformNotSupportedException("EdDSA needs libsodium, which was not found.");
        if (!condition) throw new ArgumentException("A buffer has the wrong length for Ed25519.");
    }
}
