using System.Net;
using System.Net.Http.Json;
using Gatehouse.Flows;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Flows;

/// <summary>Anybody can begin a sign-in, and each is a row: what keeps one network, or one browser, from filling the database with them.</summary>
public sealed class SignInLimitTests
{
    private const string Callback = "https://app.example/callback";
    private const int Limit = 50;

    [Theory, BothDatabases]
    public async Task Gives_a_network_its_share_and_then_asks_it_to_wait(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Http:TrustedProxies"] = "127.0.0.1" } });
        using var world = await SignInWorld.OpenAsync(server, new { limits = new { sign_ins_per_ip = Limit } });
        using var elsewhere = await SignInWorld.OpenAsync(server);
        var client = await NewClientAsync(world);
        using var signedIn = world.AnotherBrowser();
        await signedIn.SignInAsync(SignInWorld.Email);
        var underWay = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);

        // An address of one customer's own makes no difference: neither a new cookie each time nor another network of the same IPv6 site.
        for (var i = 0; i < Limit; i++) (await AskAsync(world, Authorize(client), $"2001:db8:7:{i:x}::1")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        foreach (var path in (string[])[Authorize(client), "signin", "account", "console/applications"])
        {
            using var refused = await AskAsync(world, path, "2001:db8:7:ffff::1");
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(10));
            (await refused.Content.ReadAsStringAsync()).ShouldContain("Too many sign-ins from your network");
        }

        // Nobody else is hurt: other networks, other tenants, who is signed in, whose sign-in is under way.
        (await AskAsync(world, Authorize(client), "2001:db8:8::1")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await AskAsync(elsewhere, "signin", "2001:db8:7::1")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        signedIn.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "2001:db8:7::1");
        using (var silent = await signedIn.Http.GetAsync(Authorize(client))) silent.Headers.Location!.ToString().ShouldStartWith(Callback + "?code=");
        world.Browser.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "2001:db8:7::1");
        (await world.Browser.SubmitAsync(underWay, [("password", PageBrowser.Password)])).ShouldBe(HttpStatusCode.OK, "Your account");

        server.Clock.Advance(TimeSpan.FromMinutes(10));
        (await AskAsync(world, Authorize(client), "2001:db8:7::1")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory, BothDatabases]
    public async Task Keeps_the_newest_of_one_browser(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var begun = new List<string>();
        for (var i = 0; i < Interactions.MaxPerBrowser + 2; i++)
        {
            using var answer = await world.Browser.Http.GetAsync("signin");
            begun.Add(answer.Headers.Location!.ToString());
        }
        foreach (var old in begun[..2]) (await world.Browser.GetAsync(Relative(world, old))).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired");
        foreach (var kept in begun[2..]) (await world.Browser.GetAsync(Relative(world, kept))).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string Relative(SignInWorld world, string location) => location[(location.IndexOf("/signin", StringComparison.Ordinal) + 1)..];

    private static string Authorize(string client) => "oauth2/authorize?response_type=code&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        + $"&client_id={client}&redirect_uri={Uri.EscapeDataString(Callback)}&scope=openid";

    private static async Task<HttpResponseMessage> AskAsync(SignInWorld world, string path, string address)
    {
        using var http = world.Server.Client(world.Tenant);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return await http.GetAsync(path);
    }

    private static async Task<string> NewClientAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/clients",
            new { name = "App", type = "public", first_party = true, redirect_uris = new[] { Callback }, scopes = new[] { "openid" } });
        return (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").Id();
    }
}
