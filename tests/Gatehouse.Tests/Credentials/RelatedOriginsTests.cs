using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Credentials;

public sealed class RelatedOriginsTests
{
    private const string Path = ".well-known/webauthn";

    [Theory, BothDatabases]
    public async Task Publishes_the_tenant_s_at_its_own_address(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var client = server.Client();
        using var none = await client.GetAsync(Path);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var admin = await server.AdminAsync();
        var body = new { passkeys = new { related_origins = new[] { "https://shop.example", "https://example.org:8443" } } };
        using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{server.Main.Id}/settings", body);
        await patched.ReadJsonAsync(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await client.GetAsync(Path)).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(5), "the list is published");
        using var shown = await client.GetAsync(Path);
        shown.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await shown.Content.ReadAsStringAsync()).ShouldBe("""{"origins":["https://shop.example","https://example.org:8443"]}""");

        // A tenant below a path does not speak for the host, and has nothing of the host's tenant.
        var below = await server.NewTenantAsync(body);
        using var other = server.Client(below);
        using var hidden = await other.GetAsync(Path);
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var off = await admin.PatchAsJsonAsync($"api/v1/tenants/{server.Main.Id}/settings", new { passkeys = new { enabled = false } });
        await off.ReadJsonAsync(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await client.GetAsync(Path)).StatusCode == HttpStatusCode.NotFound, TimeSpan.FromSeconds(5), "it is not offered");
    }

    [Fact]
    public async Task Takes_ceremonies_from_related_sites_and_no_other()
    {
        using var world = await PasskeyWorld.EnrolledAsync(settings: new { passkeys = new { related_origins = new[] { "https://shop.example" } } });
        foreach (var origin in new[] { "https://shop.example:444", "http://shop.example", "https://x.shop.example", "https://shop.example.evil.example", "https://evil.example" })
            await world.RefuseAsync("webauthn_origin_unexpected", page => world.Key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(page, "challenge"), origin));
        var signIn = await world.Browser.GetAsync("signin");
        (await world.Browser.SubmitAsync(signIn, world.Key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(signIn, "challenge"), "https://shop.example"), "/signin/passkey")).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Takes_frames_of_listed_pages_and_no_other()
    {
        using var world = await PasskeyWorld.EnrolledAsync(settings: new { passkeys = new { frame_origins = new[] { "https://portal.example" } } });
        world.Key.CrossOrigin = true;
        await world.RefuseAsync("webauthn_cross_origin");
        world.Key.TopOrigin = "https://evil.example";
        await world.RefuseAsync("webauthn_cross_origin");
        world.Key.TopOrigin = "https://portal.example";
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Offers_no_passkeys_for_a_domain_that_is_not_above_the_issuer()
    {
        using var world = await PasskeyWorld.OpenAsync(settings: new { passkeys = new { rp_id = "example.com" } });
        (await world.Browser.GetAsync("signin")).Html.ShouldNotContain("data-passkey");
    }
}
