using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Microsoft.Playwright;

namespace Gatehouse.Browser;

/// <summary>Passkeys with Chromium's own virtual authenticator: the browser's code asks, signs and fills in; only the finger is simulated.</summary>
[Collection(nameof(Chromium))]
public sealed class PasskeyTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    private static async Task<TestTenant> NewTenantAsync()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, display_name = "Sara Ahmadi", password = Password });
        await created.ReadJsonAsync(HttpStatusCode.Created);
        return tenant;
    }

    /// <summary>A telephone's own authenticator. <paramref name="present"/>: somebody touches it as soon as it asks.</summary>
    private static async Task<(ICDPSession Session, string Id)> AuthenticatorAsync(IPage page, bool present = true)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable", new() { ["enableUI"] = false });
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["ctap2Version"] = "ctap2_1", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
                ["isUserVerified"] = true, ["automaticPresenceSimulation"] = present, ["defaultBackupEligibility"] = true, ["defaultBackupState"] = true,
            },
        });
        return (session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private static async Task<int> CredentialsAsync((ICDPSession Session, string Id) key) =>
        (await key.Session.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = key.Id }))!.Value.GetProperty("credentials").GetArrayLength();

    private static Task PresentAsync((ICDPSession Session, string Id) key, bool present) =>
        key.Session.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new() { ["authenticatorId"] = key.Id, ["enabled"] = present });

    private static async Task SignInByPasswordAsync(Visitor she)
    {
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
    }

    private static async Task EnrolAsync(Visitor she, string name)
    {
        await she.FillAsync("name", name);
        await she.Page.ClickAsync("form[data-passkey=create] button[type=submit]");
        await she.ArriveAsync("**/account/passkeys?added=1");
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Adds_a_passkey_signs_in_with_it_and_removes_it(Look look)
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "passkeys");
        var key = await AuthenticatorAsync(she.Page);
        await she.GoAsync("/account/passkeys");
        await SignInByPasswordAsync(she);
        await she.ArriveAsync("**/account/passkeys");
        await she.SeeAsync("passkeys-empty");
        await EnrolAsync(she, look.IsRightToLeft ? "گوشی من" : "My phone");
        await she.SeeAsync("passkey-added");

        await she.GoAsync("/signout");
        await she.SubmitAsync();
        // Nobody touches the device until the button is pressed: otherwise the autofill of the page would sign in by itself.
        await PresentAsync(key, false);
        await she.GoAsync("/signin");
        await she.SeeAsync("sign-in-with-passkey");
        await PresentAsync(key, true);
        if (!she.Page.Url.Contains("/account", StringComparison.Ordinal)) await she.Page.ClickAsync("[data-passkey-start]");
        await she.ArriveAsync("**/account");

        await she.GoAsync("/account/passkeys");
        await she.SeeAsync("passkeys");
        await she.Page.ClickAsync("main details summary");
        await she.SeeAsync("passkey-rename");
        await she.SubmitAsync("main li form[action$='/remove']");
        (await she.Page.Locator("main li").CountAsync()).ShouldBe(0);

        // The page told the browser which passkeys there still are, and the device forgot the other.
        await Eventually.TrueAsync(async () => await CredentialsAsync(key) == 0, TimeSpan.FromSeconds(10), "the device has forgotten the passkey");
        await she.GoAsync("/signout");
        await she.SubmitAsync();
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Registers_with_a_passkey_and_signs_in_with_it(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { registration = new { open = true } });
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "passkey-sign-up");
        var key = await AuthenticatorAsync(she.Page);
        await she.GoAsync("/signup");
        await she.FillAsync("email", Email);
        await she.FillAsync("name", look.IsRightToLeft ? "سارا احمدی" : "Sara Ahmadi");
        await she.SubmitAsync();
        await she.OpenMailAsync(Email, "verify_email");
        await she.SeeAsync("sign-up-passkey");
        await she.Page.ClickAsync("[data-passkey-start]");
        await she.ArriveAsync("**/account");
        (await CredentialsAsync(key)).ShouldBe(1);
        await she.GoAsync("/account/password");
        await she.SeeAsync("set-first-password");
        (await she.Page.Locator("input[name=current]").CountAsync()).ShouldBe(0);

        await she.GoAsync("/signout");
        await she.SubmitAsync();
        await she.Page.GotoAsync(tenant.Url + "/signin", new() { WaitUntil = WaitUntilState.Commit });
        await she.ArriveAsync("**/account");
    }

    [Fact]
    public async Task Signs_in_from_the_autofill_of_the_address_field()
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, new("en", 390, Dark: false), "passkey-autofill");
        await AuthenticatorAsync(she.Page);
        await she.GoAsync("/account/passkeys");
        await SignInByPasswordAsync(she);
        await EnrolAsync(she, "My phone");
        await she.GoAsync("/signout");
        await she.SubmitAsync();

        (await she.Page.EvaluateAsync<bool>("() => PublicKeyCredential.isConditionalMediationAvailable()")).ShouldBeTrue();
        await she.Page.GotoAsync(tenant.Url + "/signin", new() { WaitUntil = WaitUntilState.Commit });
        await she.ArriveAsync("**/account");
    }

    [Fact]
    public async Task Refuses_a_removed_passkey_a_replay_and_another_tenant_s()
    {
        var (tenant, other) = (await NewTenantAsync(), await NewTenantAsync());
        await using var she = await Visitor.ComeAsync(chromium, tenant, new("en", 1280, Dark: false), "passkey-refused");
        await AuthenticatorAsync(she.Page);
        await she.GoAsync("/account/passkeys");
        await SignInByPasswordAsync(she);
        await EnrolAsync(she, "My phone");
        await she.GoAsync("/signout");
        await she.SubmitAsync();

        // What the browser sent is sent again, by the same browser.
        var sent = she.Page.RunAndWaitForRequestAsync(async () =>
        {
            await she.Page.GotoAsync(tenant.Url + "/signin", new() { WaitUntil = WaitUntilState.Commit });
            await she.ArriveAsync("**/account");
        }, request => request.Url.Contains("/signin/passkey", StringComparison.Ordinal));
        var request = await sent;
        await she.GoAsync("/signout");
        await she.SubmitAsync();
        var replay = await she.Page.Context.APIRequest.PostAsync(request.Url, new() { DataString = request.PostData!, Headers = new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded", ["Origin"] = new Uri(tenant.Url).GetLeftPart(UriPartial.Authority), ["Sec-Fetch-Site"] = "same-origin" } });
        replay.Status.ShouldBe(422, await replay.TextAsync());

        // The same host, hence the same relying party to the device: it offers the passkey, the other tenant does not know it.
        await she.Page.GotoAsync(other.Url + "/signin", new() { WaitUntil = WaitUntilState.Commit });
        await she.Page.WaitForSelectorAsync("main .notice.danger");
        (await she.Page.TextContentAsync("main .notice.danger"))!.ShouldContain("This passkey did not work here");
    }

    /// <summary>
    /// The product's pages let nobody frame them. Should that ever fall, the browser says where the ceremony ran, and the server refuses it: here a
    /// man in the middle takes the protecting headers away.
    /// </summary>
    [Fact]
    public async Task Refuses_a_passkey_used_in_another_page_s_frame()
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, new("en", 1280, Dark: false), "passkey-framed");
        await AuthenticatorAsync(she.Page);
        await she.GoAsync("/account/passkeys");
        await SignInByPasswordAsync(she);
        await EnrolAsync(she, "My phone");
        await she.GoAsync("/signout");
        await she.SubmitAsync();

        const string portal = "http://localhost:9/portal";
        await she.Page.RouteAsync(portal, route => route.FulfillAsync(new() { ContentType = "text/html", Body = $"<iframe src='{tenant.Url}/signin' allow='publickey-credentials-get *' width=900 height=900></iframe>" }));
        await she.Page.GotoAsync(portal);
        (await she.Page.FrameLocator("iframe").Locator("[data-passkey-start]").CountAsync()).ShouldBe(0, "our pages are in nobody's frame");

        // Without the autofill: it would be answered as soon as somebody touches the device, with the button or before it.
        await she.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)");
        var posted = 0;
        await she.Page.RouteAsync(tenant.Url + "/signin**", async route =>
        {
            if (route.Request.Method == "POST")
            {
                posted++;
                await route.ContinueAsync();
                return;
            }
            var response = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = response, Headers = response.Headers.Where(h => h.Key is not ("content-security-policy" or "x-frame-options")).ToDictionary(h => h.Key, h => h.Value) });
        });
        await she.Page.GotoAsync(portal);
        var start = she.Page.FrameLocator("iframe").Locator("[data-passkey-start]");
        await start.ClickAsync();
        await Eventually.TrueAsync(() => Task.FromResult(posted > 0), TimeSpan.FromSeconds(20), "the frame has sent what the device signed");
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(tenant);
        await Eventually.TrueAsync(async () =>
        {
            var body = await (await admin.GetAsync("api/v1/audit?action=session.refused&limit=1")).ReadJsonAsync(HttpStatusCode.OK);
            return body.GetProperty("items").EnumerateArray().Any(e => e.GetProperty("details").GetProperty("reason").GetString() == "webauthn_cross_origin");
        }, TimeSpan.FromSeconds(10), "the server has refused it for its frame");
    }
}
