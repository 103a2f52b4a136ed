using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Account.Api;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.SignIn.Headless;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Subtenants;

/// <summary>People who register tenants of their own: at once, by an administrator's or a program's yes, by a proved domain; never more than they may.</summary>
public sealed class TenantRegistrationTests
{
    private static readonly HttpMethod Get = HttpMethod.Get, Post = HttpMethod.Post, Delete = HttpMethod.Delete;

    private static async Task<SignInWorld> OpenAsync(TestServer server, object subtenants)
    {
        var world = await SignInWorld.OpenAsync(server, new { subtenants });
        await world.Browser.SignInAsync(SignInWorld.Email);
        return world;
    }

    private static async Task RefusedAsync(SignInWorld world, object body, HttpStatusCode status, string code)
    {
        using var answer = await world.CallAsync(Post, "/tenants", body);
        await answer.ShouldBeProblemAsync(status, code);
    }

    private static string Slug(SignInWorld world, string name) => $"{name}-{world.Tenant.Slug}";

    [Theory, BothDatabases]
    public async Task Makes_one_at_once_whose_first_administrator_she_is(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var world = await OpenAsync(server, new { registration = "automatic", per_person = 2 });
        var slug = Slug(world, "mine");
        var made = await world.JsonAsync(Post, "/tenants", new { slug, display_name = "  My place " }, HttpStatusCode.Created);
        (made.Text("status"), made.Text("display_name"), made.Text("issuer")).ShouldBe(("active", "My place", $"{server.Url}/t/{slug}"));

        using var admin = await server.AdminAsync(world.Tenant);
        var registration = await admin.GetJsonAsync($"api/v1/tenant-registrations/{made.Id()}");
        (registration.Text("user"), registration.Text("decided_by")).ShouldBe((world.UserId, "automatic"));
        var tenant = await admin.GetJsonAsync($"api/v1/tenants/{registration.Text("tenant")}");
        tenant.Text("parent_id").ShouldBe(world.Tenant.Id);

        // She sets a password by the message, signs in there, and is its administrator; here she is nothing more than before.
        var child = new TestTenant(tenant.Id(), slug, made.Text("issuer")!);
        using var there = PageBrowser.Open(server, child);
        await there.SubmitAsync(await there.GetAsync(await Mailbox.LinkAsync(server, child, SignInWorld.Email, "tenant_ready")), [("password", PageBrowser.Password)]);
        (await there.SignInAsync(SignInWorld.Email)).Address.AbsolutePath.ShouldEndWith("/account");
        (await there.GetAsync("console/users")).ShouldBe(HttpStatusCode.OK, SignInWorld.Email);
        (await world.Browser.GetAsync("console/users")).Status.ShouldBe(HttpStatusCode.Forbidden);

        // Quotas hold, also for many at once; a name that is taken is taken.
        await RefusedAsync(world, new { slug, display_name = "Again" }, HttpStatusCode.Conflict, "slug_taken");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => world.CallAsync(Post, "/tenants", new { slug = $"{slug}-{i}", display_name = "More" })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_quota_reached");
        (await world.JsonAsync(Get, "/tenants")).GetProperty("items").GetArrayLength().ShouldBe(2);
        // One that is deleted makes room.
        (await admin.DeleteAsync($"api/v1/tenants/{tenant.Id()}?without_export=true&reason=test&grace_days=0")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await world.JsonAsync(Post, "/tenants", new { slug = $"{slug}-next", display_name = "Next" }, HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task Waits_for_an_administrator_and_ends_once(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await OpenAsync(server, new { registration = "manual", per_person = 10, pending_days = 2 });
        async Task<string> AskAsync(string name) => (await world.JsonAsync(Post, "/tenants", new { slug = name, display_name = name }, HttpStatusCode.Created)).Id();
        using var admin = await server.AdminAsync(world.Tenant);
        var (first, second, third) = (await AskAsync("first"), await AskAsync("second"), await AskAsync("third"));
        await RefusedAsync(world, new { slug = "first", display_name = "Me too" }, HttpStatusCode.Conflict, "slug_taken");
        (await admin.ListTextsAsync("api/v1/tenant-registrations?filter=" + Uri.EscapeDataString("status eq \"pending\""), "slug")).ShouldBe(["third", "second", "first"]);

        // Eight at once, and a refusal among them: it is made once or not at all.
        var approvals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.PostAsync($"api/v1/tenant-registrations/{first}/approve", null)));
        approvals.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        approvals.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        (await admin.ListTextsAsync("api/v1/tenants?filter=" + Uri.EscapeDataString("slug eq \"first\""), "slug")).ShouldBe(["first"]);
        await (await admin.PostAsJsonAsync($"api/v1/tenant-registrations/{first}/refuse", new { })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_registration_over");

        using var refused = await admin.PostAsJsonAsync($"api/v1/tenant-registrations/{second}/refuse", new { reason = "Not now" });
        (await refused.ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("refused");
        (await world.JsonAsync(Get, "/tenants")).GetProperty("items").EnumerateArray().Select(t => t.Text("reason")).ShouldContain("Not now");
        await world.JsonlessAsync(Delete, $"/tenants/{third}", null, HttpStatusCode.NoContent);
        using (var again = await world.CallAsync(Delete, $"/tenants/{third}")) await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_registration_over");

        // What ran out is over, and gives its name back.
        var late = await AskAsync("late");
        server.Clock.Advance(TimeSpan.FromHours(49));
        using var later = await server.AdminAsync(world.Tenant);
        await (await later.PostAsync($"api/v1/tenant-registrations/{late}/approve", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_registration_over");
        (await later.GetJsonAsync($"api/v1/tenant-registrations/{late}")).Text("status").ShouldBe("expired");

        // Another person's, and another tenant's, are absent.
        await SignInWorld.NewUserAsync(server, world.Tenant, "eve@example.com");
        using var beside = await OpenAsync(server, new { registration = "manual" });
        using (var hers = await beside.CallAsync(Delete, $"/tenants/{second}")) await hers.ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_registration_not_found");
        using var neighbour = await server.AdminAsync(beside.Tenant);
        await (await neighbour.PostAsync($"api/v1/tenant-registrations/{second}/approve", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_registration_not_found");
        await (await neighbour.GetAsync($"api/v1/tenant-registrations/{second}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_registration_not_found");
        (await neighbour.ListTextsAsync("api/v1/tenant-registrations", "id")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asks_a_program_and_fails_as_the_tenant_says()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Http:AllowPrivateTargets"] = "true" } });
        await using var hook = await HookServer.StartAsync();
        using var world = await OpenAsync(server, new { registration = "webhook", per_person = 10, webhook_url = hook.Url });
        await HookTests.NewKeyAsync(server, world.Tenant);
        async Task<JsonElement> AskAsync(string name) => await world.JsonAsync(Post, "/tenants", new { slug = name, display_name = name }, HttpStatusCode.Created);
        hook.Answer = http => HookServer.Say(http, """{"decision":"continue"}""");
        (await AskAsync("yes")).Text("status").ShouldBe("active");
        var asked = JsonDocument.Parse(hook.Asked.Last().Body).RootElement;
        (asked.Text("flow"), asked.Text("email"), asked.GetProperty("attributes").Text("slug")).ShouldBe(("tenant_registration", SignInWorld.Email, "yes"));
        hook.Answer = http => HookServer.Say(http, """{"decision":"deny","reason":"blocked"}""");
        var denied = await AskAsync("nobody");
        (denied.Text("status"), denied.Text("reason")).ShouldBe(("refused", "blocked"));
        // It is broken: by default somebody decides by hand; and as the tenant says.
        hook.Answer = http => HookServer.Say(http, "garbage");
        (await AskAsync("waits")).Text("status").ShouldBe("pending");
        using var admin = await server.AdminAsync(world.Tenant);
        foreach (var (failure, status) in new[] { ("refuse", "refused"), ("approve", "active") })
        {
            using var set = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { subtenants = new { webhook_failure = failure } });
            set.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await AskAsync($"broken-{failure}")).Text("status").ShouldBe(status, failure);
        }
    }

    [Theory, BothDatabases]
    public async Task Wants_a_domain_that_is_proved_where_the_tenant_says_so(TestDatabase database)
    {
        using var names = new NameServer();
        await using var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Domains:NameServer"] = names.Address.ToString() } });
        using var world = await OpenAsync(server, new { registration = "automatic", domain_proof = true });
        await RefusedAsync(world, new { slug = "harbour", display_name = "Harbour" }, HttpStatusCode.UnprocessableEntity, "domain_required");
        await RefusedAsync(world, new { slug = "harbour", display_name = "Harbour", domain = "gmail.com" }, HttpStatusCode.UnprocessableEntity, "domain_shared");
        var made = await world.JsonAsync(Post, "/tenants", new { slug = "harbour", display_name = "Harbour", domain = "Harbour.example" }, HttpStatusCode.Created);
        (made.Text("status"), made.Text("domain"), made.Text("record_name")).ShouldBe(("pending", "harbour.example", "_gatehouse.harbour.example"));
        using (var early = await world.CallAsync(Post, $"/tenants/{made.Id()}/verify-domain")) await early.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "domain_not_proved");
        using (var admin = await server.AdminAsync(world.Tenant))
            await (await admin.PostAsync($"api/v1/tenant-registrations/{made.Id()}/approve", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "domain_not_proved");
        names.Texts["_gatehouse.harbour.example"] = [made.Text("record_value")!];
        (await world.JsonAsync(Post, $"/tenants/{made.Id()}/verify-domain")).Text("status").ShouldBe("active");
    }

    [Theory, BothDatabases]
    public async Task Lets_nobody_in_where_it_is_closed_unproved_full_or_too_eager(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using (var closed = await AccountApiTests.SignedInAsync(database)) await RefusedAsync(closed, new { slug = "abc", display_name = "A" }, HttpStatusCode.Forbidden, "tenant_registration_closed");
        using var world = await OpenAsync(server, new { registration = "manual", per_person = 3, total = 1 });
        foreach (var (body, code) in new (object, string)[]
        {
            (new { display_name = "A" }, "slug_invalid"), (new { slug = "ab", display_name = "A" }, "slug_invalid"), (new { slug = "Abc", display_name = "A" }, "slug_invalid"), (new { slug = "admin", display_name = "A" }, "slug_invalid"),
            (new { slug = "abc" }, "display_name_invalid"), (new { slug = "abc", display_name = "A", domain = "x" }, "domain_invalid"),
        }) await RefusedAsync(world, body, HttpStatusCode.UnprocessableEntity, code);
        await RefusedAsync(world, new { slug = world.Tenant.Slug, display_name = "Thief" }, HttpStatusCode.Conflict, "slug_taken");
        await world.JsonAsync(Post, "/tenants", new { slug = Slug(world, "one"), display_name = "One" }, HttpStatusCode.Created);
        await RefusedAsync(world, new { slug = Slug(world, "two"), display_name = "Two" }, HttpStatusCode.Conflict, "tenants_full");
        for (var i = 0; i < 11; i++) (await world.CallAsync(Post, "/tenants", new { slug = "x" })).Dispose();
        await RefusedAsync(world, new { slug = Slug(world, "many"), display_name = "Many" }, HttpStatusCode.TooManyRequests, "tenant_registrations_too_many");

        // Over the management API's permissions.
        using var reader = await server.WithScopesAsync(world.Tenant, "tenants:read");
        var id = (await reader.ListTextsAsync("api/v1/tenant-registrations", "id")).ShouldHaveSingleItem();
        await (await reader.PostAsync($"api/v1/tenant-registrations/{id}/approve", null)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        using var nobody = server.Client(world.Tenant);
        (await nobody.GetAsync("api/v1/tenant-registrations")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.GetAsync("account/v1/tenants")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
