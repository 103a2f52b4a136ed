using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>A person who trusts a browser, and the cookies in it.</summary>
internal static class TrustWorld
{
    internal const string Code = "Enter the code", Inside = "Your account", Fresh = "quite another sequence of words";
    internal const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
    internal static readonly object ThirtyDays = new { sign_in = new { trusted_device_days = 30 }, registration = new { open = true } };

    /// <summary>She, with a browser whose cookies the test can look into, in which she has trusted it and signed out.</summary>
    internal static async Task<(TwoStepWorld World, PageBrowser Browser, CookieContainer Jar)> TrustingAsync(TestDatabase database, bool fresh = false, object? settings = null)
    {
        var world = await TwoStepWorld.OpenAsync(database, settings ?? ThirtyDays, fresh);
        var jar = new CookieContainer();
        var browser = PageBrowser.Open(world.Server, world.Tenant, jar);
        browser.Http.DefaultRequestHeaders.UserAgent.ParseAdd(Firefox);
        var step = await TwoStepWorld.PasswordAsync(browser);
        step.ShouldBe(HttpStatusCode.OK, Code).Text.ShouldContain("Trust this device for 30 days");
        step.Html.ShouldNotContain(" checked");
        (await browser.SubmitAsync(step, [("code", world.Code()), ("trust", "yes")])).ShouldBe(HttpStatusCode.OK, Inside);
        Trust(world, jar).ShouldNotBeNull();
        await browser.SignOutAsync();
        return (world, browser, jar);
    }

    internal static Cookie? Trust(TwoStepWorld world, CookieContainer jar) => jar.GetCookies(new Uri(world.Tenant.Url)).FirstOrDefault(c => c.Name.Contains("trust", StringComparison.Ordinal));

    internal static Cookie Device(TwoStepWorld world, CookieContainer jar) => jar.GetCookies(new Uri(world.Tenant.Url)).First(c => c.Name.Contains("device", StringComparison.Ordinal));

    internal static PageBrowser With(TwoStepWorld world, params ReadOnlySpan<Cookie> cookies)
    {
        var jar = new CookieContainer();
        foreach (var cookie in cookies) jar.Add(new Uri(world.Tenant.Url), new Cookie(cookie.Name, cookie.Value, "/"));
        return PageBrowser.Open(world.Server, world.Tenant, jar);
    }

    internal static async Task<IReadOnlyList<string>> ReasonsAsync(TwoStepWorld world) => await world.AuditAsync("device.trust_revoked");

    internal static async Task<JsonElement> DevicesAsync(TwoStepWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var listed = await admin.GetAsync($"api/v1/users/{world.UserId}/devices");
        return (await listed.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items");
    }
}
