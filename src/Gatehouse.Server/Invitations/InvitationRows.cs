using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Invitations;

/// <summary>The invitations of a bulk request: JSON, a line of JSON for each, or a table (<c>text/csv</c>, RFC 4180, UTF-8) with a row of names.</summary>
internal sealed record InvitationRows(IReadOnlyList<ReadOnlyMemory<byte>> Rows, Problem? Problem)
{
    private const string Email = "email", Roles = "roles", Locale = "locale", Days = "expires_in_days";
    private const int MaxRow = 16 * 1024;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly CsvReaderOptions options = new()
    {
        Separator = ',', HasHeader = true, MaxRecordSize = MaxRow, MalformedData = CsvMalformedDataHandling.Throw, FieldCountMismatch = CsvFieldCountHandling.Throw,
        // What it says of a value would stand in a log.
        IncludeValuesInExceptions = false,
    };

    public static async ValueTask<InvitationRows?> BindAsync(HttpContext http)
    {
        var body = await RequestBody.ReadAsync(http.Request, InviteMany.MaxBytes, http.RequestAborted);
        if (RowsBody.MediaTypeOf(http.Request.ContentType) == "text/csv") return OfTable(body);
        var rows = RowsBody.Read(http.Request.ContentType, body, "invitations");
        return new(rows.Rows, rows.Problem);
    }

    /// <summary>Roles stand in one cell with spaces between; an empty cell is one that was left out.</summary>
    internal static InvitationRows OfTable(byte[] body)
    {
        try
        {
            // The library replaces what is no text; an address with such a hole would be somebody else's.
            Strict.GetCharCount(body);
            using var table = CsvReader.Create(body, options);
            table.ReadHeader();
            string[] columns = [.. table.Headers.Select(n => n.Trim())];
            if (columns.Except([Email, Roles, Locale, Days], StringComparer.Ordinal).Any() || columns.Distinct(StringComparer.Ordinal).Count() != columns.Length || !columns.Contains(Email, StringComparer.Ordinal))
                return Invalid($"its first row names {Email} and, where you like, {Roles}, {Locale} and {Days}, each once");
            List<ReadOnlyMemory<byte>> rows = [];
            while (table.Read())
            {
                if (rows.Count == JobIntake.MaxRows) return new([], RowsBody.TooMany("invitations"));
                string? Cell(string name) => Array.IndexOf(columns, name) is >= 0 and var at && table.GetString(at).Trim() is { Length: > 0 } text ? text : null;
                int? days = null;
                if (Cell(Days) is { } number && !TryParse(number, out days)) return Invalid($"in row {table.RowNumber} {Days} is no number");
                rows.Add(JsonSerializer.SerializeToUtf8Bytes(new(Cell(Email), Cell(Roles)?.Split(' ', StringSplitOptions.RemoveEmptyEntries), Cell(Locale), days), InvitationsJson.Default.InviteOneRequest));
            }
            return new(rows, null);
        }
        catch (DecoderFallbackException) { return Invalid("it is not UTF-8"); }
        catch (CsvFormatException e) { return Invalid($"row {e.RecordNumber} has another number of cells than the first, a cell of more than {MaxRow} bytes, or quotes that do not close"); }
    }

    private static bool TryParse(string text, out int? days)
    {
        var good = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        days = number;
        return good;
    }

    private static InvitationRows Invalid(string what) => new([], Problem.BadRequest("csv_invalid", $"The table cannot be read: {what}."));
}
