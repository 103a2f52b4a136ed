using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Users;

/// <summary>Finding people by parts of what they are called and reached by, against a naive reading of everybody.</summary>
public sealed class UserSearchTests
{
    internal static async Task<List<string>> WalkAsync(HttpClient admin, string query, int limit)
    {
        List<string> ids = [];
        string? cursor = null;
        for (var turn = 0; turn < 200; turn++)
        {
            using var response = await admin.GetAsync($"api/v1/users?{query}&limit={limit}&fields=id{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.Id()));
            if ((cursor = page.Text("next")) is null) return ids;
        }
        throw new Xunit.Sdk.XunitException("The pages have no end.");
    }

    internal static string Filter(string text) => "filter=" + Uri.EscapeDataString(text);

    [Theory, BothDatabases]
    public async Task Finds_whoever_contains_it_once_and_nobody_else(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        using var elsewhere = await server.AdminAsync(other);
        await elsewhere.CreateUserAsync("anna.banana@example.com", new { display_name = "Anna Banana" });
        var random = new Random(7);
        string[] names = ["Anna", "ana", "Banana", "Lovelace", "Ünal", "زهرا", "Bo", "😀nan"];
        List<(string Id, string[] Texts, string[] Names)> everybody = [];
        for (var i = 0; i < 25; i++)
        {
            var (given, family) = (names[random.Next(names.Length)], names[random.Next(names.Length)]);
            var user = await admin.CreateUserAsync($"{(i % 3 == 0 ? "anan" : "bob.ana")}{i}@example.com", new { display_name = i % 5 == 0 ? null : $"{given} {family}", given_name = given, family_name = family });
            string?[] called = [i % 5 == 0 ? null : $"{given} {family}", given, family];
            string[] folded = [.. called.OfType<string>().Select(Gatehouse.Users.PlainText.Fold)];
            everybody.Add((user.Id(), [.. folded, user.GetProperty("emails")[0].Text("address")!], folded));
        }
        foreach (var part in new[] { "ana", "nan", "anan", "banana", "a b", "na lovel", "ana1@exam", "e.com", "ünal", "زهر", "😀nan", "lovelace", "nobody", "lovelaces", "bob.ana12@example.com",
            "banana lovelace", "na1@example.com", "a@example.com", "@example.com", "زهرا lovelace", "lovelace زهرا", "😀nan lovelace", "ace 😀nan", "lovelace ünal", "lovelace lovelaces" })
            foreach (var limit in new[] { 3, 200 })
            {
                (await WalkAsync(admin, "search=" + Uri.EscapeDataString(part.ToUpperInvariant()), limit)).Order(StringComparer.Ordinal)
                    .ShouldBe(everybody.Where(u => u.Texts.Any(t => t.Contains(part, StringComparison.Ordinal))).Select(u => u.Id).Order(StringComparer.Ordinal), $"search {part}");
                (await WalkAsync(admin, Filter($"name co \"{part}\""), limit)).Order(StringComparer.Ordinal)
                    .ShouldBe(everybody.Where(u => u.Names.Any(t => t.Contains(part, StringComparison.Ordinal))).Select(u => u.Id).Order(StringComparer.Ordinal), $"co {part}");
                (await WalkAsync(admin, Filter($"name sw \"{part}\" and status eq \"active\""), limit)).Order(StringComparer.Ordinal)
                    .ShouldBe(everybody.Where(u => u.Names.Any(t => t.StartsWith(part, StringComparison.Ordinal))).Select(u => u.Id).Order(StringComparer.Ordinal), $"sw {part}");
            }
        (await WalkAsync(admin, "search=bo", 3)).Order(StringComparer.Ordinal)
            .ShouldBe(everybody.Where(u => u.Texts.Any(t => t.StartsWith("bo", StringComparison.Ordinal))).Select(u => u.Id).Order(StringComparer.Ordinal));
        (await WalkAsync(admin, Filter("email eq \"anan0@example.com\""), 3)).ShouldBe([everybody[0].Id]);
    }

    [Theory, BothDatabases]
    public async Task Follows_every_change(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var user = (await admin.CreateUserAsync("first@example.com", new { display_name = "Grace Hopper" })).Id();
        (await WalkAsync(admin, "search=hopper", 10)).ShouldBe([user]);
        using (var renamed = await admin.PatchAsync($"api/v1/users/{user}", new StringContent("""{"display_name":"Grace Murray"}""", Encoding.UTF8, "application/merge-patch+json"))) renamed.EnsureSuccessStatusCode();
        (await WalkAsync(admin, "search=hopper", 10)).ShouldBeEmpty();
        (await WalkAsync(admin, "search=urray", 10)).ShouldBe([user]);
        using (var mail = await admin.PostAsJsonAsync($"api/v1/users/{user}/emails", new { address = "cobol@navy.example" })) mail.EnsureSuccessStatusCode();
        (await WalkAsync(admin, "search=l%40navy", 10)).ShouldBe([user]);
        using (var phone = await admin.PostAsJsonAsync($"api/v1/users/{user}/phones", new { number = "+4915112345678" })) phone.EnsureSuccessStatusCode();
        (await WalkAsync(admin, "search=12345", 10)).ShouldBe([user]);
        (await WalkAsync(admin, "search=" + Uri.EscapeDataString("+49151"), 10)).ShouldBe([user]);
        (await WalkAsync(admin, "search=urray&status=disabled", 10)).ShouldBeEmpty();
        using (var gone = await admin.DeleteAsync($"api/v1/users/{user}")) gone.EnsureSuccessStatusCode();
        foreach (var part in new[] { "urray", "l%40navy", "12345" }) (await WalkAsync(admin, "search=" + part, 10)).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Pages_go_on_as_they_began_when_the_index_is_whole_meanwhile(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using (var named = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { users = new { searchable_attributes = new[] { "department" } } })) named.EnsureSuccessStatusCode();
        List<string> everybody = [];
        foreach (var name in (string[])["Anna", "Annabel", "Annemarie"])
            everybody.Add((await admin.CreateUserAsync($"{name}@example.com", new { display_name = name, family_name = "Annan", attributes = new { department = "Sales" } })).Id());
        await Eventually.TrueAsync(async () => (await StateAsync()).Done, TimeSpan.FromSeconds(30), "everybody is indexed");
        foreach (var query in (string[])[Filter("attributes.department eq \"sales\""), Filter("name co \"nna\""), "search=ann"])
        {
            var (_, cursor) = await PageAsync(query, null);
            await ChangeAsync(whole: false);
            using (var refused = await admin.GetAsync($"api/v1/users?{query}&limit=1&cursor={cursor}")) await refused.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor_invalid");

            (var begun, cursor) = await PageAsync(query, null);
            List<string> found = [.. begun];
            await ChangeAsync(whole: true);
            while (cursor is not null)
            {
                (begun, cursor) = await PageAsync(query, cursor);
                found.AddRange(begun);
            }
            found.Order(StringComparer.Ordinal).ShouldBe(everybody.Order(StringComparer.Ordinal), query);
        }

        async Task<(List<string> Ids, string? Next)> PageAsync(string query, string? cursor)
        {
            using var response = await admin.GetAsync($"api/v1/users?{query}&limit=1&fields=id{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            return ([.. page.GetProperty("items").EnumerateArray().Select(u => u.Id())], page.Text("next"));
        }

        async Task<Gatehouse.Users.IndexState> StateAsync() => (await server.InAsync(await server.ContextAsync(tenant), async tx => await Gatehouse.Users.UserTermStore.FindStateAsync(tx, default)))!;

        // Begun anew by somebody whose lease lasts, so that no walk of the server's own comes in between; or ended.
        async Task ChangeAsync(bool whole) => await server.InAsync(await server.ContextAsync(tenant), async tx =>
        {
            var state = (await Gatehouse.Users.UserTermStore.FindStateAsync(tx, default))!;
            if (whole) (await Gatehouse.Users.UserTermStore.TryMoveAsync(tx, state, state.Position, done: true, server.Clock.GetUtcNow(), default)).ShouldBeTrue();
            else await Gatehouse.Users.UserTermStore.PutStateAsync(tx, state.Attributes, server.Clock.GetUtcNow() + TimeSpan.FromDays(1), default);
            return true;
        });
    }

    [Theory, BothDatabases]
    public async Task Finds_by_attributes_that_the_tenant_names(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var before = (await admin.CreateUserAsync("before@example.com", new { attributes = new { department = "Sales", level = 3 } })).Id();
        using (var named = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { users = new { searchable_attributes = new[] { "department", "level" } } })) named.EnsureSuccessStatusCode();
        var after = (await admin.CreateUserAsync("after@example.com", new { attributes = new { department = "sales", level = 3.0 } })).Id();
        // Before the walk is over and after it.
        for (var turn = 0; turn < 2; turn++)
        {
            (await WalkAsync(admin, Filter("attributes.department eq \"SALES\""), 1)).Order(StringComparer.Ordinal).ShouldBe(new[] { before, after }.Order(StringComparer.Ordinal));
            (await WalkAsync(admin, Filter("attributes.level eq 3"), 1)).Order(StringComparer.Ordinal).ShouldBe(new[] { before, after }.Order(StringComparer.Ordinal));
            (await WalkAsync(admin, Filter("attributes.level eq \"3\""), 1)).ShouldBeEmpty();
            await Eventually.TrueAsync(async () => await server.InAsync(await server.ContextAsync(tenant), async tx => (await Gatehouse.Users.UserTermStore.FindStateAsync(tx, default))!.Done),
                TimeSpan.FromSeconds(30), "everybody is indexed");
        }
        using var refused = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { users = new { searchable_attributes = Enumerable.Range(0, 11).Select(i => $"a{i}") } });
        await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_search_has_its_own_order_and_cursors(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        for (var i = 0; i < 3; i++) await admin.CreateUserAsync($"cursor{i}@example.com");
        async Task<string?> NextAsync(string query)
        {
            using var response = await admin.GetAsync($"api/v1/users?limit=1&{query}");
            return (await response.ReadJsonAsync(HttpStatusCode.OK)).Text("next");
        }
        var (listed, found) = (await NextAsync("sort=created_at"), await NextAsync("search=cursor"));
        foreach (var query in new[] { $"search=cursor&cursor={listed}", $"cursor={found}", $"search=curso&cursor={found}" })
        {
            using var response = await admin.GetAsync($"api/v1/users?{query}");
            await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "cursor_invalid");
        }
        using var sorted = await admin.GetAsync("api/v1/users?search=cursor&sort=created_at");
        await sorted.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "sort_invalid");
    }

    [Theory, BothDatabases]
    public async Task Marks_on_letters_and_ways_to_write_them_do_not_matter(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var jose = (await admin.CreateUserAsync("one@example.com", new { display_name = "José Müller-Strauß" })).Id();
        var ali = (await admin.CreateUserAsync("two@example.com", new { display_name = "علی اکبری" })).Id();
        using (var phone = await admin.PostAsJsonAsync($"api/v1/users/{ali}/phones", new { number = "+49 151 1234 5678" })) phone.EnsureSuccessStatusCode();
        var percent = (await admin.CreateUserAsync("three@example.com", new { display_name = @"100%_real\name" })).Id();
        foreach (var (part, id) in new[] { ("jose mull", jose), ("JOSÉ", jose), ("STRAUSS", jose), ("ller-str", jose), ("علي اكبري", ali), ("151 1234-56", ali), ("(+49) 151", ali), ("00%_r", percent), (@"l\na", percent) })
            (await WalkAsync(admin, "search=" + Uri.EscapeDataString(part), 10)).ShouldBe([id], part);
        foreach (var part in new[] { "j%se", "j_se", "%%%", "___", "\u0301\u0301\u0301", "00%_x" }) (await WalkAsync(admin, "search=" + Uri.EscapeDataString(part), 10)).ShouldBeEmpty(part);
        // A filter compares what is written.
        (await WalkAsync(admin, Filter("name co \"müller\""), 10)).ShouldBe([jose]);
        (await WalkAsync(admin, Filter("name co \"muller\""), 10)).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Goes_together_with_filters_and_pages_that_change_meanwhile(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        List<string> here = [];
        for (var i = 0; i < 9; i++)
            here.Add((await admin.CreateUserAsync($"page{i}@example.com", new { display_name = "Common Name", locale = i % 2 == 0 ? "fa" : "en", attributes = new { team = i % 3 } })).Id());
        (await WalkAsync(admin, "search=mmon&" + Filter("locale eq \"fa\""), 2)).Order(StringComparer.Ordinal).ShouldBe(here.Where((_, i) => i % 2 == 0).Order(StringComparer.Ordinal));
        (await WalkAsync(admin, "search=mmon&" + Filter("locale eq \"fa\" and attributes.team eq 1"), 2)).ShouldBe([here[4]]);
        (await WalkAsync(admin, Filter("name co \"mmon\" and email sw \"page3\""), 2)).ShouldBe([here[3]]);

        // Whoever is there all the time is shown once, whatever comes and goes between two pages.
        List<string> walked = [];
        string? cursor = null;
        for (var turn = 0; turn < 20; turn++)
        {
            using var response = await admin.GetAsync($"api/v1/users?search=mmon&limit=2&fields=id{(cursor is null ? "" : $"&cursor={cursor}")}");
            var page = await response.ReadJsonAsync(HttpStatusCode.OK);
            walked.AddRange(page.GetProperty("items").EnumerateArray().Select(u => u.Id()));
            if ((cursor = page.Text("next")) is null) break;
            if (turn == 0) (await admin.DeleteAsync($"api/v1/users/{walked[^1]}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            if (turn == 1) await admin.CreateUserAsync("late@example.com", new { display_name = "Common Name" });
        }
        walked.Where(here.Contains).ShouldBe(here);
        walked.Distinct().Count().ShouldBe(walked.Count);
    }

    [Theory, BothDatabases]
    public async Task Whoever_is_older_than_the_index_is_entered_from_where_the_walk_stopped(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        var context = await server.ContextAsync(tenant);
        using var admin = await server.AdminAsync(tenant);
        List<Gatehouse.Kernel.UserId> users = [];
        for (var i = 0; i < 3; i++)
        {
            Gatehouse.Kernel.UserId.TryParse((await admin.CreateUserAsync($"old{i}@example.com", new { display_name = $"Elderly {i}" })).Id(), out var id).ShouldBeTrue();
            users.Add(id);
        }
        // As an older program left them; the first of them is where the walk has been.
        await server.InAsync(context, async tx =>
        {
            foreach (var id in users)
            {
                await Gatehouse.Users.UserTermStore.DeleteAsync(tx, id, Gatehouse.Users.UserTerms.Of((await Gatehouse.Users.UserTermStore.FindIndexedAsync(tx, id, default))!), default);
                await Gatehouse.Users.UserTermStore.DeleteIndexedAsync(tx, id, default);
            }
            var later = DateTimeOffset.UnixEpoch.AddYears(300);
            await Gatehouse.Users.UserTermStore.PutStateAsync(tx, [], later, default);
            var state = (await Gatehouse.Users.UserTermStore.FindStateAsync(tx, default))!;
            return await Gatehouse.Users.UserTermStore.TryMoveAsync(tx, state, users[0].Value, done: false, later, default);
        });
        (await WalkAsync(admin, "search=lderly", 10)).ShouldBeEmpty("parts are not searched before everybody is in");
        (await WalkAsync(admin, "search=elderly", 10)).Count.ShouldBe(3, "beginnings are");
        await server.InAsync(context, async tx => await Gatehouse.Users.UserTermStore.TryMoveAsync(tx, (await Gatehouse.Users.UserTermStore.FindStateAsync(tx, default))!, users[0].Value, done: false, server.Clock.GetUtcNow(), default));
        await Eventually.TrueAsync(async () => await server.InAsync(context, async tx => (await Gatehouse.Users.UserTermStore.FindStateAsync(tx, default))!.Done), TimeSpan.FromSeconds(30), "the walk is over");
        (await WalkAsync(admin, "search=lderly", 10)).Order(StringComparer.Ordinal).ShouldBe(users.Skip(1).Select(u => u.ToString()).Order(StringComparer.Ordinal));
    }
}
