using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users;

/// <summary>
/// One way to find people: places in turn, each a range of an index. Who can be found in several, or several times in one, counts where she is found
/// first, so that pages need not remember whom they have shown.
/// </summary>
internal sealed class UserSearch
{
    private const int Batch = 100;

    /// <param name="First">What a user is found by here first, as the index has it; null when she is not.</param>
    private sealed record Place(SearchPlace Where, string From, string To, Func<User, string?> First)
    {
        /// <summary>Terms of which everybody who is found here has each, so that one of them is read instead of the range; none: the range is read.</summary>
        internal IReadOnlyList<string> Windows { get; init; } = [];

        /// <summary>The place read along one of its windows.</summary>
        internal Place Along(string window) => this with { From = window, To = window + "\u0001", First = user => First(user) is null ? null : window, Windows = [] };
    }

    /// <summary>What cursors call the first place. Whether everybody is in the index may change while somebody turns pages, and the places of the one way are not the other's.</summary>
    private const char FirstPart = '0', FirstBeginning = 'a';

    private readonly IReadOnlyList<Place> places;
    private readonly char first;

    private UserSearch(params IReadOnlyList<Place> places) =>
        (this.places, first) = (places, places is [{ Where: not SearchPlace.Term }, ..] ? FirstBeginning : FirstPart);

    /// <summary>A search has its own order, by what was found.</summary>
    internal static ListShape<User> Shape { get; } = UserFields.Shape with { Sorts = [new("match", _ => "", Bounds: false)], Descending = false };

    /// <summary>By a part of a name, address or number; by its beginning when it is short.</summary>
    /// <param name="complete">Whether everybody is in the index of parts; else only beginnings are found.</param>
    /// <param name="after">Where the page before ended: a list that began with beginnings goes on with them.</param>
    internal static UserSearch Of(string text, bool complete, ListPosition? after) => !complete || text.Length < UserTerms.MinLength || IsAmongBeginnings(after)
        ? new([.. Beginnings(text, UserFields.DisplayName), .. Beginnings(text, "given_name"), .. Beginnings(text, "family_name"), .. Beginnings(text, "email"), .. Beginnings(text, "phone")])
        : new([.. new[] { (UserTerms.Name, PlainText.FoldLetters(text)), (UserTerms.Email, text), (UserTerms.Phone, Digits(text)) }.Where(p => p.Item2.Length > 0).Select(p => Part(p.Item1, p.Item2))]);

    /// <summary>By a part of a name alone; by its beginning when it is short.</summary>
    internal static UserSearch OfNames(string text, bool complete, ListPosition? after) =>
        complete && !IsAmongBeginnings(after) && text.Length >= UserTerms.MinLength && PlainText.FoldLetters(text) is { Length: > 0 } letters ? new(Part(UserTerms.Name, letters)) : new([.. Beginnings(text, "name")]);

    /// <summary>Whether <see cref="OfNames"/> would find this one.</summary>
    internal static bool IsNamed(User user, string text)
    {
        var names = new[] { user.DisplayName, user.GivenName, user.FamilyName }.OfType<string>();
        return text.Length >= UserTerms.MinLength && PlainText.FoldLetters(text) is { Length: > 0 } letters
            ? names.Any(n => PlainText.FoldLetters(n).Contains(letters, StringComparison.Ordinal)) : names.Any(n => PlainText.Fold(n).StartsWith(text, StringComparison.Ordinal));
    }

    /// <summary>The way that a comparison of the filter opens, if one does.</summary>
    /// <param name="searchable">Attributes that are indexed.</param>
    internal static UserSearch? Of(IReadOnlyList<BoundTerm<User>> terms, bool complete, IReadOnlyList<string> searchable)
    {
        UserSearch? part = null;
        foreach (var term in terms)
        {
            if (term.Field.Name.StartsWith(UserFields.AttributePrefix, StringComparison.Ordinal))
            {
                var name = term.Field.Name[UserFields.AttributePrefix.Length..];
                if (!complete || term.Operator != FilterOperator.Equal || !searchable.Contains(name)) continue;
                var exact = UserTerms.AttributeTerm(name, term.Value);
                part ??= new(new Place(SearchPlace.Term, exact, exact + "\u0001", user => term.Matches(user) ? exact : null));
            }
            else if (term.Value is string { Length: > 0 } text && term.Field.Kind == FieldKind.Text)
            {
                // What begins so is found sooner than what contains it.
                if (term.Operator is FilterOperator.Equal or FilterOperator.StartsWith) return new([.. Beginnings(text, term.Field.Name)]);
                if (complete && term.Operator == FilterOperator.Contains && text.Length >= UserTerms.MinLength)
                    part ??= term.Field.Name switch
                    {
                        "email" => new(Part(UserTerms.Email, text)),
                        "phone" => new(Part(UserTerms.Phone, text)),
                        _ => PlainText.FoldLetters(text) is { Length: > 0 } letters ? new(Part(UserTerms.Name, letters)) : null,
                    };
            }
        }
        return part;
    }

    private static bool IsAmongBeginnings(ListPosition? after) => after?.Key is string { Length: > 0 } text && text[0] >= FirstBeginning;

