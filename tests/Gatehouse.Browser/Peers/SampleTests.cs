using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Microsoft.Playwright;

namespace Gatehouse.Browser.Peers;

/// <summary>The samples that the README's first page links to, started by their one command, used in Chromium as a person would.</summary>
[Collection(nameof(Chromium))]
public sealed class SampleTests(Chromium chromium)
{
    private const string Email = "grace@example.com", Password = "correct horse battery staple", Name = "Grace Hopper";

    [Theory]
    [InlineData("node-express", TestDatabase.Sqlite)]
    [InlineData("node-express", TestDatabase.Postgres)]
    [InlineData("aspnet", TestDatabase.Sqlite)]
    public async Task Signs_in_through_a_third_partys_consent_and_out_again(string sample, TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        var port = PostgresCluster.FreePort();
        var (id, secret) = await FurnishAsync(server, tenant, port);
        await using var application = await SampleApplication.StartAsync(sample, port, tenant.Url, id, secret);
        await using var context = await chromium.Browser.NewContextAsync(new() { Locale = "en-US" });
        context.SetDefaultTimeout(90_000);
        var page = await context.NewPageAsync();

        await page.GotoAsync(application.Home);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("input[type=email]").FillAsync(Email);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[type=password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        // Somebody else's application: she is asked, and its name is on the page.
        await page.Locator("button[value=allow]").WaitForAsync();
        (await page.Locator("h1").InnerTextAsync()).ShouldContain("Sample shop");
        await page.Locator("button[value=allow]").ClickAsync();
        await page.WaitForURLAsync(application.Home);
        (await page.Locator("h1").InnerTextAsync()).ShouldBe($"Hello, {Name}");

        // A second time nothing is asked.
        await context.ClearCookiesAsync(new() { Name = sample == "aspnet" ? ".AspNetCore.Cookies" : "sample" });
        await page.GotoAsync(application.Home + "login");
        await page.WaitForURLAsync(application.Home);
        (await page.Locator("h1").InnerTextAsync()).ShouldBe($"Hello, {Name}");

        // Out: of the application, and of us. The sample without an ID token cannot prove whom it means, so she is asked.
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        if (sample == "aspnet") await page.Locator("form[action$='/oauth2/logout/confirm'] button").ClickAsync();
        // Seen on the page and not in the address, which may be the same before and after.
        await Assertions.Expect(page.Locator("p").First).ToHaveTextAsync("You are not signed in.", new() { Timeout = 90_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("input[type=email]").WaitForAsync();
    }

    private static async Task<(string Id, string Secret)> FurnishAsync(TestServer server, TestTenant tenant, int port)
    {
        using var admin = await server.AdminAsync(tenant);
        using var person = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, display_name = Name, password = Password });
        await person.ReadJsonAsync(HttpStatusCode.Created);
        using var client = await admin.PostAsJsonAsync("api/v1/clients", new
        {
            name = "Sample shop", redirect_uris = new[] { SampleApplication.RedirectUri(port) }, post_logout_redirect_uris = new[] { SampleApplication.Origin(port) + "/" },
        });
        var made = await client.ReadJsonAsync(HttpStatusCode.Created);
        return (made.GetProperty("client").GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }
}
