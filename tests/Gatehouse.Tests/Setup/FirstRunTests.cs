using System.Net;
using Gatehouse.Http;
using Gatehouse.Setup;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Setup;

public sealed class FirstRunTests
{
    private const string Password = "correct horse battery staple";

    [Theory, BothDatabases]
    public async Task Sets_a_server_up_in_the_browser_and_signs_the_administrator_in(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { SetUp = false });
        using var browser = server.Browser();
        using var before = await browser.GetAsync("signin");
        await before.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "not_set_up");

        var token = await TokenAsync(server);
        using var page = await browser.GetAsync($"setup?token={token}");
        (await page.Content.ReadAsStringAsync()).ShouldContain("Set up your server");
        using var weak = await PostAsync(browser, token, "Acme", "anna@example.com", "short");
        weak.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await weak.Content.ReadAsStringAsync()).ShouldContain("anna@example.com");

        using var done = await PostAsync(browser, token, "Acme", "anna@example.com", Password);
        done.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        done.Headers.Location!.OriginalString.ShouldBe($"{server.Url}/console");
        done.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("gh-session-", StringComparison.Ordinal));
        (await browser.GetAsync("account")).StatusCode.ShouldBe(HttpStatusCode.OK, "the administrator is signed in");

        using var again = await browser.GetAsync($"setup?token={token}");
        again.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await RenewAsync(server)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Takes_only_the_newest_link(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { SetUp = false });
        using var browser = server.Browser();
        var old = await TokenAsync(server);
        var token = await TokenAsync(server);
        foreach (var wrong in new[] { old, "", "x", token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), token + "x" })
        {
            (await browser.GetAsync($"setup?token={wrong}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await PostAsync(browser, wrong, "Acme", "anna@example.com", Password)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await browser.GetAsync($"setup?token={token}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_form_that_another_site_sent(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { SetUp = false });
        using var browser = server.Browser();
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        using var refused = await PostAsync(browser, await TokenAsync(server), "Acme", "anna@example.com", Password);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await server.Services.GetRequiredService<FirstRun>().IsNeededAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_first_runs_at_once_in_two_processes_one_wins()
    {
        await using var first = await TestServer.StartAsync(TestDatabase.Postgres, new() { SetUp = false });
        await using var second = await TestServer.StartAsync(TestDatabase.Postgres, new() { SetUp = false, Beside = first });
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            var run = (i % 2 == 0 ? first : second).Services.GetRequiredService<FirstRun>();
            var result = await run.RunAsync(new(first.Url, $"Try {i}", $"admin{i}@example.com", Password, "automation"), RequestFacts.None, null, CancellationToken.None);
            return result.TryGet(out _, out var problem) ? "won" : problem.Code;
        })));
        runs.Count(r => r == "won").ShouldBe(1);
        runs.Count(r => r == "already_set_up").ShouldBe(5);
    }

    [Theory, BothDatabases]
    public async Task Leaves_nothing_behind_when_it_is_refused(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { SetUp = false });
        var run = server.Services.GetRequiredService<FirstRun>();
        FirstRunRequest good = new(server.Url, "Acme", "anna@example.com", Password);
        foreach (var (request, code) in new[]
        {
            (good with { Issuer = "http://acme.com" }, "issuer_invalid"), (good with { DisplayName = "" }, "display_name_invalid"),
            (good with { AdminEmail = "nobody" }, "email_invalid"), (good with { Password = "short" }, "password_too_short"),
        })
        {
            (await run.RunAsync(request, RequestFacts.None, null, CancellationToken.None)).TryGet(out _, out var problem).ShouldBeFalse();
            problem!.Code.ShouldBe(code);
            (await run.IsNeededAsync(CancellationToken.None)).ShouldBeTrue();
        }
        (await run.RunAsync(good, RequestFacts.None, null, CancellationToken.None)).TryGet(out _, out _).ShouldBeTrue();
    }

    private static ValueTask<string?> RenewAsync(TestServer server) => server.Services.GetRequiredService<SetupLink>().RenewAsync(server.Url, CancellationToken.None);

    private static async Task<string> TokenAsync(TestServer server) => (await RenewAsync(server))!.Split("token=")[1];

    private static Task<HttpResponseMessage> PostAsync(HttpClient browser, string token, string name, string email, string password) =>
        browser.PostAsync("setup", new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["display_name"] = name, ["email"] = email, ["password"] = password }));
}
