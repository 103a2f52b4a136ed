using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Account;

public sealed class OwnPasskeysTests
{
    [Theory, BothDatabases]
    public async Task Adds_renames_and_removes_a_passkey(TestDatabase database)
    {
        using var world = await PasskeyWorld.OpenAsync(database);
        await world.AddAsync(world.Browser, world.Key);
        (await world.People.MailsAsync()).ShouldBe(["passkey_added"]);
        (await world.People.AuditAsync("passkey.added")).ShouldHaveSingleItem().Outcome.ShouldBe("success");

        var page = (await world.Browser.GetAsync("account/passkeys")).ShouldBe(HttpStatusCode.OK, "My key");
        page = (await world.Browser.SubmitAsync(page, [("passkey", IdOn(page)), ("name", " گوشی\u200cمن ")], "/passkeys/rename")).ShouldBe(HttpStatusCode.OK, "گوشی\u200cمن");
        page = (await world.Browser.SubmitAsync(page, [("passkey", IdOn(page))], "/passkeys/remove")).ShouldBe(HttpStatusCode.OK, "No passkeys yet");
        (await world.People.AuditAsync("passkey.renamed")).Count.ShouldBe(1);
        (await world.People.AuditAsync("passkey.removed")).Count.ShouldBe(1);
        (await world.People.MailsAsync()).ShouldBe(["passkey_added", "passkey_removed"], ignoreOrder: true);
        await world.Browser.SignOutAsync();
        await world.RefuseAsync("credential_unknown");
    }

    [Fact]
    public async Task Asks_to_sign_in_again_after_five_minutes()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var people = await SignInWorld.OpenAsync(server);
        var fresh = await people.Browser.SignInAsync(SignInWorld.Email, path: "account/passkeys");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        var stale = (await people.Browser.GetAsync("account/passkeys")).ShouldBe(HttpStatusCode.OK, "Confirm that it is you");
        stale.Html.ShouldNotContain("data-passkey=\"create\"");
        var again = (await people.Browser.SubmitAsync(stale, [], "/passkeys/confirm")).ShouldBe(HttpStatusCode.OK, "Sign in");
        again.Html.ShouldContain(SignInWorld.Email);
        var step = await people.Browser.SubmitAsync(again, [("email", SignInWorld.Email)]);
        (await people.Browser.SubmitAsync(step, [("password", PageBrowser.Password)])).Html.ShouldContain("data-passkey=\"create\"");

        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await people.Browser.SubmitAsync(fresh, [("passkey", "pky_00000000000000000000000001")], "/passkeys/add")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Removes_nothing_from_a_session_that_is_not_fresh()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var people = await SignInWorld.OpenAsync(server);
        using var key = new SoftAuthenticator();
        var page = await people.Browser.SignInAsync(SignInWorld.Email, path: "account/passkeys");
        page = await people.Browser.SubmitAsync(page, key.Create("localhost", PasskeyWorld.Data(page, "challenge"), new Uri(people.Tenant.Url).GetLeftPart(UriPartial.Authority)), "/passkeys/add");
        var id = IdOn(page);
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await people.Browser.SubmitAsync(page, [("passkey", id)], "/passkeys/remove")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await people.Browser.GetAsync("account/passkeys")).Html.ShouldContain(id);
    }

    [Fact]
    public async Task Touches_nobody_else_s()
    {
        using var world = await PasskeyWorld.OpenAsync();
        await world.AddAsync(world.Browser, world.Key);
        var hers = IdOn(await world.Browser.GetAsync("account/passkeys"));
        await SignInWorld.NewUserAsync(world.People.Server, world.People.Tenant, "eve@example.com");
        using var eve = world.People.AnotherBrowser();
        using var key = new SoftAuthenticator();
        await world.AddAsync(eve, key, "eve@example.com");
        var page = await eve.GetAsync("account/passkeys");
        await eve.SubmitAsync(page, [("passkey", hers)], "/passkeys/remove");
        await eve.SubmitAsync(page, [("passkey", hers), ("name", "Eve's")], "/passkeys/rename");
        (await world.Browser.GetAsync("account/passkeys")).ShouldBe(HttpStatusCode.OK, "My key").Html.ShouldContain(hers);

        // The same credential is nobody else's either.
        page = await eve.GetAsync("account/passkeys");
        using var stolen = new SoftAuthenticator { CredentialId = world.Key.CredentialId };
        (await eve.SubmitAsync(page, world.Created(page, stolen), "/passkeys/add")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This passkey is in use already.");
    }

    [Fact]
    public async Task Refuses_an_answer_presented_twice_from_elsewhere_or_of_another_kind()
    {
        using var world = await PasskeyWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        async Task RefuseAsync(string reason, Func<PageView, (string, string)[]> create)
        {
            var page = await world.Browser.GetAsync("account/passkeys");
            (await world.Browser.SubmitAsync(page, create(page), "/passkeys/add")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Please check this");
            (await world.People.AuditAsync("passkey.added"))[0].Reason.ShouldBe(reason);
        }

        await RefuseAsync("webauthn_origin_unexpected", page => world.Key.Create("localhost", PasskeyWorld.Data(page, "challenge"), "https://evil.example"));
        await RefuseAsync("webauthn_rp_id_unexpected", page => world.Key.Create("evil.example", PasskeyWorld.Data(page, "challenge"), world.Origin));
        await RefuseAsync("webauthn_challenge_unexpected", _ => world.Key.Create("localhost", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", world.Origin));
        await RefuseAsync("malformed", _ => [("id", "")]);
        world.Key.CreateType = "webauthn.get";
        await RefuseAsync("webauthn_type_unexpected", page => world.Created(page, world.Key));
        world.Key.CreateType = null;
        world.Key.Flags = 0x19;
        await RefuseAsync("webauthn_user_not_verified", page => world.Created(page, world.Key));
        world.Key.Flags = 0x1D;
        var good = await world.Browser.GetAsync("account/passkeys");
        var fields = world.Created(good, world.Key);
        (await world.Browser.SubmitAsync(good, fields, "/passkeys/add")).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
        await RefuseAsync("webauthn_challenge_unexpected", _ => fields);
    }

    [Theory, InlineData("a\u202Eb"), InlineData("a\nb"), InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task Refuses_names_that_deceive(string name)
    {
        using var world = await PasskeyWorld.OpenAsync();
        await world.AddAsync(world.Browser, world.Key);
        var page = await world.Browser.GetAsync("account/passkeys");
        (await world.Browser.SubmitAsync(page, [("passkey", IdOn(page)), ("name", name)], "/passkeys/rename")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Use a name of at most 80 characters");
    }

    private static string IdOn(PageView page) => Regex.Match(page.Html, "name=\"passkey\" value=\"(pky_[0-9a-z]+)\"").Groups[1].Value;
}
