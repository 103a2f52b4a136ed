using System.Net;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>The value by which a program is known again, as a browser is by its cookie.</summary>
public sealed class DeviceTests
{
    private const string Bob = "bob@example.com";

    /// <summary>Signs in whole; what became of it.</summary>
    private static async Task<(bool Done, string? Device)> SignInAsync(HeadlessApp app, string? device, string email = SignInWorld.Email, string password = PageBrowser.Password)
    {
        (await app.StartAsync(device: device)).Status.ShouldBe(HttpStatusCode.OK);
        HeadlessApp.Open((await app.AnswerAsync("identifier", ("email", email))).Body)[0].ShouldBe("password");
        var (status, body) = await app.AnswerAsync("password", ("password", password));
        return (status == HttpStatusCode.OK, body.TryGetProperty("device", out var given) ? given.GetString() : null);
    }

    private static async Task<long> RowsAsync(SignInWorld world)
    {
        TenantId.TryParse(world.Tenant.Id, out var tenant).ShouldBeTrue();
        await using var tx = await world.Server.Services.GetRequiredService<IDatabase>().ReadAsync(tenant, default);
        return await tx.FindValueAsync("SELECT count(*) FROM known_devices WHERE tenant_id = @tenant", [], row => row.Long(0), default) ?? 0;
    }

    [Theory, BothDatabases]
    public async Task Is_given_with_the_first_sign_in_and_known_from_then_on(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        var (_, first) = await SignInAsync(app, "new");
        first.ShouldNotBeNull().Length.ShouldBe("gh_pd_".Length + 43);
        (await world.MailsAsync()).ShouldBeEmpty("nobody hears of an account's first session");
        for (var i = 0; i < 3; i++) (await SignInAsync(app, first)).ShouldBe((true, null));
        (await world.MailsAsync()).ShouldBeEmpty();
        (await RowsAsync(world)).ShouldBe(1);

        // Another telephone of hers.
        var (_, second) = await SignInAsync(app, "new");
        second.ShouldNotBe(first);
        (await world.MailsAsync()).ShouldBe(["new_device"]);
        (await SignInAsync(app, second)).ShouldBe((true, null));
        (await SignInAsync(app, first)).ShouldBe((true, null), "it stays good, however often it is shown");
        (await world.MailsAsync()).Count.ShouldBe(1);
        (await RowsAsync(world)).ShouldBe(2);
    }

