using System.Net;
using System.Net.Http.Json;
using Gatehouse.Protocols.Otp;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>A person who has lost her telephone and her codes, and waits.</summary>
[Collection(nameof(Chromium))]
public sealed class RecoveryTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words", Number = "+491701234567";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Asks_waits_stops_it_once_and_comes_back(Look look)
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { sign_in = new { recovery_delay_hours = 48 }, sms = new { allowed_countries = new[] { "DE" } } });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, password = Password });
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString();
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "recovery");
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
        await she.GoAsync("/account/two-step/app");
        var key = KeyText.Decode((await she.Page.TextContentAsync("[data-copy-text]"))!)!;
        await she.FillAsync("code", Totp.Compute(key, Totp.StepAt(server.Clock.GetUtcNow())));
        await she.SubmitAsync();
        await she.GoAsync("/signout");
        await she.SubmitAsync();

        // Her password is too young to count: an administrator, or a telephone.
        await she.SignInAsync(Email, Password);
        await she.SeeAsync("code");
        await LostAsync(she);
        await she.SeeAsync("ask-an-administrator");
        (await admin.PostAsJsonAsync($"api/v1/users/{id}/phones", new { number = Number, verified = true })).EnsureSuccessStatusCode();
        await she.Page.ReloadAsync();
        await she.SeeAsync("telephone");
        await she.SubmitAsync("form[action*='recover/text']");
        await she.SeeAsync("code-sent");
        await she.FillAsync("code", "000000");
        await she.SubmitAsync("form[action*='recover?']:has(input[name=code])");
        await she.SeeAsync("code-wrong", refused: true);

        // Later it does.
        server.Clock.Advance(TimeSpan.FromHours(48));
        await she.SignInAsync(Email, Password);
        await LostAsync(she);
        await she.SeeAsync("start");
        await she.SubmitAsync();
        await she.SeeAsync("sent");
        await she.OpenMailAsync(Email, "recovery_confirm");
        await she.SeeAsync("confirm");
        await she.SubmitAsync();
        await she.SeeAsync("under-way");
        await she.OpenMailAsync(Email, "recovery_pending");
        await she.SeeAsync("cancel");
        await she.SubmitAsync();
        await she.SeeAsync("cancelled");

        await she.SignInAsync(Email, Password);
        await LostAsync(she);
        await she.SubmitAsync();
        await she.OpenMailAsync(Email, "recovery_confirm");
        await she.SubmitAsync();
        server.Clock.Advance(TimeSpan.FromHours(48));
        await she.SignInAsync(Email, Password);
        await LostAsync(she);
        await she.SeeAsync("ready");
        await she.SubmitAsync();
        await she.OpenMailAsync(Email, "recovery_ready");
        await she.SeeAsync("complete");
        await she.SubmitAsync();
        await she.SeeAsync("done");
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
    }

    private static async Task LostAsync(Visitor she) => await she.FollowAsync("main .links a[href*='/signin/recover']");
}
