using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>A page of the tenant's own in the middle of a sign-in.</summary>
public sealed class WebStepTests
{
    private const string Page = "https://ask.example.com/start?x=1", Origin = "https://ask.example.com";
    private const string Step = """{"id":"ask","type":"web","url":"https://ask.example.com/start?x=1"}""";

    internal sealed class World(SignInWorld inner, byte[] secret) : IDisposable
    {
        internal SignInWorld Inner => inner;
        internal byte[] Secret => secret;

        internal static async Task<World> OpenAsync(TestDatabase database, params string[] steps) => await OpenAsync(await SignInWorld.OpenAsync(database), steps);

        internal static async Task<World> OpenAsync(SignInWorld inner, params string[] steps)
        {
            var secret = await HookTests.NewKeyAsync(inner.Server, inner.Tenant);
            await FlowWorld.PutAsync(inner.Server, inner.Tenant, [FlowWorld.First, .. steps.Length == 0 ? [Step] : steps]);
            return new(inner, Convert.FromBase64String(secret["whsec_".Length..]));
        }

        /// <summary>Signs in as far as the page, and says what it is told.</summary>
        internal async Task<JsonElement> LeaveAsync(PageBrowser? browser = null)
        {
            browser ??= inner.Browser;
            var password = await browser.SubmitAsync(await browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
            using var proved = await browser.SendAsync(password, [("password", PageBrowser.Password)]);
            return Told(await FollowAsync(browser, new Uri(password.Address, proved.Headers.Location!)));
        }

        internal static async Task<Uri> FollowAsync(PageBrowser browser, Uri at)
        {
            using var away = await browser.Http.GetAsync(at);
            return new Uri(away.Headers.GetValues("Refresh").Single().Split("url=")[1]);
        }

        internal static JsonElement Told(Uri target)
        {
            target.AbsoluteUri.ShouldStartWith(Page + "&handover=");
            var parts = target.Query.Split("handover=")[1].Split('.');
            JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement.GetProperty("typ").GetString().ShouldBe("gatehouse-handover+jwt");
            return JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement.Clone();
        }

        internal string Say(JsonElement told, string decision = "continue", string? typ = "gatehouse-result+jwt", string? iss = null, string? aud = null, string? jti = null, int seconds = 60, byte[]? key = null, string more = "")
        {
            var now = inner.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
            var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","typ":"{{typ}}"}"""));
            var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
                $$"""{"iss":"{{iss ?? Origin}}","aud":"{{aud ?? told.GetProperty("iss").GetString()}}","jti":"{{jti ?? told.GetProperty("jti").GetString()}}","iat":{{now}},"exp":{{now + seconds}},"decision":"{{decision}}"{{more}}}"""));
            var signature = HMACSHA256.HashData(key ?? secret, Encoding.ASCII.GetBytes($"{header}.{claims}"));
            return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
        }

        internal static string Back(JsonElement told, string result) => told.GetProperty("return_url").GetString() + "&result=" + result;

        public void Dispose() => inner.Dispose();
    }

    [Theory, BothDatabases]
    public async Task Goes_there_with_a_hand_over_and_comes_back_with_an_answer(TestDatabase database)
    {
        using var world = await World.OpenAsync(database);
        var told = await world.LeaveAsync();
        told.GetProperty("iss").GetString().ShouldBe(world.Inner.Tenant.Url);
        told.GetProperty("aud").GetString().ShouldBe(Origin);
        told.GetProperty("sub").GetString().ShouldBe(world.Inner.UserId);
        (told.GetProperty("exp").GetInt64() - told.GetProperty("iat").GetInt64()).ShouldBe(600);
        (await world.Inner.Browser.IsSignedInAsync()).ShouldBeFalse();
        var back = World.Back(told, world.Say(told, more: ""","attributes":{"seen":true}"""));
        (await world.Inner.Browser.GetAsync(back)).Address.AbsolutePath.ShouldEndWith("/account");
        (await world.Inner.AuditAsync("flow.web"))[0].Reason.ShouldBe("continue");
        (await world.Inner.AuditAsync("session.started")).Count.ShouldBe(1);
        // The link again: what it led to is there, and nothing begins anew.
        await world.Inner.Browser.GetAsync(back);
        (await world.Inner.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Keeps_out_whom_the_page_keeps_out(TestDatabase database)
    {
        using var world = await World.OpenAsync(database);
        var told = await world.LeaveAsync();
        var back = World.Back(told, world.Say(told, "deny", more: ""","reason":"too_young" """.TrimEnd()));
        (await world.Inner.Browser.GetAsync(back)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.Inner.AuditAsync("flow.web"))[0].Reason.ShouldBe("too_young");
        (await world.Inner.AuditAsync("session.refused"))[0].Reason.ShouldBe("sign_in_denied");
        (await world.Inner.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    public static TheoryData<string> Spoiled => ["unsigned", "other key", "our key", "type", "issuer", "audience", "hand-over", "expired", "too long", "no decision", "unknown claim", "none", "handed over itself"];

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Takes_nothing_but_the_page_s_own_answer(string how)
    {
        using var world = await World.OpenAsync(TestDatabase.Sqlite);
        var told = await world.LeaveAsync();
        var good = world.Say(told);
        var result = how switch
        {
            "unsigned" => good[..(good.LastIndexOf('.') + 1)],
            "other key" => world.Say(told, key: new byte[32]),
            "our key" => world.Say(told, typ: "at+jwt"),
            "type" => world.Say(told, typ: "JWT"),
            "issuer" => world.Say(told, iss: "https://other.example.com"),
            "audience" => world.Say(told, aud: "https://other.example.com"),
            "hand-over" => world.Say(told, jti: "another"),
            "expired" => world.Say(told, seconds: -60),
            "too long" => world.Say(told, seconds: 3600),
            "no decision" => world.Say(told, "perhaps"),
            "unknown claim" => world.Say(told, more: ""","level":3"""),
            "handed over itself" => (await World.FollowAsync(world.Inner.Browser, new Uri(told.GetProperty("return_url").GetString()!.Replace("/return", "/web", StringComparison.Ordinal)))).Query.Split("handover=")[1],
            _ => "",
        };
        (await world.Inner.Browser.GetAsync(World.Back(told, result))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await world.Inner.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Inner.Browser.GetAsync(World.Back(told, good))).Address.AbsolutePath.ShouldEndWith("/account");      // what was spoiled has used nothing up
    }

    [Theory, BothDatabases]
    public async Task An_answer_of_another_browser_run_or_tenant_is_none(TestDatabase database)
    {
        using var world = await World.OpenAsync(database);
        var told = await world.LeaveAsync();
        using var thief = world.Inner.AnotherBrowser();
        (await thief.GetAsync(World.Back(told, world.Say(told)))).Status.ShouldBe(HttpStatusCode.BadRequest, "another browser");
        var other = await world.LeaveAsync(thief);
        (await thief.GetAsync(World.Back(other, world.Say(told)))).Status.ShouldBe(HttpStatusCode.BadRequest, "another run's answer");
        (await world.Inner.Browser.GetAsync(World.Back(told, world.Say(other)))).Status.ShouldBe(HttpStatusCode.BadRequest);
        using var neighbour = await World.OpenAsync(database);
        var theirs = await neighbour.LeaveAsync();
        (await neighbour.Inner.Browser.GetAsync(World.Back(theirs, world.Say(theirs)))).Status.ShouldBe(HttpStatusCode.BadRequest, "another tenant's key");
        (await world.Inner.AuditAsync("session.started")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Is_for_the_step_and_version_that_sent_her_and_counts_once(TestDatabase database)
    {
        const string second = """{"id":"again","type":"web","url":"https://ask.example.com/start?x=1"}""";
        using var world = await World.OpenAsync(database, Step, second);
        var told = await world.LeaveAsync();
        var first = world.Say(told);
        using (var back = await world.Inner.Browser.Http.GetAsync(World.Back(told, first))) (back.Headers.Location?.ToString() ?? "").Contains("/signin/web", StringComparison.Ordinal).ShouldBeTrue();
        (await world.Inner.Browser.IsSignedInAsync()).ShouldBeFalse("the second page has not answered");
        (await world.Inner.Browser.GetAsync(World.Back(told, first))).Status.ShouldBe(HttpStatusCode.BadRequest, "the first page's answer is not the second's");
        var next = World.Told(await World.FollowAsync(world.Inner.Browser, new Uri(told.GetProperty("return_url").GetString()!.Replace("/return", "/web", StringComparison.Ordinal))));
        next.GetProperty("step").GetString().ShouldBe("again");
        await FlowWorld.PutAsync(world.Inner.Server, world.Inner.Tenant, FlowWorld.First, second);
        (await world.Inner.Browser.GetAsync(World.Back(next, world.Say(next)))).Status.ShouldBe(HttpStatusCode.BadRequest, "of an older version");
    }

    [Theory, BothDatabases]
    public async Task Of_64_returns_at_once_one_begins_a_session(TestDatabase database)
    {
        using var world = await World.OpenAsync(database);
        var told = await world.LeaveAsync();
        var back = World.Back(told, world.Say(told));
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ => (await world.Inner.Browser.Http.GetAsync(back)).Dispose()));
        (await world.Inner.AuditAsync("session.started")).Count.ShouldBe(1);
        (await world.Inner.AuditAsync("flow.web")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Programs_are_sent_to_a_browser(TestDatabase database)
    {
        using var world = await World.OpenAsync(database);
        using var driver = await Driver.OpenAsync(Drive.Api, world.Inner.Server, world.Inner.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).Problem.ShouldBe("redirect_to_web");
        (await ((ApiDriver)driver).App.AnswerAsync("web")).Body.GetProperty("code").GetString().ShouldBe("redirect_to_web");
        (await world.Inner.AuditAsync("session.started")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hand_over_is_no_token()
    {
        using var world = await World.OpenAsync(TestDatabase.Sqlite);
        var told = await world.LeaveAsync();
        var handover = (await World.FollowAsync(world.Inner.Browser, new Uri(told.GetProperty("return_url").GetString()!.Replace("/return", "/web", StringComparison.Ordinal)))).Query.Split("handover=")[1];
        using var http = world.Inner.Server.Client(world.Inner.Tenant);
        foreach (var path in new[] { "oauth2/userinfo", "api/v1/users", "account/v1/profile" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", handover);
            using var response = await http.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Theory, BothDatabases]
    public async Task No_page_stands_between_every_administrator_and_the_flow(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await HookTests.NewKeyAsync(world.Server, world.Tenant);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var granted = await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null)) granted.IsSuccessStatusCode.ShouldBeTrue();
        async Task<HttpStatusCode> PutAsync(string step) => (await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First, step))).Status;
        (await PutAsync(Step)).ShouldBe(HttpStatusCode.Conflict);
        (await PutAsync(Step[..^1] + ""","when":{"not":{"role":["administrator"]}}}""")).ShouldBe(HttpStatusCode.OK);
    }
}
