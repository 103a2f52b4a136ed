using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Schema;

/// <param name="Room">The room whose migration makes the table: the only one whose statements may touch it.</param>
internal sealed record Table(string Name, string Room, bool TenantOwned);

/// <summary>The tables of the product, as its migrations make them.</summary>
internal sealed class DatabaseSchema(IEnumerable<Table> tables)
{
    private readonly Dictionary<string, Table> tables = tables.ToDictionary(t => t.Name, StringComparer.Ordinal);

    internal static DatabaseSchema Product { get; } = Read();

    internal IEnumerable<Table> Tables => tables.Values;

    internal Table? Find(string name) => tables.GetValueOrDefault(name);

    internal bool IsTenantOwned(string name) => tables.TryGetValue(name, out var table) && table.TenantOwned;

    private static DatabaseSchema Read() => new(MigrationScript.Product().SelectMany(m =>
        m.Changes.OfType<TableMade>().Select(t => new Table(t.Name, m.Room, t.Columns.Any(c => c.Name == "tenant_id")))));
}
