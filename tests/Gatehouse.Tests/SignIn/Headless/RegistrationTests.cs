using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>What only programs meet when they register somebody: the code, the run, and what an answer is like.</summary>
public sealed partial class RegistrationTests
{
    private const string New = "bea@example.com";

    private static async Task<ApiRegistrar> OpenAsync(SignInWorld world) => (ApiRegistrar)await Registrar.OpenAsync(Drive.Api, world.Server, world.Tenant);

    private static string Not(string code) => code == "000000" ? "000001" : "000000";

    /// <summary>An answer without what differs from run to run.</summary>
    private static string Shape(JsonElement answer, string email) => Secrets().Replace(answer.GetRawText(), "…").Replace(email, "…", StringComparison.Ordinal);

    [Theory, BothDatabases]
    public async Task Ends_with_a_code_for_the_token_endpoint(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await OpenAsync(world);
        (await registrar.RegisterAsync(New)).ShouldBe(new Stand("done"));
        var tokens = await registrar.App.RedeemAsync(registrar.Last.GetProperty("authorization_code").GetString()!);
        tokens.Status.ShouldBe(HttpStatusCode.OK);
        HeadlessApp.Claims(tokens.Body).GetProperty("sub").GetString().ShouldBe((await RegistrationScenarioTests.UserAsync(world))!.Value.GetProperty("id").GetString());
        (await registrar.App.PostAsync("current", new { auth_session = registrar.App.Session })).Body.GetProperty("code").GetString().ShouldBe("invalid_session");
        // Somebody new who is somebody known.
        var contradicts = await registrar.App.PostAsync("start", new
        {
            client_id = registrar.App.ClientId, scope = "openid", code_challenge = HeadlessApp.Challenge, code_challenge_method = "S256", prompt = "create", id_token_hint = tokens.Body.GetProperty("id_token").GetString(),
        });
        contradicts.Body.GetProperty("code").GetString().ShouldBe("invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Nothing_tells_a_known_address_from_an_unknown_one(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server, new { registration = new { open = true }, limits = new { failures_per_user = 4 } });
        async Task<List<string>> WalkAsync(string email)
        {
            using var registrar = await OpenAsync(world);
            List<string> seen = [];
            async Task SeeAsync(Task<(HttpStatusCode Status, JsonElement Body)> answer)
            {
                var (status, body) = await answer;
                seen.Add($"{(int)status} {Shape(body, email)}");
            }
            await SeeAsync(registrar.App.StartAsync(prompt: "create"));
            await SeeAsync(registrar.App.AnswerAsync("sign_up", ("email", email)));
            var right = await Registrar.FindCodeAsync(server, world.Tenant, email) ?? "123456";
            await SeeAsync(registrar.App.AnswerAsync("sign_up_code", ("code", "")));
            for (var i = 0; i < 6; i++) await SeeAsync(registrar.App.AnswerAsync("sign_up_code", ("code", Not(right))));
            await SeeAsync(registrar.App.PostAsync("resend", new { auth_session = registrar.App.Session, step = "sign_up_code" }));
            server.Clock.Advance(TimeSpan.FromSeconds(40));
            await SeeAsync(registrar.App.PostAsync("resend", new { auth_session = registrar.App.Session, step = "sign_up_code" }));
            await SeeAsync(registrar.App.PostAsync("current", new { auth_session = registrar.App.Session }));
            await SeeAsync(registrar.App.AnswerAsync("sign_up", ("email", email)));
            return seen;
        }
        var unknown = await WalkAsync(New);
        (await WalkAsync(SignInWorld.Email)).ShouldBe(unknown);
        (await world.MailsAsync(New)).ShouldBe(["verify_email_code", "verify_email_code"]);
        (await world.MailsAsync()).ShouldBe(["already_registered", "already_registered"]);
    }

    [Theory, BothDatabases]
    public async Task A_code_is_good_once_in_its_run_and_for_its_address(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await OpenAsync(world);
        using var other = await OpenAsync(world);
        await registrar.AskAsync(New);
        var first = (await Registrar.FindCodeAsync(world.Server, world.Tenant, New)).ShouldNotBeNull();
        await other.AskAsync(New);
        var second = (await Registrar.FindCodeAsync(world.Server, world.Tenant, New)).ShouldNotBeNull();
        if (first != second) (await other.TypeAsync(first)).ShouldBe(new Stand("code", "code_wrong"), "another run's");
        // An address that the code was not sent to: whoever has proved one has proved that one.
        (await registrar.NameAsync("victim@example.com")).ShouldBe(new Stand("sent"));
        if (await Registrar.FindCodeAsync(world.Server, world.Tenant, "victim@example.com") != first) (await registrar.TypeAsync(first)).ShouldBe(new Stand("code", "code_wrong"));
        // Back to hers: the message is young, the code in it still good.
        (await registrar.NameAsync(New)).ShouldBe(new Stand("sent"));
        (await registrar.TypeAsync(first)).ShouldBe(new Stand("account"));
        (await registrar.App.AnswerAsync("sign_up_code", ("code", first))).Body.GetProperty("code").GetString().ShouldBe("step_not_open");
        (await registrar.App.AnswerAsync("sign_up", ("email", "victim@example.com"))).Body.GetProperty("code").GetString().ShouldBe("step_not_open", "what is proved cannot be exchanged");
        (await registrar.AnswerAsync(("password", PageBrowser.Password))).ShouldBe(new Stand("done"));
        (await RegistrationScenarioTests.UserAsync(world, "victim")).ShouldBeNull();
        // The other run proves it as well, and finds that it has an account.
        (await other.TypeAsync(second)).ShouldBe(new Stand("account"));
        (await other.AnswerAsync(("password", "quite another sequence of words"))).ShouldBe(new Stand("account", "email_taken"));
        (await world.AuditAsync("user.registered")).Count(e => e.Outcome == "success").ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Steps_come_in_their_order_and_in_no_other_run(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await OpenAsync(world);
        var app = registrar.App;
        async Task ClosedAsync(params string[] steps)
        {
            foreach (var step in steps) (await app.AnswerAsync(step, ("code", "1"))).Body.GetProperty("code").GetString().ShouldBe("step_not_open", step);
        }
        await app.StartAsync(prompt: "create");
        await ClosedAsync("sign_up_code", "sign_up_password", "sign_up_passkey", "identifier", "password", "passkey");
        (await registrar.NameAsync("no address")).ShouldBe(new Stand("address", "email_invalid"));
        (await registrar.NameAsync(New, "a\u0007b")).ShouldBe(new Stand("address", "name_invalid"));
        await registrar.NameAsync(New);
        await ClosedAsync("sign_up_password", "sign_up_passkey", "identifier", "password");
        var session = app.Session;
        await app.StartAsync();
        await ClosedAsync("sign_up", "sign_up_code", "sign_up_password");
        // Nor at another tenant.
        var elsewhere = await world.Server.NewTenantAsync(new { registration = new { open = true } });
        using var foreign = world.Server.Client(elsewhere);
        using var refused = await foreign.PostAsJsonAsync("flows/v1/submit", new { auth_session = session, step = "sign_up_code", values = new { code = await Registrar.FindCodeAsync(world.Server, world.Tenant, New) } });
        (await refused.ReadJsonAsync(HttpStatusCode.BadRequest)).GetProperty("code").GetString().ShouldBe("invalid_session");
    }

    [Theory, BothDatabases]
    public async Task The_link_of_the_message_makes_the_account_in_a_browser_instead(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await OpenAsync(world);
        await registrar.AskAsync(New);
        var code = (await Registrar.FindCodeAsync(world.Server, world.Tenant, New)).ShouldNotBeNull();
        var link = await world.LinkAsync("verify_email_code", New);
        await world.Browser.SubmitAsync(await world.Browser.GetAsync(link), [("password", PageBrowser.Password)], "/signup/verify");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await registrar.TypeAsync(code)).ShouldBe(new Stand("account"));
        (await registrar.AnswerAsync(("password", "quite another sequence of words"))).ShouldBe(new Stand("account", "email_taken"));
        HeadlessApp.Open(registrar.Last.GetProperty("flow")).ShouldBe(["sign_up"]);
        // And the other way round the link is as good as used.
        using var second = await OpenAsync(world);
        (await second.RegisterAsync("cat@example.com")).ShouldBe(new Stand("done"));
        var choose = await world.Browser.GetAsync(await world.LinkAsync("verify_email_code", "cat@example.com"));
        (await world.Browser.SubmitAsync(choose, [("password", PageBrowser.Password)], "/signup/verify")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, BothDatabases]
    public async Task A_passkey_instead_of_a_password(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { registration = new { open = true, credential = "passkey" } });
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", """{"id":"more","type":"collect","fields":[{"attribute":"company","schema":{"type":"string"},"label":{"en":"Company"},"required":true}]}""");
        using var registrar = await OpenAsync(world);
        using var key = new SoftAuthenticator();
        await registrar.AskAsync(New);
        await registrar.ProveAsync(New);
        HeadlessApp.Open(registrar.Last).ShouldBe(["sign_up_passkey"]);
        (await registrar.App.AnswerAsync("sign_up_password", ("password", PageBrowser.Password))).Body.GetProperty("code").GetString().ShouldBe("step_not_open");
        async Task<(string Name, string Value)[]> MadeAsync(string? challenge = null)
        {
            var step = (await registrar.App.PostAsync("current", new { auth_session = registrar.App.Session })).Body.GetProperty("steps")[0];
            step.GetProperty("schema").GetProperty("required").EnumerateArray().Select(r => r.GetString()).ShouldBe(["id", "client_data", "data", "company"]);
            var asked = step.GetProperty("data").GetProperty("passkey");
            asked.GetProperty("user_name").GetString().ShouldBe(New);
            key.UserHandle = Base64Url.DecodeFromChars(asked.GetProperty("user_handle").GetString());
            return [.. key.Create(PasskeyWorld.RpId, challenge ?? asked.GetProperty("challenge").GetString()!, new Uri(world.Tenant.Url).GetLeftPart(UriPartial.Authority)), ("company", "Acme")];
        }
        (await registrar.App.AnswerAsync("sign_up_passkey", await MadeAsync(Base64Url.EncodeToString(new byte[32])))).Body.GetProperty("code").GetString().ShouldBe("passkey_invalid");
        (await RegistrationScenarioTests.UserAsync(world)).ShouldBeNull();
        var done = (await registrar.App.AnswerAsync("sign_up_passkey", await MadeAsync())).Body;
        done.GetProperty("state").GetString().ShouldBe("completed");
        var tokens = await registrar.App.RedeemAsync(done.GetProperty("authorization_code").GetString()!);
        HeadlessApp.Claims(tokens.Body).GetProperty("amr").EnumerateArray().Select(a => a.GetString()).ShouldContain("mfa");
        // And in again with it.
        var started = await registrar.App.StartAsync();
        var challenge = started.Body.GetProperty("steps").EnumerateArray().First(s => s.GetProperty("name").GetString() == "passkey").GetProperty("data").GetProperty("challenge").GetString()!;
        (await registrar.App.AnswerAsync("passkey", key.Get(PasskeyWorld.RpId, challenge, new Uri(world.Tenant.Url).GetLeftPart(UriPartial.Authority)))).Body.GetProperty("state").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Says_to_programs_what_an_answer_is_like()
    {
        using var world = await SignInWorld.OpenAsync();
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration",
            """{"id":"more","type":"collect","fields":[{"attribute":"size","schema":{"type":"integer","maximum":5},"label":{"en":"Size"},"required":true}]}""",
            """{"id":"tos","type":"terms","terms":"tos","version":"3","title":{"en":"Terms of use"},"text":{"en":"Be kind."}}""");
        using var registrar = await OpenAsync(world);
        await registrar.AskAsync(New);
        await registrar.ProveAsync(New);
        var step = registrar.Last.GetProperty("steps").EnumerateArray().First(s => s.GetProperty("name").GetString() == "sign_up_password");
        var properties = step.GetProperty("schema").GetProperty("properties");
        properties.EnumerateObject().Select(p => p.Name).ShouldBe(["password", "size", "terms.tos"]);
        properties.GetProperty("terms.tos").GetProperty("const").GetString().ShouldBe("3");
        step.GetProperty("data").GetProperty("terms")[0].GetProperty("text").GetString().ShouldBe("Be kind.");
        step.GetProperty("data").GetProperty("email").GetString().ShouldBe(New);
        var wrong = await registrar.App.PostAsync("submit", new { auth_session = registrar.App.Session, step = "sign_up_password", values = new Dictionary<string, object> { ["password"] = PageBrowser.Password, ["size"] = 6, ["terms.tos"] = "3" } });
        wrong.Body.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("value_too_large");
        var done = await registrar.App.PostAsync("submit", new { auth_session = registrar.App.Session, step = "sign_up_password", values = new Dictionary<string, object> { ["password"] = PageBrowser.Password, ["size"] = 5, ["terms.tos"] = "3" } });
        done.Body.GetProperty("state").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Guesses_and_messages_are_limited()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        using var registrar = await OpenAsync(world);
        await registrar.AskAsync(New);
        var code = (await Registrar.FindCodeAsync(server, world.Tenant, New)).ShouldNotBeNull();
        for (var i = 0; i < 5; i++) (await registrar.TypeAsync(Not(code))).ShouldBe(new Stand("code", "code_wrong"));
        (await registrar.TypeAsync(code)).ShouldBe(new Stand("code", "code_wrong"), "five tries, then another code");
        for (var i = 1; i < 60; i++) (await registrar.NameAsync($"bea{i}@example.com")).ShouldBe(new Stand("sent"));
        (await registrar.NameAsync("bea60@example.com")).ShouldBe(new Stand("address", "mails_too_many"));
        (await world.MailsAsync("bea60@example.com")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task A_proved_address_has_no_end_of_answers_judged(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var registrar = await OpenAsync(world);
        await registrar.AskAsync(New);
        await registrar.ProveAsync(New);
        async Task<string?> TryAsync(string password) => (await registrar.App.AnswerAsync("sign_up_password", ("password", password))).Body.TryGetProperty("code", out var code) ? code.GetString() : null;
        for (var i = 0; i < 20; i++) (await TryAsync("short")).ShouldBe("password_too_short");
        (await TryAsync(PageBrowser.Password)).ShouldBe("password_tries_too_many");
        (await RegistrationScenarioTests.UserAsync(world)).ShouldBeNull();
    }

    [GeneratedRegex("int_[0-9a-z]{26}\\.gh_as_[A-Za-z0-9_-]{43}|\"expires_at\":\"[^\"]*\"|\"again_in\":[0-9]+|urn:uuid:[^\"]*|\"trace_?[iI]d\":\"[^\"]*\"|\"request_id\":\"[^\"]*\"")]
    private static partial Regex Secrets();
}
