using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.SignIn;
using Gatehouse.Users;

namespace Gatehouse.Tests.Users;

/// <summary>Searches for more than the ten characters that a term has: read along whichever ten of them the fewest people share.</summary>
public sealed class LongSearchTests
{
    // More than one request looks at: whoever comes last of them is not on a first page that is read along what they share.
    private const int Crowd = 2_100;

    private static string Search(string text) => "search=" + Uri.EscapeDataString(text);

    /// <summary>People whose addresses, names and numbers all begin with the same ten characters, in the order of their ids.</summary>
    private static async Task<List<string>> CrowdAsync(TestServer server, TestTenant tenant)
    {
        List<string> ids = [];
        var now = server.Clock.Now();
        await server.InAsync(await server.ContextAsync(tenant), async tx =>
        {
            for (var i = 0; i < Crowd; i++)
            {
                var id = UserId.New(server.Clock);
                var address = $"ann.archer{i:000000}@example.com";
                (await UserStore.TryInsertAsync(tx, new User(id, UserStatus.Active, $"Annabel Archer the {i:0000}th", "Annabel", "Archer", "en",
                    [new UserEmail(EmailId.New(server.Clock), address, address, true, true)], "{}", 1, now, now), default)).ShouldBeTrue();
                await PhoneStore.TryAddAsync(tx, id, new(PhoneId.New(server.Clock), $"+491700000{i:0000}", true, true), now, default);
                await IndexUsers.RefreshAsync(tx, id, default);
                ids.Add(id.ToString());
            }
            return true;
        });
        return ids;
    }

