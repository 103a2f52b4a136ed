using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>A flow that asks a program of the tenant's: over the pages and over the API.</summary>
public sealed class HookTests
{
    private sealed class World(TestServer server, SignInWorld inner, HookServer hook, string secret) : IAsyncDisposable
    {
        internal TestServer Server => server;
        internal SignInWorld Inner => inner;
        internal HookServer Hook => hook;
        internal string Secret => secret;

        internal static async Task<World> OpenAsync(TestDatabase database, bool allowPrivate = true)
        {
            var server = await TestServer.StartAsync(database, new TestServerOptions { Settings = new Dictionary<string, string?> { ["Http:AllowPrivateTargets"] = allowPrivate ? "true" : "false" } });
            var inner = await SignInWorld.OpenAsync(server);
            return new(server, inner, await HookServer.StartAsync(), await NewKeyAsync(server, inner.Tenant));
        }

        internal Task PutAsync(params string[] steps) => FlowWorld.PutAsync(server, inner.Tenant, [FlowWorld.First, .. steps]);

        internal async Task<JsonElement> AttributesAsync()
        {
            using var admin = await server.AdminAsync(inner.Tenant);
            using var response = await admin.GetAsync($"api/v1/users/{inner.UserId}");
            return (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("attributes");
        }

        public async ValueTask DisposeAsync()
        {
            await hook.DisposeAsync();
            inner.Dispose();
            await server.DisposeAsync();
        }
    }

