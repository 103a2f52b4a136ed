namespace Gatehouse.Console;

/// <summary>Several values in one field of a form, one on each line.</summary>
internal static class TextLines
{
    internal static string[] Split(string text) =>
        text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal static string Join(IReadOnlyList<string> values) => string.Join('\n', values);
}
