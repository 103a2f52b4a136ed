using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed class PasswordStepTests
{
    private const string Refusal = "The address or the password is wrong, or there were too many attempts.";

    [Theory, BothDatabases]
    public async Task Signs_in_and_returns_to_where_it_was_asked_for(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var page = await world.Browser.SignInAsync("ANN@example.com", path: "account/sessions");
        page.ShouldBe(HttpStatusCode.OK, "This browser").Address.AbsolutePath.ShouldEndWith("/account/sessions");
        (await world.AuditAsync("session.started")).Single().Outcome.ShouldBe("success");
    }

    [Fact]
    public async Task Answers_with_a_page_that_moves_on_by_itself()
    {
        using var world = await SignInWorld.OpenAsync();
        var step = await StepAsync(world);
        using var answer = await world.Browser.SendAsync(step, [("password", PageBrowser.Password)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Refresh").Single().ShouldBe($"0;url={world.Tenant.Url}/account");
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"href=\"{world.Tenant.Url}/account\"");
        answer.Headers.GetValues("Set-Cookie").ShouldContain(c => c.Contains("gh-session", StringComparison.Ordinal) && c.Contains("httponly", StringComparison.OrdinalIgnoreCase)
            && c.Contains("samesite=lax", StringComparison.OrdinalIgnoreCase) && c.Contains("path=/;", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Redirects_a_program_that_is_no_browser()
    {
        using var world = await SignInWorld.OpenAsync();
        var step = await StepAsync(world);
        world.Browser.Http.DefaultRequestHeaders.Remove("Sec-Fetch-Mode");
        using var answer = await world.Browser.SendAsync(step, [("password", PageBrowser.Password)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe(world.Tenant.Url + "/account");
    }

    [Fact]
    public async Task Refuses_a_wrong_password_an_unknown_address_and_a_disabled_user_alike()
    {
        using var world = await SignInWorld.OpenAsync();
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        {
            var eve = await SignInWorld.NewUserAsync(world.Server, world.Tenant, "dan@example.com");
            using var disabled = await admin.PostAsync($"api/v1/users/{eve}/disable", null);
            disabled.IsSuccessStatusCode.ShouldBeTrue();
        }
        var wrong = await RefusedAsync(world, "eve@example.com", "not the password at all");
        var unknown = await RefusedAsync(world, "who@example.com", PageBrowser.Password);
        var disabledUser = await RefusedAsync(world, "dan@example.com", PageBrowser.Password);
        unknown.ShouldBe(wrong);
        disabledUser.ShouldBe(wrong);
        (await world.AuditAsync("session.refused")).Select(e => e.Reason).ShouldBe(["user_disabled", "unknown_user", "wrong_password"]);
    }

    [Fact]
    public async Task Says_the_same_when_there_were_too_many_attempts()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { limits = new { failures_per_user = 3 } });
        string? first = null;
        for (var i = 0; i < 4; i++)
        {
            var shape = await RefusedAsync(world, SignInWorld.Email, "not the password at all");
            shape.ShouldBe(first ??= shape);
        }
        (await RefusedAsync(world, SignInWorld.Email, PageBrowser.Password)).ShouldBe(first);
        (await world.AuditAsync("session.refused")).Count(e => e.Reason == "throttled" && e.Outcome == "denied").ShouldBe(1);
    }

    [Fact]
    public async Task Asks_for_a_password_that_was_left_out_without_counting()
    {
        using var world = await SignInWorld.OpenAsync();
        (await world.Browser.SubmitAsync(await StepAsync(world), [("password", "")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter your password.");
        (await world.AuditAsync("session.refused")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Takes_two_clicks_for_one()
    {
        using var world = await SignInWorld.OpenAsync();
        var step = await StepAsync(world);
        (string, string)[] fields = [("password", PageBrowser.Password)];
        var answers = await Task.WhenAll(world.Browser.SendAsync(step, fields), world.Browser.SendAsync(step, fields));
        foreach (var answer in answers) answer.Headers.GetValues("Refresh").Single().ShouldEndWith("/account");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.Browser.SubmitAsync(step, fields)).Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Fact]
    public async Task Gives_every_sign_in_a_new_secret()
    {
        using var world = await SignInWorld.OpenAsync();
        var step = await StepAsync(world);
        using var first = await world.Browser.SendAsync(step, [("password", PageBrowser.Password)]);
        using var second = await world.Browser.SendAsync(step, [("password", PageBrowser.Password)]);
        Cookie(second).ShouldNotBe(Cookie(first));
        using var thief = world.Server.Client(world.Tenant);
        thief.DefaultRequestHeaders.Add("Cookie", Cookie(first));
        using var answer = await thief.GetAsync("account");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Trusts_no_form_for_whose_password_it_is()
    {
        using var world = await SignInWorld.OpenAsync();
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        var step = await StepAsync(world);
        var page = await world.Browser.SubmitAsync(step, [("password", PageBrowser.Password), ("username", "eve@example.com"), ("email", "eve@example.com")]);
        page.Text.ShouldContain(SignInWorld.Email);
        page.Text.ShouldNotContain("eve@example.com");
    }

    [Fact]
    public async Task Goes_back_to_the_address_when_it_is_not_hers()
    {
        using var world = await SignInWorld.OpenAsync();
        var step = await StepAsync(world);
        step.Text.ShouldContain("Not you?");
        var back = await world.Browser.GetAsync($"signin{step.Address.Query}&existing=1");
        back.Html.ShouldContain($"value=\"{SignInWorld.Email}\"");
    }

    [Fact]
    public async Task Begins_with_the_address_when_none_was_given()
    {
        using var world = await SignInWorld.OpenAsync();
        var start = await world.Browser.GetAsync("signin");
        (await world.Browser.GetAsync($"signin/password{start.Address.Query}")).Address.AbsolutePath.ShouldEndWith("/signin");
    }

    private static async Task<PageView> StepAsync(SignInWorld world, string email = SignInWorld.Email) =>
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", email)]);

    private static async Task<string> RefusedAsync(SignInWorld world, string email, string password)
    {
        var page = await world.Browser.SubmitAsync(await StepAsync(world, email), [("password", password)]);
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, Refusal);
        page.Html.ShouldNotContain(password);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        return page.Shape(email);
    }

    private static string Cookie(HttpResponseMessage response) =>
        response.Headers.GetValues("Set-Cookie").Single(c => c.Contains("gh-session", StringComparison.Ordinal)).Split(';')[0];
}