    [Theory, BothDatabases]
    public async Task The_first_page_has_the_one_among_thousands_who_begin_alike(TestDatabase database)
    {
        // A server of its own: while thousands are written nobody else writes.
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var crowd = await CrowdAsync(world.Server, world.Tenant);
        async Task FirstPageAsync(string query, params string[] ids)
        {
            using var response = await admin.GetAsync($"api/v1/users?{query}&limit=10&fields=id");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            page.GetProperty("items").EnumerateArray().Select(u => u.Id()).ShouldBe([.. ids], query);
            page.Text("next").ShouldBeNull(query);
        }
        foreach (var i in new[] { 0, 1500, Crowd - 1 })
        {
            var (address, name, number) = ($"ann.archer{i:000000}@example.com", $"annabel archer the {i:0000}th", $"+491700000{i:0000}");
            foreach (var text in new[] { address, name, number, address[..17], name[..^1], number[1..], $"+49 170 0000-{i:0000}" })
                await FirstPageAsync(Search(text), crowd[i]);
            await FirstPageAsync(UserSearchTests.Filter($"email co \"{address}\""), crowd[i]);
            await FirstPageAsync(UserSearchTests.Filter($"phone co \"{number}\""), crowd[i]);
            await FirstPageAsync(UserSearchTests.Filter($"name co \"{name}\""), crowd[i]);
            await FirstPageAsync(UserSearchTests.Filter($"display_name co \"{name}\" and email co \"{address}\""), crowd[i]);
        }
        await FirstPageAsync(Search("ann.archer009999@example.com"));
        await FirstPageAsync(Search("ann.archer001500@example.org"));

        // Nothing in it is rare: everybody, in turn.
        foreach (var (text, count) in new[] { ("nn.archer00", Crowd), ("annabel archer the ", Crowd), ("+4917000000", 1000) })
            (await UserSearchTests.WalkAsync(admin, Search(text), 200)).Order(StringComparer.Ordinal).ShouldBe(crowd.Take(count).Order(StringComparer.Ordinal), text);

        // People who look for each other find so too.
        await (await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { users = new { visibility = "tenant" } })).ReadJsonAsync(HttpStatusCode.OK);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var people = await world.JsonAsync(HttpMethod.Get, "/people?limit=10&" + Search("Annabel Archer the 1500th"));
        people.GetProperty("items").EnumerateArray().Select(p => p.Id()).ShouldBe([crowd[1500]]);
        people.Text("next").ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Pages_go_on_along_what_they_began_with_whatever_becomes_rare_meanwhile(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        const string Part = "common.beginning@rare.example";
        // Each in two places, so that a page ends between them as well.
        List<string> here = [];
        for (var i = 0; i < 6; i++) here.Add((await admin.CreateUserAsync($"{i}.{Part}", new { display_name = i % 2 == 0 ? $"{i} {Part} {Part}" : null })).Id());
        for (var i = 0; i < 20; i++) await admin.CreateUserAsync($"common.beginning{i}@other.example", new { display_name = $"common.beginning of {i}" });

        List<string> walked = [];
        string? cursor = null;
        for (var turn = 0; turn < 40; turn++)
        {
            using var response = await admin.GetAsync($"api/v1/users?{Search(Part)}&limit=1&fields=id{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            walked.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.Id()));
            if ((cursor = page.Text("next")) is null) break;
            // Now its end is what many have, in names after the first page and in addresses after the fourth.
            for (var i = 0; turn is 0 or 3 && i < 30; i++)
                await admin.CreateUserAsync(turn == 0 ? $"name{i}@example.com" : $"{i}@rare.example", new { display_name = turn == 0 ? $"{i} nning@rare.example" : "Somebody" });
        }
        walked.Order(StringComparer.Ordinal).ShouldBe(here.Order(StringComparer.Ordinal));
        walked.Count.ShouldBe(6);
    }

    [Theory, BothDatabases]
    public async Task Finds_what_a_plain_reading_finds_whatever_it_is_made_of(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var random = new Random(11);
        string Made(string[] letters, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));
        List<(string Id, string[] Names, string Address, string Number)> everybody = [];
        for (var i = 0; i < 30; i++)
        {
            // Few letters, so that long parts are shared; pairs of surrogates at any place; the address and the number in the name as well, now and then.
            var local = $"{i}.{Made(["a", "b", "ab"], 14)}";
            var number = $"+4917{random.Next(2)}{random.Next(10)}00000{i:00}";
            var given = $"z{Made(["a", "b", "😀", "ز"], 16)}z";
            var family = (i % 3) switch { 0 => local + "@example.com", 1 => "z" + string.Concat(Enumerable.Repeat("😀", 9)), _ => number };
            var user = await admin.CreateUserAsync($"{local}@example.com", new { display_name = $"{given} {family}", given_name = given, family_name = family });
            using (var phone = await admin.PostAsJsonAsync($"api/v1/users/{user.Id()}/phones", new { number })) phone.EnsureSuccessStatusCode();
            everybody.Add((user.Id(), [$"{given} {family}", given, family], $"{local}@example.com", number));
        }
        HashSet<string> parts = [.. new[] { "bababababab", "aaaaaaaaaaa", string.Concat(Enumerable.Repeat("😀", 7)) }];
        foreach (var (_, names, address, number) in everybody)
            foreach (var text in new[] { names[0], names[1], address, number })
            {
                var runes = text.EnumerateRunes().ToArray();
                var from = random.Next(Math.Max(1, runes.Length - 11));
                parts.Add(string.Concat(runes[from..Math.Min(runes.Length, from + random.Next(8, 19))]).Trim());
            }
        foreach (var part in parts.Where(p => p.Length > 10))
        {
            var limit = random.Next(1, 4);
            (await UserSearchTests.WalkAsync(admin, Search(part), limit)).Order(StringComparer.Ordinal)
                .ShouldBe(everybody.Where(u => u.Names.Append(u.Address).Append(u.Number).Any(t => t.Contains(part, StringComparison.Ordinal))).Select(u => u.Id).Order(StringComparer.Ordinal), $"search {part}");
            (await UserSearchTests.WalkAsync(admin, UserSearchTests.Filter($"name co \"{part}\""), limit)).Order(StringComparer.Ordinal)
                .ShouldBe(everybody.Where(u => u.Names.Any(t => t.Contains(part, StringComparison.Ordinal))).Select(u => u.Id).Order(StringComparer.Ordinal), $"name co {part}");
        }
    }

    [Fact]
    public void Every_window_is_a_term_of_whatever_contains_the_part()
    {
        var random = new Random(3);
        string[] letters = ["a", "b", "😀", "ز", "𝒳"];
        for (var turn = 0; turn < 2_000; turn++)
        {
            string Made(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));
            var part = Made(random.Next(1, 30));
            var windows = UserTerms.Windows(UserTerms.Name, part);
            (windows.Count > 0).ShouldBe(part.Length > 10, part);
            windows.Count.ShouldBeLessThanOrEqualTo(4);
            windows.ShouldBe(windows.Distinct());
            var terms = UserTerms.Of(new([Made(random.Next(5)) + part + Made(random.Next(5)), Made(12)], [], [], []));
            foreach (var window in windows)
            {
                window.Length.ShouldBeInRange(10, 11, $"{part} {window}");
                PlainText.IsWellFormed(window).ShouldBeTrue(string.Create(CultureInfo.InvariantCulture, $"{turn}"));
                terms.ShouldContain(window, part);
            }
        }
    }
}
