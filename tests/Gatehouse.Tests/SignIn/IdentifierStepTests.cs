using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

public sealed class IdentifierStepTests
{
    [Theory, BothDatabases]
    public async Task Asks_for_the_address_and_goes_on_to_the_password(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var start = (await world.Browser.GetAsync("signin")).ShouldBe(HttpStatusCode.OK, "Sign in");
        start.Address.Query.ShouldStartWith("?interaction=int_");
        start.Html.ShouldContain("autocomplete=\"username webauthn\"");
        start.Html.ShouldContain("inputmode=\"email\"");
        var next = await world.Browser.SubmitAsync(start, [("email", "  Ann@Example.com ")]);
        next.Address.AbsolutePath.ShouldEndWith("/signin/password");
        next.ShouldBe(HttpStatusCode.OK, "Enter your password").Text.ShouldContain("Ann@Example.com");
    }

    [Fact]
    public async Task Answers_known_and_unknown_addresses_alike()
    {
        using var world = await SignInWorld.OpenAsync();
        var known = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
        var unknown = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", "who@example.com")]);
        unknown.Status.ShouldBe(known.Status);
        unknown.Shape("who@example.com").ShouldBe(known.Shape(SignInWorld.Email));
    }

    [Fact]
    public async Task Leads_a_signed_in_person_to_her_account()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.GetAsync("signin")).Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Theory, InlineData(""), InlineData("nobody"), InlineData("a@b@c.example"), InlineData("ann@-.example")]
    public async Task Says_at_the_field_what_an_address_looks_like(string email)
    {
        using var world = await SignInWorld.OpenAsync();
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", email)]);
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter an e-mail address like name@example.com.");
        page.Html.ShouldContain("aria-invalid=\"true\"");
        page.Html.ShouldContain("aria-describedby=\"f-email-error\"");
        page.Html.ShouldContain("role=\"alert\" tabindex=\"-1\" autofocus");
    }

    [Theory, InlineData("int_00000000000000000000000000"), InlineData("nonsense"), InlineData(""), InlineData("cli_00000000000000000000000001")]
    public async Task Offers_a_new_start_for_an_unknown_interaction(string id)
    {
        using var world = await SignInWorld.OpenAsync();
        foreach (var path in new[] { "signin", "signin/password" })
            (await world.Browser.GetAsync($"{path}?interaction={id}")).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired").Html.ShouldContain($"/t/{world.Tenant.Slug}/signin\"");
    }

    [Fact]
    public async Task Shows_another_browser_s_interaction_to_nobody()
    {
        using var world = await SignInWorld.OpenAsync();
        var theirs = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
        using var other = world.AnotherBrowser();
        await other.GetAsync("signin");
        var page = await other.GetAsync(theirs.Address.ToString());
        page.ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired").Text.ShouldNotContain(SignInWorld.Email);
    }

    [Fact]
    public async Task Ends_with_its_time()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        var start = await world.Browser.GetAsync("signin");
        server.Clock.Advance(TimeSpan.FromSeconds(3601));
        (await world.Browser.SubmitAsync(start, [("email", SignInWorld.Email)])).ShouldBe(HttpStatusCode.BadRequest, "This sign-in has expired");
    }

    [Fact]
    public async Task Offers_registration_only_where_it_is_open()
    {
        using var open = await SignInWorld.OpenAsync();
        (await open.Browser.GetAsync("signin")).Text.ShouldContain("Sign up");
        using var closed = await SignInWorld.OpenAsync(settings: new { registration = new { open = false } });
        (await closed.Browser.GetAsync("signin")).Text.ShouldNotContain("Sign up");
    }
}
