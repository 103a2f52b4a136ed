using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Console;

/// <summary>An administrator at the console, without scripts.</summary>
public sealed partial class ConsoleTests
{
    [Theory, BothDatabases]
    public async Task Signs_in_comes_back_and_makes_an_application_with_all_that_a_library_needs(TestDatabase database)
    {
        using var browser = await AdministratorAsync(database);
        await browser.SignOutAsync();
        var list = await browser.SignInAsync("ann@example.com", path: "console");
        list.Address.AbsolutePath.ShouldEndWith("/console/applications");
        list.ShouldBe(HttpStatusCode.OK, "No application yet");

        (await browser.GetAsync("console/applications/new")).ShouldBe(HttpStatusCode.OK, "Web application");
        var form = await browser.GetAsync("console/applications/new?kind=web");
        var refused = await browser.SubmitAsync(form, [("name", "Shop"), ("redirect_uris", "shop.example.com")]);
        refused.ShouldBe(HttpStatusCode.UnprocessableEntity, "Use complete addresses");
        refused.Html.ShouldContain("shop.example.com</textarea>");

        var created = await browser.SubmitAsync(refused, [("name", "Shop"), ("redirect_uris", "http://localhost:3000/callback\r\nhttps://shop.example.com/cb"), ("post_logout_redirect_uris", "http://localhost:3000/")]);
        created.ShouldBe(HttpStatusCode.OK, "Copy the secret now");
        var secret = SecretText().Match(created.Text).Value;
        var id = ClientIdText().Match(created.Text).Value;
        foreach (var needed in (string[])[browser.Tenant.Url, "http://localhost:3000/callback", "/.well-known/openid-configuration", $"ISSUER={browser.Tenant.Url} CLIENT_ID={id} CLIENT_SECRET={secret} samples/node-express/run.sh"])
            created.Text.ShouldContain(needed);
        created.Headers["Cache-Control"].ShouldBe("no-store");

        created.Address.AbsolutePath.ShouldEndWith($"/console/applications/{id}/created");

        // A reload makes no second application and shows no secret; nor does any other page.
        (await browser.GetAsync(created.Address.AbsoluteUri)).ShouldBe(HttpStatusCode.OK, "The application is created").Text.ShouldNotContain(secret);
        (await browser.GetAsync($"console/applications/{id}")).Text.ShouldNotContain(secret);
        (await browser.GetAsync("console")).ShouldBe(HttpStatusCode.OK, "Shop");
        using var admin = await browser.Server.AdminAsync(browser.Tenant);
        using var found = await admin.GetAsync($"api/v1/clients/{id}");
        var client = await found.ReadJsonAsync(HttpStatusCode.OK);
        client.Texts("redirect_uris").ShouldBe(["http://localhost:3000/callback", "https://shop.example.com/cb"]);
        client.GetProperty("first_party").GetBoolean().ShouldBeTrue();
        using var audit = await admin.GetAsync($"api/v1/audit?target={id}");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("actor").Text("kind").ShouldBe("user");
    }

    [Fact]
    public async Task Hands_a_secret_over_to_its_own_applications_page_within_a_minute()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var browser = await AdministratorAsync(server);
        var (first, _) = await MakeAsync(browser, "First");
        var (second, _) = await MakeAsync(browser, "Second");
        // The second answer's cookie took the place of the first's. The first application's page cannot open it and removes it.
        await ShowsAsync(first, false);
        await ShowsAsync(second, false);

        var (good, _) = await MakeAsync(browser, "Third");
        await ShowsAsync(good, true);
        var (late, cookie) = await MakeAsync(browser, "Fourth");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        await ShowsAsync(late, false);

        foreach (var invented in (string[])["nonsense", "AQAA", "", new string('A', 200)])
        {
            browser.Http.DefaultRequestHeaders.Remove("Cookie");
            browser.Http.DefaultRequestHeaders.Add("Cookie", $"{cookie[..cookie.IndexOf('=', StringComparison.Ordinal)]}={invented}");
            await ShowsAsync(good, false);
        }

