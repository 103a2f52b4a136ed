using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Storage;

/// <summary>One numbered change of the schema: a common script and what each database adds to it.</summary>
/// <param name="Number">Its place in the one global order, from the file name.</param>
/// <param name="Name">The file's name without dialect and ending, for example <c>0010_users</c>.</param>
/// <param name="Contract">Removes what the version before still uses; runs only when asked for.</param>
public sealed record Migration(int Number, string Name, bool Contract, string Common, string Sqlite, string Postgres)
{
    /// <summary>SHA-256 over all three scripts, line ends normalised: an applied migration never changes.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', Common, Sqlite, Postgres).ReplaceLineEndings("\n"))));

    internal string For(Dialect dialect) => Common + "\n" + (dialect == Dialect.Sqlite ? Sqlite : Postgres);

    /// <summary>
    /// Reads the embedded <c>NNNN_name.sql</c>, <c>NNNN_name.sqlite.sql</c> and <c>NNNN_name.postgres.sql</c> of the assemblies, in order.
    /// A first line <c>-- contract</c> marks a contracting migration.
    /// </summary>
    public static IReadOnlyList<Migration> Load(params IEnumerable<Assembly> assemblies)
    {
        var scripts = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var assembly in assemblies)
            foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                var text = reader.ReadToEnd();
                var file = resource[..^4];
                var (name, part) = file.EndsWith(".sqlite", StringComparison.Ordinal) ? (file[..^7], 1)
                    : file.EndsWith(".postgres", StringComparison.Ordinal) ? (file[..^9], 2) : (file, 0);
                if (!scripts.TryGetValue(name, out var parts)) scripts[name] = parts = ["", "", ""];
                parts[part] = text;
            }
        var migrations = scripts.Select(s => new Migration(
            int.Parse(s.Key.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture), s.Key,
            s.Value[0].StartsWith("-- contract", StringComparison.Ordinal), s.Value[0], s.Value[1], s.Value[2])).ToList();
        for (var i = 1; i < migrations.Count; i++)
            if (migrations[i].Number == migrations[i - 1].Number)
                throw new InvalidOperationException($"Two migrations have one number: {migrations[i - 1].Name} and {migrations[i].Name}.");
        return migrations;
    }
}

/// <summary>The schema is not what this program can work with. The message says what to do.</summary>
public sealed class MigrationException : Exception
{
    public MigrationException(string message) : base(message) { }
    public MigrationException(string message, Exception inner) : base(message, inner) { }
    public MigrationException() { }
}
