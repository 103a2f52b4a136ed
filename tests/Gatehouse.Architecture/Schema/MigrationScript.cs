using Gatehouse.Architecture.Source;
using Gatehouse.Architecture.Sql;

namespace Gatehouse.Architecture.Schema;

internal abstract record SchemaChange;
internal sealed record Column(string Name, string Type, bool NotNull, bool HasDefault);

/// <param name="Keys">Primary key and unique constraints: their columns in order.</param>
internal sealed record TableMade(string Name, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<string>> Keys, IReadOnlyList<ForeignKey> ForeignKeys,
    bool HasPrimaryKey, string Options) : SchemaChange;
internal sealed record ForeignKey(IReadOnlyList<string> Columns, string Table, IReadOnlyList<string> Target);
internal sealed record IndexMade(string Table, bool Unique, IReadOnlyList<string> Columns) : SchemaChange;
internal sealed record ColumnAdded(string Table, Column Column, IReadOnlyList<ForeignKey> ForeignKeys, bool Unique) : SchemaChange;

/// <summary>Rows written by a migration: portable, read by the statement parser.</summary>
internal sealed record RowsChanged(SqlStatement Statement) : SchemaChange;

/// <summary>Anything else: DROP, RENAME, ALTER COLUMN, triggers.</summary>
/// <param name="Words">Its first words, in lower case.</param>
/// <param name="Table">The table altered, when it is an ALTER TABLE.</param>
internal sealed record OtherChange(string Words, string? Table) : SchemaChange;

/// <summary>One migration file, read.</summary>
/// <param name="Part">Empty for the common script, else the dialect that runs it in addition.</param>
internal sealed record MigrationScript(string File, string Room, string Number, string Part, bool Contract, IReadOnlyList<SchemaChange> Changes)
{
    private static readonly Lazy<IReadOnlyList<MigrationScript>> All = new(() =>
        [.. Repository.Files("src").Where(f => f.EndsWith(".sql", StringComparison.Ordinal)).Select(f => Parse(f, System.IO.File.ReadAllText(Repository.PathOf(f))))]);

    internal static IReadOnlyList<MigrationScript> Product() => All.Value;

    /// <param name="file">Like <c>src/Gatehouse.Server/Users/Migrations/0200_users.sqlite.sql</c>.</param>
    internal static MigrationScript Parse(string file, string text)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var part = name.EndsWith(".sqlite", StringComparison.Ordinal) ? "sqlite" : name.EndsWith(".postgres", StringComparison.Ordinal) ? "postgres" : "";
        var folders = file.Split('/');
        try
        {
            var changes = Storage.SqlScript.Split(text).Select(s => SchemaParser.Parse(s, portable: part.Length == 0)).ToList();
            return new(file, folders[^3], name[..4], part, text.StartsWith("-- contract", StringComparison.Ordinal), changes);
        }
        catch (SqlSyntaxException e)
        {
            throw new SqlSyntaxException($"{file}: {e.Message}");
        }
    }
}
