namespace Gatehouse.Users;

/// <summary>
/// How people are found by any part of a name, an address or a number, on a database index that both engines have and that row-level security lets be used:
/// each text is entered from each of its characters on, cut to ten, so that what contains "lace" is what has a term that begins with "lace". A search
/// is then one range of an index, read as far as the page goes, however many people there are. What is longer than ten is read along the rarest of some of its parts of
/// ten: thousands may be called "ann.archer…", but few have "archer1234".
/// </summary>
/// <remarks>
/// What this costs is rows: about as many for a person as her name, address and number have characters. A term may outlive what it was made of by a moment;
/// whoever reads asks the user herself whether she matches.
/// </remarks>
internal static class UserTerms
{
    /// <summary>What a term begins with: what it is a part of.</summary>
    internal const char Name = 'n', Email = 'e', Phone = 'p', Attribute = 'a';

    /// <summary>Fewest characters that are searched for anywhere in a text: below, nearly everybody matches.</summary>
    internal const int MinLength = 3;

    private const int MaxTerm = 10, MaxAttribute = 100, MaxWindows = 4;

    /// <summary>What a user's terms are made of.</summary>
    internal sealed record Texts(IReadOnlyList<string> Names, IReadOnlyList<string> Emails, IReadOnlyList<string> Phones, IReadOnlyList<string> Attributes)
    {
        internal static Texts Of(User user, IReadOnlyList<string> searchable) => new(
            [.. new[] { user.DisplayName, user.GivenName, user.FamilyName }.OfType<string>().Select(PlainText.FoldLetters)],
            [.. user.Emails.Select(e => e.Normalized)],
            [.. user.Phones.Select(p => p.Number)],
            [.. searchable.SelectMany(name => UserAttributes.ValuesOf(user, name).OfType<object>().Select(value => AttributeTerm(name, value)))]);
    }

    internal static HashSet<string> Of(Texts texts)
    {
        var terms = Kept(PartsOf(Name, texts.Names).Concat(PartsOf(Email, texts.Emails)).Concat(PartsOf(Phone, texts.Phones)).Select(p => p.Term));
        terms.UnionWith(texts.Attributes);
        return terms;
    }

    // What another one begins with is found by that one: a given name is mostly a part of the whole. Not what may have been cut, of which more than it shows may be asked.
    private static HashSet<string> Kept(IEnumerable<string> terms)
    {
        var sorted = terms.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        HashSet<string> kept = new(StringComparer.Ordinal);
        for (var i = 0; i < sorted.Count; i++)
            if (sorted[i].Length >= MaxTerm || i + 1 == sorted.Count || !sorted[i + 1].StartsWith(sorted[i], StringComparison.Ordinal)) kept.Add(sorted[i]);
        return kept;
    }

    /// <summary>The range of terms in which whatever contains <paramref name="part"/> lies.</summary>
    internal static string From(char kind, string part) => kind + Cut(part);

    /// <summary>
    /// Terms that whoever contains a part longer than ten characters has, each of them, so that she is found by any: of its beginning, of its end and of two places between. None when it is
    /// no longer: then more terms than one may begin with it.
    /// </summary>
    /// <remarks>Nothing begins in the middle of a pair of surrogates, as no term does, and what would end in one is cut before it, as the term of that place is.</remarks>
    internal static IReadOnlyList<string> Windows(char kind, string part)
    {
        var last = part.Length - MaxTerm;
        return last <= 0 ? [] : [.. Enumerable.Range(0, MaxWindows).Select(i => last * i / (MaxWindows - 1)).Select(at => char.IsLowSurrogate(part[at]) ? at - 1 : at).Select(at => kind + Cut(part[at..])).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The first of a text's terms of those that contain what is looked for; null when it does not.</summary>
    internal static string? FirstOf(char kind, IEnumerable<string> texts, string part)
    {
        var parts = PartsOf(kind, texts).ToList();
        var kept = Kept(parts.Select(p => p.Term));
        string? first = null;
        foreach (var (from, term) in parts)
            if (from.StartsWith(part, StringComparison.Ordinal) && kept.Contains(term) && (first is null || string.CompareOrdinal(term, first) < 0)) first = term;
        return first;
    }

    internal static string AttributeTerm(string name, object value)
    {
        var text = value switch { string s => "s" + PlainText.Fold(s), bool b => b ? "true" : "false", decimal d => "d" + (d / 1.000000000000000000000000000000m).ToString(System.Globalization.CultureInfo.InvariantCulture), _ => "" };
        var term = $"{Attribute}{name}\u0001{text}";
        return term.Length <= MaxAttribute ? term : term[..(char.IsHighSurrogate(term[MaxAttribute - 1]) ? MaxAttribute - 1 : MaxAttribute)];
    }

    /// <summary>A text from each of its characters on, and the term of that.</summary>
    private static IEnumerable<(string From, string Term)> PartsOf(char kind, IEnumerable<string> texts)
    {
        foreach (var text in texts)
            for (var at = 0; at + MinLength <= text.Length || (at == 0 && text.Length > 0); at++)
                if (!char.IsLowSurrogate(text[at])) yield return (text[at..], kind + Cut(text[at..]));
    }

    private static string Cut(string text) => text.Length <= MaxTerm ? text : text[..(char.IsHighSurrogate(text[MaxTerm - 1]) ? MaxTerm - 1 : MaxTerm)];
}
