using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.E164;

namespace Gatehouse.Conformance.E164;

/// <summary>Against Google's libphonenumber, by its npm port: the same number out of the same writing, and the same country.</summary>
public sealed class LibphonenumberTests
{
    [Fact]
    public void Reads_each_countrys_example_as_it_does()
    {
        var countries = Ask([]).GetProperty("countries").EnumerateArray().ToArray();
        countries.Length.ShouldBeGreaterThan(240);
        var read = 0;
        foreach (var example in countries)
        {
            if (!example.TryGetProperty("number", out var number)) continue;
            var (country, international) = (example.GetProperty("of").GetString()!, example.GetProperty("international").GetString()!);
            var parsed = PhoneNumber.Parse(international).ShouldNotBeNull($"{country} {international}");
            parsed.Value.ShouldBe(number.GetString(), country);
            parsed.Country.ShouldBe(example.GetProperty("country").GetString(), international);
            PhoneNumber.IsCountry(parsed.Country).ShouldBeTrue(country);
            // At home, where the trunk prefix is a zero or none.
            var national = example.GetProperty("national").GetString()!;
            if (PhoneNumber.Parse(national, country) is { } athome) { athome.Value.ShouldBe(number.GetString(), $"{country} {national}"); read++; }
        }
        read.ShouldBeGreaterThan(200);
    }

    [Theory]
    [InlineData("+49 170 1234567")]
    [InlineData("+49 (0)170 1234567")]
    [InlineData("+98 912 345 6789")]
    [InlineData("+44 (0)7911 123456")]
    [InlineData("+39 06 6982 1234")]
    [InlineData("+1 242 359 1234")]
    [InlineData("+1 416 555 0123")]
    [InlineData("+7 701 234 5678")]
    [InlineData("+225 01 23 45 67 89")]
    [InlineData("+1 212 555")]
    [InlineData("+999 123 456")]
    public void Agrees_about(string written)
    {
        var theirs = Ask([written]).GetProperty("answers")[0];
        var ours = PhoneNumber.Parse(written);
        if (theirs.ValueKind == JsonValueKind.Null || theirs.GetProperty("country").ValueKind == JsonValueKind.Null) { ours.ShouldBeNull(); return; }
        ours.ShouldNotBeNull().Value.ShouldBe(theirs.GetProperty("number").GetString());
        ours.Value.Country.ShouldBe(theirs.GetProperty("country").GetString());
    }

    private static JsonElement Ask(string[] numbers)
    {
        var peers = Path.Combine(Vectors.RepositoryRoot, "tests", "peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "libphonenumber-js"))) throw new DirectoryNotFoundException($"The peer is not installed: run npm ci in {peers}.");
        using var node = Process.Start(new ProcessStartInfo("node", "libphonenumber-js/oracle.mjs")
        {
            WorkingDirectory = peers, RedirectStandardInput = true, RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        })!;
        node.StandardInput.Write(JsonSerializer.Serialize(numbers));
        node.StandardInput.Close();
        var reply = node.StandardOutput.ReadToEnd();
        node.WaitForExit(60_000).ShouldBeTrue();
        node.ExitCode.ShouldBe(0);
        return JsonElement.Parse(Encoding.UTF8.GetBytes(reply));
    }
}
