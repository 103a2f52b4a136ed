using Gatehouse.Kernel;

namespace Gatehouse.Tests.Http;

/// <summary>The filter language and what lists make of it.</summary>
public sealed class FilterTests
{
    private sealed record Row(int Number, string Name, DateTimeOffset At, bool Flag, decimal? Size = null);

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static Guid IdOf(int n) => new(n, 0, 0, new byte[8]);

    private static readonly ListShape<Row> Shape = new(r => IdOf(r.Number),
        [new("at", r => r.At), new("name", r => ListText.Fold(r.Name)), new("id")],
        [ListField<Row>.Text("name", r => r.Name), ListField<Row>.Time("at", r => r.At), ListField<Row>.Boolean("flag", r => r.Flag), ListField<Row>.Number("size", r => r.Size),
         ListField<Row>.Exact("word", r => r.Flag ? "yes" : "no", "yes", "no")]);

    private static ListCursor Cursor(string binding = "") => new(new byte[32], binding);

    private static Result<ListQuery<Row>, Problem> Parse(string? filter, string? sort = null, string? limit = null, string? cursor = null, string binding = "") =>
        ListQuery<Row>.Parse(Shape, new(filter, sort, limit, cursor), Cursor(binding));

    [Fact]
    public void A_cursor_tells_its_holder_nothing()
    {
        var position = new ListPosition("0someone hidden", Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"));
        var cursor = Cursor().Write(position);
        cursor.ShouldBe(Cursor().Write(position), "a page asked for twice is the same page");
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(cursor);
        System.Text.Encoding.Latin1.GetString(bytes).ShouldNotContain("hidden");
        Convert.ToHexString(bytes).ShouldNotContain("0506070809");
        for (var at = 0; at < bytes.Length; at++)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            Parse(null, cursor: System.Buffers.Text.Base64Url.EncodeToString(changed)).TryGet(out _, out var problem).ShouldBeFalse($"byte {at}");
            problem!.Code.ShouldBe("cursor_invalid");
        }
    }

    [Theory]
    [InlineData("name eq \"a\"", 1)]
    [InlineData("  name   EQ \"a\\u0041\\\"\\\\\"  AND at gt \"2026-01-01T00:00:00Z\" ", 2)]
    [InlineData("flag eq true and size le -3.25 and word ne \"no\"", 3)]
    [InlineData("name sw \"\" and name co \"é😀\"", 2)]
    public void Reads_what_is_right(string filter, int terms)
    {
        Parse(filter).TryGet(out var query, out var problem).ShouldBeTrue(problem?.Detail);
        query!.Terms.Count.ShouldBe(terms);
    }

    [Theory]
    [InlineData("name", 5)]
    [InlineData("name eq", 8)]
    [InlineData("name eq a", 9)]
    [InlineData("name is \"a\"", 6)]
    [InlineData("name eq \"a", 9)]
    [InlineData("name eq \"a\\x\"", 11)]
    [InlineData("name eq \"a\" or name eq \"b\"", 13)]
    [InlineData("name eq \"a\"and name eq \"b\"", 12)]
    [InlineData("name eq \"a\" and", 16)]
    [InlineData("name eq \"a\" and ", 17)]
    [InlineData("(name eq \"a\")", 1)]
    [InlineData("not name eq \"a\"", 1)]
    [InlineData("nobody eq \"a\"", 1)]
    [InlineData("name eq 1", 9)]
    [InlineData("flag eq \"true\"", 9)]
    [InlineData("flag gt true", 1)]
    [InlineData("size eq 1-2", 9)]
    [InlineData("at eq \"yesterday\"", 7)]
    [InlineData("at eq \"2026-01-01T00:00:00\"", 7)]
    [InlineData("at co \"2026\"", 1)]
    [InlineData("word eq \"maybe\"", 9)]
    [InlineData("word sw \"y\"", 1)]
    [InlineData("name eq \"\\u0000\"", 9)]
    [InlineData("name eq \"\\ud800\"", 9)]
    [InlineData("name\teq \"a\"", 5)]
    [InlineData("name eq \"a\"; DROP TABLE users", 12)]
    public void Says_where_it_is_wrong(string filter, int position)
    {
        Parse(filter).TryGet(out _, out var problem).ShouldBeFalse(filter);
        (problem!.Code, problem.Status, problem.Field).ShouldBe(("filter_invalid", 400, "filter"));
        problem.Detail.ShouldStartWith($"filter, at character {position}: ");
    }

    [Fact]
    public void Bounds_length_and_number_of_comparisons()
    {
        Parse(string.Join(" and ", Enumerable.Repeat("flag eq true", Filter.MaxTerms))).TryGet(out _, out _).ShouldBeTrue();
        Parse(string.Join(" and ", Enumerable.Repeat("flag eq true", Filter.MaxTerms + 1))).TryGet(out _, out var many).ShouldBeFalse();
        many!.Code.ShouldBe("filter_invalid");
        Parse($"name eq \"{new string('x', Filter.MaxLength)}\"").TryGet(out _, out var lengthy).ShouldBeFalse();
        lengthy!.Code.ShouldBe("filter_invalid");
    }

