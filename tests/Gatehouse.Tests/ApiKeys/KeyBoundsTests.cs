using System.Net;
using System.Net.Http.Json;
using Gatehouse.ApiKeys;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Jobs;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Tests.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.ApiKeys;

/// <summary>What bounds a key besides its scopes: where it comes from, what its owner's organization asks, what becomes of the owner, who gives it roles.</summary>
public sealed class KeyBoundsTests
{
    [Theory, BothDatabases]
    public async Task A_persons_key_has_been_through_no_second_step(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read");
        await world.RoleAsync("orderer", ["orders:read"]);
        var (ann, reader) = (await world.UserAsync("ann"), await world.UserAsync("reader"));
        var acme = await world.OrganizationAsync("acme", ann);
        await world.GiveAsync(ann, "orderer", new { organization = acme });
        await world.GiveAsync(reader, "auditor");
        var desk = await world.Admin.WorkspaceAsync("desk", acme);
        string[] reading = ["members:read", "workspaces:read", "orders:read"];
        var (hers, auditors) = (await world.Admin.MakeKeyAsync(ann, reading), await world.Admin.MakeKeyAsync(reader, reading));
        var its = await world.Admin.MakeKeyAsync(acme, reading, new { roles = new[] { "organization_admin" } });
        string[] paths = [$"organizations/{acme}/members", $"workspaces/{desk}"];
        async Task<string[]> PermissionsAsync(KeyWorld.Made key) => [.. (await world.Admin.VerifyAsync(key.Secret, new { organization = acme })).GetProperty("permissions").EnumerateArray().Select(p => p.GetString()!)];
        foreach (var path in paths)
            foreach (var key in new[] { hers, auditors, its }) (await world.StatusAsync(key.Secret, path)).ShouldBe(HttpStatusCode.OK, path);
        (await PermissionsAsync(hers)).ShouldBe(reading);

        (await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{acme}", new { settings = new { second_factor = "required" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in paths)
        {
            using var http = world.With(hers.Secret);
            using var refused = await http.GetAsync("api/v1/" + path);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "api_key_not_allowed");
            refused.Challenge().ShouldContain("insufficient_scope");
            // Who may in the whole tenant is not the organization's to ask; its own keys are made by who has been through both.
            (await world.StatusAsync(auditors.Secret, path)).ShouldBe(HttpStatusCode.OK, path);
            (await world.StatusAsync(its.Secret, path)).ShouldBe(HttpStatusCode.OK, path);
        }
        (await PermissionsAsync(hers)).ShouldBeEmpty();
        (await PermissionsAsync(auditors)).ShouldBe(["members:read", "workspaces:read"]);
        // Whoever has been through one alone makes no key of the organization to get around it.
        using (var she = await world.AsAsync(ann))
            await (await she.TryMakeAsync(new { name = "x", scopes = reading }, acme)).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "second_step_required");
        (await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{acme}", new { settings = new { second_factor = (string?)null } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.StatusAsync(hers.Secret, paths[0])).ShouldBe(HttpStatusCode.OK);
        (await PermissionsAsync(hers)).ShouldBe(reading);
    }

