using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>Registration, sign-in, account, sign-out and reset, as a person sees them, in every language, width and scheme.</summary>
[Collection(nameof(Chromium))]
public sealed class JourneyTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words", NewPassword = "quite another sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Walks_through_everything(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new
        {
            registration = new { open = true },
            brand = new { terms_url = "https://example.com/terms", privacy_url = "https://example.com/privacy" },
        });
        using (var admin = await server.AdminAsync())
        {
            using var named = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}", new { display_name = look.IsRightToLeft ? "بندر آبی" : "Blue Harbor" });
            await named.ReadJsonAsync(HttpStatusCode.OK);
        }
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "people");

        await she.GoAsync("/signin");
        await she.SeeAsync("sign-in");
        await she.FillAsync("email", "not an address");
        await she.SubmitAsync();
        await she.SeeAsync("sign-in-error", refused: true);
        (await she.Page.EvaluateAsync<string>("() => document.activeElement.className")).ShouldContain("notice", customMessage: "the summary receives the focus");

        await she.FollowAsync("main a[href*=signup]");
        await she.SeeAsync("sign-up");
        await she.FillAsync("email", Email);
        await she.FillAsync("name", look.IsRightToLeft ? "سارا احمدی" : "Sara Ahmadi");
        await she.SubmitAsync();
        await she.SeeAsync("sign-up-sent");
        await she.OpenMailAsync(Email, "verify_email");
        await she.SeeAsync("choose-password");
        await she.FillAsync("password", "short");
        await she.SubmitAsync();
        await she.SeeAsync("choose-password-error", refused: true);
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
        await she.SeeAsync("account");

        await SignInOnAPhoneAsync(tenant);
        await she.FollowAsync("nav a[href$='/account/sessions']");
        await she.SeeAsync("sessions");
        await she.SubmitAsync("main li form[action$='/sessions/end']");
        (await she.Page.Locator("main li").CountAsync()).ShouldBe(1);
        await she.FollowAsync("nav a[href$='/account/password']");
        await she.SeeAsync("change-password");
        await she.FollowAsync("nav a[href$='/account/applications']");
        await she.SeeAsync("applications-empty");

        await she.GoAsync("/signout");
        await she.SeeAsync("sign-out");
        await she.SubmitAsync();
        await she.SeeAsync("signed-out");

        await she.FollowAsync("main a.button");
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await she.SeeAsync("password");
        await she.FillAsync("password", "not the password at all");
        await she.SubmitAsync();
        await she.SeeAsync("password-wrong", refused: true);

        await she.FollowAsync("main a[href*=forgot]");
        await she.SeeAsync("forgot");
        await she.SubmitAsync();
        await she.SeeAsync("forgot-sent");
        await she.OpenMailAsync(Email, "reset_password");
        await she.SeeAsync("reset");
        var used = she.Page.Url;
        await she.FillAsync("password", NewPassword);
        await she.SubmitAsync();
        await she.SeeAsync("reset-done");
        await she.GoAsync(used);
        await she.SeeAsync("link-used", refused: true);
        await she.GoAsync("/signin/password?interaction=int_00000000000000000000000001");
        await she.SeeAsync("interaction-expired", refused: true);

        await she.SignInAsync(Email, NewPassword);
        await she.ArriveAsync("**/account");
    }

    private async Task SignInOnAPhoneAsync(TestTenant tenant)
    {
        await using var context = await chromium.Browser.NewContextAsync(new()
        {
            UserAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        });
        context.SetDefaultTimeout(90_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(tenant.Url + "/signin");
        await page.FillAsync("input[name=email]", Email);
        await page.ClickAsync("main form button[type=submit]");
        await page.FillAsync("input[name=password]", Password);
        await page.ClickAsync("main form button[type=submit]");
        await page.Locator("nav a[href$='/account/sessions']").WaitForAsync();
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Shows_a_tenant_s_own_colours_and_closed_doors(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        foreach (var accent in new[] { "#0f766e", "#ffd400" })
        {
            var tenant = await server.NewTenantAsync(new { brand = new { accent } });
            await using var she = await Visitor.ComeAsync(chromium, tenant, look, $"brand-{accent[1..]}");
            await she.GoAsync("/signin");
            await she.SeeAsync("sign-in");
            await she.GoAsync("/signup");
            await she.SeeAsync("sign-up-closed", refused: true);
        }
    }
}
