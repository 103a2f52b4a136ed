namespace Gatehouse.Storage;

/// <summary>
/// Cuts our own migration scripts into statements: at a semicolon that ends a line, except inside a body opened by a line ending in
/// <c>BEGIN</c> or <c>$$</c> and closed by <c>END;</c> or <c>$$;</c>-like lines (triggers, functions).
/// </summary>
internal static class SqlScript
{
    internal static IEnumerable<string> Split(string script)
    {
        var statement = new System.Text.StringBuilder();
        var inBody = false;
        foreach (var raw in script.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal)) continue;
            statement.Append(raw).Append('\n');
            if (!inBody) inBody = line.EndsWith("BEGIN", StringComparison.Ordinal) || line.EndsWith("$$", StringComparison.Ordinal);
            else if (line.StartsWith("END;", StringComparison.Ordinal) || line.StartsWith("$$", StringComparison.Ordinal)) inBody = false;
            if (inBody || !line.EndsWith(';')) continue;
            yield return statement.ToString();
            statement.Clear();
        }
        if (statement.Length > 0) throw new MigrationException($"A migration's last statement has no end: {statement.ToString().Trim()}");
    }
}
