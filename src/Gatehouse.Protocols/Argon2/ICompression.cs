namespace Gatehouse.Protocols.Argon2;

/// <summary>The compression function G, RFC 9106 §3.5, for one kind of processor. A type argument, so that the fill loop calls it directly.</summary>
internal unsafe interface ICompression
{
    static abstract bool IsSupported { get; }

    /// <summary>
    /// <c>next = G(previous, reference)</c>, XORed into what <paramref name="next"/> held if asked. Returns word 0 of the result, on which
    /// the choice of the next reference waits. Blocks are in <see cref="BlockLayout"/> order and aligned to 64 bytes.
    /// </summary>
    static abstract ulong Compress(ulong* previous, ulong* reference, ulong* next, bool xorIntoNext);
}
