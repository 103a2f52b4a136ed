using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.OAuth;

/// <summary>The <c>scope</c> parameter, RFC 6749 §3.3: names separated by single spaces, order without meaning.</summary>
public static class ScopeList
{
    /// <summary>Names in one request.</summary>
    public const int MaxCount = 100;

    // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
    private static readonly SearchValues<char> scopeCharacters = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Reads the parameter; each name once, in the order of its first appearance. Absent is no scope.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IReadOnlyList<string>? scopes)
    {
        scopes = null;
        if (string.IsNullOrEmpty(text)) { scopes = []; return true; }
        var list = new List<string>();
        foreach (var range in text.AsSpan().Split(' '))
        {
            var token = text.AsSpan()[range];
            if (token.IsEmpty || token.ContainsAnyExcept(scopeCharacters)) return false;
            var name = token.ToString();
            if (list.Contains(name)) continue;
            if (list.Count == MaxCount) return false;
            list.Add(name);
        }
        scopes = list;
        return true;
    }

    public static string Format(IEnumerable<string> scopes) => string.Join(' ', scopes);
}
