using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>Several ways to begin, terms between the proof and the account, and what a notice's "this was not me" leads to.</summary>
[Collection(nameof(Chromium))]
public sealed class NoticeTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words", Later = "quite another sequence of words";

    private const string Flow = """
        {"definition":{"steps":[{"id":"first","type":"first_factor","any_of":["password","passkey","email_code","sms_code"]},
          {"id":"tos","type":"terms","terms":"tos","version":"3","title":{"en":"Terms of use","fa":"شرایط استفاده"},"text":{"en":"Be kind to each other.\n\nDo not share your account. We keep what you give us for as long as you are here, and delete it when you leave.","fa":"با هم مهربان باشید.\n\nحساب خود را با کسی شریک نشوید. آنچه به ما می‌دهید تا زمانی که اینجا هستید می‌ماند و با رفتنتان پاک می‌شود."},"url":"https://example.com/tos"}]}}
        """;

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Agrees_to_terms_and_later_says_that_it_was_not_her(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new
        {
            registration = new { open = true }, sms = new { allowed_countries = new[] { "DE" } }, sign_in = new { methods = new[] { "password", "passkey", "email_code", "sms_code" } },
        });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, display_name = "سارا Ahmadi", locale = look.Language, password = Password });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var put = await admin.PutAsync("api/v1/flows/sign_in", new StringContent(Flow, Encoding.UTF8, "application/json"));
        put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());

        await using (var she = await Visitor.ComeAsync(chromium, tenant, look, "notice"))
        {
            await she.GoAsync("/signin");
            await she.SeeAsync("ways");
            await she.FillAsync("email", Email);
            await she.SubmitAsync();
            await she.SeeAsync("password");
            await she.FillAsync("password", Password);
            await she.SubmitAsync();
            await she.SeeAsync("terms");
            await she.SubmitAsync();
            await she.ArriveAsync("**/account");
        }

        // Somebody who knows the password comes from elsewhere; she hears of it.
        await using (var stranger = await Visitor.ComeAsync(chromium, tenant, look, "notice-stranger"))
        {
            await stranger.SignInAsync(Email, Password);
            await stranger.ArriveAsync("**/account");
        }

        await using var owner = await Visitor.ComeAsync(chromium, tenant, look, "notice-owner");
        await owner.OpenMailAsync(Email, "new_device", "pre a[href*=not-me]");
        await owner.SeeAsync("not-me");
        await owner.SubmitAsync();
        await owner.SeeAsync("secured");
        await owner.OpenMailAsync(Email, "account_secured");
        await owner.FillAsync("password", Later);
        await owner.SubmitAsync();
        await owner.SeeAsync("done");
    }
}
