using System.Net;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>What a tenant's flow asks of people: when they register, and when they sign in.</summary>
[Collection(nameof(Chromium))]
public sealed class FlowTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words";

    private const string Registration = """
        {"definition":{"steps":[
          {"id":"tos","type":"terms","terms":"tos","version":"3","title":{"en":"Terms of use","fa":"شرایط استفاده"},"text":{"en":"Be kind to each other.\n\nDo not share your account. We keep what you give us for as long as you are here, and delete it when you leave.","fa":"با هم مهربان باشید.\n\nحساب خود را با کسی شریک نشوید. آنچه به ما می‌دهید تا زمانی که اینجا هستید می‌ماند و با رفتنتان پاک می‌شود."},"url":"https://example.com/tos"},
          {"id":"more","type":"collect","fields":[
            {"attribute":"company","schema":{"type":"string","minLength":2},"label":{"en":"Company","fa":"شرکت"},"help":{"en":"Where you work","fa":"جایی که کار می‌کنید"},"required":true},
            {"attribute":"plan","schema":{"type":"string","enum":["free","paid"]},"choice_labels":{"free":{"en":"Free","fa":"رایگان"},"paid":{"en":"Paid","fa":"پولی"}},"label":{"en":"Plan","fa":"طرح"},"required":true}]}]}}
        """;

    private const string SignIn = """
        {"definition":{"steps":[{"id":"first","type":"first_factor","any_of":["password"]},
          {"id":"more","type":"collect","title":{"en":"About your team","fa":"دربارهٔ گروه شما"},"fields":[
            {"attribute":"size","schema":{"type":"integer","minimum":1,"maximum":500},"label":{"en":"People in your team","fa":"شمار افراد گروه"},"required":true},
            {"attribute":"site","schema":{"type":"string","format":"uri"},"label":{"en":"Web site","fa":"وبگاه"}},
            {"attribute":"since","schema":{"type":"string","format":"date"},"label":{"en":"Since","fa":"از"}},
            {"attribute":"news","schema":{"type":"boolean"},"label":{"en":"News by mail","fa":"خبر با ایمیل"}},
            {"claim":"zoneinfo","label":{"en":"Time zone","fa":"منطقهٔ زمانی"}}]}]}}
        """;

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Says_what_she_is_asked(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { registration = new { open = true } });
        using var admin = await server.AdminAsync(tenant);
        foreach (var (kind, definition) in new[] { ("registration", Registration), ("sign_in", SignIn) })
        {
            using var put = await admin.PutAsync($"api/v1/flows/{kind}", new StringContent(definition, Encoding.UTF8, "application/json"));
            put.StatusCode.ShouldBe(HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        }

        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "flow");
        await she.GoAsync("/signup");
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await she.OpenMailAsync(Email, "verify_email");
        await she.SeeAsync("register");
        await she.FillAsync("password", Password);
        await she.FillAsync("company", "x");
        await she.SubmitAsync();
        await she.SeeAsync("register-refused", refused: true);
        await she.FillAsync("password", Password);
        await she.FillAsync("company", "Acme");
        await she.Page.SelectOptionAsync("select[name=plan]", "paid");
        await she.Page.CheckAsync("input[type=checkbox]");
        await she.SubmitAsync();
        await she.SeeAsync("details");
        await she.FillAsync("size", "501");
        await she.FillAsync("site", "example");
        await she.SubmitAsync();
        await she.SeeAsync("details-refused", refused: true);
        await she.FillAsync("size", look.IsRightToLeft ? "۱۲" : "12");
        await she.FillAsync("site", "https://example.com/");
        await she.Page.SelectOptionAsync("select[name=news]", "true");
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
    }
}
