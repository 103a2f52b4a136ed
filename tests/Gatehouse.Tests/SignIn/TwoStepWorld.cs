using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.Protocols.Otp;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>A person who has set up a code app in her account and then signed out; her telephone; her recovery codes.</summary>
internal sealed partial class TwoStepWorld : IAsyncDisposable
{
    private readonly SignInWorld world;
    private readonly TestServer? own;

    private TwoStepWorld(SignInWorld world, TestServer? own, byte[] key, IReadOnlyList<string> codes) => (this.world, this.own, Key, Codes) = (world, own, key, codes);

    internal byte[] Key { get; }
    internal IReadOnlyList<string> Codes { get; }
    internal PageBrowser Browser => world.Browser;
    internal TestServer Server => world.Server;
    internal TestTenant Tenant => world.Tenant;
    internal string UserId => world.UserId;

    /// <param name="fresh">A server of its own, whose clock the test moves.</param>
    internal static async Task<TwoStepWorld> OpenAsync(TestDatabase database = TestDatabase.Sqlite, object? settings = null, bool fresh = false)
    {
        var own = fresh ? await TestServer.StartAsync(database) : null;
        var world = own is null ? await SignInWorld.OpenAsync(database, settings) : await SignInWorld.OpenAsync(own, settings);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.GetAsync("account/two-step/app");
        var key = KeyOf(page);
        var done = await ConfirmAsync(world.Browser, world.Server, page, key);
        await world.Browser.SignOutAsync();
        return new(world, own, key, CodesOf(done));
    }

    /// <summary>Sets it up by the code of the step before: that of now is still good for signing in.</summary>
    internal static async Task<PageView> ConfirmAsync(PageBrowser browser, TestServer server, PageView page, byte[] key)
    {
        var done = await browser.SubmitAsync(page, [("code", CodeOf(key, server, -1))], "two-step/app");
        // The half minute may end on the way there; then that was the step before the last, which is good for nothing.
        if (done.Status == HttpStatusCode.UnprocessableEntity) done = await browser.SubmitAsync(done, [("code", CodeOf(key, server, -1))], "two-step/app");
        return done.ShouldBe(HttpStatusCode.OK, "Your recovery codes");
    }

    internal static byte[] KeyOf(PageView page) => KeyText.Decode(KeyElement().Match(page.Html).Groups[1].Value)!;

    internal static IReadOnlyList<string> CodesOf(PageView page) => [.. CodeElement().Matches(page.Html).Select(m => m.Groups[1].Value)];

    internal static string CodeOf(byte[] key, TestServer server, int drift = 0) => Totp.Compute(key, Totp.StepAt(server.Clock.GetUtcNow()) + drift);

    internal string Code(int drift = 0) => CodeOf(Key, Server, drift);

    /// <summary>Six digits that are no code of this minute.</summary>
    internal string WrongCode() => Enumerable.Range(0, 10).Select(i => $"{i}{i}{i}{i}{i}{i}").First(c => Enumerable.Range(-2, 5).All(d => Code(d) != c));

    internal Task<PageView> PasswordAsync() => PasswordAsync(Browser);

    internal static async Task<PageView> PasswordAsync(PageBrowser browser) => await browser.SignInAsync(SignInWorld.Email);

    internal PageBrowser AnotherBrowser() => world.AnotherBrowser();

    internal void Advance(TimeSpan time) => Server.Clock.Advance(time);

    internal Task<IReadOnlyList<string>> MailsAsync() => world.MailsAsync();

    internal async Task<IReadOnlyList<string>> AuditAsync(string action) => [.. (await world.AuditAsync(action)).Select(e => e.Reason ?? "")];

    internal async Task RequireAsync()
    {
        using var admin = await Server.AdminAsync();
        using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{Tenant.Id}/settings", new { sign_in = new { second_factor = "required" } });
        await patched.ReadJsonAsync(HttpStatusCode.OK);
    }

    internal async Task ResetAsync(string password)
    {
        using var browser = AnotherBrowser();
        await browser.SubmitAsync(await browser.GetAsync("signin/forgot"), [("email", SignInWorld.Email)]);
        await browser.SubmitAsync(await browser.GetAsync(await world.LinkAsync("reset_password")), [("password", password)]);
    }

    /// <summary>What the newest session says was done.</summary>
    internal async Task<IReadOnlyList<string?>> MethodsAsync()
    {
        using var admin = await Server.AdminAsync(Tenant);
        using var response = await admin.GetAsync($"api/v1/users/{UserId}/sessions");
        var body = await response.ReadJsonAsync(HttpStatusCode.OK);
        return [.. body.GetProperty("items")[0].GetProperty("methods").EnumerateArray().Select(m => m.GetString())];
    }

    public async ValueTask DisposeAsync()
    {
        world.Dispose();
        if (own is not null) await own.DisposeAsync();
    }

    [GeneratedRegex("data-copy-text>([A-Z2-7 ]+)<")] private static partial Regex KeyElement();
    [GeneratedRegex("<li><code>([^<]+)</code></li>")] private static partial Regex CodeElement();
}
