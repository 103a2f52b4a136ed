using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>An API key of her own: made, shown once, kept in the list and revoked.</summary>
[Collection(nameof(Chromium))]
public sealed class KeyTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Makes_one_and_takes_it_away(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { api_keys = new { in_account = true } });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, password = Password, locale = look.Language });
        var holder = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString();
        using (var role = await admin.PostAsJsonAsync("api/v1/roles", new { key = "integrator", permissions = new[] { "api_keys:write", "groups:read", "members:read", "organizations:read", "users:read", "users:write" } })) role.StatusCode.ShouldBe(HttpStatusCode.Created);
        using (var given = await admin.PostAsJsonAsync("api/v1/role-assignments", new { holder, role = "integrator" })) given.StatusCode.ShouldBe(HttpStatusCode.Created);

        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "keys");
        await she.SignInAsync(Email, Password);
        await she.ArriveAsync("**/account");
        await she.FollowAsync("main a[href$='/account/keys']");
        await she.SeeAsync("none");
        await she.FillAsync("name", look.IsRightToLeft ? "گزارش شبانه" : "Nightly report");
        await she.SubmitAsync();
        await she.SeeAsync("refused", refused: true);
        await she.Page.CheckAsync("input[value='users:read']");
        await she.Page.CheckAsync("input[value='groups:read']");
        await she.Page.SelectOptionAsync("select[name=days]", "90");
        await she.SubmitAsync();
        await she.SeeAsync("made");
        var secret = await she.Page.InnerTextAsync("[data-copy-text]");
        secret.ShouldStartWith("ghk_");
        await she.FollowAsync("main a.button[href$='/account/keys']");
        await she.SeeAsync("kept");
        (await she.Page.ContentAsync()).ShouldNotContain(secret[12..]);
        await she.SubmitAsync("main form[action$=revoke]");
        (await she.Page.Locator("main form[action$=revoke]").CountAsync()).ShouldBe(0);
    }
}
