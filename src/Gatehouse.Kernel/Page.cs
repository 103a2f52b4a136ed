using System.Buffers.Text;
using System.Text;

namespace Gatehouse.Kernel;

/// <summary>One page of a list, newest id order unless said otherwise.</summary>
/// <param name="Items">At most the limit asked for.</param>
/// <param name="Next">The cursor of the following page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What a caller asks of a list: how many and after what.</summary>
/// <param name="Limit">1 to 200; default 50.</param>
/// <param name="After">The id after which the page begins; null for the first page.</param>
public sealed record PageRequest(int Limit, Guid? After)
{
    public const int DefaultLimit = 50, MaxLimit = 200;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>. A cursor is opaque to callers: the last id of the page before, base64url.</summary>
    public static Result<PageRequest, Problem> Parse(string? limit, string? cursor)
    {
        var count = DefaultLimit;
        if (!string.IsNullOrEmpty(limit) && (!int.TryParse(limit, System.Globalization.NumberStyles.None, null, out count) || count is < 1 or > MaxLimit))
            return Problem.BadRequest("limit_invalid", $"limit is a number from 1 to {MaxLimit}.", "limit");
        if (string.IsNullOrEmpty(cursor)) return new PageRequest(count, null);
        Span<byte> bytes = stackalloc byte[16];
        return Encoding.UTF8.GetByteCount(cursor) == 22 && Base64Url.TryDecodeFromChars(cursor, bytes, out var written) && written == 16
            ? new PageRequest(count, new Guid(bytes, bigEndian: true))
            : Problem.BadRequest("cursor_invalid", "cursor is the value of \"next\" of the page before, unchanged.", "cursor");
    }

    /// <summary>Makes a page of <paramref name="rows"/>, which were asked for with <c>Limit + 1</c>.</summary>
    public Page<T> ToPage<T>(List<T> rows, Func<T, Guid> id)
    {
        if (rows.Count <= Limit) return new(rows, null);
        rows.RemoveRange(Limit, rows.Count - Limit);
        return new(rows, Base64Url.EncodeToString(id(rows[^1]).ToByteArray(bigEndian: true)));
    }
}
