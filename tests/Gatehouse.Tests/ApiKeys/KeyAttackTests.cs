using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.ApiKeys;

/// <summary>What a key, or whoever makes one, must not reach.</summary>
public sealed class KeyAttackTests
{
    [Theory, BothDatabases]
    public async Task Nobody_makes_a_key_that_does_more_than_she_could_give(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:refund");
        await world.RoleAsync("keeper", ["api_keys:write", "api_keys:read", "users:read"]);
        var (eve, boss, here) = (await world.UserAsync("eve"), await world.UserAsync("boss"), await world.OrganizationAsync("here"));
        await world.GiveAsync(eve, "keeper");
        await world.GiveAsync(boss, "administrator");
        using var her = await world.AsAsync(eve);
        string[] reading = ["users:read"];
        await (await her.TryMakeAsync(new { owner = boss, name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await her.TryMakeAsync(new { owner = here, name = "x", scopes = new[] { "orders:refund" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await her.TryMakeAsync(new { owner = here, name = "x", scopes = reading, roles = new[] { "organization_owner" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        using (var narrow = await world.AsAsync(eve, "api_keys:write"))
            await (await narrow.TryMakeAsync(new { owner = eve, name = "x", scopes = reading })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        // Of herself she may: it never does more than she. What she gains later is not in reach of scopes it has not.
        var own = KeyWorld.Read(await (await her.TryMakeAsync(new { owner = eve, name = "x", scopes = reading })).ReadJsonAsync(HttpStatusCode.Created));
        await world.GiveAsync(eve, "user_manager");
        using var key = world.With(own.Secret);
        await (await key.PostAsJsonAsync("api/v1/users", new { emails = new[] { "x@example.com" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        // Nor may she widen, lengthen or get the secret of one that does more.
        var strong = await world.Admin.MakeKeyAsync(boss, ["roles:read"]);
        await (await her.PostAsJsonAsync($"api/v1/api-keys/{strong.Id}/rotate", new { })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await her.PatchAsJsonAsync($"api/v1/api-keys/{strong.Id}", new { scopes = new[] { "roles:read", "users:read" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await her.PatchAsJsonAsync($"api/v1/api-keys/{strong.Id}", new { allowed_addresses = new[] { "127.0.0.1" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await her.PatchAsJsonAsync($"api/v1/api-keys/{strong.Id}", new { name = "Hers" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        // A role that ends gives no key that outlives it.
        await world.RoleAsync("temporary", ["clients:read"]);
        await world.GiveAsync(eve, "temporary", new { ends_at = world.Server.Clock.GetUtcNow().AddDays(1) });
        var plain = await world.UserAsync("plain");
        await (await her.TryMakeAsync(new { owner = plain, name = "x", scopes = new[] { "clients:read" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await her.TryMakeAsync(new { owner = plain, name = "x", scopes = new[] { "clients:read" }, expires_at = world.Server.Clock.GetUtcNow().AddHours(1) })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task A_key_opens_nothing_that_asks_for_a_person(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (boss, ann) = (await world.UserAsync("boss"), await world.UserAsync("ann"));
        await world.GiveAsync(boss, "administrator");
        var key = await world.Admin.MakeKeyAsync(boss, [.. Scopes.All]);
        using var http = world.With(key.Secret);
        (await http.GetAsync($"api/v1/users/{ann}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("POST", "api-keys", new { owner = boss, name = "x", scopes = new[] { "users:read" } }), ("POST", $"api-keys/{key.Id}/rotate", new { }), ("PATCH", $"api-keys/{key.Id}", new { name = "x" }), ("DELETE", $"api-keys/{key.Id}", null),
            ("POST", "role-assignments", new { holder = ann, role = "administrator" }), ("PUT", $"clients/{world.App}/authentication", new { }), ("POST", $"clients/{world.App}/secrets", new { }),
        })
        {
            using var answer = await http.SendAsync(People.Request(method, "api/v1/" + path, body));
            await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "api_key_not_allowed");
        }
        // What its owner proves herself by stays hers, whatever else the key may do.
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("PATCH", $"users/{boss}", new { display_name = "Eve" }), ("PUT", $"users/{boss}/password", new { password = "a long walk on the beach" }), ("POST", $"users/{boss}/disable", null),
        })
        {
            using var answer = await http.SendAsync(People.Request(method, "api/v1/" + path, body));
            ((int)answer.StatusCode).ShouldBeInRange(400, 499, $"{method} {path}");
            (await answer.Content.ReadAsStringAsync()).ShouldContain("api_key_not_allowed");
        }
        // Neither another tenant, nor the account, nor UserInfo.
        using (var above = world.With(key.Secret)) { above.DefaultRequestHeaders.Add("X-Tenant", world.Tenant.Slug + "x"); await (await above.GetAsync("api/v1/users")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "administrator_required"); }
        foreach (var path in (string[])["account/v1/profile", "oauth2/userinfo"]) (await http.GetAsync(path)).StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.NotFound);
        using var other = world.With(key.Secret, await world.Server.NewTenantAsync());
        await (await other.GetAsync("api/v1/users")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Theory, BothDatabases]
    public async Task Whatever_is_wrong_with_a_key_the_answer_is_the_same(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        using var elsewhere = await RoleWorld.OpenAsync(world.Server);
        var (ann, stranger) = (await world.UserAsync("ann"), await elsewhere.UserAsync("stranger"));
        await world.GiveAsync(ann, "auditor");
        var (good, revoked, foreign) = (await world.Admin.MakeKeyAsync(ann, ["users:read"]), await world.Admin.MakeKeyAsync(ann, ["users:read"]), await elsewhere.Admin.MakeKeyAsync(stranger, ["users:read"]));
        var bound = await world.Admin.MakeKeyAsync(ann, ["users:read"], new { allowed_addresses = new[] { "192.0.2.0/24", "2001:db8::/32" } });
        (await world.Admin.VerifyAsync(revoked.Secret)).Active().ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/api-keys/{revoked.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var machine = await world.Admin.CreateClientAsync(new { first_party = true, grant_types = new[] { "client_credentials" }, scopes = new[] { "api_keys:verify" } });
        await world.GiveAsync(machine.ClientId(), "api_key_verifier");
        using var http = world.Server.Client(world.Tenant);
        async Task<string> IntrospectAsync(JsonElement client, string key, string? address = null)
        {
            Dictionary<string, string> form = new() { ["client_id"] = client.ClientId(), ["client_secret"] = client.Text("secret")!, ["token"] = key };
            if (address is not null) form["ip_address"] = address;
            using var answer = await http.PostAsync("oauth2/introspect", new FormUrlEncodedContent(form));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.Content.ReadAsStringAsync();
        }
        string[] bad = [revoked.Secret, foreign.Secret, bound.Secret, good.Secret[..^1] + (good.Secret[^1] == 'A' ? 'B' : 'A'), good.Secret[..^1], good.Secret.ToUpperInvariant(), "ghk_", "ghk_" + new string('é', 49), "x"];
        foreach (var key in bad)
        {
            (await world.Admin.VerifyAsync(key)).GetRawText().ShouldBe("""{"active":false}""", key);
            (await IntrospectAsync(machine, key)).ShouldBe("""{"active":false}""", key);
            if (!key.Contains('é', StringComparison.Ordinal) && key.StartsWith("ghk_", StringComparison.Ordinal)) (await world.StatusAsync(key)).ShouldBe(HttpStatusCode.Unauthorized, key);
        }
        // From where it may be used, also written as IPv6; unknown is not from there.
        foreach (var (address, active) in new[] { ("192.0.2.7", true), ("::ffff:192.0.2.7", true), ("2001:db8:1::1", true), ("192.0.3.1", false), ("2001:db9::1", false), ("::1", false) })
        {
            (await world.Admin.VerifyAsync(bound.Secret, new { ip_address = address })).Active().ShouldBe(active, address);
            (await IntrospectAsync(machine, bound.Secret, address)).Contains("\"active\":true", StringComparison.Ordinal).ShouldBe(active, address);
        }
        var introspected = JsonDocument.Parse(await IntrospectAsync(machine, good.Secret)).RootElement;
        (introspected.Text("scope"), introspected.Text("sub"), introspected.Text("jti"), introspected.Text("iss")).ShouldBe(("users:read", ann, good.Id, world.Tenant.Url));
        // Only who may verify keys hears of them: by scope, by role, and the tenant's own.
        var other = await world.Admin.CreateClientAsync(new { first_party = true, grant_types = new[] { "client_credentials" }, scopes = new[] { "users:read" } });
        (await IntrospectAsync(other, good.Secret)).ShouldBe("""{"active":false}""");
        var roleless = await world.Admin.CreateClientAsync(new { first_party = true, grant_types = new[] { "client_credentials" }, scopes = new[] { "api_keys:verify" } });
        (await IntrospectAsync(roleless, good.Secret)).ShouldBe("""{"active":false}""");
        var partner = await world.Admin.CreateClientAsync(new { first_party = false, grant_types = new[] { "client_credentials" }, scopes = new[] { "api_keys:verify" } });
        await world.GiveAsync(partner.ClientId(), "api_key_verifier");
        (await IntrospectAsync(partner, good.Secret)).ShouldBe("""{"active":false}""");
        foreach (var (body, code) in new (object, string)[] { (new { }, "key_invalid"), (new { key = new string('x', 201) }, "key_invalid"), (new { key = good.Secret, ip_address = "here" }, "ip_address_invalid"), (new { key = good.Secret, organization = "x" }, "organization_invalid") })
            await (await world.Admin.PostAsJsonAsync("api/v1/api-keys/verify", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Fact]
    public async Task Another_process_hears_of_a_revocation_and_a_rotation()
    {
        await using var first = await TestServer.StartAsync(TestDatabase.Postgres);
        await using var second = await TestServer.StartAsync(TestDatabase.Postgres, new() { Beside = first });
        using var world = await RoleWorld.OpenAsync(first);
        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "auditor");
        var key = await world.Admin.MakeKeyAsync(ann, ["users:read"]);
        using var there = await second.OwnAdminAsync(world.Tenant);
        (await there.VerifyAsync(key.Secret)).Active().ShouldBeTrue();
        // The management API asks the database each time: it waits for no news of a scope taken, a secret replaced, an end.
        async Task<HttpStatusCode> CallAsync(string secret)
        {
            using var other = second.OwnClient(world.Tenant);
            other.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            using var answer = await other.GetAsync("api/v1/users?limit=1");
            return answer.StatusCode;
        }
        (await CallAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        (await world.Admin.PatchAsJsonAsync($"api/v1/api-keys/{key.Id}", new { scopes = new[] { "groups:read" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(key.Secret)).ShouldBe(HttpStatusCode.Forbidden);
        (await world.Admin.PatchAsJsonAsync($"api/v1/api-keys/{key.Id}", new { scopes = new[] { "users:read" }, allowed_addresses = new[] { "192.0.2.0/24" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(key.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.PatchAsJsonAsync($"api/v1/api-keys/{key.Id}", new { allowed_addresses = Array.Empty<string>() })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
        (await world.Admin.PostAsJsonAsync($"api/v1/api-keys/{key.Id}/rotate", new { overlap_seconds = 0 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(key.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.TrueAsync(async () => !(await there.VerifyAsync(key.Secret)).Active(), TimeSpan.FromSeconds(10), "the other process hears of the rotation");
        var next = await world.Admin.MakeKeyAsync(ann, ["users:read"]);
        (await there.VerifyAsync(next.Secret)).Active().ShouldBeTrue();
        (await world.Admin.DeleteAsync($"api/v1/api-keys/{next.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await CallAsync(next.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.TrueAsync(async () => !(await there.VerifyAsync(next.Secret)).Active(), TimeSpan.FromSeconds(10), "the other process hears of the revocation");
    }
}
