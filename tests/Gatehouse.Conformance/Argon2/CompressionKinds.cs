using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>Every compression function that this processor can run, so that the fallbacks are proved on processors that do not need them.</summary>
internal abstract class CompressionKinds
{
    internal static IReadOnlyList<CompressionKinds> All { get; } =
        [.. new CompressionKinds[] { new Kind<ScalarCompression>(), new Kind<Vector256Compression>(), new Kind<Vector512Compression>() }
            .Where(kind => kind.IsSupported)];

    protected abstract bool IsSupported { get; }

    public override string ToString() => GetType().GenericTypeArguments[0].Name;

    internal abstract byte[] Hash(
        Argon2Variant variant, byte[] password, byte[] salt, byte[] secret, byte[] associatedData, Argon2Parameters p);

    private sealed class Kind<TCompression> : CompressionKinds where TCompression : ICompression
    {
        protected override bool IsSupported => TCompression.IsSupported;

        internal override byte[] Hash(
            Argon2Variant variant, byte[] password, byte[] salt, byte[] secret, byte[] associatedData, Argon2Parameters p)
        {
            using var pool = new Argon2MemoryPool(1);
            pool.TryRent(p.MemoryKiB, out var memory).ShouldBeTrue();
            using (memory)
            {
                var tag = new byte[p.TagLength];
                Argon2id.Hash<TCompression>(variant, password, salt, secret, associatedData, p, memory, tag);
                return tag;
            }
        }
    }
}
