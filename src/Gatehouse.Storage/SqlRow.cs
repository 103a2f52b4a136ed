using System.Data.Common;
using Gatehouse.Kernel;

namespace Gatehouse.Storage;

/// <summary>One row of a result, read by column position in the statement's own order. Valid only inside the read function.</summary>
public readonly struct SqlRow(DbDataReader reader, Dialect dialect)
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public Guid Guid(int column) => dialect == Dialect.Sqlite
        ? new Guid(reader.GetFieldValue<byte[]>(column), bigEndian: true)
        : reader.GetGuid(column);

    public T Id<T>(int column) where T : struct, ITypedId<T> => T.From(Guid(column));
    public T? IdOrNull<T>(int column) where T : struct, ITypedId<T> => reader.IsDBNull(column) ? null : T.From(Guid(column));

    public string Text(int column) => reader.GetString(column);
    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    public long Long(int column) => reader.GetInt64(column);
    public long? LongOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    public int Int(int column) => checked((int)reader.GetInt64(column));
    public bool Bool(int column) => dialect == Dialect.Sqlite ? reader.GetInt64(column) != 0 : reader.GetBoolean(column);
    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
    public byte[]? BytesOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    /// <summary>UTC, whole microseconds. SQLite keeps microseconds since 1970 as an integer.</summary>
    public DateTimeOffset Time(int column) => dialect == Dialect.Sqlite
        ? DateTimeOffset.UnixEpoch.AddTicks(reader.GetInt64(column) * TimeSpan.TicksPerMicrosecond)
        : reader.GetFieldValue<DateTimeOffset>(column);

    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);
}

/// <summary>A JSON text for a <c>jsonb</c> column (text in SQLite). PostgreSQL does not keep member order or white space.</summary>
public readonly record struct Json(string Text);
