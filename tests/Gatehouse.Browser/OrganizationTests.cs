using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Otp;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Browser;

/// <summary>Organizations as a person meets them: asked in which one she goes on, at work in one, joining, leaving, invited.</summary>
[Collection(nameof(Chromium))]
public sealed class OrganizationTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words", Teal = "#0f766e";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Chooses_where_she_works_and_sees_its_colour(Look look)
    {
        var (server, tenant, admin, user) = await NewTenantAsync();
        using var _ = admin;
        var harbour = await NewOrganizationAsync(admin, "harbour", look.IsRightToLeft ? "بندر آبی" : "Blue Harbour", new { accent = Teal, second_factor = "required" }, user);
        var beta = await NewOrganizationAsync(admin, "beta", look.IsRightToLeft ? "کارگاه چاپ و نشر ایستگاه شمالی" : "North Station Printing and Publishing Works", new { }, user);
        await NewOrganizationAsync(admin, "mill", look.IsRightToLeft ? "آسیاب" : "The Mill", new { }, user);
        var offered = await NewOrganizationAsync(admin, "club", look.IsRightToLeft ? "باشگاه قایق‌رانی" : "Rowing Club", new { enrolment = "domain" }, null);
        await ProveDomainAsync(server, tenant, offered);
        using var made = await admin.PostAsJsonAsync("api/v1/clients", new
        {
            name = "Photo Album", type = "public", first_party = true, redirect_uris = new[] { "https://shop.example.com/callback" }, grant_types = new[] { "authorization_code" }, scopes = new[] { "openid", "organization" },
        });
        var client = (await made.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").GetProperty("id").GetString()!;

        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "organizations");
        await she.GoAsync($"/oauth2/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString("https://shop.example.com/callback")}&scope=openid%20organization&state=s"
            + $"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&ui_locales={look.Language}");
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
        await she.SeeAsync("choose");
        (await AccentAsync(she)).ShouldNotBe(Teal, "it is not settled yet whose pages these are");
        await MembershipAsync(admin, beta, user, remove: true);
        await she.FollowAsync($"button[value='{beta}']");
        await she.SeeAsync("choose-gone", refused: true);
        await MembershipAsync(admin, beta, user, remove: false);
        await she.Page.ClickAsync($"button[value='{harbour}']");
        await she.ArriveAsync("**/signin/enrol*");
        await she.SeeAsync("enrol-in-its-colour");
        (await AccentAsync(she)).ShouldBe(Teal);
        var key = KeyText.Decode((await she.Page.TextContentAsync("[data-copy-text]"))!)!;
        await she.FillAsync("code", Totp.Compute(key, Totp.StepAt(server.Clock.GetUtcNow())));
        await she.SubmitAsync();
        await she.SeeAsync("codes-in-its-colour");

        await she.GoAsync("/account");
        await she.SeeAsync("account");
        (await AccentAsync(she)).ShouldBe(Teal, "she works there");
        await she.FollowAsync("section[aria-labelledby=organizations] a.button");
        await she.SeeAsync("list");
        await she.Page.ClickAsync("main li details summary");
        await she.SeeAsync("leave");
        await she.FollowAsync($"main form[action$=choose] button[value='{beta}']");
        (await AccentAsync(she)).ShouldNotBe(Teal);
        await she.FollowAsync($"main form[action$=join] button[value='{offered}']");
        await she.SeeAsync("joined");

        using (var owner = await admin.PostAsJsonAsync($"api/v1/organizations/{beta}/role-assignments", new { holder = user, role = "organization_owner" })) owner.StatusCode.ShouldBe(HttpStatusCode.Created, await owner.Content.ReadAsStringAsync());
        await she.GoAsync("/account/organizations");
        await she.Page.ClickAsync($"main li:has(button[value='{beta}']) summary");
        await she.FollowAsync($"main form[action$=leave] button[value='{beta}']");
        await she.SeeAsync("cannot-leave", refused: true);
        foreach (var organization in new[] { harbour, offered })
        {
            await she.Page.ClickAsync($"main li:has(button[value='{organization}']) summary");
            await she.FollowAsync($"main form[action$=leave] button[value='{organization}']");
        }
        await she.SeeAsync("left");
        (await she.Page.Locator("main form[action$=choose], main .badge").CountAsync()).ShouldBe(2, "two are left");
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Is_invited_and_accepts(Look look)
    {
        var (server, tenant, admin, _) = await NewTenantAsync();
        using var __ = admin;
        using (var other = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "eve@example.com" }, email_verified = true, password = Password })) other.StatusCode.ShouldBe(HttpStatusCode.Created);
        var harbour = await NewOrganizationAsync(admin, "harbour", look.IsRightToLeft ? "بندر آبی" : "Blue Harbour", new { accent = Teal }, null);
        await InviteAsync(admin, harbour, Email, look);

        // Another's account in this browser: she is told before she goes on.
        await using (var eve = await Visitor.ComeAsync(chromium, tenant, look, "invitation-to-another"))
        {
            await eve.SignInAsync("eve@example.com", Password);
            await eve.ArriveAsync("**/account");
            await eve.GoAsync("/account/organizations");
            await eve.SeeAsync("none");
            await eve.OpenMailAsync(Email, "invitation");
            await eve.SeeAsync("for-another");
            (await eve.Page.TextContentAsync("main"))!.ShouldContain("eve@example.com");
            await eve.SubmitAsync();
            (await eve.Page.InputValueAsync("input[name=email]")).ShouldBe(Email);
        }

        await using (var she = await Visitor.ComeAsync(chromium, tenant, look, "invitation"))
        {
            await she.OpenMailAsync(Email, "invitation");
            await she.SeeAsync("invited");
            (await AccentAsync(she)).ShouldBe(Teal);
            await she.SubmitAsync();
            await she.SubmitAsync();
            await she.FillAsync("password", Password);
            await she.SubmitAsync();
            await she.ArriveAsync("**/account/organizations");
            await she.SeeAsync("waits");
            await she.GoAsync("/account");
            await she.SeeAsync("account-invited");
            await she.FollowAsync(".notice a");
            await she.FollowAsync("main form[action$=accept] button");
            await she.SeeAsync("accepted");
            await she.OpenMailAsync(Email, "invitation");
            await she.SeeAsync("answered", refused: true);
        }

        await InviteAsync(admin, harbour, "new@example.com", look);
        await using (var she = await Visitor.ComeAsync(chromium, tenant, look, "invitation-registers"))
        {
            await she.OpenMailAsync("new@example.com", "invitation");
            await she.SubmitAsync();
            await she.SeeAsync("sent");
            await she.OpenMailAsync("new@example.com", "verify_email");
            await she.SeeAsync("register");
            await she.FillAsync("password", Password);
            await she.SubmitAsync();
            await she.ArriveAsync("**/account");
            await she.FollowAsync(".notice a");
            await she.FollowAsync("main form[action$=accept] button");
            (await she.Page.TextContentAsync("main"))!.ShouldContain("harbour");
        }

        // Taken back, and run out: one page, which says no more than that.
        var revoked = await InviteAsync(admin, harbour, "late@example.com", look);
        using (var taken = await admin.PostAsync($"api/v1/organizations/{harbour}/invitations/{revoked}/revoke", null)) taken.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using var late = await Visitor.ComeAsync(chromium, tenant, look, "invitation-closed");
        await late.OpenMailAsync("late@example.com", "invitation");
        await late.SeeAsync("revoked", refused: true);
    }

    private static Task<string> AccentAsync(Visitor she) => she.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()");

    private static async Task<(TestServer Server, TestTenant Tenant, HttpClient Admin, string User)> NewTenantAsync()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, password = Password });
        return (server, tenant, admin, (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!);
    }

    private static async Task<string> NewOrganizationAsync(HttpClient admin, string slug, string name, object settings, string? member)
    {
        using var created = await admin.PostAsJsonAsync("api/v1/organizations", new { slug, display_name = name });
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!;
        using var set = await admin.PatchAsJsonAsync($"api/v1/organizations/{id}", new { settings });
        await set.ReadJsonAsync(HttpStatusCode.OK);
        if (member is not null) await MembershipAsync(admin, id, member, remove: false);
        return id;
    }

    private static async Task MembershipAsync(HttpClient admin, string organization, string user, bool remove)
    {
        var path = $"api/v1/organizations/{organization}/members";
        using var changed = remove ? await admin.DeleteAsync($"{path}/{user}") : await admin.PostAsJsonAsync(path, new { user });
        changed.IsSuccessStatusCode.ShouldBeTrue(await changed.Content.ReadAsStringAsync());
    }

    private static async Task<string> InviteAsync(HttpClient admin, string organization, string email, Look look)
    {
        using var invited = await admin.PostAsJsonAsync($"api/v1/organizations/{organization}/invitations", new { email, locale = look.Language });
        return (await invited.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    /// <summary>As if the domain's record had been found: there is no name server here to ask.</summary>
    private static async Task ProveDomainAsync(TestServer server, TestTenant tenant, string organization)
    {
        (TenantId.TryParse(tenant.Id, out var at) & OrganizationId.TryParse(organization, out var id)).ShouldBeTrue();
        await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(at, default);
        await tx.ExecuteAsync("INSERT INTO organization_domains (tenant_id, organization_id, domain, token, created_at, verified_at) VALUES (@tenant, @organization, @domain, 'x', @now, @now)",
            [("organization", id), ("domain", "example.com"), ("now", server.Clock.GetUtcNow())], default);
        await tx.ExecuteAsync("INSERT INTO domain_owners (tenant_id, domain, organization_id) VALUES (@tenant, @domain, @organization)", [("domain", "example.com"), ("organization", id)], default);
        await tx.CommitAsync(default);
    }
}
