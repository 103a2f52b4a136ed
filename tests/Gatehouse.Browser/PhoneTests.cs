using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>A telephone as a person sees to it: a number proved in the account, made her second step, and a new password by a code to another.</summary>
[Collection(nameof(Chromium))]
public sealed class PhoneTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words", Number = "+491701234567", Other = "+491607654321";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Adds_a_number_makes_it_her_second_step_and_resets_by_another(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { sign_in = new { reset_by_sms = true }, sms = new { allowed_countries = new[] { "DE" } } });
        using (var admin = await server.AdminAsync(tenant))
        {
            using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, display_name = "Sara Ahmadi", password = Password });
            var user = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString();
            using var added = await admin.PostAsJsonAsync($"api/v1/users/{user}/phones", new { number = Other, verified = true });
            await added.ReadJsonAsync(HttpStatusCode.Created);
        }
        await using (var she = await Visitor.ComeAsync(chromium, tenant, look, "phone"))
        {
            await she.SignInAsync(Email, Password);
            await she.ArriveAsync("**/account");

            await she.GoAsync("/account/phones");
            await she.SeeAsync("phones");
            await she.FillAsync("number", "12");
            await she.SubmitAsync("main form[action$='/phones/add']");
            await she.SeeAsync("refused", refused: true);
            await she.FillAsync("number", Number);
            await she.SubmitAsync("main form[action$='/phones/add']");
            await she.SeeAsync("sent");
            await she.FillAsync("code", await CodeAsync(tenant, Number));
            await she.SubmitAsync("main form[action$='/phones/verify']");
            await she.SeeAsync("added");

            await she.GoAsync("/account/two-step");
            await she.SeeAsync("two-step");
            await she.FollowAsync("main a[href$='/two-step/sms']");
            await she.SeeAsync("which");
            await she.FollowAsync("main .rows li:has-text('1234567') button");
            await she.SeeAsync("code");
            await she.FillAsync("code", await CodeAsync(tenant, Number));
            await she.SubmitAsync("main form[action$='/two-step/sms/verify']");
            await she.SeeAsync("on");
        }
        await using var later = await Visitor.ComeAsync(chromium, tenant, look, "phone-reset");
        await later.GoAsync("/signin/forgot");
        await later.SeeAsync("forgot");
        await later.FillAsync("email", Other);
        await later.SubmitAsync();
        await later.SeeAsync("code");
        await later.FillAsync("code", "000");
        await later.SubmitAsync();
        await later.SeeAsync("wrong", refused: true);
        await later.FillAsync("code", await CodeAsync(tenant, Other));
        await later.SubmitAsync();
        await later.ArriveAsync("**/signin/reset?**");
        await later.SeeAsync("choose");
    }

    /// <summary>The last line of a message binds its code to the host, as browsers read it.</summary>
    private static async Task<string> CodeAsync(TestTenant tenant, string to) => (await Visitor.MessageAsync(tenant, to)).Split('#')[^1].Trim();
}
