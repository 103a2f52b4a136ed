using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Credentials;

namespace Gatehouse.Tests.Credentials;

/// <summary>Compiled lists: nothing listed is missed, the rest is taken for listed as rarely as stated, and the size is as stated.</summary>
public sealed class BreachedListTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gatehouse-breached-").FullName;

    private string PathOf(string name) => Path.Combine(folder, name);

    private static byte[] HashOf(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));

    private BreachedListFacts Compile(string text, string name = "list", double falsePositive = 1e-6, long leastCount = 1)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var input = new MemoryStream(bytes);
        return BreachedListCompiler.Compile(input, bytes.Length, PathOf(name), falsePositive, leastCount, default);
    }

    private static string LinesOf(IEnumerable<string> passwords, string end = "\n") =>
        string.Concat(passwords.Select(p => Convert.ToHexString(HashOf(p))).Order(StringComparer.Ordinal).Select((h, i) => $"{h}:{i % 7 + 1}{end}"));

    /// <summary>The measurement behind what the verb prints and the guide says.</summary>
    [Theory]
    [InlineData(200_000, 0.001, 400_000)]
    [InlineData(50_000, 0.01, 100_000)]
    [InlineData(1000, 1e-6, 200_000)]
    public void Misses_nothing_and_errs_as_often_as_it_says(int listed, double falsePositive, int strangers)
    {
        var facts = Compile(LinesOf(Enumerable.Range(0, listed).Select(i => $"listed {i}")), falsePositive: falsePositive);
        facts.Count.ShouldBeInRange((long)(listed * (1 - falsePositive)), listed);      // two cut hashes may be the same by chance
        facts.FalsePositive.ShouldBeInRange(falsePositive / 2.5, falsePositive);
        facts.Bytes.ShouldBe(new FileInfo(PathOf("list")).Length);
        if (listed > 10_000) facts.BitsPerHash.ShouldBeLessThan(Math.Log2(1 / facts.FalsePositive) + 3.5);

        using var list = BreachedList.Open(PathOf("list"));
        list.Facts.ShouldBe(facts);
        for (var i = 0; i < listed; i++) list.Contains($"listed {i}").ShouldBeTrue($"{i}");
        var start = Stopwatch.GetTimestamp();
        var taken = 0;
        for (var i = 0; i < strangers; i++) if (list.Contains($"stranger {i}")) taken++;
        Stopwatch.GetElapsedTime(start).TotalMicroseconds.ShouldBeLessThan(strangers * 100d);
        // Five standard deviations of what is stated: it fails by chance once in millions, and at a third too much or too little surely.
        var expected = strangers * facts.FalsePositive;
        ((double)taken).ShouldBeInRange(expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected) + 1);
        list.IsWhole().ShouldBeTrue();
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-6)]
    [InlineData(0.01)]
    public void Holds_its_extremes(double falsePositive)
    {
        string[] hashes = [new('0', 40), new string('0', 15) + "1" + new string('0', 24), "7" + new string('F', 39), "8" + new string('0', 39), new('F', 40)];
        foreach (var count in new[] { 0, 1, 5 })
        {
            Compile(string.Concat(hashes.Take(count).Select(h => h + ":3\n")), falsePositive: falsePositive).Count.ShouldBeInRange(Math.Min(count, 3), count);
            using var list = BreachedList.Open(PathOf("list"));
            for (var i = 0; i < count; i++) list.ContainsHash(Convert.FromHexString(hashes[i])).ShouldBeTrue();
            if (count < 5) list.ContainsHash(Convert.FromHexString(hashes[4])).ShouldBeFalse();
            list.IsWhole().ShouldBeTrue();
        }
    }

    [Fact]
    public void Holds_hashes_that_are_not_spread_evenly()
    {
        // All of them in one bucket: slow would be bad, wrong worse.
        var lines = new StringBuilder();
        for (var i = 0; i < 20_000; i++) lines.Append(CultureInfo.InvariantCulture, $"ABCD{i:X8}{new string('0', 28)}:1\n");
        Compile(lines.ToString(), falsePositive: 1e-12);
        using var list = BreachedList.Open(PathOf("list"));
        for (var i = 0; i < 20_000; i += 97) list.ContainsHash(Convert.FromHexString($"ABCD{i:X8}{new string('0', 28)}")).ShouldBeTrue();
        list.ContainsHash(Convert.FromHexString($"ABCD{20_001:X8}{new string('0', 28)}")).ShouldBeFalse();
        list.ContainsHash(new byte[20]).ShouldBeFalse();
    }

    [Fact]
    public void Reads_either_end_of_line_small_digits_lines_without_a_count_and_a_last_line_without_an_end()
    {
        string[] passwords = ["one", "two", "three", "four"];
        foreach (var text in new[] { LinesOf(passwords, "\r\n"), LinesOf(passwords).ToLowerInvariant(), LinesOf(passwords).TrimEnd('\n'), LinesOf(passwords) + "\n\n",
            string.Concat(passwords.Select(p => Convert.ToHexString(HashOf(p))).Order(StringComparer.Ordinal).Select(h => h + "\n")) })
        {
            Compile(text).Count.ShouldBe(4);
            using var list = BreachedList.Open(PathOf("list"));
            passwords.ShouldAllBe(p => list.Contains(p));
            list.Contains("five").ShouldBeFalse();
        }
    }

    [Fact]
    public void Leaves_out_padding_repetitions_and_what_was_seen_too_seldom()
    {
        var (often, seldom, padding) = (Convert.ToHexString(HashOf("often")), Convert.ToHexString(HashOf("seldom")), Convert.ToHexString(HashOf("padding")));
        var lines = string.Concat(new[] { $"{often}:100\n", $"{often}:100\n", $"{seldom}:9\n", $"{padding}:0\n" }.Order(StringComparer.Ordinal));
        Compile(lines).Count.ShouldBe(2);
        Compile(lines, leastCount: 10).Count.ShouldBe(1);
        using var list = BreachedList.Open(PathOf("list"));
        (list.Contains("often"), list.Contains("seldom"), list.Contains("padding")).ShouldBe((true, false, false));
    }

    [Theory]
    [InlineData("nonsense\n", "Line 1 is not a SHA-1 hash")]
    [InlineData("00000000000000000000000000000000:5\n", "Line 1 is not a SHA-1 hash")]                              // NTLM
    [InlineData("0000000000000000000000000000000000000000:\n", "Line 1 is not a SHA-1 hash")]
    [InlineData("0000000000000000000000000000000000000000:-1\n", "Line 1 is not a SHA-1 hash")]
    [InlineData("000000000000000000000000000000000000000G:1\n", "Line 1 is not a SHA-1 hash")]
    [InlineData("0000000000000000000000000000000000000000:99999999999999999999\n", "Line 1 is not a SHA-1 hash")]
    [InlineData("1000000000000000000000000000000000000000:1\n0000000000000000000000000000000000000000:1\n", "Line 2 comes before the line above it")]
    public void Says_which_line_is_wrong_and_leaves_nothing_behind(string text, string complaint)
    {
        Should.Throw<InvalidDataException>(() => Compile(text)).Message.ShouldContain(complaint);
        Directory.GetFiles(folder).ShouldBeEmpty();
        Should.Throw<InvalidDataException>(() => Compile(new string('0', 3 << 20))).Message.ShouldContain("longer than any hash");
    }

    [Fact]
    public void Refuses_what_is_no_list_or_not_all_of_one_and_survives_damage()
    {
        Compile(LinesOf(Enumerable.Range(0, 5000).Select(i => $"listed {i}")));
        var good = File.ReadAllBytes(PathOf("list"));
        foreach (var bad in new[] { [], good[..63], good[..^8], good[..100], [.. good, 0, 0, 0, 0, 0, 0, 0, 0], [.. "GHBREACX"u8, .. good[8..]], LinesOf(["x", "y", "z"]).Select(c => (byte)c).ToArray() })
        {
            File.WriteAllBytes(PathOf("bad"), bad);
            Should.Throw<InvalidDataException>(() => BreachedList.Open(PathOf("bad"))).Message.ShouldContain("no compiled list");
        }
        // Bytes turned over anywhere after the header: an answer or one kind of exception, and the checksum tells.
        for (var round = 0; round < 60; round++)
        {
            var bad = (byte[])good.Clone();
            for (var i = 0; i < 40; i++) bad[RandomNumberGenerator.GetInt32(BreachedList.HeaderBytes, bad.Length)] ^= (byte)RandomNumberGenerator.GetInt32(1, 256);
            if (round % 2 == 0) BinaryPrimitives.WriteUInt64LittleEndian(bad.AsSpan(bad.Length - 8 * (1 + round % 20)), ulong.MaxValue - (ulong)round);
            File.WriteAllBytes(PathOf("bad"), bad);
            using var list = BreachedList.Open(PathOf("bad"));
            list.IsWhole().ShouldBeFalse();
            for (var i = 0; i < 200; i++)
            {
                try { list.Contains($"listed {i}"); }
                catch (InvalidDataException e) { e.Message.ShouldContain("damaged"); }
            }
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
