using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.SignIn;

/// <summary>An account that begins with a passkey in place of a password.</summary>
public sealed class SignUpPasskeyTests
{
    private const string New = "bea@example.com", Password = "quite another sequence of words";

    private static object Settings(string credential = "passkey_or_password") => new { registration = new { open = true, credential } };

    private static async Task<PageView> PageAsync(PasskeyWorld world, string email = New)
    {
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", email), ("name", "Bea")]);
        return await world.Browser.GetAsync(await world.People.LinkAsync("verify_email", email));
    }

    /// <summary>What the script sends: the same form, with the device's answer and without a password.</summary>
    private static Task<HttpResponseMessage> SendAsync(PasskeyWorld world, PageView page, (string Name, string Value)[] made)
    {
        Dictionary<string, string> fields = new(page.Form("/signup/verify").Hidden, StringComparer.Ordinal);
        foreach (var (name, value) in made) fields[name] = value;
        return world.Browser.Http.PostAsync($"signup/passkey{page.Address.Query}", new FormUrlEncodedContent(fields));
    }

    private static (string Name, string Value)[] Made(PasskeyWorld world, PageView page) => [.. world.Created(page, world.Key).Where(f => f.Name != "name")];

    private static async Task<IReadOnlyList<string?>> MethodsAsync(PasskeyWorld world)
    {
        using var response = await world.People.CallAsync(HttpMethod.Get, "/sessions");
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("methods").EnumerateArray().Select(m => m.GetString())];
    }

    [Theory, BothDatabases]
    public async Task Registers_signs_in_signs_out_and_in_again(TestDatabase database)
    {
        using var world = await PasskeyWorld.OpenAsync(database, Settings());
        var page = (await PageAsync(world)).ShouldBe(HttpStatusCode.OK, "Create a passkey");
        page.Text.ShouldContain("Choose a password instead");
        using (var done = await SendAsync(world, page, Made(world, page))) done.StatusCode.ShouldBe(HttpStatusCode.OK, await done.Content.ReadAsStringAsync());
        (await world.Browser.GetAsync("account")).ShouldBe(HttpStatusCode.OK, "Your account").Text.ShouldContain("Bea");
        (await MethodsAsync(world)).ShouldBe(["swk", "user", "mfa"]);
        (await world.People.JsonAsync(HttpMethod.Get, "/passkeys")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await world.People.AuditAsync("user.registered")).Single().Outcome.ShouldBe("success");
        (await world.People.AuditAsync("passkey.added")).Count.ShouldBe(1);
        await world.Browser.SignOutAsync();
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
        // The link is used: for another passkey and for a password alike.
        using (var again = await SendAsync(world, page, Made(world, page))) again.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await world.Browser.SubmitAsync(page, [("password", Password)], "/signup/verify")).Status.ShouldBe(HttpStatusCode.BadRequest);
        using var other = world.People.AnotherBrowser();
        (await other.SignInAsync(New, Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "there is no password");
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_use_one_link_at_once_one_makes_an_account(TestDatabase database)
    {
        using var world = await PasskeyWorld.OpenAsync(database, Settings());
        var page = await PageAsync(world);
        var made = Made(world, page);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => SendAsync(world, page, made)));
        answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(c => c.Contains("gh-session", StringComparison.Ordinal))).ShouldBe(1);
        foreach (var answer in answers) answer.Dispose();
        (await world.People.AuditAsync("user.registered")).Count(e => e.Outcome == "success").ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_answer_leaves_the_link_and_brings_another_challenge()
    {
        using var world = await PasskeyWorld.OpenAsync(settings: Settings());
        var page = await PageAsync(world);
        world.Key.Flags = 0x19;         // nobody was verified
        using (var refused = await SendAsync(world, page, Made(world, page))) refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        world.Key.Flags = 0x1D;
        using (var replayed = await SendAsync(world, page, Made(world, page))) replayed.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "its challenge is used up");
        var fresh = await world.Browser.GetAsync(await world.People.LinkAsync("verify_email", New));
        PasskeyWorld.Data(fresh, "challenge").ShouldNotBe(PasskeyWorld.Data(page, "challenge"));
        using (var done = await SendAsync(world, fresh, Made(world, fresh))) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.People.AuditAsync("user.registered")).Count(e => e.Outcome == "failure").ShouldBe(2);
    }

    [Fact]
    public async Task Takes_no_challenge_of_another_link_and_no_passkey_that_is_somebody_s()
    {
        using var world = await PasskeyWorld.OpenAsync(settings: Settings());
        var (first, second) = (await PageAsync(world), await PageAsync(world, "cat@example.com"));
        using (var crossed = await SendAsync(world, second, Made(world, first))) crossed.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using (var done = await SendAsync(world, first, Made(world, first))) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.Browser.SignOutAsync();
        var again = await world.Browser.GetAsync(await world.People.LinkAsync("verify_email", "cat@example.com"));
        using (var taken = await SendAsync(world, again, Made(world, again)))
        {
            taken.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await taken.Content.ReadAsStringAsync()).ShouldContain("This passkey is in use already");
        }
        // Nothing of it stayed: the link still makes an account, with a password.
        again = await world.Browser.GetAsync(await world.People.LinkAsync("verify_email", "cat@example.com"));
        (await world.Browser.SubmitAsync(again, [("password", Password)], "/signup/verify")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Offers_what_the_tenant_chose_and_nothing_else()
    {
        using var without = await PasskeyWorld.OpenAsync(settings: Settings("password"));
        var page = (await PageAsync(without)).ShouldBe(HttpStatusCode.OK, "Choose a password");
        page.Html.ShouldNotContain("data-passkey");
        without.Key.UserHandle = [1];
        using (var refused = await SendAsync(without, page, without.Key.Create(PasskeyWorld.RpId, "AAAA", without.Origin))) refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        using var only = await PasskeyWorld.OpenAsync(settings: Settings("passkey"));
        page = (await PageAsync(only)).ShouldBe(HttpStatusCode.OK, "This service is used with a passkey");
        page.Html.ShouldNotContain("type=\"password\"");
        (await only.Browser.SubmitAsync(page, [("password", Password)], "/signup/verify")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This service is used without passwords");
        page = await only.Browser.GetAsync(await only.People.LinkAsync("verify_email", New));
        using (var done = await SendAsync(only, page, Made(only, page))) done.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var admin = await only.People.Server.AdminAsync();
        foreach (var wrong in new object[] { new { registration = new { credential = "none" } }, new { registration = new { credential = "passkey" }, passkeys = new { enabled = false } }, new { registration = new { credential = "passkey" }, sign_in = new { methods = new[] { "password" } } } })
        {
            using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{only.People.Tenant.Id}/settings", wrong);
            await patched.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
        }
    }

    [Theory, BothDatabases]
    public async Task Of_many_removals_at_once_none_takes_the_last_passkey(TestDatabase database)
    {
        using var world = await PasskeyWorld.OpenAsync(database, Settings());
        var page = await PageAsync(world);
        using (await SendAsync(world, page, Made(world, page))) { }
        using var spare = new SoftAuthenticator();
        page = await world.Browser.GetAsync("account/passkeys");
        (await world.Browser.SubmitAsync(page, world.Created(page, spare), "/passkeys/add")).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
        string[] passkeys = [.. (await world.People.JsonAsync(HttpMethod.Get, "/passkeys")).GetProperty("items").EnumerateArray().Select(p => p.Id())];
        passkeys.Length.ShouldBe(2);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => world.People.CallAsync(HttpMethod.Delete, $"/passkeys/{passkeys[i % 2]}")));
        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).ShouldBe(1, string.Join(' ', answers.Select(a => (int)a.StatusCode)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.NoContent || a.StatusCode == HttpStatusCode.Conflict || a.StatusCode == HttpStatusCode.NotFound);
        foreach (var answer in answers) answer.Dispose();
        (await world.People.JsonAsync(HttpMethod.Get, "/passkeys")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Sets_a_first_password_in_the_account_and_keeps_a_way_in(TestDatabase database)
    {
        using var world = await PasskeyWorld.OpenAsync(database, Settings());
        var page = await PageAsync(world);
        using (await SendAsync(world, page, Made(world, page))) { }
        var passkey = (await world.People.JsonAsync(HttpMethod.Get, "/passkeys")).GetProperty("items")[0].Id();
        await AccountApiTests.RefuseAsync(world.People, HttpMethod.Delete, $"/passkeys/{passkey}", null, HttpStatusCode.Conflict, "passkey_last");
        var form = (await world.Browser.GetAsync("account/password")).ShouldBe(HttpStatusCode.OK, "You sign in without a password");
        form.Html.ShouldNotContain("name=\"current\"");
        (await world.Browser.SubmitAsync(form, [("new", "short")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.Browser.SubmitAsync(form, [("new", Password)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await world.People.MailsAsync(New)).ShouldContain("password_changed");
        // From now on the old one is asked for.
        await AccountApiTests.RefuseAsync(world.People, HttpMethod.Post, "/password", new { @new = "yet another sequence of words" }, HttpStatusCode.UnprocessableEntity, "password_missing");
        using (var removed = await world.People.CallAsync(HttpMethod.Delete, $"/passkeys/{passkey}")) removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var other = world.People.AnotherBrowser();
        (await other.SignInAsync(New, Password)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task A_stolen_session_sets_no_first_password()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = PasskeyWorld.Of(await SignInWorld.OpenAsync(server, Settings()));
        var page = await PageAsync(world);
        using (await SendAsync(world, page, Made(world, page))) { }
        var form = await world.Browser.GetAsync("account/password");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await world.Browser.SubmitAsync(form, [("new", Password)])).ShouldBe(HttpStatusCode.OK, "Sign in").Address.AbsolutePath.ShouldEndWith("/signin");
        await AccountApiTests.RefuseAsync(world.People, HttpMethod.Post, "/password", new { @new = Password }, HttpStatusCode.Unauthorized, "fresh_proof_required");
    }
}
