using System.Collections.Frozen;

namespace Gatehouse.Protocols.E164;

/// <summary>
/// Which calling codes ITU-T E.164 has assigned, to which countries, and how long their numbers are: <c>numbering-plan.txt</c>, made from
/// libphonenumber's data. Codes of no country (satellites, freephone, premium networks: 8xx, 979) are left out: nobody is reached there
/// cheaply, and toll fraud lives there.
/// </summary>
internal sealed class NumberingPlan
{
    /// <param name="Lengths">How many digits a number may have after the code.</param>
    /// <param name="DropsZero">Whether a zero before the number is the trunk prefix, dialled at home only.</param>
    /// <param name="KeepsZero">Whether numbers themselves begin with zero.</param>
    /// <param name="Shared">Leading digits that belong to another country than the first; longest first.</param>
    internal sealed record Code(string Digits, string Country, FrozenSet<int> Lengths, bool DropsZero, bool KeepsZero, IReadOnlyList<(string Prefix, string Country)> Shared);

    internal static NumberingPlan Current { get; } = Read();

    private NumberingPlan(FrozenDictionary<string, Code> codes) =>
        (Codes, Countries) = (codes, codes.Values.SelectMany(c => c.Shared.Select(s => (s.Country, Code: c)).Append((c.Country, Code: c)))
            .DistinctBy(c => c.Item1).ToFrozenDictionary(c => c.Item1, c => c.Code, StringComparer.Ordinal));

    internal FrozenDictionary<string, Code> Codes { get; }

    /// <summary>By ISO 3166-1 alpha-2.</summary>
    internal FrozenDictionary<string, Code> Countries { get; }

    /// <summary>No code is the beginning of another: at most one fits.</summary>
    internal Code? Find(string digits)
    {
        for (var length = 1; length <= 3 && length <= digits.Length; length++)
            if (Codes.TryGetValue(digits[..length], out var code)) return code;
        return null;
    }

    private static NumberingPlan Read()
    {
        using var stream = typeof(NumberingPlan).Assembly.GetManifestResourceStream("numbering-plan.txt") ?? throw new InvalidOperationException("The numbering plan is not in the assembly.");
        using var reader = new StreamReader(stream);
        Dictionary<string, Code> codes = new(StringComparer.Ordinal);
        List<(string, string)> shared = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var parts = line.Split(' ');
            if (line[0] == '=')
            {
                foreach (var prefix in parts[1].Split(',')) shared.Add((prefix, parts[0][1..]));
                shared.Sort((a, b) => b.Item1.Length - a.Item1.Length);
                continue;
            }
            shared = [];
            codes.Add(parts[0], new(parts[0], parts[1], parts[2].Split(',').Select(int.Parse).ToFrozenSet(), parts[3] == "0", parts[4] == "z", shared));
        }
        return new(codes.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
