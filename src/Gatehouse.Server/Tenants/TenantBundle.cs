using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Tenants;

/// <summary>A file of a bundle.</summary>
/// <param name="Rows">Lines of it.</param>
/// <param name="Sha256">Of its bytes, uncompressed; hex.</param>
internal sealed record BundleFile(string Name, long Rows, long Bytes, string Sha256);

/// <summary>What was written, as far as one can say afterwards.</summary>
/// <param name="Sha256">Of the whole zip; hex.</param>
internal sealed record WrittenBundle(long Rows, long Bytes, string Sha256);

/// <summary>
/// Writes what a tenant owns as a zip: one NDJSON file for each kind, then <c>manifest.json</c>. A page of rows is in memory at a time, whatever the tenant's size. Every
/// page is read in the tenant's own transaction: PostgreSQL's row-level security repeats that no other tenant's row can come along.
/// </summary>
internal sealed class TenantBundle(IDatabase database, TimeProvider clock)
{
    internal const string Format = "gatehouse_tenant_bundle";
    internal const int Version = 1;
    private const int PageSize = 500;

    internal async Task<WrittenBundle> WriteAsync(TenantRow tenant, bool passwordHashes, Stream output, CancellationToken ct)
    {
        await using var counted = new CountingStream(output);
        List<BundleFile> files = [];
        IReadOnlyList<TenantTable> tables;
        await using (var read = await database.ReadAsync(tenant.Id, ct)) tables = await TenantTables.ListAsync(read, ct);
        Check(tables);
        var at = clock.Now();
        await using (var zip = await ZipArchive.CreateAsync(counted, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct))
        {
            foreach (var (name, binary) in BundleContents.Exported)
            {
                if ((name == BundleContents.Passwords && !passwordHashes) || tables.FirstOrDefault(t => t.Name == name) is not { } table) continue;
                files.Add(await WriteTableAsync(zip, tenant.Id, table, Columns(table, binary), ct));
            }
            await WriteManifestAsync(zip, tenant, passwordHashes, at, files, tables, ct);
        }
        await counted.FlushAsync(ct);
        return new(files.Sum(f => f.Rows), counted.Bytes, counted.Digest());
    }

    /// <exception cref="InvalidOperationException">There is a table of which nobody has said whether it goes along. Nothing was written yet.</exception>
    private static void Check(IReadOnlyList<TenantTable> tables)
    {
        if (Unaccounted(tables) is [var first, ..]) throw new InvalidOperationException($"Whether {first} belongs into a tenant's bundle is decided nowhere (BundleContents).");
    }

    internal static IReadOnlyList<string> Unaccounted(IReadOnlyList<TenantTable> tables) =>
        [.. tables.Select(t => t.Name).Where(t => !BundleContents.LeftOut.ContainsKey(t) && !BundleContents.Exported.Any(e => e.Table == t))];

    /// <summary>What goes of a table: no hash, nothing sealed, nothing that proves something.</summary>
    internal static IReadOnlyList<TenantColumn> Columns(TenantTable table, string[] binary) =>
        [.. table.Columns.Where(c => (c.Type != "bytea" || binary.Contains(c.Name, StringComparer.Ordinal)) && !BundleContents.Withheld.Contains($"{table.Name}.{c.Name}"))];

