using System.Net;
using System.Net.Http.Json;
using Gatehouse.Protocols.Otp;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>The second step as a person sees it: set up, used, missed, recovered from, turned off; and where it is required.</summary>
[Collection(nameof(Chromium))]
public sealed class TwoStepTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Sets_it_up_signs_in_by_it_and_recovers(Look look)
    {
        var (server, tenant) = await NewTenantAsync("optional");
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "two-step");
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
        await she.FollowAsync("nav a[href$='/account/two-step']");
        await she.SeeAsync("off");
        await she.FollowAsync("main a.button");
        await she.SeeAsync("set-up");
        (await she.Page.EvaluateAsync<int>("() => document.querySelector('.qr img').naturalWidth")).ShouldBeGreaterThan(0, "the picture is shown");
        var key = await KeyAsync(she);
        await she.FillAsync("code", "000000");
        await she.SubmitAsync();
        await she.SeeAsync("set-up-wrong", refused: true);
        await she.FillAsync("code", Code(server, key, 0));
        await she.SubmitAsync();
        await she.SeeAsync("codes");
        var recovery = (await she.Page.TextContentAsync(".codes li"))!.Trim();
        var download = await she.Page.RunAndWaitForDownloadAsync(() => she.Page.ClickAsync("form.file button"));
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldContain(recovery);
        await she.FollowAsync("main .buttons a.button");
        await she.SeeAsync("on");

        await SignOutAsync(she);
        await she.SignInAsync(Email, Password);
        await she.SeeAsync("code");
        await she.FillAsync("code", "000000");
        await she.SubmitAsync();
        await she.SeeAsync("code-wrong", refused: true);
        await she.FillAsync("code", Code(server, key, 1));
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");

        await SignOutAsync(she);
        await she.SignInAsync(Email, Password);
        await she.FollowAsync("main .links a");
        await she.SeeAsync("recovery");
        await she.FillAsync("code", recovery);
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
        await she.GoAsync("/account/two-step/remove");
        await she.SeeAsync("turn-off");
        await she.SubmitAsync();
        await she.SeeAsync("turned-off");
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Sets_it_up_in_the_middle_of_a_sign_in_where_it_is_required(Look look)
    {
        var (server, tenant) = await NewTenantAsync("required");
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "two-step-required");
        await she.SignInAsync(Email, Password);
        await she.SeeAsync("enrol");
        await she.FillAsync("code", Code(server, await KeyAsync(she), 0));
        await she.SubmitAsync();
        await she.SeeAsync("codes");
        await she.FollowAsync("main > a.button");
        await she.ArriveAsync("**/account");
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Trusts_this_device_by_ticking_a_box_and_no_longer(Look look)
    {
        var (server, tenant) = await NewTenantAsync("optional", trustedDays: 30);
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "trusted-device");
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
        await she.GoAsync("/account/sessions");
        await she.SeeAsync("none-trusted");
        await she.GoAsync("/account/two-step/app");
        var key = await KeyAsync(she);
        await she.FillAsync("code", Code(server, key, 0));
        await she.SubmitAsync();
        await SignOutAsync(she);

        await she.SignInAsync(Email, Password);
        (await she.Page.IsCheckedAsync("input[name=trust]")).ShouldBeFalse("she decides");
        await she.SeeAsync("offered");
        await she.FillAsync("code", Code(server, key, 1));
        await she.Page.ClickAsync("label[for=f-trust]");
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
        await SignOutAsync(she);
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");

        await she.GoAsync("/account/sessions");
        await she.SeeAsync("trusted");
        await she.SubmitAsync("section[aria-labelledby=trusted] form[action$=distrust]");
        await SignOutAsync(she);
        await she.SignInAsync(Email, Password);
        await she.SeeAsync("asked-again");
        (await she.Page.Locator("input[name=code]").CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Sets_it_up_without_scripts()
    {
        var (server, tenant) = await NewTenantAsync("required");
        await using var she = await Visitor.ComeAsync(chromium, tenant, new Look("en", 1280, false), "two-step-no-scripts", scripts: false);
        await she.SignInAsync(Email, Password);
        await she.FillAsync("code", Code(server, await KeyAsync(she), 0));
        await she.SubmitAsync();
        (await she.Page.Locator(".codes li").CountAsync()).ShouldBe(10);
        await she.FollowAsync("main > a.button");
        await she.ArriveAsync("**/account");
    }

    private static async Task<(TestServer Server, TestTenant Tenant)> NewTenantAsync(string secondFactor, int trustedDays = 0)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { sign_in = new { second_factor = secondFactor, trusted_device_days = trustedDays } });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, password = Password });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (server, tenant);
    }

    private static async Task SignOutAsync(Visitor she)
    {
        await she.GoAsync("/signout");
        await she.SubmitAsync();
    }

    private static async Task<byte[]> KeyAsync(Visitor she) => KeyText.Decode((await she.Page.TextContentAsync("[data-copy-text]"))!)!;

    private static string Code(TestServer server, byte[] key, int drift) => Totp.Compute(key, Totp.StepAt(server.Clock.GetUtcNow()) + drift);
}