    [Theory, BothDatabases]
    public async Task An_address_is_what_a_trusted_proxy_says_and_nobody_else(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Http:TrustedProxies"] = "127.0.0.1" } });
        using var behind = await RoleWorld.OpenAsync(server);
        using var direct = await RoleWorld.OpenAsync(database);
        async Task<HttpStatusCode> FromAsync(RoleWorld world, string secret, params (string Name, string Value)[] headers)
        {
            using var http = world.With(secret);
            foreach (var (name, value) in headers) http.DefaultRequestHeaders.TryAddWithoutValidation(name, value).ShouldBeTrue();
            using var answer = await http.GetAsync("api/v1/users?limit=1");
            return answer.StatusCode;
        }
        foreach (var world in new[] { behind, direct })
        {
            var ann = await world.UserAsync("ann");
            await world.GiveAsync(ann, "auditor");
            var (office, here) = (await world.Admin.MakeKeyAsync(ann, ["users:read"], new { allowed_addresses = new[] { "192.0.2.0/24", "2001:db8::/32" } }),
                await world.Admin.MakeKeyAsync(ann, ["users:read"], new { allowed_addresses = new[] { "127.0.0.1" } }));
            var trusted = ReferenceEquals(world, behind);
            var good = trusted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
            (await FromAsync(world, office.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
            (await FromAsync(world, here.Secret)).ShouldBe(HttpStatusCode.OK);
            foreach (var address in (string[])["192.0.2.7", "::ffff:192.0.2.7", "[2001:db8::7]"]) (await FromAsync(world, office.Secret, ("X-Forwarded-For", address))).ShouldBe(good, address);
            // What the caller wrote before the proxy did is no address; nor are headers that nobody said to trust.
            foreach (var (name, value) in new[]
            {
                ("X-Forwarded-For", "192.0.2.7, 203.0.113.9"), ("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "192.0.2.7"), ("Forwarded", "for=192.0.2.7"), ("X-Client-IP", "192.0.2.7"), ("CF-Connecting-IP", "192.0.2.7"),
                ("True-Client-IP", "192.0.2.7"), ("X-Forwarded-For", "not an address"),
            }) (await FromAsync(world, office.Secret, (name, value))).ShouldBe(HttpStatusCode.Unauthorized, $"{name}: {value}");
            (await FromAsync(world, here.Secret, ("X-Forwarded-For", "203.0.113.9"))).ShouldBe(trusted ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        }
    }

    [Theory, BothDatabases]
    public async Task Ends_with_what_happens_to_its_owner(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, twin, boss) = (await world.UserAsync("ann"), await world.UserAsync("twin"), await world.UserAsync("boss"));
        foreach (var user in (string[])[ann, twin]) await world.GiveAsync(user, "auditor");
        await world.GiveAsync(boss, "administrator");
        var (first, second, merged, kept) = (await world.Admin.MakeKeyAsync(ann, ["users:read"]), await world.Admin.MakeKeyAsync(ann, ["users:read"]), await world.Admin.MakeKeyAsync(twin, ["users:read"]), await world.Admin.MakeKeyAsync(boss, ["users:read"]));
        (await (await world.Admin.GetAsync($"api/v1/users/{ann}/credentials")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("api_keys").GetInt32().ShouldBe(2);
        // Two accounts made one: the keys of the one that goes open nothing.
        await (await world.Admin.PostAsJsonAsync($"api/v1/users/{ann}/merge", new { from = twin })).ReadJsonAsync(HttpStatusCode.OK);
        (await world.StatusAsync(merged.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.VerifyAsync(merged.Secret)).Active().ShouldBeFalse();
        (await world.StatusAsync(first.Secret)).ShouldBe(HttpStatusCode.OK);

        // A reset of what she signs in with names them or all.
        var taken = await (await world.Admin.PostAsJsonAsync($"api/v1/users/{ann}/credentials/reset", new { kinds = new[] { "api_keys" }, end_sessions = false })).ReadJsonAsync(HttpStatusCode.OK);
        taken.GetProperty("api_keys").GetInt32().ShouldBe(2);
        foreach (var key in new[] { first, second }) (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.StatusAsync(kept.Secret)).ShouldBe(HttpStatusCode.OK);
        var entry = (await (await world.Admin.GetAsync($"api/v1/audit?target={first.Id}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0];
        (entry.Text("action"), entry.GetProperty("details").Text("reason")).ShouldBe(("api_key.revoked", "credentials_reset"));

        // A client: what it may no longer ask for, its keys may not do; gone, they are.
        var robot = (await world.Admin.CreateClientAsync(new { name = "Robot", grant_types = new[] { "client_credentials" }, scopes = new[] { "users:read", "groups:read" } })).ClientId();
        await world.GiveAsync(robot, "auditor");
        var its = await world.Admin.MakeKeyAsync(robot, ["users:read", "groups:read"]);
        (await world.StatusAsync(its.Secret)).ShouldBe(HttpStatusCode.OK);
        await (await world.Admin.PatchAsJsonAsync($"api/v1/clients/{robot}", new { scopes = new[] { "groups:read" } })).ReadJsonAsync(HttpStatusCode.OK);
        (await world.StatusAsync(its.Secret)).ShouldBe(HttpStatusCode.Forbidden);
        (await world.Admin.VerifyAsync(its.Secret)).Texts("permissions").ShouldBe(["groups:read"]);
        (await world.Admin.DeleteAsync($"api/v1/clients/{robot}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.StatusAsync(its.Secret, "groups")).ShouldBe(HttpStatusCode.Unauthorized);
        (await world.Admin.VerifyAsync(its.Secret)).Active().ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Ends_when_its_owner_says_that_it_was_not_her(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var key = await admin.MakeKeyAsync(world.UserId, ["users:read"]);
        (await admin.VerifyAsync(key.Secret)).Active().ShouldBeTrue();
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var thief = world.AnotherBrowser();
        await thief.SignInAsync(SignInWorld.Email);
        using var reader = world.AnotherBrowser();
        (await reader.SubmitAsync(await reader.GetAsync(await Pages.Mailbox.NotMeLinkAsync(world.Server, world.Tenant, SignInWorld.Email, "new_device")), [])).ShouldBe(HttpStatusCode.OK, "Signed out everywhere");
        (await admin.VerifyAsync(key.Secret)).Active().ShouldBeFalse();
        (await (await admin.GetAsync($"api/v1/api-keys/{key.Id}")).ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("revoked");
    }

    [Theory, BothDatabases]
    public async Task An_organizations_administrators_speak_of_its_own_keys_only(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        using var elsewhere = await RoleWorld.OpenAsync(world.Server);
        var ann = await world.UserAsync("ann");
        var (here, there) = (await world.OrganizationAsync("here", ann), await world.OrganizationAsync("there"));
        var (its, other, hers) = (await world.Admin.MakeKeyAsync(here, ["members:read"]), await world.Admin.MakeKeyAsync(there, ["members:read"]), await world.Admin.MakeKeyAsync(ann, ["members:read"]));
        using var she = await world.AsAsync(ann);
        (await she.PostAsJsonAsync($"api/v1/organizations/{here}/role-assignments", new { holder = its.Id, role = "organization_member" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await world.StatusAsync(its.Secret, $"organizations/{here}/members")).ShouldBe(HttpStatusCode.OK);
        foreach (var key in new[] { other, hers })
        {
            await (await she.PostAsJsonAsync($"api/v1/organizations/{here}/role-assignments", new { holder = key.Id, role = "organization_member" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");
            foreach (var (method, path, body) in new (string, string, object?)[]
            {
                ("GET", $"organizations/{here}/api-keys/{key.Id}", null), ("PATCH", $"organizations/{here}/api-keys/{key.Id}", new { name = "x" }), ("POST", $"organizations/{here}/api-keys/{key.Id}/rotate", new { }), ("DELETE", $"organizations/{here}/api-keys/{key.Id}", null),
            })
            {
                using var answer = await she.SendAsync(People.Request(method, "api/v1/" + path, body));
                await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");
            }
            await (await she.DeleteAsync($"api/v1/api-keys/{key.Id}")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        }
        await (await she.TryMakeAsync(new { owner = here, name = "x", scopes = new[] { "members:read" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        // A key is nobody's subject, and a workspace is not what it holds roles in.
        await (await world.Admin.PostAsJsonAsync("api/v1/permissions/check", new { subject = its.Id, permission = "members:read", organization = here })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "subject_invalid");
        var desk = await world.Admin.WorkspaceAsync("desk", here);
        foreach (var place in (object[])[new { holder = its.Id, role = "workspace_admin", workspace = desk }, new { holder = hers.Id, role = "organization_member", organization = here }, new { holder = its.Id, role = "auditor" }])
            await (await world.Admin.PostAsJsonAsync("api/v1/role-assignments", place)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_not_member");

        // Another tenant's: neither seen, nor changed, nor anybody's to give roles to.
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("GET", $"api-keys/{its.Id}", null), ("PATCH", $"api-keys/{its.Id}", new { name = "x" }), ("POST", $"api-keys/{its.Id}/rotate", new { }), ("DELETE", $"api-keys/{its.Id}", null),
        }) await (await elsewhere.Admin.SendAsync(People.Request(method, "api/v1/" + path, body))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "api_key_not_found");
        foreach (var owner in (string[])[here, ann]) await (await elsewhere.Admin.TryMakeAsync(new { owner, name = "x", scopes = new[] { "members:read" } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "owner_unknown");
        await (await elsewhere.Admin.TryMakeAsync(new { name = "x", scopes = new[] { "members:read" } }, here)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
        await (await elsewhere.Admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = its.Id, role = "auditor" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "holder_unknown");
        (await elsewhere.Admin.VerifyAsync(its.Secret)).Active().ShouldBeFalse();
        foreach (var (method, path, permission, body) in new (string, string, string, object?)[]
        {
            ("GET", "api-keys", "users:read", null), ("GET", $"api-keys/{its.Id}", "users:read", null), ("POST", "api-keys", "api_keys:read", new { }), ("PATCH", $"api-keys/{its.Id}", "api_keys:read", new { }),
            ("POST", $"api-keys/{its.Id}/rotate", "api_keys:read", new { }), ("DELETE", $"api-keys/{its.Id}", "api_keys:read", null), ("POST", "api-keys/verify", "api_keys:write", new { }),
            ("GET", $"organizations/{here}/api-keys", "users:read", null), ("POST", $"organizations/{here}/api-keys", "api_keys:read", new { }),
        }) await world.Server.ShouldNeedAsync(world.Tenant, method, "api/v1/" + path, permission, body);
    }

    [Theory, BothDatabases]
    public async Task A_job_goes_on_for_as_long_as_its_key_could_start_it(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (here, there) = (await world.OrganizationAsync("here"), await world.OrganizationAsync("there"));
        var key = await world.Admin.MakeKeyAsync(here, ["invitations:write", "jobs:read"], new { roles = new[] { "organization_admin" } });
        using var http = world.With(key.Secret);
        using var started = await http.PostAsJsonAsync($"api/v1/organizations/{here}/invitations/bulk", new { invitations = new[] { new { email = "row@example.com" } } });
        var job = await JobTests.FinishedAsync(world.Admin, (await started.ReadJsonAsync(HttpStatusCode.Accepted)).Id());
        (job.Text("state"), job.GetProperty("done").GetInt32(), job.GetProperty("started_by").Text("kind")).ShouldBe(("done", 1, "api_key"));
        // With roles they ask for a person who proves herself.
        await (await http.PostAsJsonAsync($"api/v1/organizations/{here}/invitations/bulk", new { invitations = new[] { new { email = "row@example.com", roles = new[] { "organization_member" } } } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "api_key_not_allowed");
        // What was taken from it meanwhile, the job has no more.
        var (authority, caller) = (world.Server.Services.GetRequiredService<IJobAuthority>(), new Caller(world.Context.Id, "api_key", key.Id) { Scopes = ["invitations:write", "jobs:read"] });
        async Task<Caller?> AskAsync(string permission, string? place = null) => await authority.FindAsync(caller, world.Context.Id, OrganizationId.TryParse(place ?? here, out var at) ? at : null, permission, CancellationToken.None);
        (await AskAsync("invitations:write"))!.Permitted.ShouldBe(["invitations:write", "jobs:read"]);
        (await AskAsync("invitations:write", there)).ShouldBeNull();
        (await world.Admin.PatchAsJsonAsync($"api/v1/api-keys/{key.Id}", new { scopes = new[] { "jobs:read" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskAsync("invitations:write")).ShouldBeNull();
        (await AskAsync("jobs:read"))!.Scopes.ShouldBe(["jobs:read"]);
        (await world.Admin.DeleteAsync($"api/v1/api-keys/{key.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await AskAsync("jobs:read")).ShouldBeNull();
    }

    [Fact]
    public async Task The_beginning_of_a_secret_and_one_that_was_never_given_out_open_nothing()
    {
        using var world = await RoleWorld.OpenAsync(TestDatabase.Sqlite);
        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "auditor");
        var key = await world.Admin.MakeKeyAsync(ann, ["users:read"]);
        foreach (var guess in (string[])[key.Secret[..12], key.Key.Text("prefix")!, KeyText.New(), key.Secret + "A", " " + key.Secret + "\t", key.Id])
        {
            (await world.Admin.VerifyAsync(guess)).Active().ShouldBeFalse(guess);
            if (guess.Trim() != key.Secret) (await world.StatusAsync(guess)).ShouldBe(HttpStatusCode.Unauthorized, guess);
        }
        // A header given twice is none, and no other scheme or place carries a key.
        using var http = world.Server.Client(world.Tenant);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", ["Bearer " + key.Secret, "Bearer " + key.Secret]);
        (await http.GetAsync("api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var (name, value) in new[] { ("Authorization", "Basic " + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(key.Id + ":" + key.Secret))), ("X-Api-Key", key.Secret), ("Cookie", "access_token=" + key.Secret) })
        {
            using var other = world.Server.Client(world.Tenant);
            other.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            (await other.GetAsync("api/v1/users")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, name);
        }
        (await world.StatusAsync(key.Secret)).ShouldBe(HttpStatusCode.OK);
    }
}