    private async ValueTask<BundleFile> WriteTableAsync(ZipArchive zip, TenantId tenant, TenantTable table, IReadOnlyList<TenantColumn> columns, CancellationToken ct)
    {
        var name = $"{table.Name}.ndjson";
        await using var entry = new CountingStream(await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct), owns: true);
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        long rows = 0;
        object?[]? after = null;
        while (true)
        {
            var page = await ReadPageAsync(tenant, table, columns, after, buffer, ct);
            rows += page.Count;
            await entry.WriteAsync(buffer.WrittenMemory, ct);
            buffer.ResetWrittenCount();
            if (page.Count < PageSize || table.Key.Count == 0) break;
            after = page[^1];
        }
        await entry.FlushAsync(ct);
        return new(name, rows, entry.Bytes, entry.Digest());
    }

    /// <returns>The keys of the rows, which were written to <paramref name="lines"/>.</returns>
    private async ValueTask<List<object?[]>> ReadPageAsync(TenantId tenant, TenantTable table, IReadOnlyList<TenantColumn> columns, object?[]? after, ArrayBufferWriter<byte> lines, CancellationToken ct)
    {
        // Names are the catalogue's (see TenantTables); everything else is constant.
        var key = string.Join(", ", table.Key.Select(k => k.Name));
        var place = after is null ? "" : $" AND ({key}) > ({string.Join(", ", table.Key.Select((_, i) => $"@k{i}"))})";
        var order = table.Key.Count == 0 ? "" : $" ORDER BY {key}";
        var names = string.Join(", ", table.Key.Concat(columns).Select(c => c.Name));
        var sql = $"SELECT {names} FROM {table.Name} WHERE tenant_id = @tenant{place}{order} LIMIT {PageSize}";
        (string, object?)[] args = after is null ? [] : [.. after.Select((value, i) => ($"k{i}", value))];
        await using var json = new Utf8JsonWriter(lines, new() { SkipValidation = true });
        await using var tx = await database.ReadAsync(tenant, ct);
        return await tx.ListAsync(sql, args, row =>
        {
            json.Reset();
            json.WriteStartObject();
            for (var i = 0; i < columns.Count; i++) Write(json, columns[i], row, table.Key.Count + i);
            json.WriteEndObject();
            json.Flush();
            lines.Write("\n"u8);
            return table.Key.Select((k, i) => Value(k, row, i)).ToArray();
        }, ct);
    }

    private static object? Value(TenantColumn column, SqlRow row, int at) => column.Type switch
    {
        "uuid" => row.Guid(at), "bigint" => row.Long(at), "bytea" => row.Bytes(at), "boolean" => row.Bool(at), "timestamptz" => row.Time(at), _ => row.Text(at),
    };

    private static void Write(Utf8JsonWriter json, TenantColumn column, SqlRow row, int at)
    {
        json.WritePropertyName(column.Name);
        if (row.IsNull(at)) { json.WriteNullValue(); return; }
        switch (column.Type)
        {
            case "uuid": json.WriteStringValue(row.Guid(at)); break;
            case "bigint": json.WriteNumberValue(row.Long(at)); break;
            case "boolean": json.WriteBooleanValue(row.Bool(at)); break;
            case "bytea": json.WriteStringValue(System.Buffers.Text.Base64Url.EncodeToString(row.Bytes(at))); break;
            case "timestamptz": json.WriteStringValue(Time(row.Time(at))); break;
            case "jsonb": json.WriteRawValue(row.Text(at).ReplaceLineEndings(" ")); break;
            case "text": json.WriteStringValue(row.Text(at)); break;
            default: throw new InvalidOperationException($"{column.Name} is a {column.Type}, of which no export knows.");
        }
    }

    private static async ValueTask WriteManifestAsync(ZipArchive zip, TenantRow tenant, bool passwordHashes, DateTimeOffset at, List<BundleFile> files, IReadOnlyList<TenantTable> tables, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        await using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("exported_at", Time(at));
            json.WriteBoolean("password_hashes", passwordHashes);
            json.WriteStartObject("tenant");
            json.WriteString("id", tenant.Id.ToString());
            json.WriteString("slug", tenant.Slug);
            json.WriteString("display_name", tenant.DisplayName);
            json.WriteString("issuer", tenant.Issuer);
            json.WriteString("created_at", Time(tenant.CreatedAt));
            json.WritePropertyName("settings");
            json.WriteRawValue(tenant.Settings);
            json.WriteEndObject();
            json.WriteStartArray("files");
            foreach (var file in files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteNumber("rows", file.Rows);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Sha256);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("left_out");
            if (!passwordHashes) json.WriteString(BundleContents.Passwords, "Not asked for.");
            foreach (var table in tables.Where(t => BundleContents.LeftOut.ContainsKey(t.Name))) json.WriteString(table.Name, BundleContents.LeftOut[table.Name]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        await using var entry = await zip.CreateEntry("manifest.json", CompressionLevel.Fastest).OpenAsync(ct);
        await entry.WriteAsync(buffer.WrittenMemory, ct);
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Counts and digests what passes, only forwards. What the zip writes without waiting (the ends of its files, a few kilobytes) is kept until somebody waits: whoever
    /// listens takes nothing otherwise.
    /// </summary>
    private sealed class CountingStream(Stream inner, bool owns = false) : Stream
    {
        private readonly ArrayBufferWriter<byte> kept = new();
        private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        internal long Bytes { get; private set; }
        internal string Digest() => Convert.ToHexStringLower(digest.GetCurrentHash());

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            digest.AppendData(buffer.Span);
            Bytes += buffer.Length;
            await PassOnAsync(cancellationToken);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            digest.AppendData(buffer);
            Bytes += buffer.Length;
            kept.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        private async ValueTask PassOnAsync(CancellationToken ct)
        {
            if (kept.WrittenCount == 0) return;
            await inner.WriteAsync(kept.WrittenMemory, ct);
            kept.ResetWrittenCount();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            await PassOnAsync(cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Bytes; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) digest.Dispose();
            base.Dispose(disposing);
        }

        public override async ValueTask DisposeAsync()
        {
            if (owns) await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