    [Theory, BothDatabases]
    public async Task Is_nothing_at_another_client_tenant_or_user(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var elsewhere = await SignInWorld.OpenAsync(world.Server);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, Bob);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        using var other = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        using var foreign = await HeadlessApp.OpenAsync(elsewhere.Server, elsewhere.Tenant);
        var (_, device) = await SignInAsync(app, "new");
        foreach (var (at, email, people) in ((HeadlessApp, string, SignInWorld)[])[(app, Bob, world), (foreign, SignInWorld.Email, elsewhere)])
            await SignInAsync(at, "new", email);           // an account that was signed in to before
        async Task<string?> AsNewAsync(HeadlessApp at, string email, SignInWorld people, string? sent)
        {
            var before = (await people.MailsAsync(email)).Count;
            var (done, given) = await SignInAsync(at, sent, email);
            done.ShouldBeTrue();
            given.ShouldNotBeNull("what is not known counts as new").ShouldNotBe(sent);
            (await people.MailsAsync(email)).Count.ShouldBe(before + 1);
            return given;
        }
        await AsNewAsync(other, SignInWorld.Email, world, device);
        await AsNewAsync(app, Bob, world, device);
        await AsNewAsync(foreign, SignInWorld.Email, elsewhere, device);
        // Nor is anything that we did not give out: of the right shape, of none, or a browser's.
        await AsNewAsync(app, SignInWorld.Email, world, "gh_pd_" + new string('A', 43));
        await AsNewAsync(app, SignInWorld.Email, world, new string('x', 5000));
        var jar = new CookieContainer();
        using var browser = PageBrowser.Open(world.Server, world.Tenant, jar);
        await browser.SignInAsync(SignInWorld.Email);
        await AsNewAsync(app, SignInWorld.Email, world, jar.GetAllCookies().Single(c => c.Name.Contains("device", StringComparison.Ordinal)).Value);
        (await SignInAsync(app, device)).ShouldBe((true, null));
    }

    [Theory, BothDatabases]
    public async Task Has_its_own_share_of_guesses_and_proves_nothing(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { limits = new { failures_per_user = 3 } });
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        using var other = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        using var stranger = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        var (_, device) = await SignInAsync(app, "new");
        var (_, others) = await SignInAsync(other, "new");
        for (var i = 0; i < 4; i++) (await SignInAsync(stranger, "new", password: $"wrong number {i} of these")).Done.ShouldBeFalse();
        (await SignInAsync(stranger, "new")).Done.ShouldBeFalse("strangers have used up their share");
        (await SignInAsync(stranger, others)).Done.ShouldBeFalse("another client's device has none here");
        (await SignInAsync(app, null)).Done.ShouldBeFalse();
        (await SignInAsync(app, device)).ShouldBe((true, null));
        // Whoever has stolen it has as many guesses as she, and no more.
        for (var i = 0; i < 4; i++) (await SignInAsync(app, device, password: $"wrong number {i} of these")).Done.ShouldBeFalse();
        (await SignInAsync(app, device)).Done.ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task A_program_that_keeps_none_leaves_one_row_and_she_hears_of_it_once_a_day_and_network(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Http:TrustedProxies"] = "127.0.0.1" } });
        using var world = await SignInWorld.OpenAsync(server);
        using var app = await HeadlessApp.OpenAsync(server, world.Tenant);
        using var other = await HeadlessApp.OpenAsync(server, world.Tenant);
        async Task<int> MailsAfterAsync(HeadlessApp at, string network)
        {
            at.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            at.Http.DefaultRequestHeaders.Add("X-Forwarded-For", network);
            (await SignInAsync(at, null)).ShouldBe((true, null), "who asks for none is given none");
            return (await world.MailsAsync()).Count;
        }
        (await MailsAfterAsync(app, "192.0.2.1")).ShouldBe(0, "nobody hears of an account's first session");
        for (var i = 0; i < 4; i++) (await MailsAfterAsync(app, "192.0.2.1")).ShouldBe(1);
        (await RowsAsync(world)).ShouldBe(1);
        (await MailsAfterAsync(app, "192.0.2.2")).ShouldBe(2, "another network");
        (await MailsAfterAsync(other, "192.0.2.1")).ShouldBe(3, "another client");
        for (var i = 3; i < 9; i++) await MailsAfterAsync(app, $"192.0.2.{i}");
        (await world.MailsAsync()).Count.ShouldBe(4, "three a day and client");
        server.Clock.Advance(TimeSpan.FromDays(1));
        (await MailsAfterAsync(app, "192.0.2.1")).ShouldBe(5);
        (await RowsAsync(world)).ShouldBe(1);
        // A browser after all that is a new device, as it would be after any session.
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.MailsAsync()).Count.ShouldBe(6);
    }

    [Theory, BothDatabases]
    public async Task This_was_not_me_forgets_it(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        await SignInAsync(app, "new");
        var (_, thiefs) = await SignInAsync(app, "new");
        await world.Browser.SubmitAsync(await world.Browser.GetAsync(await Mailbox.NotMeLinkAsync(world.Server, world.Tenant, SignInWorld.Email, "new_device")), []);
        const string fresh = "quite another sequence of words";
        await world.Browser.SubmitAsync(await world.Browser.GetAsync(await world.LinkAsync("account_secured")), [("password", fresh)]);
        (await SignInAsync(app, thiefs, password: fresh)).Device.ShouldNotBeNull("it is not known any more");
    }

    [Theory, BothDatabases]
    public async Task Comes_and_goes_over_the_challenge_endpoint_and_stands_in_the_conditions_of_a_flow(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        async Task<JsonElement> PostAsync(params (string Name, string Value)[] fields)
        {
            using var response = await app.Http.PostAsync("oauth2/authorize-challenge", new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
        }
        async Task<JsonElement> ChallengeAsync(string device)
        {
            var begun = await PostAsync(("client_id", app.ClientId), ("scope", "openid"), ("code_challenge", HeadlessApp.Challenge), ("code_challenge_method", "S256"), ("device", device));
            var session = begun.GetProperty("auth_session").GetString()!;
            await PostAsync(("client_id", app.ClientId), ("auth_session", session), ("step", "identifier"), ("email", SignInWorld.Email));
            return await PostAsync(("client_id", app.ClientId), ("auth_session", session), ("step", "password"), ("password", PageBrowser.Password));
        }
        var device = (await ChallengeAsync("new")).GetProperty("device").GetString()!;
        (await ChallengeAsync(device)).TryGetProperty("device", out _).ShouldBeFalse();
        await Flows.FlowWorld.PutAsync(world.Server, world.Tenant, Flows.FlowWorld.First, """{"id":"d","type":"deny","when":{"device":"new"}}""");
        (await SignInAsync(app, "new")).Done.ShouldBeFalse();
        (await SignInAsync(app, device)).Done.ShouldBeTrue();
    }
}