    [Fact]
    public void Never_fails_in_another_way_whatever_it_is_given()
    {
        var random = new Random(20260101);
        string[] pieces = ["name", "at", "flag", "eq", "ne", "co", "sw", "gt", "le", "and", "or", "not", " ", "  ", "\"", "\\", "\\u00", "\\ud83d", "true", "1", "-", ".", "(", ")", "\0", "😀", "é", "\"2026-01-01T00:00:00Z\"", "\"a\"", "size", "word", "\"yes\""];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(3) > 0 ? " " : "")));
            if (Parse(text).TryGet(out var query, out var problem)) query.Matches(new(1, "a", Start, true, 1)).ShouldBeOneOf(true, false);
            else problem.Code.ShouldBe("filter_invalid", text);
        }
    }

    private static readonly List<Row> All =
        [.. Enumerable.Range(1, 300).Select(n => new Row(n, $"{(char)('A' + n % 7)}{(n % 11 == 0 ? "\U0001F600" : "\uFFE6")}{n % 5}", Start.AddHours(n / 3), n % 2 == 0, n % 4 == 0 ? null : n % 10))];

    private static ValueTask<List<Row>> Rows(ListQuery<Row> query, ListPosition? after, int limit)
    {
        int Order(ListPosition left, ListPosition right) => left.Key is null ? left.Id.CompareTo(right.Id) : ListText.Compare(left.Key, right.Key!) is not 0 and var o ? o : left.Id.CompareTo(right.Id);
        var ordered = All.OrderBy(r => query.PositionOf(r), Comparer<ListPosition>.Create(Order)).ToList();
        if (query.Descending) ordered.Reverse();
        return ValueTask.FromResult<List<Row>>([.. ordered.Where(r => after is null || (query.Descending ? Order(query.PositionOf(r), after) < 0 : Order(query.PositionOf(r), after) > 0)).Take(limit)]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("flag eq true")]
    [InlineData("size gt 3 and size le 7")]
    [InlineData("size ne 3")]
    [InlineData("at ge \"2026-01-02T00:00:00Z\" and at lt \"2026-01-03T00:00:00.0000001Z\"")]
    [InlineData("at gt \"2026-01-02T01:00:00+01:00\"")]
    [InlineData("at eq \"2026-01-02T00:00:00Z\"")]
    [InlineData("name sw \"b\"")]
    [InlineData("name sw \"b\" and name co \"1\" and flag eq false")]
    [InlineData("name gt \"b\" and name le \"e\"")]
    [InlineData("name ge \"zzz\"")]
    public async Task Pages_hold_every_matching_row_once_in_every_order(string? filter)
    {
        foreach (var sort in new[] { "at", "-at", "name", "-name", "id", "-id" })
            foreach (var limit in new[] { "1", "7", "200" })
            {
                List<int> found = [];
                string? cursor = null;
                var turns = 0;
                do
                {
                    Parse(filter, sort, limit, cursor).TryGet(out var query, out var problem).ShouldBeTrue(problem?.Detail);
                    var page = await query!.ReadAsync((after, count) => Rows(query, after, count));
                    page.Items.Count.ShouldBeLessThanOrEqualTo(int.Parse(limit, System.Globalization.CultureInfo.InvariantCulture));
                    found.AddRange(page.Items.Select(r => r.Number));
                    cursor = page.Next;
                }
                while (cursor is not null && ++turns < 400);
                Parse(filter, sort).TryGet(out var whole, out _).ShouldBeTrue();
                var expected = (await Rows(Unbounded(sort), null, 1000)).Where(whole!.Matches).Select(r => r.Number);
                found.ShouldBe(expected, $"{filter} {sort} {limit}");
            }
    }

    private static ListQuery<Row> Unbounded(string sort)
    {
        Parse(null, sort).TryGet(out var query, out _).ShouldBeTrue();
        return query!;
    }

    [Fact]
    public async Task A_cursor_is_good_for_what_it_was_made_for_and_not_when_changed()
    {
        Parse("flag eq true", null, "5", binding: "a").TryGet(out var query, out _).ShouldBeTrue();
        var next = (await query!.ReadAsync((after, limit) => Rows(query, after, limit))).Next.ShouldNotBeNull();
        Parse("flag eq true", null, "5", next, "a").TryGet(out _, out _).ShouldBeTrue();
        Parse("flag eq true", null, "5", next, "b").TryGet(out _, out var problem).ShouldBeFalse();
        problem!.Code.ShouldBe("cursor_invalid");
        ListQuery<Row>.Parse(Shape, new("flag eq true", null, "5", next), new([.. Enumerable.Repeat((byte)1, 32)], "a")).TryGet(out _, out _).ShouldBeFalse();      // another tenant's key
        for (var i = 0; i < next.Length; i++)
        {
            var changed = next[..i] + (next[i] == 'A' ? 'B' : 'A') + next[(i + 1)..];
            if (Parse("flag eq true", null, "5", changed, "a").TryGet(out _, out _)) Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(changed)).ShouldBe(Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(next)));
        }
        foreach (var odd in new[] { "x", new string('A', 20_000), "", "é" }.Where(o => o.Length > 0)) Parse(null, null, null, odd).TryGet(out _, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Looks_at_no_more_than_so_many_rows_and_says_where_to_go_on()
    {
        Parse("name eq \"nobody\"").TryGet(out var query, out _).ShouldBeTrue();
        var asked = 0;
        var page = await query!.ReadAsync((after, limit) =>
        {
            asked += limit;
            return ValueTask.FromResult<List<Row>>([.. Enumerable.Range(0, limit).Select(n => new Row(n + 1, "somebody", Start.AddDays(-asked), true))]);
        });
        page.Items.ShouldBeEmpty();
        page.Next.ShouldNotBeNull();
        asked.ShouldBeInRange(ListQuery<Row>.MaxScanned, ListQuery<Row>.MaxScanned + 500);
    }
}