        async Task ShowsAsync(string path, bool secret) =>
            SecretText().IsMatch((await browser.GetAsync(path)).ShouldBe(HttpStatusCode.OK, "The application is created").Text).ShouldBe(secret);
    }

    /// <summary>An application, without looking at it yet: where the answer leads, and the cookie it sets.</summary>
    private static async Task<(string Path, string Cookie)> MakeAsync(PageBrowser browser, string name)
    {
        using var answer = await browser.SendAsync(await browser.GetAsync("console/applications/new?kind=machine"), [("name", name), ("scopes", "openid")]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        var location = answer.Headers.Location!.OriginalString;
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.Contains("gh-secret-", StringComparison.Ordinal));
        SecretText().IsMatch(location + cookie).ShouldBeFalse();
        return (new Uri(new Uri(browser.Tenant.Url), location).AbsoluteUri, cookie);
    }

    [Theory]
    [InlineData("spa", "public", "https://spa.example.com/")]
    [InlineData("native", "public", "com.example.app:/callback")]
    public async Task Makes_applications_that_keep_no_secret(string kind, string type, string redirect)
    {
        using var browser = await AdministratorAsync(TestDatabase.Sqlite);
        var created = await browser.SubmitAsync(await browser.GetAsync("console/applications/new?kind=" + kind), [("name", "App"), ("redirect_uris", redirect)]);
        created.ShouldBe(HttpStatusCode.OK, "The application is created");
        SecretText().IsMatch(created.Text).ShouldBeFalse();
        using var admin = await browser.Server.AdminAsync(browser.Tenant);
        using var found = await admin.GetAsync($"api/v1/clients/{ClientIdText().Match(created.Text).Value}");
        (await found.ReadJsonAsync(HttpStatusCode.OK)).Text("type").ShouldBe(type);
    }

    [Theory, BothDatabases]
    public async Task Changes_disables_rotates_and_deletes_an_application(TestDatabase database)
    {
        using var browser = await AdministratorAsync(database);
        using var admin = await browser.Server.AdminAsync(browser.Tenant);
        var created = await browser.SubmitAsync(await browser.GetAsync("console/applications/new?kind=machine"), [("name", "Job"), ("scopes", "openid")]);
        var (id, first) = (ClientIdText().Match(created.Text).Value, SecretText().Match(created.Text).Value);
        var path = $"console/applications/{id}";

        var page = await browser.GetAsync(path);
        (await browser.SubmitAsync(page, [("name", "Night job"), ("scopes", "openid")], $"{id}")).ShouldBe(HttpStatusCode.OK, "Your changes are saved");
        // The page was made from an older version: nothing is overwritten.
        (await browser.SubmitAsync(page, [("name", "Late"), ("scopes", "openid")], $"{id}")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Somebody changed this meanwhile").Title.ShouldContain("Night job");

        var second = await AddSecretAsync(browser, path);
        second.ShouldNotBe(first);
        (await browser.SubmitAsync(await browser.GetAsync(path), [], $"{id}/secrets/remove")).ShouldBe(HttpStatusCode.OK, "Your changes are saved");

        (await browser.SubmitAsync(await browser.GetAsync(path), [], $"{id}/disable")).ShouldBe(HttpStatusCode.OK, "This application is disabled");
        (await browser.SubmitAsync(await browser.GetAsync(path), [], $"{id}/enable")).ShouldBe(HttpStatusCode.OK, "can enable it again");

        var question = (await browser.GetAsync(path + "/delete")).ShouldBe(HttpStatusCode.OK, "This cannot be undone");
        (await browser.SubmitAsync(question, [])).ShouldBe(HttpStatusCode.OK, "No application yet");
        (await browser.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        await (await admin.GetAsync($"api/v1/clients/{id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "client_not_found");
    }

    [Theory, BothDatabases]
    public async Task Makes_and_disables_users_but_not_herself(TestDatabase database)
    {
        using var browser = await AdministratorAsync(database);
        var page = await browser.GetAsync("console/users");
        (await browser.SubmitAsync(page, [("email", "not an address"), ("display_name", "")], "console/users")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Enter an e-mail address");
        (await browser.SubmitAsync(page, [("email", "ANN@example.com"), ("display_name", "")], "console/users")).ShouldBe(HttpStatusCode.UnprocessableEntity, "Another user has this address");
        (await browser.SubmitAsync(page, [("email", "bea@example.com"), ("display_name", "Bea")], "console/users")).ShouldBe(HttpStatusCode.OK, "The user is created").Text.ShouldContain("Bea");
        (await browser.SubmitAsync(await browser.GetAsync("console/users"), [], "/disable")).ShouldBe(HttpStatusCode.OK, "Disabled");
        (await browser.SubmitAsync(await browser.GetAsync("console/users"), [], "/enable")).Text.ShouldNotContain("Disabled");
        (await browser.GetAsync("console/users")).Html.Split("/disable").Length.ShouldBe(2);      // one button: not at her own row
    }

    [Theory, BothDatabases]
    public async Task Tells_who_is_no_administrator_so_and_forgets_who_was_one(TestDatabase database)
    {
        using var browser = await AdministratorAsync(database);
        using var admin = await browser.Server.AdminAsync(browser.Tenant);
        using var eve = PageBrowser.Open(browser.Server, browser.Tenant);
        await eve.SignUpAsync("eve@example.com");
        foreach (var path in (string[])["console/applications", "console/applications/new", "console/users"])
            (await eve.GetAsync(path)).ShouldBe(HttpStatusCode.Forbidden, "This page is for administrators");

        // A form of a page that an administrator saw, sent by somebody who is not one: refused all the same.
        var theirs = await eve.GetAsync("account");
        using var forged = await eve.Http.PostAsync("console/users", new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = "x@example.com", ["csrf"] = "" }));
        forged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        theirs.Status.ShouldBe(HttpStatusCode.OK);

        using var second = await admin.GetAsync("api/v1/users?search=eve");
        var eveId = (await second.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();
        (await admin.PutAsync($"api/v1/users/{eveId}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await eve.GetAsync("console")).Status.ShouldBe(HttpStatusCode.OK);
        (await admin.DeleteAsync($"api/v1/users/{eveId}/roles/administrator")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await eve.GetAsync("console")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, BothDatabases]
    public async Task Another_tenants_application_is_not_there(TestDatabase database)
    {
        using var browser = await AdministratorAsync(database);
        using var other = await browser.Server.AdminAsync(await browser.Server.NewTenantAsync());
        var id = (await other.CreateClientAsync()).ClientId();
        (await browser.GetAsync($"console/applications/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.GetAsync($"console/applications/{id}/delete")).Status.ShouldBe(HttpStatusCode.NotFound);
        var anyForm = await browser.GetAsync("console/users");
        var csrf = anyForm.Form("console/users").Hidden["csrf"];
        foreach (var action in (string[])["", "/disable", "/enable", "/delete", "/secrets", "/secrets/remove"])
        {
            using var answer = await browser.Http.PostAsync($"console/applications/{id}{action}", new FormUrlEncodedContent(new Dictionary<string, string> { ["csrf"] = csrf, ["name"] = "Mine" }));
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, action);
        }
        using var still = await other.GetAsync($"api/v1/clients/{id}");
        still.Headers.ETag!.Tag.ShouldBe("\"v1\"");
    }

    [Fact]
    public async Task Speaks_Persian_from_right_to_left()
    {
        using var browser = await AdministratorAsync(TestDatabase.Sqlite);
        var page = await browser.GetAsync("console/applications?lang=fa");
        page.ShouldBe(HttpStatusCode.OK, "برنامه‌ها");
        page.Html.ShouldContain("dir=\"rtl\"");
        (await browser.GetAsync("console/users")).ShouldBe(HttpStatusCode.OK, "کاربران");
    }

    private static async Task<string> AddSecretAsync(PageBrowser browser, string path)
    {
        var csrf = (await browser.GetAsync(path)).Form().Hidden["csrf"];
        using var answer = await browser.Http.PostAsync(path + "/secrets", new FormUrlEncodedContent(new Dictionary<string, string> { ["csrf"] = csrf }));
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var secret = SecretText().Match((await browser.GetAsync(path)).Text).Value;
        secret.ShouldNotBeEmpty();
        SecretText().IsMatch((await browser.GetAsync(path)).Text).ShouldBeFalse();
        return secret;
    }

    /// <summary>Ann, who signed up in a tenant of her own and was made its administrator.</summary>
    private static async Task<PageBrowser> AdministratorAsync(TestDatabase database) => await AdministratorAsync(await Servers.SharedAsync(database));

    private static async Task<PageBrowser> AdministratorAsync(TestServer server)
    {
        var browser = PageBrowser.Open(server, await server.NewTenantAsync(new { registration = new { open = true } }));
        await browser.SignUpAsync("ann@example.com", "Ann");
        using var admin = await server.AdminAsync(browser.Tenant);
        using var found = await admin.GetAsync("api/v1/users?search=ann");
        var ann = (await found.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();
        (await admin.PutAsync($"api/v1/users/{ann}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        return browser;
    }

    [GeneratedRegex("gh_sk_[A-Za-z0-9_-]{43}")] private static partial Regex SecretText();
    [GeneratedRegex("cli_[0-9a-z]{26}")] private static partial Regex ClientIdText();
}
