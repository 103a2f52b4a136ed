using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>What a person does about herself: profile, addresses, devices, activity, messages, data, and the end of it.</summary>
[Collection(nameof(Chromium))]
public sealed partial class AccountTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Second = "sara@work.example.com", Password = "an unlikely sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Sees_to_everything_herself(Look look)
    {
        var (server, tenant) = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "account");
        await SignInAsync(she);
        await she.SeeAsync("account");

        await she.FollowAsync("main a[href$='/account/profile']");
        await she.SeeAsync("profile");
        await she.FillAsync("display_name", "Sara\u202eAhmadi");
        await she.SubmitAsync();
        await she.SeeAsync("profile-refused", refused: true);
        await she.FillAsync("display_name", look.IsRightToLeft ? "سارا احمدی" : "Sara Ahmadi");
        await she.FillAsync("'attribute.team'", "Harbor");
        await she.Page.SelectOptionAsync("select[name=locale]", look.Language);
        await she.Page.SelectOptionAsync("select[name=zoneinfo]", "Asia/Tehran");
        await she.SubmitAsync();
        await she.SeeAsync("profile-saved");

        await she.FollowAsync("nav a[href$='/account/emails']");
        await she.SeeAsync("emails");
        await she.FillAsync("address", "not an address");
        await she.SubmitAsync("main form[action$='/emails/add']");
        await she.SeeAsync("emails-refused", refused: true);
        await she.FillAsync("address", Second);
        await she.SubmitAsync("main form[action$='/emails/add']");
        await she.SeeAsync("emails-sent");
        await she.FillAsync("code", "0000 0000");
        await she.SubmitAsync("main form[action$='/emails/verify']");
        await she.SeeAsync("emails-code-wrong", refused: true);
        await she.FillAsync("code", await CodeAsync(tenant));
        await she.SubmitAsync("main form[action$='/emails/verify']");
        await she.SeeAsync("emails-added");
        await she.FillAsync("address", "sara@third.example.com");
        await she.SubmitAsync("main form[action$='/emails/add']");
        await she.OpenMailAsync("sara@third.example.com", "confirm_email");
        await she.SeeAsync("email-link");
        await she.SubmitAsync();
        await she.SubmitAsync("main form[action$='/emails/primary']");
        await she.SeeAsync("emails-primary");

        await she.FollowAsync("nav a[href$='/account/sessions']");
        await she.Page.ClickAsync("main li summary");
        await she.FillAsync("name", look.IsRightToLeft ? "رایانهٔ خانه" : "Home computer");
        await she.SubmitAsync("main form[action$='/sessions/name']");
        await she.SeeAsync("sessions-named");

        await she.FollowAsync("nav a[href$='/account/activity']");
        await she.SeeAsync("activity");
        await she.FollowAsync("nav a[href$='/account/privacy']");
        await she.SeeAsync("privacy");
        await she.Page.UncheckAsync("input[name=profile_changed]");
        await she.SubmitAsync("main form[action$='/privacy/notices']");
        await she.SeeAsync("privacy-saved");
        var download = await she.Page.RunAndWaitForDownloadAsync(() => she.Page.ClickAsync("form.file button"));
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldContain(Second);

        server.Clock.Advance(TimeSpan.FromMinutes(6));
        await she.GoAsync("/account/emails");
        await she.SeeAsync("emails-stale");
        await she.GoAsync("/account/privacy");
        await she.SeeAsync("privacy-stale");
        await she.FollowAsync("main section[aria-labelledby=delete] a.button");
        await she.FillAsync("email", Second);
        await she.SubmitAsync();
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
        await she.ArriveAsync("**/account/privacy/delete");
        await she.SeeAsync("delete");
        await she.FillAsync("name", "something else");
        await she.SubmitAsync();
        await she.SeeAsync("delete-refused", refused: true);
        await she.FillAsync("name", Second);
        await she.SubmitAsync();
        await she.SeeAsync("deleted");
    }

    private static async Task SignInAsync(Visitor she)
    {
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
    }

    private static async Task<(TestServer Server, TestTenant Tenant)> NewTenantAsync()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { account = new { deletion = true, visible_attributes = new[] { "team", "badge_number" }, editable_attributes = new[] { "team" } } });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, password = Password, attributes = new { badge_number = 4711 } });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (server, tenant);
    }

    /// <summary>The code in the newest message to the second address.</summary>
    private static async Task<string> CodeAsync(TestTenant tenant)
    {
        var mail = await Visitor.MessageAsync(tenant, Second);
        return Code().Match(mail) is { Success: true } match ? match.Value : throw new Xunit.Sdk.XunitException(mail);
    }

    [GeneratedRegex(@"\b\d{4} \d{4}\b")]
    private static partial Regex Code();
}
