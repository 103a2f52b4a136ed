using Gatehouse.Kernel;

namespace Gatehouse.Storage.Sqlite;

/// <summary>How values are kept in SQLite: ids as 16 big-endian bytes (so that they sort by time), times as microseconds since 1970.</summary>
internal static class SqliteValue
{
    internal static object From(object? value) => value switch
    {
        null => DBNull.Value,
        ITypedId id => id.Value.ToByteArray(bigEndian: true),
        Guid guid => guid.ToByteArray(bigEndian: true),
        DateTimeOffset time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        Json json => json.Text,
        bool or int or long or string or byte[] => value,
        _ => throw new ArgumentException($"A statement's value cannot be a {value.GetType()}.", nameof(value)),
    };
}
