using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Flows;

/// <summary>Neither a flow nor the settings below it may take every administrator's way in, nor the two together.</summary>
public sealed class LockoutGuardTests
{
    private const string LockedOut = "flow_locks_out_administrators", PasswordOnly = """{"id":"f","type":"first_factor","any_of":["password"]}""", PasskeyOnly = """{"id":"f","type":"first_factor","any_of":["passkey"]}""";

    [Theory, BothDatabases]
    public async Task Refuses_settings_under_which_no_administrator_could_sign_in(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await PromoteAsync(world);
        await FlowWorld.PutAsync(world.Server, world.Tenant, PasswordOnly);
        var (before, entries) = (await SettingsAsync(world), (await world.AuditAsync("tenant.settings_changed")).Count);
        var refused = await PatchAsync(world, new { sign_in = new { methods = new[] { "email_code" } }, brand = new { accent = "#123456" } });
        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.Conflict, LockedOut));
        (await PutAsync(world, new { sign_in = new { methods = new[] { "email_code" } } })).Code.ShouldBe(LockedOut);
        (await SettingsAsync(world)).ShouldBe(before, "nothing was written");
        (await world.AuditAsync("tenant.settings_changed")).Count.ShouldBe(entries);
        using (var browser = world.AnotherBrowser()) (await browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");

        // With a flow that takes what is left to her, they are taken.
        await FlowWorld.PutAsync(world.Server, world.Tenant, """{"id":"f","type":"first_factor","any_of":["password","email_code"]}""");
        (await PatchAsync(world, new { sign_in = new { methods = new[] { "email_code" } } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Refuses_settings_that_make_the_last_passkey_useless(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        await PromoteAsync(world.People);
        await FlowWorld.PutAsync(world.People.Server, world.People.Tenant, PasskeyOnly);
        object[] useless =
        [
            new { passkeys = new { enabled = false } }, new { passkeys = new { rp_id = "example.com" } }, new { passkeys = new { allow_synced = false } }, new { sign_in = new { methods = new[] { "password" } } },
            new { passkeys = new { attestation = "direct", aaguids_allowed = new[] { "ee882879-721c-4913-9775-3dfcce97072a" } } },
        ];
        foreach (var settings in useless) (await PatchAsync(world.People, settings)).Code.ShouldBe(LockedOut, settings.ToString());
        (await PatchAsync(world.People, new { passkeys = new { require_user_verification = false } })).Status.ShouldBe(HttpStatusCode.OK);
        (await world.SignInAsync()).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Refuses_to_close_the_country_that_the_last_codes_go_to(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { sms = new { allowed_countries = new[] { "DE" } } });
        await PromoteAsync(world);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var added = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/phones", new { number = SmsWorld.Number, verified = true }))
            added.StatusCode.ShouldBe(HttpStatusCode.Created);
        UserId.TryParse(world.UserId, out var id).ShouldBeTrue();
        var (context, users, sms) = (await People.ContextAsync(world.Server, world.Tenant), world.Server.Services.GetRequiredService<UserDirectory>(), world.Server.Services.GetRequiredService<SmsAuthenticator>());
        var user = (await world.Server.InAsync(context, tx => users.FindAsync(tx, id, default)))!;
        (await world.Server.InAsync(context, tx => sms.TryEnableAsync(tx, id, user.Phones[0].Id, default))).ShouldBeTrue();
        (await PatchAsync(world, new { sms = new { allowed_countries = new[] { "FR" } } })).Code.ShouldBe(LockedOut);
        (await PatchAsync(world, new { sms = new { allowed_countries = new[] { "FR", "DE" } } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task What_leaves_things_as_they_were_is_taken_where_nobody_had_a_way(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using (var admin = await server.AdminAsync(tenant))
        {
            using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "new@example.com" }, email_verified = false });
            var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString();
            using var granted = await admin.PutAsync($"api/v1/users/{id}/roles/administrator", null);
            granted.IsSuccessStatusCode.ShouldBeTrue();
        }
        (await SendAsync(server, tenant, HttpMethod.Patch, new { brand = new { accent = "#123456" }, sign_in = new { second_factor = "required" } })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task The_flow_that_is_rolled_back_to_is_judged_too(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        await PromoteAsync(world.People);
        await FlowWorld.PutAsync(world.People.Server, world.People.Tenant, PasswordOnly);
        // Her flow takes the password and asks nothing more; the product's own would have her use the passkey, which is useless then, or set up a second step.
        (await PatchAsync(world.People, new { sign_in = new { second_factor = "required" }, passkeys = new { allow_synced = false } })).Status.ShouldBe(HttpStatusCode.OK);
        var back = await FlowWorld.SendAsync(world.People.Server, world.People.Tenant, HttpMethod.Post, "sign_in/roll-back", """{"version":0}""");
        back.Body.GetProperty("code").GetString().ShouldBe(LockedOut);
        (await FlowWorld.SendAsync(world.People.Server, world.People.Tenant, HttpMethod.Get, "sign_in")).Body.GetProperty("version").GetInt64().ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Of_a_flow_and_settings_that_lock_out_only_together_one_is_refused(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        await PromoteAsync(world.People);
        for (var round = 0; round < 12; round++)
        {
            (await PatchAsync(world.People, new { passkeys = new { enabled = true } })).Status.ShouldBe(HttpStatusCode.OK);
            await FlowWorld.PutAsync(world.People.Server, world.People.Tenant, FlowWorld.First);
            var flow = FlowWorld.SendAsync(world.People.Server, world.People.Tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(PasskeyOnly));
            var settings = PatchAsync(world.People, new { passkeys = new { enabled = false } });
            await Task.WhenAll(flow, settings);
            string?[] refused = [(await flow).Status == HttpStatusCode.OK ? null : (await flow).Body.GetProperty("code").GetString(), (await settings).Code];
            refused.Where(code => code is not null).ShouldBe([LockedOut], $"round {round}");
        }
    }

    private static async Task PromoteAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var granted = await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null);
        granted.IsSuccessStatusCode.ShouldBeTrue(await granted.Content.ReadAsStringAsync());
    }

    private static async Task<string> SettingsAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync();
        return await admin.GetStringAsync(new Uri($"api/v1/tenants/{world.Tenant.Id}/settings", UriKind.Relative));
    }

    private static Task<(HttpStatusCode Status, string? Code)> PatchAsync(SignInWorld world, object settings) => SendAsync(world.Server, world.Tenant, HttpMethod.Patch, settings);

    private static Task<(HttpStatusCode Status, string? Code)> PutAsync(SignInWorld world, object settings) => SendAsync(world.Server, world.Tenant, HttpMethod.Put, settings);

    /// <summary>Of an administrator of the tenant above.</summary>
    private static async Task<(HttpStatusCode Status, string? Code)> SendAsync(TestServer server, TestTenant tenant, HttpMethod method, object settings)
    {
        using var admin = await server.AdminAsync();
        using var request = new HttpRequestMessage(method, $"api/v1/tenants/{tenant.Id}/settings") { Content = JsonContent.Create(settings) };
        using var response = await admin.SendAsync(request);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (response.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
