using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Flows;

public sealed class FlowEndpointsTests
{
    [Theory, BothDatabases]
    public async Task Keeps_every_version_and_rolls_back(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        var shipped = await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in");
        shipped.Body.GetProperty("version").GetInt64().ShouldBe(0);
        shipped.ETag.ShouldBe("\"v0\"");
        var first = await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First), shipped.ETag);
        first.Body.GetProperty("version").GetInt64().ShouldBe(1);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First), shipped.ETag)).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First, FlowWorld.Second), first.ETag)).Body.GetProperty("version").GetInt64().ShouldBe(2);

        var back = await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "sign_in/roll-back", """{"version":1}""");
        back.Body.GetProperty("version").GetInt64().ShouldBe(1);
        var now = await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in");
        now.Body.GetProperty("definition").GetProperty("steps").GetArrayLength().ShouldBe(1);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "sign_in/roll-back", """{"version":0}""")).Body.GetProperty("version").GetInt64().ShouldBe(0);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "sign_in/roll-back", """{"version":9}""")).Body.GetProperty("code").GetString().ShouldBe("flow_version_not_found");
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "sign_in/roll-back", "{}")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var listed = await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in/versions?limit=1");
        listed.Body.GetProperty("items")[0].GetProperty("version").GetInt64().ShouldBe(2);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, $"sign_in/versions?limit=1&cursor={listed.Body.GetProperty("next").GetString()}")).Body.GetProperty("items")[0].GetProperty("version").GetInt64().ShouldBe(1);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in/versions/1")).Status.ShouldBe(HttpStatusCode.OK);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in/versions/x")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in/versions?limit=0")).Status.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var path in new[] { "other", "other/versions", "other/versions/1" }) (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, path)).Body.GetProperty("code").GetString().ShouldBe("flow_not_found");

        // Another tenant has its own.
        var other = await server.NewTenantAsync();
        (await FlowWorld.SendAsync(server, other, HttpMethod.Get, "sign_in/versions")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await FlowWorld.SendAsync(server, other, HttpMethod.Get, "sign_in/versions/1")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var admin = await server.AdminAsync(tenant);
        using var audit = await admin.GetAsync("api/v1/audit?action=flow.changed");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"definition":{"steps":[]}}""", "steps")]
    [InlineData("""{"definition":[]}""", "definition")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"magic"}]}}""", "steps[0].type")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","whne":{"role":["administrator"]}}]}}""", "steps[0].whne")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"first_factor","any_of":["fax"]}]}}""", "steps[0].any_of")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"first_factor","any_of":["password"],"when":{"level":2}}]}}""", "steps")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"first_factor","any_of":["password"]},{"id":"a","type":"deny","when":{"level":3}}]}}""", "steps")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"first_factor","any_of":["password"]},{"id":"b","type":"deny","when":{"any":[{"level":3},{"role":["king"]}]}}]}}""", "steps[1].when.role")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","when":{"network":["10.0.0.1/8"]}}]}}""", "steps[0].when.network")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","when":{"all":[],"any":[]}}]}}""", "steps[0].when")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"second_factor","any_of":["passkey"],"enrol":true}]}}""", "steps[0].enrol")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"second_factor","trusted_device":"yes"}]}}""", "steps[0].trusted_device")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","when":{"device":"lost"}}]}}""", "steps[0].when.device")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","when":{"device":["new"]}}]}}""", "steps[0].when.device")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","when":{"platform":["beos"]}}]}}""", "steps[0].when.platform")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"deny","when":{"platform":[]}}]}}""", "steps[0].when.platform")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"terms","terms":"t","version":"1","title":{"fa":"x"},"text":{"en":"x"}}]}}""", "steps[0].title")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"terms","terms":"t","version":"1","title":{"en":"x"},"text":{"en":"x"},"url":"javascript:alert(1)"}]}}""", "steps[0].url")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[]}]}}""", "steps[0].fields")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","claim":"name","label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0]")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"Roles","schema":{"type":"string"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].attribute")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"email_verified","schema":{"type":"boolean"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].attribute")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"a b","schema":{"type":"string"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].attribute")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"claim":"email","label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].claim")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"object"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.type")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"integer","maxLength":3},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.maxLength")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"string","pattern":"(a+)\\1"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.pattern")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"string","pattern":"((a{99}){99}){99}"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.pattern")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"string","default":"y"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.default")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"string","enum":[1]},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.enum")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"number","minimum":3,"maximum":2},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].fields[0].schema.minimum")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"string"},"label":{"en":"X"}}]}]}}""", "steps[0].fields")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","fields":[{"attribute":"x","schema":{"type":"string"},"label":{"en":"X"},"required":true},{"attribute":"x","schema":{"type":"string"},"label":{"en":"X"}}]}]}}""", "steps[0].fields")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"collect","ask":"never","fields":[{"attribute":"x","schema":{"type":"string"},"label":{"en":"X"},"required":true}]}]}}""", "steps[0].ask")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"webhook","url":"http://example.com/","on_failure":"deny"}]}}""", "steps[0].url")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"webhook","url":"https://u:p@example.com/","on_failure":"deny"}]}}""", "steps[0].url")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"webhook","url":"https://example.com/"}]}}""", "steps[0].on_failure")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"webhook","url":"https://example.com/","on_failure":"ask"}]}}""", "steps[0].on_failure")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"webhook","url":"https://example.com/","on_failure":"deny","timeout_ms":5001}]}}""", "steps[0].timeout_ms")]
    [InlineData("""{"definition":{"steps":[{"id":"a","type":"webhook","url":"https://example.com/","on_failure":"deny","secret":"x"}]}}""", "steps[0].secret")]
    public async Task Says_where_a_definition_is_wrong(string body, string field)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Put, "sign_in"), (HttpMethod.Post, "sign_in/preview") })
        {
            var refused = await FlowWorld.SendAsync(server, tenant, method, path, body);
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Body.ToString());
            refused.Body.GetProperty("code").GetString().ShouldBe("flow_invalid");
            refused.Body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldContain(field);
        }
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in")).Body.GetProperty("version").GetInt64().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Registration_has_a_flow_of_its_own(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "registration")).Body.GetProperty("definition").GetProperty("steps").GetArrayLength().ShouldBe(0);
        const string deny = """{"id":"d","type":"deny","when":{"network":["203.0.113.0/24"]}}""";
        var put = await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "registration", FlowWorld.Of(deny));
        put.Body.GetProperty("version").GetInt64().ShouldBe(1, put.Body.ToString());
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in")).Body.GetProperty("version").GetInt64().ShouldBe(0, "the other kind is as it was");
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "registration", FlowWorld.Of())).Status.ShouldBe(HttpStatusCode.OK, "asking nothing is allowed");
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "registration/roll-back", """{"version":1}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "registration/preview", """{"ip_address":"203.0.113.9"}""")).Body.GetProperty("denied_by").GetString().ShouldBe("d");
        (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "registration/preview", """{"user_id":"usr_x"}""")).Body.GetProperty("code").GetString().ShouldBe("preview_invalid");
        foreach (var (step, field) in new[] { (FlowWorld.First, "steps[0].type"), (FlowWorld.Second, "steps[0].type"), ("""{"id":"d","type":"deny","when":{"any":[{"role":["administrator"]}]}}""", "steps[0].when.any[0].role"), ("""{"id":"d","type":"deny","when":{"level":2}}""", "steps[0].when.level") })
        {
            var refused = await FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "registration", FlowWorld.Of(step));
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Body.ToString());
            refused.Body.GetProperty("errors")[0].GetProperty("field").GetString().ShouldBe(field);
        }
    }

    [Fact]
    public async Task Only_who_may_write_tenants_changes_flows()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var nobody = server.Client(tenant);
        foreach (var (method, path) in new[] { (HttpMethod.Get, "sign_in"), (HttpMethod.Get, "sign_in/versions"), (HttpMethod.Get, "sign_in/versions/0"), (HttpMethod.Put, "sign_in"), (HttpMethod.Post, "sign_in/roll-back"), (HttpMethod.Post, "sign_in/preview") })
        {
            using var request = new HttpRequestMessage(method, "api/v1/flows/" + path) { Content = method == HttpMethod.Get ? null : JsonContent.Create(new { }) };
            using var response = await nobody.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_would_lock_every_administrator_out(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var granted = await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null))
            granted.IsSuccessStatusCode.ShouldBeTrue(await granted.Content.ReadAsStringAsync());
        async Task<string?> PutAsync(params string[] steps) => (await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(steps))) is { Status: HttpStatusCode.OK } ? null : "refused";
        const string lockedOut = "refused";
        (await PutAsync("""{"id":"f","type":"first_factor","any_of":["passkey"]}""")).ShouldBe(lockedOut, "she has no passkey");
        (await PutAsync(FlowWorld.First, """{"id":"d","type":"deny","when":{"role":["administrator"]}}""")).ShouldBe(lockedOut);
        (await PutAsync(FlowWorld.First, """{"id":"d","type":"deny","when":{"not":{"network":["203.0.113.0/24"]}}}""")).ShouldBe(lockedOut, "not from where she is");
        (await PutAsync("""{"id":"k","type":"first_factor","any_of":["passkey"],"when":{"role":["administrator"]}}""", FlowWorld.First)).ShouldBe(lockedOut);
        (await PutAsync(FlowWorld.First, """{"id":"s","type":"second_factor","enrol":true}""", """{"id":"d","type":"deny","when":{"method":["otp","sms"]}}""")).ShouldBe(lockedOut, "after the second step");
        (await PutAsync("""{"id":"m","type":"first_factor","any_of":["email_code"]}""")).ShouldBe(lockedOut, "the tenant sends no codes");
        var whole = await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Put, "sign_in", FlowWorld.Of("""{"id":"f","type":"first_factor","any_of":["passkey"]}"""));
        whole.Status.ShouldBe(HttpStatusCode.Conflict);
        whole.Body.GetProperty("code").GetString().ShouldBe("flow_locks_out_administrators");
        (await PutAsync(FlowWorld.First, """{"id":"d","type":"deny","when":{"device":"new"}}""")).ShouldBe(lockedOut, "cookies get lost");
        (await PutAsync(FlowWorld.First, """{"id":"d","type":"deny","when":{"platform":["ios","android","windows","macos","linux","other"]}}""")).ShouldBe(lockedOut);
        (await PutAsync(FlowWorld.First, """{"id":"d","type":"deny","when":{"platform":["other","linux"]}}""")).ShouldBeNull();
        // What she can still pass is taken: a second step she can set up on the way, terms, another client's.
        (await PutAsync(FlowWorld.First, """{"id":"s","type":"second_factor","enrol":true}""", """{"id":"d","type":"deny","when":{"level":3}}""")).ShouldBeNull();
        using var browser = world.AnotherBrowser();
        (await browser.SignInAsync(SignInWorld.Email)).Address.AbsolutePath.ShouldEndWith("/signin/enrol");
    }

    [Fact]
    public async Task Previews_what_somebody_would_be_asked()
    {
        using var world = await SignInWorld.OpenAsync();
        const string flow = """{"steps":[{"id":"first","type":"first_factor","any_of":["password"]},{"id":"office","type":"second_factor","enrol":true,"when":{"not":{"network":["192.0.2.0/24"]}}},{"id":"shut","type":"deny","when":{"attribute":{"name":"department","in":["closed"]}}}]}""";
        async Task<System.Text.Json.JsonElement> PreviewAsync(string more) =>
            (await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Post, "sign_in/preview", "{\"definition\":" + flow + more + "}")).Body;
        var outside = await PreviewAsync(",\"ip_address\":\"198.51.100.1\"");
        outside.GetProperty("second_factors")[0].GetString().ShouldBe("office");
        (await PreviewAsync(",\"ip_address\":\"192.0.2.77\"")).GetProperty("second_factors").GetArrayLength().ShouldBe(0);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var patched = await admin.PatchAsJsonAsync($"api/v1/users/{world.UserId}", new { attributes = new { department = "closed" } }))
            patched.IsSuccessStatusCode.ShouldBeTrue();
        (await PreviewAsync($",\"user_id\":\"{world.UserId}\"")).GetProperty("denied_by").GetString().ShouldBe("shut");
        const string asking = """{"definition":{"steps":[{"id":"first","type":"first_factor","any_of":["password"]},{"id":"more","type":"collect","fields":[{"attribute":"department","schema":{"type":"string"},"label":{"en":"D"},"required":true},{"attribute":"floor","schema":{"type":"integer"},"label":{"en":"F"},"required":true}]}]}""";
        var anybody = await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Post, "sign_in/preview", asking + "}");
        anybody.Body.GetProperty("collects")[0].GetProperty("fields").GetArrayLength().ShouldBe(2);
        var her = await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Post, "sign_in/preview", asking + $",\"user_id\":\"{world.UserId}\"}}");
        her.Body.GetProperty("collects")[0].GetProperty("fields").EnumerateArray().Select(f => f.GetString()).ShouldBe(["floor"], "her department is known");
        (await PreviewAsync(",\"user_id\":\"usr_nobody\"")).GetProperty("code").GetString().ShouldBe("user_not_found");
        (await PreviewAsync(",\"ip_address\":\"here\"")).GetProperty("code").GetString().ShouldBe("preview_invalid");
        (await FlowWorld.SendAsync(world.Server, world.Tenant, HttpMethod.Post, "sign_in/preview", "{}")).Body.GetProperty("first_factors")[0].GetString().ShouldBe("password");
    }

    [Fact]
    public async Task A_preview_takes_the_device_and_its_platform()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        var flow = FlowWorld.Of(FlowWorld.First, """{"id":"a","type":"second_factor","trusted_device":true}""", """{"id":"b","type":"second_factor","when":{"device":"new"}}""",
            """{"id":"phones","type":"deny","when":{"platform":["ios","android"]}}""", """{"id":"ours","type":"deny","when":{"device":"known"}}""")["{\"definition\":".Length..^1];
        async Task<System.Text.Json.JsonElement> PreviewAsync(string more) => (await FlowWorld.SendAsync(server, tenant, HttpMethod.Post, "sign_in/preview", "{\"definition\":" + flow + more + "}")).Body;
        string[] Names(System.Text.Json.JsonElement body, string list) => [.. body.GetProperty(list).EnumerateArray().Select(e => e.GetString()!)];
        var unknown = await PreviewAsync("");
        Names(unknown, "second_factors").ShouldBe(["a"], "nothing is known of a browser before it is known who she is");
        (Names(unknown, "met_by_trust").Length, unknown.GetProperty("denied_by").GetString()).ShouldBe((0, null));
        Names(await PreviewAsync(",\"device\":\"new\""), "second_factors").ShouldBe(["a", "b"]);
        var trusted = await PreviewAsync(",\"device\":\"trusted\"");
        (Names(trusted, "second_factors").Length, Names(trusted, "met_by_trust")[0], trusted.GetProperty("denied_by").GetString()).ShouldBe((0, "a", "ours"), "what is trusted is known");
        Names(await PreviewAsync(",\"device\":\"trusted\",\"level\":2"), "second_factors").ShouldBe(["a"], "an application that demands two steps gets two");
        (await PreviewAsync(",\"platform\":\"ios\"")).GetProperty("denied_by").GetString().ShouldBe("phones");
        (await PreviewAsync(",\"platform\":\"amiga\"")).GetProperty("code").GetString().ShouldBe("preview_invalid");
        (await PreviewAsync(",\"device\":\"mine\"")).GetProperty("code").GetString().ShouldBe("preview_invalid");
    }

    [Theory, BothDatabases]
    public async Task Of_many_writers_at_once_each_version_is_one(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        await FlowWorld.PutAsync(server, tenant, FlowWorld.First);
        var etag = (await FlowWorld.SendAsync(server, tenant, HttpMethod.Get, "sign_in")).ETag;
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => FlowWorld.SendAsync(server, tenant, HttpMethod.Put, "sign_in", FlowWorld.Of(FlowWorld.First), etag)));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK || a.Status == HttpStatusCode.PreconditionFailed);
    }
}
