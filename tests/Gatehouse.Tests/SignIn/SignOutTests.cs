using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.SignIn;

public sealed class SignOutTests
{
    [Theory, BothDatabases]
    public async Task Asks_then_ends_the_session(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var ask = (await world.Browser.GetAsync("signout")).ShouldBe(HttpStatusCode.OK, "Sign out?");
        ask.Text.ShouldContain(SignInWorld.Email);
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue("looking ends nothing");
        (await world.Browser.SubmitAsync(ask, [])).ShouldBe(HttpStatusCode.OK, "You are signed out");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.AuditAsync("session.ended")).Single().Outcome.ShouldBe("success");
        (await world.Browser.SubmitAsync(ask, [])).ShouldBe(HttpStatusCode.OK, "You are signed out");
        (await world.AuditAsync("session.ended")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ends_nothing_without_the_form_s_token()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var answer = await world.Browser.Http.PostAsync("signout", new FormUrlEncodedContent([]));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Shows_a_stranger_that_nobody_is_signed_in()
    {
        using var world = await SignInWorld.OpenAsync();
        (await world.Browser.GetAsync("signout")).ShouldBe(HttpStatusCode.OK, "You are signed out");
    }

    [Theory, InlineData("nonsense"), InlineData("gh_ss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), InlineData("\"")]
    public async Task Takes_a_broken_cookie_for_none(string cookie)
    {
        using var world = await SignInWorld.OpenAsync();
        using var client = world.Server.Client(world.Tenant);
        await world.Browser.SignInAsync(SignInWorld.Email);
        Kernel.TenantId.TryParse(world.Tenant.Id, out var tenant).ShouldBeTrue();
        var name = $"gh-session-{Kernel.Base32.Encode(tenant.Value)[16..]}";
        client.DefaultRequestHeaders.Add("Cookie", $"{name}={cookie}");
        using var account = await client.GetAsync("account");
        account.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        account.Headers.Location!.AbsolutePath.ShouldEndWith("/signin");
    }
}
