using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Credentials;

/// <summary>Where a tenant has breached passwords looked for, what follows, and what when it cannot be found out.</summary>
public sealed class BreachPolicyTests
{
    private const string InList = "orchid lantern cobalt seven", AtService = "walnut glacier tempo nine", Good = "saffron pillow quartz eleven";

    private sealed record World(TestServer Server, RangeServer Service, string Folder) : IAsyncDisposable
    {
        internal static async Task<World> OpenAsync(TestDatabase database, bool list = true, bool online = true)
        {
            var folder = Directory.CreateTempSubdirectory("gatehouse-breach-").FullName;
            var service = new RangeServer();
            service.Known[AtService] = 3;
            var line = Encoding.ASCII.GetBytes(RangeServer.HashOf(InList) + ":8\n");
            using (var input = new MemoryStream(line)) BreachedListCompiler.Compile(input, line.Length, Path.Combine(folder, "list"), 1e-9, 1, default);
            var server = await TestServer.StartAsync(database, new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Credentials:BreachedList"] = list ? Path.Combine(folder, "list") : "",
                    ["Credentials:BreachedRangeUrl"] = online ? service.Url : "",
                    ["Credentials:BreachedRangeTimeout"] = "00:00:10",
                },
            });
            return new(server, service, folder);
        }

        internal async Task<string?> SetAsync(string password, object settings)
        {
            var tenant = await Server.NewTenantAsync(new { passwords = settings });
            using var admin = await Server.AdminAsync(tenant);
            using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "ann@example.com" }, password });
            if (created.StatusCode == HttpStatusCode.Created) return null;
            if (created.StatusCode == HttpStatusCode.ServiceUnavailable) created.Headers.RetryAfter.ShouldNotBeNull();
            return (await created.ReadJsonAsync(created.StatusCode)).GetProperty("code").GetString();
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Service.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }

    [Theory, BothDatabases]
    public async Task Looks_where_the_tenant_says(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        (string? Check, string? List, string? Service, int Asked)[] expected =
            [(null, "password_breached", null, 0), ("auto", "password_breached", null, 0), ("off", null, null, 0), ("offline", "password_breached", null, 0), ("online", null, "password_breached", 3), ("both", "password_breached", "password_breached", 2)];
        foreach (var (check, list, service, asked) in expected)
        {
            world.Service.Requests.Clear();
            object settings = check is null ? new { min_length = 15 } : new { breach_check = check };
            (await world.SetAsync(InList, settings), await world.SetAsync(AtService, settings), await world.SetAsync(Good, settings)).ShouldBe((list, service, null), check);
            world.Service.Requests.Count.ShouldBe(asked, check);
        }
        // What a policy refuses is not told to anybody.
        world.Service.Requests.Clear();
        (await world.SetAsync("short", new { breach_check = "online" })).ShouldBe("password_too_short");
        world.Service.Requests.ShouldBeEmpty();
        // As it was typed, too: in the list stands what normalising takes away.
        world.Service.Known["ｗｉｄｅ letters in a row"] = 1;
        (await world.SetAsync("ｗｉｄｅ letters in a row", new { breach_check = "online" })).ShouldBe("password_breached");
    }

    [Theory, BothDatabases]
    public async Task Fails_open_or_closed_as_the_tenant_says(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database, list: false);
        (await world.SetAsync(InList, new { breach_fail_open = false })).ShouldBeNull("auto, and there is no list");
        (await world.SetAsync(InList, new { breach_check = "offline" })).ShouldBeNull("open");
        (await world.SetAsync(InList, new { breach_check = "offline", breach_fail_open = false })).ShouldBe("breach_check_unavailable");
        (await world.SetAsync(Good, new { breach_check = "both", breach_fail_open = false })).ShouldBe("breach_check_unavailable", "half of it is missing");
        (await world.SetAsync(AtService, new { breach_check = "both" })).ShouldBe("password_breached");
        world.Service.Instead = _ => Task.FromResult("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        (await world.SetAsync(AtService, new { breach_check = "online" })).ShouldBeNull();
        (await world.SetAsync(AtService, new { breach_check = "online", breach_fail_open = false })).ShouldBe("breach_check_unavailable");
        world.Service.Instead = null;
        (await world.SetAsync(Good, new { breach_check = "online", breach_fail_open = false })).ShouldBeNull("a choice never waits for the respite to end");

        await using var nowhere = await World.OpenAsync(database, online: false);
        (await nowhere.SetAsync(AtService, new { breach_check = "online", breach_fail_open = false })).ShouldBe("breach_check_unavailable");
        (await nowhere.SetAsync(AtService, new { breach_check = "online" })).ShouldBeNull();
        nowhere.Service.Requests.ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task A_right_password_that_is_breached_must_change(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        foreach (var (settings, password, due) in new (object, string, PasswordChangeReason?)[]
        {
            (new { breach_check = "off" }, InList, null), (new { breach_check = "offline", breach_check_at_sign_in = false }, InList, null),
            (new { breach_check = "offline" }, InList, PasswordChangeReason.Breached), (new { breach_check = "offline" }, AtService, null),
            (new { breach_check = "online" }, AtService, PasswordChangeReason.Breached), (new { breach_check = "both" }, InList, PasswordChangeReason.Breached),
        })
        {
            var person = await PersonAsync(world, password);
            (await person.DueAsync()).ShouldBeNull();
            var checkedNow = await person.SettingsAsync(settings);
            (await person.VerifyAsync("wrong")).ShouldBe(PasswordVerdict.Wrong);
            (await person.DueAsync()).ShouldBeNull();
            (await person.VerifyAsync(password)).ShouldBe(PasswordVerdict.Right);
            (await person.DueAsync()).ShouldBe(due, checkedNow);
            if (due is null) continue;
            // A new one has no past.
            await person.SetAsync(Good);
            (await person.DueAsync()).ShouldBeNull();
        }
    }

    [Theory, BothDatabases]
    public async Task Asks_the_service_once_a_day_for_each_user_and_not_while_it_is_down(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        var person = await PersonAsync(world, Good);
        await person.SettingsAsync(new { breach_check = "online", breach_fail_open = false });
        for (var i = 0; i < 3; i++) (await person.VerifyAsync(Good)).ShouldBe(PasswordVerdict.Right);
        world.Service.Requests.Count.ShouldBe(1);
        world.Server.Clock.Advance(TimeSpan.FromHours(25));
        world.Service.Instead = _ => Task.FromResult("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        for (var i = 0; i < 3; i++) (await person.VerifyAsync(Good)).ShouldBe(PasswordVerdict.Right, "it keeps nobody out");
        world.Service.Requests.Count.ShouldBe(2);
        world.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        world.Service.Instead = null;
        world.Service.Known[Good] = 1;
        (await person.VerifyAsync(Good)).ShouldBe(PasswordVerdict.Right);
        (await person.DueAsync()).ShouldBe(PasswordChangeReason.Breached);
        // Known to be so, it is not asked for again.
        world.Service.Requests.Clear();
        world.Server.Clock.Advance(TimeSpan.FromDays(2));
        await person.VerifyAsync(Good);
        world.Service.Requests.ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task A_damaged_list_is_one_that_does_not_say(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-damaged-");
        var path = Path.Combine(folder.FullName, "list");
        var line = Encoding.ASCII.GetBytes(RangeServer.HashOf(InList) + ":8\n");
        using (var input = new MemoryStream(line)) BreachedListCompiler.Compile(input, line.Length, path, 1e-9, 1, default);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes.AsSpan(bytes.Length - 8).Fill(0xFF);
        await File.WriteAllBytesAsync(path, bytes);
        await using (var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Credentials:BreachedList"] = path } }))
        {
            using var person = await SignInWorld.OpenAsync(server, new { passwords = new { breach_check = "auto" } });
            (await person.Browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");
            var tenant = await server.NewTenantAsync(new { passwords = new { breach_fail_open = false } });
            using var admin = await server.AdminAsync(tenant);
            using var refused = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "ann@example.com" }, password = Good });
            await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "breach_check_unavailable");
        }
        folder.Delete(recursive: true);
    }

    [Theory, BothDatabases]
    public async Task Every_page_on_which_one_is_chosen_refuses_it_and_the_present_one(TestDatabase database)
    {
        const string Refused = "This password is on a published list of stolen passwords.", Present = "You have used this password here before.";
        await using var world = await World.OpenAsync(database);
        using var person = await SignInWorld.OpenAsync(world.Server, new { registration = new { open = true }, passwords = new { breach_check = "offline", history = 2 } });
        (await person.Browser.SignUpAsync("new@example.com", password: InList)).ShouldBe(HttpStatusCode.UnprocessableEntity, Refused);

        await person.Browser.SubmitAsync(await person.Browser.GetAsync("signin/forgot"), [("email", SignInWorld.Email)]);
        var reset = await person.Browser.GetAsync(await person.LinkAsync("reset_password"));
        (await person.Browser.SubmitAsync(reset, [("password", InList)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Refused);
        (await person.Browser.SubmitAsync(reset, [("password", PageBrowser.Password)])).ShouldBe(HttpStatusCode.UnprocessableEntity, Present);
        (await person.Browser.SubmitAsync(reset, [("password", Good)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");

        await person.Browser.SignInAsync(SignInWorld.Email, Good);
        var change = await person.Browser.GetAsync("account/password");
        foreach (var (password, answer) in new[] { (InList, Refused), (Good, Present), (PageBrowser.Password, Present) })
            (await person.Browser.SubmitAsync(change, [("current", Good), ("new", password)])).ShouldBe(HttpStatusCode.UnprocessableEntity, answer);
        // Who does not know the present one learns nothing of the ones before.
        var stranger = await person.Browser.SubmitAsync(change, [("current", "not the present one"), ("new", PageBrowser.Password)]);
        stranger.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        stranger.Text.ShouldNotContain(Present);
        (await person.Browser.SubmitAsync(change, [("current", Good), ("new", "heather anvil mosaic three")])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
    }

    [Theory]
    [InlineData("Credentials:BreachedRangeUrl", "http://example.com/range/", "Credentials:BreachedRangeUrl is an https address")]
    [InlineData("Credentials:BreachedRangeUrl", "https://example.com/range", "Credentials:BreachedRangeUrl is an https address")]
    [InlineData("Credentials:BreachedRangeUrl", "https://user@example.com/range/", "Credentials:BreachedRangeUrl is an https address")]
    [InlineData("Credentials:BreachedRangeTimeout", "00:01:00", "BreachedRangeTimeout")]
    [InlineData("Credentials:BreachedList", "no-such-list", "Credentials:BreachedList cannot be used")]
    public async Task Does_not_start_with_settings_that_cannot_be(string setting, string value, string complaint)
    {
        var failed = await Should.ThrowAsync<OptionsValidationException>(async () =>
        {
            await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new() { SetUp = false, Settings = new Dictionary<string, string?> { [setting] = value } });
        });
        failed.Message.ShouldContain(complaint);
    }

    private sealed record Person(World World, TestTenant Tenant, UserId Id)
    {
        private Passwords Passwords => World.Server.Services.GetRequiredService<Passwords>();

        internal async Task<string> SettingsAsync(object passwords)
        {
            using var admin = await World.Server.AdminAsync();
            using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{Tenant.Id}/settings", new { passwords });
            return (await patched.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("passwords").ToString();
        }

        internal async Task<PasswordVerdict> VerifyAsync(string password)
        {
            var context = await FreshAsync();
            var user = await World.Server.InAsync(context, tx => World.Server.Services.GetRequiredService<UserDirectory>().FindAsync(tx, Id, default));
            return await Passwords.VerifyAsync(context, user, "ann@example.com", password, null, RequestFacts.None, default);
        }

        internal async Task<PasswordChangeReason?> DueAsync()
        {
            var context = await FreshAsync();
            return await World.Server.InAsync(context, tx => Passwords.ChangeDueAsync(tx, context, Id, default));
        }

        internal async Task SetAsync(string password)
        {
            using var admin = await World.Server.AdminAsync(Tenant);
            (await admin.PutAsJsonAsync($"api/v1/users/{Id}/password", new { password })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        // Settings travel by the change feed; here they are read where they are stored.
        private async Task<TenantContext> FreshAsync() =>
            (await World.Server.Services.GetRequiredService<Gatehouse.Tenants.TenantDirectory>().FindBySlugAsync(Tenant.Slug, default)).ShouldNotBeNull();
    }

    private static async Task<Person> PersonAsync(World world, string password)
    {
        var tenant = await world.Server.NewTenantAsync(new { passwords = new { breach_check = "off" } });
        using var admin = await world.Server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com", new { password })).Id(), out var id).ShouldBeTrue();
        return new(world, tenant, id);
    }
}
