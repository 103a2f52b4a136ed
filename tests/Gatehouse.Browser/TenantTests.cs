using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>A tenant of her own: registered in the account, proved, waited for, and entered by the message that came.</summary>
[Collection(nameof(Chromium))]
public sealed class TenantTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Registers_one_of_her_own(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { subtenants = new { registration = "manual" } });
        using var admin = await server.AdminAsync(tenant);
        using (var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, password = Password, locale = look.Language })) created.StatusCode.ShouldBe(HttpStatusCode.Created);
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "tenants");
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
        await she.FollowAsync("nav a[href$='/account/tenants']");
        await she.SeeAsync("none");
        await she.FillAsync("display_name", look.IsRightToLeft ? "بندر آبی" : "Blue Harbour");
        await she.FillAsync("slug", "Not a name");
        await she.SubmitAsync();
        await she.SeeAsync("refused", refused: true);
        var slug = $"mine-{tenant.Slug}";
        await she.FillAsync("slug", slug);
        await she.FillAsync("domain", "harbour.example");
        await she.SubmitAsync();
        await she.SeeAsync("prove-a-domain");
        await she.SubmitAsync("main form[action$=withdraw]");
        await she.FillAsync("display_name", look.IsRightToLeft ? "بندر آبی" : "Blue Harbour");
        await she.FillAsync("slug", slug);
        await she.SubmitAsync("main section[aria-labelledby=register] form");

        using var waiting = await admin.GetAsync("api/v1/tenant-registrations?filter=" + Uri.EscapeDataString("status eq \"pending\""));
        var id = (await waiting.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("id").GetString();
        using (var approved = await admin.PostAsync($"api/v1/tenant-registrations/{id}/approve", null)) approved.StatusCode.ShouldBe(HttpStatusCode.OK, await approved.Content.ReadAsStringAsync());
        await she.GoAsync("/account/tenants");
        await she.SeeAsync("ready");
        (await she.Page.GetAttributeAsync("main li a.button", "href")).ShouldBe($"{server.Url}/t/{slug}/account");
    }
}
