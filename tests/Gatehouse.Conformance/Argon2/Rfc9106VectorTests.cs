using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>RFC 9106 §5: one vector per variant, with secret and associated data, in four lanes; on every implementation this processor has.</summary>
public sealed class Rfc9106VectorTests
{
    [Fact] // §5.3
    public void Argon2id_gives_the_tag_of_section_5_3() =>
        TagsOf(Argon2Variant.Id).ShouldAllBe(tag => tag == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");

    [Fact] // §5.1
    public void Argon2d_gives_the_tag_of_section_5_1() =>
        TagsOf(Argon2Variant.D).ShouldAllBe(tag => tag == "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb");

    [Fact] // §5.2
    public void Argon2i_gives_the_tag_of_section_5_2() =>
        TagsOf(Argon2Variant.I).ShouldAllBe(tag => tag == "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8");

    [Fact]
    public void The_public_hash_is_argon2id()
    {
        using var pool = new Argon2MemoryPool(1);
        pool.TryRent(32, out var memory).ShouldBeTrue();
        using (memory)
        {
            var tag = new byte[32];
            Argon2id.Hash(Filled(32, 1), Filled(16, 2), Filled(8, 3), Filled(12, 4), new Argon2Parameters(32, 3, 4), memory, tag);
            Convert.ToHexStringLower(tag).ShouldBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
        }
    }

    private static List<string> TagsOf(Argon2Variant variant) =>
        [.. CompressionKinds.All.Select(kind =>
            Convert.ToHexStringLower(kind.Hash(variant, Filled(32, 1), Filled(16, 2), Filled(8, 3), Filled(12, 4), new Argon2Parameters(32, 3, 4))))];

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
