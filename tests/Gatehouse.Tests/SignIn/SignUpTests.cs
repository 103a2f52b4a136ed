using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed class SignUpTests
{
    [Fact]
    public async Task Counts_an_IPv6_site_beside_its_networks()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Http:TrustedProxies"] = "127.0.0.1" } });
        using var world = await SignInWorld.OpenAsync(server);
        var form = await world.Browser.GetAsync("signin/forgot");
        async Task<HttpStatusCode> AskAsync(int number)
        {
            using var answer = await world.Browser.SendAsync(form, [("email", $"victim{number}@example.com")]);
            return answer.StatusCode;
        }
        async Task<HttpStatusCode[]> AskFromAsync(string network, IEnumerable<int> numbers)
        {
            world.Browser.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            world.Browser.Http.DefaultRequestHeaders.Add("X-Forwarded-For", network);
            return await Task.WhenAll(numbers.Select(AskAsync));
        }
        for (var i = 0; i < 600; i += 50) (await AskFromAsync($"2001:db8:7:{i:x}::1", Enumerable.Range(i, 50))).ShouldAllBe(s => s == HttpStatusCode.SeeOther);
        (await AskFromAsync("2001:db8:7:ffff::1", [600])).ShouldBe([HttpStatusCode.TooManyRequests]);
        (await AskFromAsync("2001:db8:8::1", [601])).ShouldBe([HttpStatusCode.SeeOther]);
    }

    private const string New = "bea@example.com";

    [Theory]
    [InlineData("a\u0007b")]
    [InlineData("\u202eaeB")]
    public async Task Refuses_a_name_that_could_not_be_hers_before_it_sends_anything(string name)
    {
        using var world = await SignInWorld.OpenAsync();
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", New), ("name", name)]);
        page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, page.Text);
        (await world.MailsAsync(New)).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Makes_an_account_of_a_proved_address_and_signs_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var sent = await RequestAsync(world, New);
        sent.ShouldBe(HttpStatusCode.OK, "Check your mail").Address.AbsolutePath.ShouldEndWith("/signup/sent");
        var choose = (await world.Browser.GetAsync(await world.LinkAsync("verify_email", New))).ShouldBe(HttpStatusCode.OK, "Choose a password instead");
        choose.Text.ShouldContain(New);
        choose.Html.ShouldContain("autocomplete=\"new-password\"");
        var account = await world.Browser.SubmitAsync(choose, [("password", PageBrowser.Password)]);
        account.ShouldBe(HttpStatusCode.OK, "Your account").Text.ShouldContain("Verified");
        account.Text.ShouldContain("Bea");
        (await world.AuditAsync("user.registered")).Single().Outcome.ShouldBe("success");
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);

        await world.Browser.SignOutAsync();
        (await world.Browser.SignInAsync(New)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Answers_known_and_unknown_addresses_alike_and_tells_the_owner()
    {
        using var world = await SignInWorld.OpenAsync();
        var unknown = await RequestAsync(world, New);
        var known = await RequestAsync(world, "Ann@EXAMPLE.com");
        known.Status.ShouldBe(unknown.Status);
        known.Shape().ShouldBe(unknown.Shape());
        (await world.MailsAsync(New)).ShouldBe(["verify_email"]);
        (await world.MailsAsync()).ShouldBe(["already_registered"]);
        (await world.AuditAsync("registration.requested")).Select(e => e.Reason).ShouldBe(["already_registered", "link_sent"]);
    }

    [Fact]
    public async Task Lets_a_mail_scanner_look_as_often_as_it_likes()
    {
        using var world = await SignInWorld.OpenAsync();
        await RequestAsync(world, New);
        var link = await world.LinkAsync("verify_email", New);
        using var scanner = world.AnotherBrowser();
        for (var i = 0; i < 3; i++) (await scanner.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Choose a password instead");
        var account = await world.Browser.SubmitAsync(await world.Browser.GetAsync(link), [("password", PageBrowser.Password)]);
        account.ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Works_once()
    {
        using var world = await SignInWorld.OpenAsync();
        await RequestAsync(world, New);
        var choose = await world.Browser.GetAsync(await world.LinkAsync("verify_email", New));
        await world.Browser.SubmitAsync(choose, [("password", PageBrowser.Password)]);
        (await world.Browser.SubmitAsync(choose, [("password", "a different sequence of words")])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.Browser.GetAsync(choose.Address.ToString())).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works").Text.ShouldContain("Get a new link");
        await world.Browser.SignOutAsync();
        (await world.Browser.SignInAsync(New)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Gives_the_address_to_the_first_of_two_links()
    {
        using var world = await SignInWorld.OpenAsync();
        await RequestAsync(world, New);
        var first = await world.Browser.GetAsync(await world.LinkAsync("verify_email", New));
        await RequestAsync(world, New);
        var second = await world.Browser.GetAsync(await world.LinkAsync("verify_email", New));
        (await world.Browser.SubmitAsync(first, [("password", PageBrowser.Password)])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.Browser.SubmitAsync(second, [("password", "a different sequence of words")])).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
    }

    [Fact]
    public async Task Expires()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        await RequestAsync(world, New);
        var link = await world.LinkAsync("verify_email", New);
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
    }

    [Theory, InlineData("short", "Use at least 15 characters."), InlineData("passwordpassword", "lists of common passwords")]
    public async Task Says_what_is_wrong_with_a_password_and_keeps_the_link(string password, string said)
    {
        using var world = await SignInWorld.OpenAsync();
        await RequestAsync(world, New);
        var choose = await world.Browser.GetAsync(await world.LinkAsync("verify_email", New));
        var again = await world.Browser.SubmitAsync(choose, [("password", password)]);
        again.ShouldBe(HttpStatusCode.UnprocessableEntity, said);
        (await world.Browser.SubmitAsync(again, [("password", PageBrowser.Password)])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Takes_up_the_sign_in_it_interrupted()
    {
        using var world = await SignInWorld.OpenAsync();
        var start = await world.Browser.GetAsync("account/password");
        var form = await world.Browser.GetAsync($"signup{start.Address.Query}");
        await world.Browser.SubmitAsync(form, [("email", New)]);
        var link = await world.LinkAsync("verify_email", New);
        var done = await world.Browser.SubmitAsync(await world.Browser.GetAsync(link), [("password", PageBrowser.Password)]);
        done.Address.AbsolutePath.ShouldEndWith("/account/password");
    }

    [Fact]
    public async Task Works_in_another_browser_than_it_began_in()
    {
        using var world = await SignInWorld.OpenAsync();
        var start = await world.Browser.GetAsync("account/password");
        await world.Browser.SubmitAsync(await world.Browser.GetAsync($"signup{start.Address.Query}"), [("email", New)]);
        using var phone = world.AnotherBrowser();
        var done = await phone.SubmitAsync(await phone.GetAsync(await world.LinkAsync("verify_email", New)), [("password", PageBrowser.Password)]);
        done.ShouldBe(HttpStatusCode.OK, "Your account").Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Fact]
    public async Task Says_that_it_is_closed()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { registration = new { open = false } });
        (await world.Browser.GetAsync("signup")).ShouldBe(HttpStatusCode.Forbidden, "Sign-up is closed");
        var page = await world.Browser.GetAsync("signin/forgot");
        using var post = await world.Browser.Http.PostAsync("signup", new FormUrlEncodedContent(new Dictionary<string, string>(page.Form().Hidden) { ["email"] = New }));
        post.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await world.MailsAsync(New)).ShouldBeEmpty();
    }

    [Theory, InlineData("gh_ln_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), InlineData("nonsense"), InlineData("")]
    public async Task Knows_no_invented_link(string token)
    {
        using var world = await SignInWorld.OpenAsync();
        (await world.Browser.GetAsync($"signup/verify?token={token}")).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
    }

    /// <summary>A reset link does not verify, and a verification link of one tenant is nothing in another.</summary>
    [Fact]
    public async Task Takes_no_link_of_another_purpose_or_tenant()
    {
        using var world = await SignInWorld.OpenAsync();
        using var other = await SignInWorld.OpenAsync();
        await RequestAsync(world, New);
        var token = new Uri(await world.LinkAsync("verify_email", New)).Query;
        (await world.Browser.GetAsync($"signin/reset{token}")).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await other.Browser.GetAsync($"signup/verify{token}")).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
    }

    [Fact]
    public async Task Writes_in_the_language_of_the_page()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup?lang=fa"), [("email", New)]);
        (await Mailbox.ReadAsync(world.Server, world.Tenant, New)).Single().Locale.ShouldBe("fa");
        var choose = await world.Browser.GetAsync(await world.LinkAsync("verify_email", New));
        choose.Html.ShouldContain("dir=\"rtl\"");
    }

    [Fact]
    public async Task Refuses_a_name_that_hides_something()
    {
        using var world = await SignInWorld.OpenAsync();
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", New), ("name", new string('x', 201))]);
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter a name of at most 200 characters");
    }

    private static async Task<PageView> RequestAsync(SignInWorld world, string email) =>
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", email), ("name", "Bea")]);
}
