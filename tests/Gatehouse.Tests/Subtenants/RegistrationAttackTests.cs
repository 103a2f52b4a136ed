using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Subtenants;

/// <summary>Whoever may register so many tenants gets no more of them by another way, and no name that is kept back.</summary>
public sealed class RegistrationAttackTests
{
    private static readonly HttpMethod Post = HttpMethod.Post, Delete = HttpMethod.Delete;

    /// <summary>The management API as somebody of a tenant calls it who holds everything there.</summary>
    private static async Task<HttpClient> OwnerAsync(TestServer server, TestTenant tenant)
    {
        using var admin = await server.AdminAsync(tenant);
        var context = await server.ContextAsync(tenant);
        var claims = await server.ClaimsAsync();
        (claims["iss"], claims["aud"], claims["sub"]) = (tenant.Url, tenant.Url + "/api/v1", (await admin.ListTextsAsync("api/v1/users", "id")).ShouldHaveSingleItem());
        claims["client_id"] = (await admin.CreateClientAsync(new { scopes = Scopes.All })).ClientId();
        (claims["auth_time"], claims["amr"]) = ((server.Clock.GetUtcNow() - TimeSpan.FromSeconds(5)).ToUnixTimeSeconds(), new JsonArray("pwd"));
        var http = server.Client(tenant);
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.SignAsync(claims, tenant: context));
        return http;
    }

    private static async Task<TestTenant> ChildAsync(HttpClient above, string slug)
    {
        var found = (await above.GetJsonAsync("api/v1/tenants?filter=" + Uri.EscapeDataString($"slug eq \"{slug}\""))).GetProperty("items")[0];
        return new(found.Id(), slug, found.Text("issuer")!);
    }

    [Theory, BothDatabases]
    public async Task A_registered_tenant_is_no_way_to_more_tenants_than_its_owner_may_have(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var world = await SignInWorld.OpenAsync(server, new { subtenants = new { registration = "automatic", per_person = 1, total = 1 } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        var slug = $"mine-{world.Tenant.Slug}";
        await world.JsonAsync(Post, "/tenants", new { slug, display_name = "Mine" }, HttpStatusCode.Created);
        using var above = await server.AdminAsync(world.Tenant);
        var child = await ChildAsync(above, slug);

        // As its administrator, at once and under a name that registration keeps back.
        using var owner = await OwnerAsync(server, child);
        (await owner.GetJsonAsync("api/v1/tenants")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await (await owner.PostAsJsonAsync("api/v1/tenants", new { slug = "support", display_name = "Support" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tenant_registered");
        // By letting people register below it.
        using (var opened = await owner.PatchAsJsonAsync($"api/v1/tenants/{child.Id}/settings", new { subtenants = new { registration = "automatic", per_person = 100 } })) opened.StatusCode.ShouldBe(HttpStatusCode.OK);
        await SignInWorld.NewUserAsync(server, child, "eve@example.com");
        using var eve = PageBrowser.Open(server, child);
        await eve.SignInAsync("eve@example.com");
        using var asked = new HttpRequestMessage(Post, "account/v1/tenants") { Content = JsonContent.Create(new { slug = $"more-{world.Tenant.Slug}", display_name = "More" }) };
        asked.Headers.Add("Sec-Fetch-Site", "same-origin");
        asked.Headers.Add("X-Gatehouse-Csrf", "1");
        await (await eve.Http.SendAsync(asked)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tenant_registration_closed");

        // An administrator above gives it one; that is no way either.
        using var inChild = await server.AdminAsync(child);
        var below = $"below-{world.Tenant.Slug}";
        await (await inChild.PostAsJsonAsync("api/v1/tenants", new { slug = below, display_name = "Below" })).ReadJsonAsync(HttpStatusCode.Created);
        var grandchild = await ChildAsync(above, below);
        await SignInWorld.NewUserAsync(server, grandchild, "dan@example.com");
        using (var given = await (await server.AdminAsync(grandchild)).PostAsJsonAsync("api/v1/role-assignments", new { holder = await OnlyUserAsync(server, grandchild), role = "administrator" })) await given.ReadJsonAsync(HttpStatusCode.Created);
        using var lower = await OwnerAsync(server, grandchild);
        await (await lower.PostAsJsonAsync("api/v1/tenants", new { slug = $"lowest-{world.Tenant.Slug}", display_name = "Lowest" })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tenant_registered");
    }

    private static async Task<string> OnlyUserAsync(TestServer server, TestTenant tenant)
    {
        using var admin = await server.AdminAsync(tenant);
        return (await admin.ListTextsAsync("api/v1/users", "id")).ShouldHaveSingleItem()!;
    }

    [Theory, BothDatabases]
    public async Task Registrations_that_were_withdrawn_do_not_hide_those_that_count(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server, new { subtenants = new { registration = "automatic", per_person = 2 }, sessions = new { idle_seconds = 86400, absolute_seconds = 604800 } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        await world.JsonAsync(Post, "/tenants", new { slug = "first", display_name = "First" }, HttpStatusCode.Created);
        // Two hundred that wait for the proof of a domain, called off one after the other: a page of her registrations holds no more.
        for (var i = 0; i < 200; i++)
        {
            if (i % 15 == 0) server.Clock.Advance(TimeSpan.FromMinutes(61));
            var waits = await world.JsonAsync(Post, "/tenants", new { slug = "waits", display_name = "Waits", domain = "harbour.example" }, HttpStatusCode.Created);
            await world.JsonlessAsync(Delete, $"/tenants/{waits.Id()}", null, HttpStatusCode.NoContent);
        }
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        await world.JsonAsync(Post, "/tenants", new { slug = "second", display_name = "Second" }, HttpStatusCode.Created);
        using var third = await world.CallAsync(Post, "/tenants", new { slug = "third", display_name = "Third" });
        await third.ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_quota_reached");
    }

    [Theory, BothDatabases]
    public async Task Whoever_registers_a_tenant_sends_no_more_text_messages_than_the_one_above_allows(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var world = await SignInWorld.OpenAsync(server, new { subtenants = new { registration = "automatic" }, sms = new { allowed_countries = new[] { "DE", "IR" } }, limits = new { sms_per_tenant_day = 100 } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        var slug = $"sms-{world.Tenant.Slug}";
        await world.JsonAsync(Post, "/tenants", new { slug, display_name = "Mine" }, HttpStatusCode.Created);
        using var above = await server.AdminAsync(world.Tenant);
        var child = await ChildAsync(above, slug);
        using var owner = await OwnerAsync(server, child);
        async Task SetAsync(object settings, string? field)
        {
            using var set = await owner.PatchAsJsonAsync($"api/v1/tenants/{child.Id}/settings", settings);
            if (field is null) { set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync()); return; }
            var problem = await set.ReadJsonAsync(HttpStatusCode.UnprocessableEntity);
            problem.Text("code").ShouldBe("setting_exceeds_above");
            problem.ToString().ShouldContain($"\"{field}\"");
        }

        // Another number earns its owner something in a country that is not open above; and a day may cost no more than above.
        await SetAsync(new { sms = new { allowed_countries = new[] { "DE", "NG" } }, limits = new { sms_per_tenant_day = 100 } }, "sms.allowed_countries");
        await SetAsync(new { sms = new { allowed_countries = new[] { "DE" } } }, "limits.sms_per_tenant_day");
        await SetAsync(new { limits = new { sms_per_tenant_day = 50 } }, null);
        await SetAsync(new { sms = new { allowed_countries = new[] { "DE" } } }, null);
        await SetAsync(new { limits = new { sms_per_tenant_day = 101 } }, "limits.sms_per_tenant_day");
        await SetAsync(new { limits = new { sms_per_prefix_hour = 51 } }, "limits.sms_per_prefix_hour");
        await SetAsync(new { limits = new { sms_per_tenant_day = 100, failures_per_ip = 500 } }, null);
        // Above nothing is bounded by it.
        using var free = await above.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sms = new { allowed_countries = new[] { "NG" } }, limits = new { sms_per_tenant_day = 5000 } });
        free.StatusCode.ShouldBe(HttpStatusCode.OK);
        // What is open here stays until somebody changes it, then it must fit.
        await SetAsync(new { brand = new { accent = "#0f766e" } }, null);
        var day = 99;
        await Eventually.TrueAsync(async () =>
        {
            using var set = await owner.PatchAsJsonAsync($"api/v1/tenants/{child.Id}/settings", new { limits = new { sms_per_tenant_day = day-- } });
            return set.StatusCode == HttpStatusCode.UnprocessableEntity;
        }, TimeSpan.FromSeconds(5), "what changes must fit what is above now");
    }

    [Theory, BothDatabases]
    public async Task Nobody_registers_under_the_name_of_a_tenant_that_is_gone(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var world = await SignInWorld.OpenAsync(server, new { subtenants = new { registration = "automatic" } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var admin = await server.AdminAsync(world.Tenant);
        var slug = $"gone-{world.Tenant.Slug}";
        using (var made = await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "Gone" }))
            (await admin.DeleteAsync($"api/v1/tenants/{(await made.ReadJsonAsync(HttpStatusCode.Created)).Id()}?without_export=true&reason=test&grace_days=0")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        // Applications that were never told still trust its issuer, and would read the keys of whoever has its name.
        using (var taken = await world.CallAsync(Post, "/tenants", new { slug, display_name = "Heir" })) await taken.ShouldBeProblemAsync(HttpStatusCode.Conflict, "slug_taken");
        // An administrator knows what she does.
        using var again = await admin.PostAsJsonAsync("api/v1/tenants", new { slug, display_name = "Again" });
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
    }
}
