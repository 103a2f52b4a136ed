using System.Text;
using Gatehouse.Protocols.Argon2;

namespace Gatehouse.Conformance.Argon2;

/// <summary>
/// Agreement with the reference implementation on a grid of costs, with passwords, salts and tag lengths that differ from case to case;
/// every compression function this processor has is held to every case.
/// </summary>
public sealed class ReferenceProgramTests
{
    private const int MaxPasswordBytes = 127; // the program's limits; it refuses an empty password too

    // Smallest memory, a memory that is rounded down, one address block exactly and one block more per segment, megabytes.
    public static TheoryData<int, int> Lanes_and_iterations()
    {
        var data = new TheoryData<int, int>();
        foreach (var p in new[] { 1, 2, 3, 4, 7, 8 })
        {
            for (var t = 1; t <= 4; t++) data.Add(p, t);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Lanes_and_iterations))]
    public async Task Argon2id_agrees(int lanes, int iterations)
    {
        var random = new Sequence($"argon2id p={lanes} t={iterations}");
        int[] memories = [8 * lanes, (8 * lanes) + random.Number(1, 4 * lanes), 4 * 128 * lanes, 4 * 129 * lanes, random.Number(8 * lanes, 4096)];
        foreach (var memory in memories) await CompareAsync(Argon2Variant.Id, random, memory, iterations, lanes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Argon2d_and_argon2i_agree(int lanes)
    {
        var random = new Sequence($"argon2d, argon2i p={lanes}");
        foreach (var variant in new[] { Argon2Variant.D, Argon2Variant.I })
        {
            for (var iterations = 1; iterations <= 3; iterations++)
                await CompareAsync(variant, random, random.Number(8 * lanes, 2048), iterations, lanes);
        }
    }

    [Theory]
    [InlineData(19456, 2, 1)]
    [InlineData(47104, 1, 1)]
    [InlineData(12288, 3, 1)]
    [InlineData(65536, 3, 4)] // RFC 9106 §4, the second recommended option
    public async Task The_recommended_costs_agree(int memory, int iterations, int lanes) =>
        await CompareAsync(Argon2Variant.Id, new Sequence($"recommended {memory}"), memory, iterations, lanes, vectorsOnly: true);

    [Theory]
    [InlineData(1)]
    [InlineData(MaxPasswordBytes)]
    public async Task Every_password_length_the_program_takes_agrees(int passwordBytes)
    {
        var random = new Sequence($"password {passwordBytes}");
        await CompareAsync(Argon2Variant.Id, random, 64, 1, 1, password: Password(random, passwordBytes));
    }

    [Theory] // H′ changes its course at 64, and at every further 32 (RFC 9106 §3.3)
    [InlineData(4)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(128)]
    public async Task Every_kind_of_tag_length_agrees(int tagLength) =>
        await CompareAsync(Argon2Variant.Id, new Sequence($"tag {tagLength}"), 64, 1, 1, tagLength: tagLength);

    private static async Task CompareAsync(
        Argon2Variant variant, Sequence random, int memory, int iterations, int lanes,
        int? tagLength = null, byte[]? password = null, bool vectorsOnly = false)
    {
        var p = new Argon2Parameters(memory, iterations, lanes, tagLength ?? random.Number(4, 128));
        password ??= Password(random, random.Number(1, MaxPasswordBytes));
        var salt = Printable(random, random.Number(8, 64));
        var expected = await ReferenceProgram.HashAsync(variant, password, salt, p);
        var kinds = vectorsOnly && CompressionKinds.All.Count > 1 ? CompressionKinds.All.Skip(1) : CompressionKinds.All;
        foreach (var kind in kinds)
        {
            Convert.ToHexStringLower(kind.Hash(variant, password, Encoding.ASCII.GetBytes(salt), [], [], p))
                .ShouldBe(expected, $"{kind}, {variant}, {p}, {password.Length} bytes of password, salt {salt}");
        }
    }

    // Any byte but zero: the program reads the password as a C string.
    private static byte[] Password(Sequence random, int length) =>
        [.. random.Bytes(length).Select(value => value == 0 ? (byte)1 : value)];

    private static string Printable(Sequence random, int length) =>
        string.Concat(random.Bytes(length).Select(value => (char)('A' + (value % 26))));
}