    /// <param name="also">What a user must be beside the filter; null: nothing.</param>
    /// <returns>400 <c>cursor_invalid</c> when the index was begun anew since the page before.</returns>
    internal async ValueTask<Result<Page<User>, Problem>> ReadAsync(TenantTransaction tx, ListQuery<User> query, Predicate<User>? also, CancellationToken ct)
    {
        List<User> items = [];
        ListPosition? last = null;
        if (Read(query.After) is not var (start, after)) return ListCursor.Invalid;
        var scanned = 0;
        var chosen = await ChooseAsync(tx, start, after?.Found, ct);
        for (var i = start; i < places.Count; i++, after = null)
        {
            if (chosen[i - start] is not { } place) continue;
            for (var want = query.Terms.Count == 0 && also is null ? Math.Min(query.Limit + 1, Batch) : Batch; ;)
            {
                var batch = await UserTermStore.ListAsync(tx, place.Where, place.From, place.To, after, want, ct);
                foreach (var (found, user) in batch)
                {
                    var position = new ListPosition((char)(first + i) + found, user.Id.Value);
                    if (IsFirst(i, place, found, user) && (also is null || also(user)) && query.Matches(user))
                    {
                        if (items.Count == query.Limit) return new Page<User>(items, query.CursorAfter(last!));
                        items.Add(user);
                    }
                    (last, after) = (position, (found, user.Id.Value));
                    scanned++;
                }
                if (batch.Count < want) break;
                if (scanned >= ListQuery<User>.MaxScanned) return new Page<User>(items, query.CursorAfter(last!));
            }
        }
        return new Page<User>(items, null);
    }

    /// <summary>What is read of the places from this one on: of each the window that the fewest have, and nothing where nobody has it. Asked in one question for all of them.</summary>
    /// <param name="along">Where the page before ended in the middle of a place: its window stays, for another one has another order and has shown others.</param>
    private async ValueTask<List<Place?>> ChooseAsync(TenantTransaction tx, int start, string? along, CancellationToken ct)
    {
        List<Place?> chosen = [.. places.Skip(start)];
        if (along is not null && chosen[0] is { Windows.Count: > 0 } wide) chosen[0] = wide.Along(along);
        var open = Enumerable.Range(0, chosen.Count).Skip(along is null ? 0 : 1).Where(i => chosen[i] is { Where: SearchPlace.Term }).ToList();
        var windows = open.SelectMany(i => chosen[i]!.Windows, (i, window) => (At: i, Window: window)).ToList();
        if (windows.Count > 0)
        {
            var counts = await UserTermStore.CountAsync(tx, [.. windows.Select(w => w.Window)], ct);
            foreach (var place in windows.Zip(counts, (w, count) => (w.At, w.Window, Count: count)).GroupBy(w => w.At))
                chosen[place.Key] = place.MinBy(w => w.Count) is { Count: > 0 } rarest ? chosen[place.Key]!.Along(rarest.Window) : null;
        }
        else if (open.Count > 1)
        {
            var any = await UserTermStore.AnyAsync(tx, [.. open.Select(i => (chosen[i]!.From, chosen[i]!.To))], ct);
            foreach (var (i, found) in open.Zip(any))
                if (!found) chosen[i] = null;
        }
        return chosen;
    }

    private bool IsFirst(int index, Place place, string found, User user)
    {
        for (var i = 0; i < index; i++)
            if (places[i].First(user) is not null) return false;
        return place.First(user) == found;
    }

    /// <returns>The place and where in it; null when it is none of these.</returns>
    private (int Place, (string Found, Guid Id)? After)? Read(ListPosition? after)
    {
        if (after is null) return (0, null);
        if (after.Key is not string { Length: > 0 } text) return null;
        var place = text[0] - first;
        return place < 0 || place >= places.Count || (places[place].Windows is { Count: > 0 } windows && !windows.Contains(text[1..])) ? null : (place, (text[1..], after.Id));
    }

    /// <summary>A number as it is stored, without what people write between its digits; empty when it is none.</summary>
    private static string Digits(string text) =>
        text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '.' or '/' or '(' or ')') ? string.Concat(text.Where(c => char.IsAsciiDigit(c) || c == '+')) : "";

    private static Place Part(char kind, string text)
    {
        IEnumerable<string> TextsOf(User user) => kind switch
        {
            UserTerms.Name => new[] { user.DisplayName, user.GivenName, user.FamilyName }.OfType<string>().Select(PlainText.FoldLetters),
            UserTerms.Email => user.Emails.Select(e => e.Normalized),
            _ => user.Phones.Select(p => p.Number),
        };
        var from = UserTerms.From(kind, text);
        return new(SearchPlace.Term, from, PlainText.After(from), user => UserTerms.FirstOf(kind, TextsOf(user), text)) { Windows = UserTerms.Windows(kind, text) };
    }

    private static IEnumerable<Place> Beginnings(string text, string field)
    {
        string? Own(string? key) => key is not null && key.StartsWith(text, StringComparison.Ordinal) ? key : null;
        Place Of(SearchPlace where, Func<User, string?> first) => new(where, text, PlainText.After(text), first);
        if (field is UserFields.DisplayName or "name") yield return Of(SearchPlace.DisplayName, user => Own(PersonName.KeyOf(user.DisplayName)));
        if (field is "given_name" or "name") yield return Of(SearchPlace.GivenName, user => Own(PersonName.KeyOf(user.GivenName)));
        if (field is "family_name" or "name") yield return Of(SearchPlace.FamilyName, user => Own(PersonName.KeyOf(user.FamilyName)));
        if (field == "email") yield return Of(SearchPlace.Email, user => user.Emails.Select(e => Own(e.Normalized)).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault());
        if (field == "phone") yield return Of(SearchPlace.Phone, user => user.Phones.Select(p => Own(p.Number)).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault());
    }
}