    internal static async Task<string> NewKeyAsync(TestServer server, TestTenant tenant)
    {
        using var admin = await server.AdminAsync(tenant);
        using var made = await admin.PostAsync("api/v1/flow-keys", null);
        return (await made.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("secret").GetString()!;
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task A_program_lets_her_on_or_keeps_her_out(Drive drive, TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        await world.PutAsync(world.Hook.Step());
        world.Hook.Answer = http => HookServer.Say(http, """{"decision":"deny","reason":"blocked"}""");
        using (var driver = await Driver.OpenAsync(drive, world.Server, world.Inner.Tenant))
        {
            (await driver.PasswordAsync(SignInWorld.Email)).Problem.ShouldNotBeNull();
            (await world.Inner.AuditAsync("session.started")).ShouldBeEmpty();
        }
        (await world.Inner.AuditAsync("flow.webhook"))[0].Reason.ShouldBe("blocked");
        (await world.Inner.AuditAsync("session.refused"))[0].Reason.ShouldBe("sign_in_denied");

        world.Hook.Answer = http => HookServer.Say(http, """{"decision":"continue","attributes":{"tier":"gold"}}""");
        using var again = await Driver.OpenAsync(drive, world.Server, world.Inner.Tenant);
        (await again.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        (await world.AttributesAsync()).GetProperty("tier").GetString().ShouldBe("gold");
        world.Hook.Asked.Count.ShouldBe(2);
        var asked = JsonDocument.Parse(world.Hook.Asked.Last().Body).RootElement;
        asked.GetProperty("user_id").GetString().ShouldBe(world.Inner.UserId);
        asked.GetProperty("flow").GetString().ShouldBe("sign_in");
        asked.GetProperty("methods")[0].GetString().ShouldBe("pwd");
        asked.GetProperty("issuer").GetString().ShouldBe(world.Inner.Tenant.Url);
        asked.TryGetProperty("client_id", out _).ShouldBe(drive == Drive.Api, "pages lead to the account here");

        using var third = await Driver.OpenAsync(drive, world.Server, world.Inner.Tenant);
        (await third.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        world.Hook.Asked.Count.ShouldBe(3, "what was said in one run holds in no other");
    }

    [Theory]
    [InlineData("slow", "time_out")]
    [InlineData("large", "answer_invalid")]
    [InlineData("redirect", "status_302")]
    [InlineData("garbage", "answer_invalid")]
    [InlineData("type", "answer_invalid")]
    [InlineData("unknown", "answer_invalid")]
    [InlineData("attributes", "answer_invalid")]
    [InlineData("broken", "unreachable")]
    [InlineData("status", "status_500")]
    public async Task What_is_no_answer_is_as_the_step_says(string how, string result)
    {
        await using var world = await World.OpenAsync(TestDatabase.Sqlite);
        var followed = false;
        world.Hook.Answer = how switch
        {
            "slow" => http => Task.Delay(Timeout.Infinite, http.RequestAborted),
            "large" => http => HookServer.Say(http, """{"decision":"continue","attributes":{"x":" """.TrimEnd() + new string('x', 17_000) + "\"}}"),
            "redirect" => http => { if (http.Request.Query.Count > 0) followed = true; http.Response.Redirect(world.Hook.Url + "?again=1"); return Task.CompletedTask; },
            "garbage" => http => HookServer.Say(http, "yes"),
            "type" => http => HookServer.Say(http, """{"decision":"continue"}""", "text/html"),
            "unknown" => http => HookServer.Say(http, """{"decision":"continue","level":3}"""),
            "attributes" => http => HookServer.Say(http, """{"decision":"continue","attributes":{"x":"a\u0000b"}}"""),
            "broken" => http => { http.Abort(); return Task.CompletedTask; },
            _ => http => HookServer.Say(http, """{"decision":"continue"}""", status: 500),
        };
        foreach (var fallback in new[] { "deny", "allow" })
        {
            await world.PutAsync(world.Hook.Step(fallback, timeout: how == "slow" ? 500 : 5000));
            using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Inner.Tenant);
            var stand = await driver.PasswordAsync(SignInWorld.Email);
            if (fallback == "allow") stand.ShouldBe(new Stand("done"));
            else stand.Problem.ShouldBe("sign_in_denied");
            (await DetailsAsync(world)).GetProperty("result").GetString().ShouldBe(result);
        }
        followed.ShouldBeFalse();
        (await world.AttributesAsync()).ToString().ShouldBe("{}");
    }

    [Theory, BothDatabases]
    public async Task Waits_without_a_transaction(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        await world.PutAsync(world.Hook.Step(timeout: 5000));
        world.Hook.Answer = async http =>
        {
            // The very row that the sign-in goes on to change.
            using var admin = await world.Server.AdminAsync(world.Inner.Tenant);
            using var patched = await admin.PatchAsJsonAsync($"api/v1/users/{world.Inner.UserId}", new { attributes = new { by = "the program" } });
            await HookServer.Say(http, patched.IsSuccessStatusCode ? """{"decision":"continue","attributes":{"tier":"gold"}}""" : """{"decision":"deny"}""");
        };
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Inner.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        (await world.AttributesAsync()).GetProperty("by").GetString().ShouldBe("the program");
        (await world.AttributesAsync()).GetProperty("tier").GetString().ShouldBe("gold");
    }

    [Theory, BothDatabases]
    public async Task Of_64_answers_at_once_one_begins_a_session(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        await world.PutAsync("""{"id":"more","type":"collect","fields":[{"attribute":"company","schema":{"type":"string"},"label":{"en":"Company"},"required":true}]}""", world.Hook.Step(timeout: 5000));
        world.Hook.Answer = async http => { await Task.Delay(50); await HookServer.Say(http, """{"decision":"continue"}"""); };
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Inner.Tenant);
        var app = ((ApiDriver)driver).App;
        (await driver.PasswordAsync(SignInWorld.Email)).At.ShouldBe("collect");
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => app.AnswerAsync("collect", ("company", "Acme"))));
        (await world.Inner.AuditAsync("session.started")).Count.ShouldBe(1);
        world.Hook.MostAtOnce.ShouldBeLessThanOrEqualTo(16);
        (await world.Inner.AuditAsync("flow.webhook")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task An_answer_is_for_the_version_that_asked(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        const string terms = """{"id":"tos","type":"terms","terms":"tos","version":"1","title":{"en":"Terms"},"text":{"en":"Be kind."}}""";
        await world.PutAsync(world.Hook.Step(), terms);
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Inner.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).At.ShouldBe("terms");
        world.Hook.Asked.Count.ShouldBe(1);
        await world.PutAsync(world.Hook.Step("allow"), terms);
        var app = ((ApiDriver)driver).App;
        HeadlessApp.Open((await app.PostAsync("current", new { auth_session = app.Session })).Body).ShouldBe(["webhook"], "the new version has asked nobody yet");
        (await app.AnswerAsync("webhook")).Status.ShouldBe(HttpStatusCode.OK);
        world.Hook.Asked.Count.ShouldBe(2);
        (await app.AnswerAsync("terms", ("accept", "yes"), ("terms", "tos"), ("version", "1"))).Body.GetProperty("state").GetString().ShouldBe("completed");
        world.Hook.Asked.Count.ShouldBe(2, "once asked is enough");
    }

    [Fact]
    public async Task A_page_stands_where_nobody_goes_on_by_himself()
    {
        await using var world = await World.OpenAsync(TestDatabase.Sqlite);
        const string terms = """{"id":"tos","type":"terms","terms":"tos","version":"1","title":{"en":"Terms"},"text":{"en":"Be kind."}}""";
        await world.PutAsync(terms);
        var page = await world.Inner.Browser.SignInAsync(SignInWorld.Email);
        await world.PutAsync(world.Hook.Step(), terms);
        page = await world.Inner.Browser.GetAsync(page.Address.AbsoluteUri.Replace("/terms", "/check", StringComparison.Ordinal));
        page.ShouldBe(HttpStatusCode.OK, "One more check");
        world.Hook.Asked.ShouldBeEmpty("looking asks nobody");
        (await world.Inner.Browser.SubmitAsync(page, [])).Address.AbsolutePath.ShouldEndWith("/signin/terms");
        world.Hook.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Is_signed_with_every_key_as_an_unmodified_program_verifies_it()
    {
        await using var world = await World.OpenAsync(TestDatabase.Sqlite);
        var second = await NewKeyAsync(world.Server, world.Inner.Tenant);
        await world.PutAsync(world.Hook.Step());
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Inner.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        var (headers, body) = world.Hook.Asked.Single();
        headers["gatehouse-key-id"].Split(' ').Length.ShouldBe(2);
        const string program = """
            const { createHmac } = require('crypto'); const [secret, id, time, signatures] = process.argv.slice(1); let body = '';
            process.stdin.on('data', d => body += d).on('end', () => {
              const wanted = 'v1,' + createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${time}.${body}`).digest('base64');
              process.stdout.write(String(signatures.split(' ').includes(wanted)));
            });
            """;
        foreach (var (secret, signed) in new[] { (world.Secret, true), (second, true), ("whsec_" + Convert.ToBase64String(new byte[32]), false) })
            (await NodeAsync(program, body, secret, headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"])).ShouldBe(signed ? "true" : "false");
        (await NodeAsync(program, body + " ", world.Secret, headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"])).ShouldBe("false");
    }

    [Fact]
    public async Task Reaches_no_address_that_only_this_server_reaches()
    {
        await using var world = await World.OpenAsync(TestDatabase.Sqlite, allowPrivate: false);
        foreach (var url in new[] { world.Hook.Url, "https://127.0.0.1:1/", "https://[::1]:1/", "https://localhost:1/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data" })
        {
            await world.PutAsync(world.Hook.Step().Replace(world.Hook.Url, url, StringComparison.Ordinal));
            using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Inner.Tenant);
            (await driver.PasswordAsync(SignInWorld.Email)).Problem.ShouldBe("sign_in_denied", url);
            (await DetailsAsync(world)).GetProperty("result").GetString().ShouldBe("unreachable", url);
        }
        world.Hook.Asked.ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Says_of_people_who_register_whether_they_may(TestDatabase database)
    {
        await using var world = await World.OpenAsync(database);
        await FlowWorld.PutKindAsync(world.Server, world.Inner.Tenant, "registration", """{"id":"more","type":"collect","fields":[{"attribute":"company","schema":{"type":"string"},"label":{"en":"Company"},"required":true}]}""", world.Hook.Step());
        await world.Inner.Browser.SubmitAsync(await world.Inner.Browser.GetAsync("signup"), [("email", "bea@example.com")]);
        var page = await world.Inner.Browser.GetAsync(await world.Inner.LinkAsync("verify_email", "bea@example.com"));
        world.Hook.Asked.ShouldBeEmpty("nobody has answered yet");
        world.Hook.Answer = http => HookServer.Say(http, """{"decision":"deny","reason":"competitor"}""");
        (await world.Inner.Browser.SubmitAsync(page, [("password", PageBrowser.Password), ("company", "Acme")])).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await world.Inner.AuditAsync("user.registered")).ShouldBeEmpty();
        (await world.Inner.AuditAsync("flow.webhook"))[0].Reason.ShouldBe("competitor");
        world.Hook.Answer = http => HookServer.Say(http, """{"decision":"continue","attributes":{"tier":"gold"}}""");
        (await world.Inner.Browser.SubmitAsync(page, [("password", PageBrowser.Password), ("company", "Acme")])).Address.AbsolutePath.ShouldEndWith("/account");
        var (first, last) = (world.Hook.Asked.First(), world.Hook.Asked.Last());
        last.Headers["webhook-id"].ShouldBe(first.Headers["webhook-id"], "one question, however often it is asked");
        var asked = JsonDocument.Parse(last.Body).RootElement;
        asked.GetProperty("flow").GetString().ShouldBe("registration");
        asked.GetProperty("email").GetString().ShouldBe("bea@example.com");
        asked.GetProperty("attributes").GetProperty("company").GetString().ShouldBe("Acme");
        using var admin = await world.Server.AdminAsync(world.Inner.Tenant);
        using var users = await admin.GetAsync("api/v1/users?search=bea");
        var attributes = (await users.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("attributes");
        (attributes.GetProperty("company").GetString(), attributes.GetProperty("tier").GetString()).ShouldBe(("Acme", "gold"));
    }

    private static async Task<JsonElement> DetailsAsync(World world)
    {
        using var admin = await world.Server.AdminAsync(world.Inner.Tenant);
        using var response = await admin.GetAsync("api/v1/audit?action=flow.webhook&limit=1");
        return (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("details").Clone();
    }

    private static async Task<string> NodeAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-e", program, "--", .. arguments]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return output;
    }
}
