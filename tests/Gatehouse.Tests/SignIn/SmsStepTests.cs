using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

public sealed class SmsStepTests
{
    private const string Wrong = "This code is wrong, has been used", Typed = "0170 1234567";

    private static object Settings(params string[] methods) =>
        new { sign_in = new { methods = methods.Length > 0 ? methods : ["password", "passkey"] }, sms = new { allowed_countries = new[] { "DE" }, default_country = "DE" } };

    /// <summary>A person with a proved number; with <paramref name="second"/>, one who has her second step's codes sent there.</summary>
    private static async Task<SignInWorld> OpenAsync(TestDatabase database, bool second, params string[] methods)
    {
        var world = await SignInWorld.OpenAsync(database, Settings(methods));
        await EnableAsync(world, second);
        return world;
    }

    private static async Task EnableAsync(SignInWorld world, bool second = true)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var added = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/phones", new { number = SmsWorld.Number, verified = true });
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        if (!second) return;
        UserId.TryParse(world.UserId, out var id).ShouldBeTrue();
        var (context, users, sms) = (await People.ContextAsync(world.Server, world.Tenant), world.Server.Services.GetRequiredService<UserDirectory>(), world.Server.Services.GetRequiredService<SmsAuthenticator>());
        var user = (await world.Server.InAsync(context, tx => users.FindAsync(tx, id, default)))!;
        (await world.Server.InAsync(context, tx => sms.TryEnableAsync(tx, id, user.Phones[0].Id, default))).ShouldBeTrue();
    }

    private static async Task<IReadOnlyList<string?>> MethodsAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var response = await admin.GetAsync($"api/v1/users/{world.UserId}/sessions");
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("methods").EnumerateArray().Select(m => m.GetString())];
    }

    [Theory, BothDatabases]
    public async Task Asks_for_the_code_after_the_password_when_she_wants_one_sent(TestDatabase database)
    {
        using var world = await OpenAsync(database, second: true);
        var step = await world.Browser.SignInAsync(SignInWorld.Email);
        step.ShouldBe(HttpStatusCode.OK, "Get a code").Text.ShouldContain("+49 ••• 67");
        step.Text.ShouldNotContain("1701234567");
        await world.Browser.GetAsync(step.Address.ToString());
        (await world.Server.TextsAsync(world.Tenant)).ShouldBeEmpty("no page that is opened costs anything");
        var page = await world.Browser.SubmitAsync(step, [], "/signin/send");
        page.ShouldBe(HttpStatusCode.OK, "Check your phone");
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(page, [("code", code == "000000" ? "000001" : "000000")], "/signin/code")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.SubmitAsync(page, [("code", code)], "/signin/code")).ShouldBe(HttpStatusCode.OK, "Your account");
        (await MethodsAsync(world)).ShouldBe(["pwd", "sms", "mfa"]);

        using var thief = world.AnotherBrowser();
        var half = await thief.SubmitAsync(await thief.SignInAsync(SignInWorld.Email), [], "/signin/send");
        (await thief.SubmitAsync(half, [("code", code)], "/signin/code")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
    }

    [Theory, BothDatabases]
    public async Task A_code_of_another_run_is_wrong(TestDatabase database)
    {
        using var world = await OpenAsync(database, second: true);
        using var thief = world.AnotherBrowser();
        var hers = await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email), [], "/signin/send");
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        var theirs = await thief.SubmitAsync(await thief.SignInAsync(SignInWorld.Email), [], "/signin/send");
        var own = await world.Server.TextedCodeAsync(world.Tenant);
        if (own != code) (await thief.SubmitAsync(theirs, [("code", code)], "/signin/code")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.SubmitAsync(hers, [("code", code)], "/signin/code")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Survives_no_guessing_and_counts_it_apart_from_code_apps(TestDatabase database)
    {
        using var world = await OpenAsync(database, second: true);
        var page = await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email), [], "/signin/send");
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        for (var i = 0; i < OneTimeCodes.MaxTries; i++) await world.Browser.SubmitAsync(page, [("code", "12345")], "/signin/code");
        (await world.Browser.SubmitAsync(page, [("code", code)], "/signin/code")).ShouldBe(HttpStatusCode.UnprocessableEntity, Wrong);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_send_one_code_at_once_one_gets_in(TestDatabase database)
    {
        using var world = await OpenAsync(database, second: true);
        var page = await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email), [], "/signin/send");
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.Browser.SendAsync(page, [("code", code)], "/signin/code")));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Signs_in_with_a_number_where_the_tenant_lets_people_begin_so(TestDatabase database)
    {
        using var world = await OpenAsync(database, second: false, "password", "sms_code");
        var first = await world.Browser.GetAsync("signin");
        first.Text.ShouldContain("E-mail or phone number");
        var page = await world.Browser.SubmitAsync(first, [("email", Typed)]);
        page.ShouldBe(HttpStatusCode.OK, "Check your phone").Address.AbsolutePath.ShouldEndWith("/signin/sms");
        using var stranger = world.AnotherBrowser();
        var nobody = await stranger.SubmitAsync(await stranger.GetAsync("signin"), [("email", "0170 7654321")]);
        nobody.Shape("491707654321").ShouldBe(page.Shape(SmsWorld.Number[1..]));
        (await world.Server.TextsAsync(world.Tenant, "+491707654321")).ShouldBeEmpty();
        (await world.Browser.SubmitAsync(page, [("code", await world.Server.TextedCodeAsync(world.Tenant))], "/signin/sms")).ShouldBe(HttpStatusCode.OK, "Your account");
        (await MethodsAsync(world)).ShouldBe(["sms"]);
    }

    [Fact]
    public async Task One_telephone_is_never_both_steps()
    {
        using var world = await OpenAsync(TestDatabase.Sqlite, second: true, "password", "sms_code");
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", Typed)]);
        var next = await world.Browser.SubmitAsync(page, [("code", await world.Server.TextedCodeAsync(world.Tenant))], "/signin/sms");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        next.Text.ShouldContain("Sign in");
        // Not by going to the other step's page, nor by having it send, either.
        (await world.Browser.GetAsync($"signin/code{page.Address.Query}&way=sms")).Address.AbsolutePath.ShouldNotContain("/signin/code");
        using (await world.Browser.SendAsync(page, [], "/signin/send")) { }
        using (var forged = await world.Browser.Http.PostAsync($"signin/send{page.Address.Query}&step=sms", new FormUrlEncodedContent(page.Form("/signin/send").Hidden)))
            forged.Headers.Location?.ToString().ShouldNotContain("/signin/code");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        // Address and password, and then the telephone: two.
        var step = await world.Browser.SignInAsync(SignInWorld.Email);
        var sent = await world.Browser.SubmitAsync(step, [], "/signin/send");
        (await world.Browser.SubmitAsync(sent, [("code", await world.Server.TextedCodeAsync(world.Tenant))], "/signin/code")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task A_password_alone_sets_up_no_application_beside_her_telephone(TestDatabase database)
    {
        using var world = await OpenAsync(database, second: true);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"app","type":"second_factor","any_of":["totp"],"enrol":true}""");
        var step = await world.Browser.SignInAsync(SignInWorld.Email);
        step.ShouldBe(HttpStatusCode.OK, "Get a code").Address.Query.ShouldContain("way=sms");
        (await world.Browser.GetAsync($"signin/enrol{step.Address.Query}")).Address.AbsolutePath.ShouldEndWith("/signin/code");
        var sent = await world.Browser.SubmitAsync(step, [], "/signin/send");
        var enrol = await world.Browser.SubmitAsync(sent, [("code", await world.Server.TextedCodeAsync(world.Tenant))], "/signin/code");
        enrol.Address.AbsolutePath.ShouldEndWith("/signin/enrol");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(enrol, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(enrol), world.Server))])).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        (await MethodsAsync(world)).ShouldBe(["pwd", "sms", "otp", "mfa"]);

        // Now that she has one, a message does not stand in for it.
        await world.Browser.SignOutAsync();
        var again = await world.Browser.SignInAsync(SignInWorld.Email);
        again.Address.Query.ShouldNotContain("way=sms");
        (await world.Browser.GetAsync($"signin/code{again.Address.Query}&way=sms")).Address.Query.ShouldNotContain("way=sms");
        using (await world.Browser.Http.PostAsync($"signin/send{again.Address.Query}&step=sms", new FormUrlEncodedContent(again.Form("/signin/code").Hidden))) { }
        (await world.Server.TextsAsync(world.Tenant)).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Says_the_same_of_every_number_when_limits_are_reached(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new
        {
            sign_in = new { methods = new[] { "password", "sms_code" } }, sms = new { allowed_countries = new[] { "DE" }, default_country = "DE" }, limits = new { sms_per_prefix_hour = 1 },
        });
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var added = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/phones", new { number = SmsWorld.Number, verified = true }))
            added.StatusCode.ShouldBe(HttpStatusCode.Created);
        async Task<string> AskAsync(string number)
        {
            using var browser = world.AnotherBrowser();
            var page = await browser.SubmitAsync(await browser.GetAsync("signin"), [("email", number)]);
            return page.ShouldBe(HttpStatusCode.OK, "Check your phone").Shape(number[1..]);
        }
        // Nobody's share is gone with the first, hers is not: one is sent and one is not, and nobody can tell.
        var first = await AskAsync("+491701234599");
        (await AskAsync("+491701234598")).ShouldBe(first);
        (await AskAsync(SmsWorld.Number)).ShouldBe(first);
        (await world.Server.TextsAsync(world.Tenant)).Count.ShouldBe(1);
        (await AskAsync(SmsWorld.Number)).ShouldBe(first);
        (await world.Server.TextsAsync(world.Tenant)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Strangers_do_not_use_up_what_she_needs_for_her_second_step()
    {
        using var world = await SignInWorld.OpenAsync(TestDatabase.Sqlite, new
        {
            sign_in = new { methods = new[] { "password", "sms_code" } }, sms = new { allowed_countries = new[] { "DE" }, default_country = "DE" }, limits = new { sms_per_number_hour = 1 },
        });
        await EnableAsync(world);
        using (var stranger = world.AnotherBrowser()) await stranger.SubmitAsync(await stranger.GetAsync("signin"), [("email", SmsWorld.Number)]);
        (await world.Server.TextsAsync(world.Tenant)).Count.ShouldBe(1);
        await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email), [], "/signin/send");
        (await world.Server.TextsAsync(world.Tenant)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Takes_numbers_only_where_they_are_offered()
    {
        using var world = await OpenAsync(TestDatabase.Sqlite, second: false);
        var first = await world.Browser.GetAsync("signin");
        (await world.Browser.SubmitAsync(first, [("email", SmsWorld.Number)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using (await world.Browser.Http.PostAsync($"signin/send{first.Address.Query}&step=sms_code", new FormUrlEncodedContent(first.Form("/signin").Hidden))) { }
        (await world.Server.TextsAsync(world.Tenant)).ShouldBeEmpty();
    }
}
