using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>A password that must change is right for one thing only: choosing another.</summary>
public sealed class NewPasswordStepTests
{
    private const string Given = "chosen by an administrator", Fresh = "quite another sequence of words";

    private static async Task GiveAsync(TestServer server, TestTenant tenant, string user, string password = Given)
    {
        using var admin = await server.AdminAsync(tenant);
        using var set = await admin.PutAsJsonAsync($"api/v1/users/{user}/password", new { password, must_change = true });
        set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, BothDatabases]
    public async Task Asks_for_another_before_the_session_begins(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await GiveAsync(world.Server, world.Tenant, world.UserId);
        using var elsewhere = world.AnotherBrowser();
        var step = await world.Browser.SignInAsync(SignInWorld.Email, Given);
        step.ShouldBe(HttpStatusCode.OK, "The people who run this service ask you to replace your password.");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();

        (await world.Browser.SubmitAsync(step, [("new_password", "")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter your password.");
        (await world.Browser.SubmitAsync(step, [("new_password", "short")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Use at least 15 characters.");
        (await world.Browser.SubmitAsync(step, [("new_password", Given)])).ShouldBe(HttpStatusCode.UnprocessableEntity, "You have used this password here before.");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(step, [("new_password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();

        (await world.MailsAsync()).ShouldBe(["password_changed", "password_changed"]);
        (await world.AuditAsync("password.changed")).Single().Reason.ShouldBe("administrator");
        (await elsewhere.SignInAsync(SignInWorld.Email, Given)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await elsewhere.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        // The button back finds what was done.
        (await world.Browser.GetAsync("signin/new-password" + step.Address.Query)).Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Theory, BothDatabases]
    public async Task Says_why_in_either_language(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server, new { passwords = new { max_age_days = 30 } });
        server.Clock.Advance(TimeSpan.FromDays(31));
        (await world.Browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your password is older than this service allows.");
        using var persian = world.AnotherBrowser();
        persian.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fa");
        var step = await persian.SignInAsync(SignInWorld.Email);
        step.ShouldBe(HttpStatusCode.OK, "گذرواژهٔ شما قدیمی‌تر از آن است که این سرویس می‌پذیرد.");
        await persian.SubmitAsync(step, [("new_password", Fresh)]);
        (await persian.IsSignedInAsync()).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task A_breached_password_signs_nobody_in(TestDatabase database)
    {
        var service = new Credentials.RangeServer();
        await using var end = service;
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Credentials:BreachedRangeUrl"] = service.Url } });
        using var world = await SignInWorld.OpenAsync(server, new { passwords = new { breach_check = "online" } });
        service.Known[PageBrowser.Password] = 7;
        service.Known["also stolen some time ago"] = 1;
        var step = await world.Browser.SignInAsync(SignInWorld.Email);
        step.ShouldBe(HttpStatusCode.OK, "Your password is on a published list of stolen passwords.");
        (await world.Browser.SubmitAsync(step, [("new_password", "also stolen some time ago")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Choose another one");
        (await world.Browser.SubmitAsync(step, [("new_password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.AuditAsync("password.changed")).Single().Reason.ShouldBe("breached");
    }

    /// <summary>Whoever knows only the old password must not set the new one, whichever address she opens.</summary>
    [Theory, BothDatabases]
    public async Task Comes_after_the_second_step(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await GiveAsync(world.Server, world.Tenant, world.UserId);
        using var thief = world.AnotherBrowser();
        var code = await thief.SignInAsync(SignInWorld.Email, Given);
        code.ShouldBe(HttpStatusCode.OK, "Enter the code");
        (await thief.GetAsync("signin/new-password" + code.Address.Query)).Address.AbsolutePath.ShouldEndWith("/signin/code");
        // A form made by hand, with this browser's own token.
        var forged = new FormUrlEncodedContent(new Dictionary<string, string>(code.Form().Hidden) { ["new_password"] = Fresh });
        using (var answer = await thief.Http.PostAsync("signin/new-password" + code.Address.Query, forged)) answer.Headers.Location!.ToString().ShouldContain("/signin/code");

        var step = await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email, Given), [("code", world.Code())]);
        step.ShouldBe(HttpStatusCode.OK, "Choose a new password");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(step, [("new_password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.AuditAsync("session.started")).Count.ShouldBeGreaterThan(0);
        (await thief.SubmitAsync(code, [("code", world.Code(1))])).Address.AbsolutePath.ShouldEndWith("/signin/password");
    }

    [Theory, BothDatabases]
    public async Task Comes_before_a_second_step_is_set_up(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sign_in = new { second_factor = "required" } });
        await GiveAsync(world.Server, world.Tenant, world.UserId);
        var step = await world.Browser.SignInAsync(SignInWorld.Email, Given);
        (await world.Browser.GetAsync("signin/enrol" + step.Address.Query)).Address.AbsolutePath.ShouldEndWith("/signin/new-password");
        var enrol = await world.Browser.SubmitAsync(step, [("new_password", Fresh)]);
        enrol.ShouldBe(HttpStatusCode.OK, "Set up two-step sign-in");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        var done = await world.Browser.SubmitAsync(enrol, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(enrol), world.Server))]);
        done.ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Of_64_answers_at_once_one_counts(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await GiveAsync(world.Server, world.Tenant, world.UserId);
        var step = await world.Browser.SignInAsync(SignInWorld.Email, Given);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => world.Browser.SendAsync(step, [("new_password", $"number {i} of many sequences of words")]))));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
        (await world.AuditAsync("password.changed")).Count.ShouldBe(1);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Belongs_to_the_run_and_the_password_that_was_proved()
    {
        using var world = await SignInWorld.OpenAsync();
        await GiveAsync(world.Server, world.Tenant, world.UserId);
        var step = await world.Browser.SignInAsync(SignInWorld.Email, Given);
        using var other = world.AnotherBrowser();
        (await other.GetAsync("signin/new-password" + step.Address.Query)).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired");
        // Set anew meanwhile: what was proved is worth nothing.
        await GiveAsync(world.Server, world.Tenant, world.UserId, "chosen by her once more");
        (await world.Browser.SubmitAsync(step, [("new_password", Fresh)])).Address.AbsolutePath.ShouldEndWith("/signin/password");
        (await other.SignInAsync(SignInWorld.Email, Fresh)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }
}
