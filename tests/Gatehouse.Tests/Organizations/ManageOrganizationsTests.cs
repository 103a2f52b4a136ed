using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Organizations;

public sealed class ManageOrganizationsTests
{
    [Theory, BothDatabases]
    public async Task Creates_shows_changes_disables_and_deletes_one(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var ann = await admin.CreateUserAsync("ann@example.com", new { display_name = "Ann" });
        using var created = await admin.PostAsJsonAsync("api/v1/organizations", new { slug = "acme", display_name = " Acme ", metadata = new { plan = "gold", seats = 3 }, owner = ann.Id() });
        var acme = await created.ReadJsonAsync(HttpStatusCode.Created);
        acme.Id().ShouldStartWith("org_");
        (acme.Text("slug"), acme.Text("display_name"), acme.Text("status")).ShouldBe(("acme", "Acme", "active"));
        created.Headers.Location!.ToString().ShouldBe($"{tenant.Url}/api/v1/organizations/{acme.Id()}");
        created.Headers.ETag!.Tag.ShouldBe("\"v1\"");
        (await admin.ListTextsAsync($"api/v1/organizations/{acme.Id()}/members", "user")).ShouldBe([ann.Id()]);

        using var changed = await admin.PatchAsJsonAsync($"api/v1/organizations/{acme.Id()}", new { slug = "acme-ltd", metadata = new { plan = (string?)null, city = "Shiraz" } });
        var after = await changed.ReadJsonAsync(HttpStatusCode.OK);
        (after.Text("slug"), after.GetProperty("metadata").GetRawText()).ShouldBe(("acme-ltd", """{"seats":3,"city":"Shiraz"}"""), "merged");
        using var stale = People.Request("PATCH", $"api/v1/organizations/{acme.Id()}", new { display_name = "Old" });
        stale.Headers.TryAddWithoutValidation("If-Match", "\"v1\"");
        await (await admin.SendAsync(stale)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");

        (await (await admin.PostAsync($"api/v1/organizations/{acme.Id()}/disable", null)).ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("disabled");
        (await admin.ListTextsAsync("api/v1/organizations?status=disabled", "slug")).ShouldBe(["acme-ltd"]);
        (await (await admin.PostAsync($"api/v1/organizations/{acme.Id()}/enable", null)).ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("active");

        (await admin.DeleteAsync($"api/v1/organizations/{acme.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.GetAsync($"api/v1/organizations/{acme.Id()}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
        (await admin.ListTextsAsync($"api/v1/users/{ann.Id()}/organizations", "slug")).ShouldBeEmpty();
        var told = (await admin.GetJsonAsync($"api/v1/audit?target={acme.Id()}")).GetProperty("items").EnumerateArray().Select(e => e.Text("action"));
        told.ShouldBe(["organization.deleted", "organization.enabled", "organization.disabled", "organization.updated", "organization.created"]);
    }

    [Theory, BothDatabases]
    public async Task Lists_by_pages_and_finds_by_the_beginning_of_slug_or_name(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        foreach (var (slug, name) in ((string, string)[])[("zeta", "Alpha Works"), ("alpine", "Hütte"), ("beta", "ALPHA two"), ("gamma", "شرکت")])
            await admin.CreateOrganizationAsync(slug, new { display_name = name });
        (await admin.ListTextsAsync("api/v1/organizations?search=AL", "slug")).ShouldBe(["beta", "alpine", "zeta"]);
        (await admin.ListTextsAsync("api/v1/organizations?search=alpha%20w", "slug")).ShouldBe(["zeta"]);
        (await admin.ListTextsAsync("api/v1/organizations?search=" + Uri.EscapeDataString("شر"), "slug")).ShouldBe(["gamma"]);
        (await admin.ListTextsAsync("api/v1/organizations?search=%25", "slug")).ShouldBeEmpty();
        var first = await admin.GetJsonAsync("api/v1/organizations?limit=3");
        first.GetProperty("items").GetArrayLength().ShouldBe(3);
        (await admin.ListTextsAsync($"api/v1/organizations?limit=3&cursor={first.Text("next")}", "slug")).ShouldBe(["zeta"]);
        await (await admin.GetAsync("api/v1/organizations?status=odd")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "status_invalid");
        await (await admin.GetAsync("api/v1/organizations?search=%E2%80%AE")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "search_invalid");
    }

    [Theory, BothDatabases]
    public async Task A_slug_is_one_organizations_in_its_tenant_however_many_ask_at_once(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var other = await server.AdminAsync(await server.NewTenantAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => admin.PostAsJsonAsync("api/v1/organizations", new { slug = "acme", display_name = $"Acme {i}" })));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(15);
        await other.CreateOrganizationAsync("acme");
        var beta = await admin.CreateOrganizationAsync("beta");
        await (await admin.PatchAsJsonAsync($"api/v1/organizations/{beta.Id()}", new { slug = "acme" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "slug_taken");
    }

    public static TheoryData<string, object> Spoiled => new()
    {
        { "slug_invalid", new { display_name = "A" } },
        { "slug_invalid", new { slug = "", display_name = "A" } },
        { "slug_invalid", new { slug = "Acme", display_name = "A" } },
        { "slug_invalid", new { slug = "-a", display_name = "A" } },
        { "slug_invalid", new { slug = "xn--mnchen-3ya", display_name = "A" } },
        { "slug_invalid", new { slug = "org_2", display_name = "A" } },
        { "slug_invalid", new { slug = "аcme", display_name = "A" } },
        { "slug_invalid", new { slug = new string('a', 64), display_name = "A" } },
        { "name_invalid", new { slug = "a" } },
        { "name_invalid", new { slug = "a", display_name = "  " } },
        { "name_invalid", new { slug = "a", display_name = "a\u202eb" } },
        { "name_invalid", new { slug = "a", display_name = new string('x', 201) } },
        { "metadata_invalid", new { slug = "a", display_name = "A", metadata = new[] { 1 } } },
        { "metadata_invalid", new { slug = "a", display_name = "A", metadata = new { text = new string('x', 17_000) } } },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Refuses_what_no_organization_may_be(string code, object body)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        await (await admin.PostAsJsonAsync("api/v1/organizations", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory, BothDatabases]
    public async Task Metadata_fits_the_schema_that_the_tenant_set(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var other = await server.AdminAsync(await server.NewTenantAsync());
        await (await admin.GetAsync("api/v1/organization-schema")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_schema_not_found");
        var before = await admin.CreateOrganizationAsync("before", new { metadata = new { plan = 7 } });
        var schema = new { type = "object", properties = new { plan = new { @enum = new[] { "free", "gold" } }, seats = new { type = "integer", minimum = 1 } }, required = new[] { "plan" }, additionalProperties = false };
        using var put = await admin.PutAsJsonAsync("api/v1/organization-schema", schema);
        (await put.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("version").GetInt64().ShouldBe(1);
        await admin.CreateOrganizationAsync("fits", new { metadata = new { plan = "free", seats = 2 } });
        await other.CreateOrganizationAsync("free", new { metadata = new { anything = true } });
        foreach (var unfit in (object[])[new { }, new { plan = "silver" }, new { plan = "gold", seats = 0 }, new { plan = "gold", seats = 1.5 }, new { plan = "gold", more = 1 }])
            await (await admin.PostAsJsonAsync("api/v1/organizations", new { slug = "unfit", display_name = "U", metadata = unfit })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "metadata_mismatch");
        (await admin.PatchAsJsonAsync($"api/v1/organizations/{before.Id()}", new { display_name = "Renamed" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await admin.PatchAsJsonAsync($"api/v1/organizations/{before.Id()}", new { metadata = new { seats = 2 } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "metadata_mismatch");

        using var stale = People.Request("PUT", "api/v1/organization-schema", schema);
        stale.Headers.TryAddWithoutValidation("If-Match", "\"v7\"");
        await (await admin.SendAsync(stale)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        foreach (var wrong in (object[])[new { type = "thing" }, new { properties = 3 }, new { pattern = "(?=a)b" }, new { oneOf = new[] { new { } } }, new { minimum = "1" }, new[] { 1 }])
            await (await admin.PutAsJsonAsync("api/v1/organization-schema", wrong)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "schema_invalid");
        (await admin.DeleteAsync("api/v1/organization-schema")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await admin.CreateOrganizationAsync("free");
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_the_scope_and_the_right_tenant_everywhere(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(one);
        using var other = await server.AdminAsync(two);
        var id = (await admin.CreateOrganizationAsync("acme")).Id();
        var user = (await admin.CreateUserAsync("ann@example.com")).Id();
        var stranger = (await other.CreateUserAsync("ann@example.com")).Id();
        await admin.AddMemberAsync(id, user);
        foreach (var (method, path, body) in ((string, string, object?)[])
            [("GET", "api/v1/organizations", null), ("POST", "api/v1/organizations", new { slug = "b", display_name = "B" }), ("GET", $"api/v1/organizations/{id}", null),
             ("PATCH", $"api/v1/organizations/{id}", new { display_name = "x" }), ("POST", $"api/v1/organizations/{id}/disable", null), ("POST", $"api/v1/organizations/{id}/enable", null),
             ("GET", $"api/v1/organizations/{id}/members", null), ("POST", $"api/v1/organizations/{id}/members", new { user = stranger }), ("GET", $"api/v1/organizations/{id}/members/{user}", null),
             ("DELETE", $"api/v1/organizations/{id}/members/{user}", null), ("DELETE", $"api/v1/organizations/{id}", null),
             ("GET", "api/v1/organization-schema", null), ("PUT", "api/v1/organization-schema", new { type = "object" }), ("DELETE", "api/v1/organization-schema", null), ("GET", $"api/v1/users/{user}/organizations", null)])
        {
            await server.ShouldNeedAsync(one, method, path, "audit:read", body);
            if (!path.Contains('_', StringComparison.Ordinal)) continue;
            using var hidden = await other.SendAsync(People.Request(method, path, body));
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, path.Contains("/users/", StringComparison.Ordinal) ? "user_not_found" : "organization_not_found");
        }
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{id}/members", new { user = stranger })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await (await admin.PostAsJsonAsync("api/v1/organizations", new { slug = "c", display_name = "C", owner = stranger })).ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        (await admin.ListTextsAsync("api/v1/organizations", "slug")).ShouldBe(["acme"], "nothing of that did anything");
    }

    [Theory, BothDatabases]
    public async Task Creating_twice_with_one_key_creates_once(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        List<string> ids = [];
        for (var i = 0; i < 2; i++)
        {
            using var request = People.Request("POST", "api/v1/organizations", new { slug = "acme", display_name = "Acme" });
            request.Headers.Add("Idempotency-Key", "k1");
            ids.Add((await (await admin.SendAsync(request)).ReadJsonAsync(HttpStatusCode.Created)).Id());
        }
        ids[0].ShouldBe(ids[1]);
    }
}
