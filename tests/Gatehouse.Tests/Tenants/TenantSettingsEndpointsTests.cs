using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Tenants;

public sealed class TenantSettingsEndpointsTests
{
    [Theory, BothDatabases]
    public async Task Changes_some_settings_and_shows_all(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { sessions = new { idle_seconds = 120 } });
        (await patched.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("sessions").GetProperty("idle_seconds").GetInt32().ShouldBe(120);
        using var second = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { tokens = new { code_seconds = 10 } });
        await second.ReadJsonAsync(HttpStatusCode.OK);
        var shown = await SettingsAsync(admin, tenant);
        shown.GetProperty("sessions").GetProperty("idle_seconds").GetInt32().ShouldBe(120);
        shown.GetProperty("sessions").GetProperty("absolute_seconds").GetInt32().ShouldBe(2592000);
        shown.GetProperty("tokens").GetProperty("code_seconds").GetInt32().ShouldBe(10);
    }

    [Theory, BothDatabases]
    public async Task Replacing_puts_the_rest_back_to_its_defaults(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync(new { sessions = new { idle_seconds = 120 } });
        using var admin = await server.AdminAsync();
        using var put = await admin.PutAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { tokens = new { code_seconds = 10 } });
        await put.ReadJsonAsync(HttpStatusCode.OK);
        (await SettingsAsync(admin, tenant)).GetProperty("sessions").GetProperty("idle_seconds").GetInt32().ShouldBe(604800);
    }

    [Theory, BothDatabases]
    public async Task Names_every_field_at_fault_and_changes_nothing(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var refused = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings",
            new { sessions = new { idle_seconds = 1 }, tokens = new { code_seconds = 1000 }, passwords = new { min_length = 12 } });
        await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
        var fields = (await refused.ReadJsonAsync(HttpStatusCode.UnprocessableEntity)).GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString());
        fields.ShouldBe(["sessions.idle_seconds", "tokens.code_seconds"]);
        (await SettingsAsync(admin, tenant)).GetProperty("passwords").GetProperty("min_length").GetInt32().ShouldBe(15);
    }

    [Theory]
    [InlineData("{\"sessions\":{\"idle_seconds\":\"120\"}}", "setting_invalid", "sessions.idle_seconds")]
    [InlineData("{\"sessions\":5}", "setting_invalid", "sessions")]
    [InlineData("{\"locales\":{\"offered\":[1]}}", "setting_invalid", "locales.offered[0]")]
    [InlineData("{\"colour\":1}", "member_unknown", "colour")]
    public async Task Refuses_values_of_another_type_at_their_field(string body, string code, string field)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        using var refused = await admin.PatchAsync($"api/v1/tenants/{tenant.Id}/settings", ManageTenantsTests.Json(body));
        await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        (await refused.ReadJsonAsync(HttpStatusCode.UnprocessableEntity)).GetProperty("field").GetString().ShouldBe(field);
    }

    [Fact]
    public async Task Takes_effect_in_another_process_within_a_second()
    {
        await using var first = await TestServer.StartAsync(TestDatabase.Postgres);
        await using var second = await TestServer.StartAsync(TestDatabase.Postgres, new() { Beside = first });
        first.Clock.Stop();
        var tenant = await first.NewTenantAsync();
        using var elsewhere = new HttpClient { BaseAddress = new Uri(second.ListenUrl) };
        (await StatusAsync(elsewhere, first, tenant)).ShouldBe(HttpStatusCode.OK);       // now in the second process's memory
        using var admin = await first.AdminAsync();
        (await admin.PostAsync($"api/v1/tenants/{tenant.Id}/suspend", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Nothing but the announcement can tell it: the servers' clock stands still, so nothing in memory grows old.
        await Eventually.TrueAsync(async () => await StatusAsync(elsewhere, first, tenant) == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(4), "the other process no longer serves a suspended tenant");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, TestServer server, TestTenant tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/t/{tenant.Slug}/.well-known/openid-configuration") { Headers = { Host = new Uri(server.Url).Authority } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> SettingsAsync(HttpClient admin, TestTenant tenant)
    {
        using var read = await admin.GetAsync($"api/v1/tenants/{tenant.Id}/settings");
        return await read.ReadJsonAsync(HttpStatusCode.OK);
    }
}
