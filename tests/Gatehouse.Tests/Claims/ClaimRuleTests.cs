using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Claims;

public sealed class ClaimRuleTests
{
    private static JsonObject Rule(string change = "{}")
    {
        var rule = new JsonObject { ["name"] = "Roles", ["claim"] = "roles", ["destinations"] = new JsonArray("id_token"), ["source"] = new JsonObject { ["kind"] = "roles" } };
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) rule[name] = value?.DeepClone();
        return rule;
    }

    [Theory, BothDatabases]
    public async Task A_rule_is_written_read_replaced_and_deleted(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        using var created = await world.Admin.PostAsJsonAsync("api/v1/claim-rules", Rule("""{"condition":"role eq \"clerk\" and has_organization eq true"}"""));
        var made = await created.ReadJsonAsync(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldEndWith($"/api/v1/claim-rules/{made.Id()}");
        (made.GetProperty("enabled").GetBoolean(), made.GetProperty("priority").GetInt32(), made.GetProperty("max_items").GetInt32(), made.Text("when_too_large")).ShouldBe((true, 100, 100, "cut"));
        made.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()).ShouldBe(["organization", "roles"]);
        var path = $"api/v1/claim-rules/{made.Id()}";
        using (var stale = await world.Admin.SendAsync(With(HttpMethod.Put, path, Rule(), "\"v7\""))) await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        using (var put = await world.Admin.SendAsync(With(HttpMethod.Put, path, Rule("""{"enabled":false,"max_items":7}"""), "\"v1\""))) (await put.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("version").GetInt32().ShouldBe(2);
        using (var read = await world.Admin.GetAsync(path))
        {
            read.Headers.ETag!.Tag.ShouldBe("\"v2\"");
            var now = await read.ReadJsonAsync(HttpStatusCode.OK);
            (now.GetProperty("enabled").GetBoolean(), now.GetProperty("max_items").GetInt32(), now.Has("condition")).ShouldBe((false, 7, false));
        }
        using (var deleted = await world.Admin.SendAsync(With(HttpMethod.Delete, path, null, "\"v2\""))) deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var gone = await world.Admin.GetAsync(path)) await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, "claim_rule_not_found");
        using var audit = await world.Admin.GetAsync("api/v1/audit?action=claim_rule.*");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).Order().ShouldBe(["claim_rule.created", "claim_rule.deleted", "claim_rule.updated"]);
    }

    private static HttpRequestMessage With(HttpMethod method, string path, JsonObject? body, string etag)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", etag);
        return request;
    }

    [Theory, BothDatabases]
    public async Task What_is_wrong_with_a_rule_is_said(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var api = await world.ApiAsync("orders", "order:read");
        using var elsewhere = await RoleWorld.OpenAsync(database);
        var foreign = await elsewhere.ApiAsync("orders", "order:read");
        var own = (await (await world.Admin.GetAsync("api/v1/apis")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().First(a => a.Text("identifier")!.EndsWith("/api/v1", StringComparison.Ordinal)).Id();
        (string Change, string Code)[] spoiled =
        [
            ("""{"name":""}""", "name_invalid"),
            ("""{"priority":1001}""", "priority_invalid"),
            ("""{"destinations":[]}""", "destinations_invalid"),
            ("""{"destinations":["id_token","id_token"]}""", "destinations_invalid"),
            ("""{"destinations":["introspection"]}""", "destinations_invalid"),
            ($$$"""{"target":{"api":"{{{api}}}"}}""", "destinations_invalid"),
            ("""{"target":{}}""", "target_invalid"),
            ($$$"""{"target":{"client":"{{{elsewhere.App}}}"}}""", "target_invalid"),
            ($$$"""{"target":{"client":"{{{world.App}}}","api":"{{{api}}}"}}""", "target_invalid"),
            ($$$"""{"target":{"api":"{{{foreign}}}"},"destinations":["access_token"]}""", "target_invalid"),
            ($$$"""{"target":{"api":"{{{own}}}"},"destinations":["access_token"]}""", "target_invalid"),
            ($$$"""{"source":{"kind":"permissions","api":"{{{own}}}"}}""", "source_invalid"),
            ($$$"""{"source":{"kind":"permissions","api":"{{{foreign}}}"}}""", "source_invalid"),
            ("""{"source":{"kind":"permissions"}}""", "source_invalid"),
            ("""{"source":{"kind":"secrets"}}""", "source_invalid"),
            ("""{"source":{"kind":"static"}}""", "source_invalid"),
            ("""{"source":{"kind":"roles","field":"x"}}""", "source_invalid"),
            ("""{"source":{"kind":"profile","field":"password"}}""", "source_invalid"),
            ("""{"source":{"kind":"organization","field":"settings"}}""", "source_invalid"),
            ("""{"condition":"password eq \"x\""}""", "condition_invalid"),
            ("""{"condition":"role eq"}""", "condition_invalid"),
            ("""{"map":{"a":""}}""", "map_invalid"),
            ("""{"max_items":501}""", "max_items_invalid"),
            ("""{"when_too_large":"fail"}""", "when_too_large_invalid"),
            ("""{"claim":"a..b"}""", "claim_invalid"),
            ("""{"claim":"a b"}""", "claim_invalid"),
            ("""{"claim":"a.b.c.d.e.f"}""", "claim_invalid"),
            ("""{"claim":"https://x y"}""", "claim_invalid"),
            ("""{"claim":"email"}""", "claim_reserved"),
            ("""{"claim":"email_verified","source":{"kind":"static","value":true}}""", "claim_reserved"),
            ("""{"claim":"Email.verified"}""", "claim_reserved"),
            ("""{"claim":"email","source":{"kind":"profile","field":"email"},"destinations":["userinfo"]}""", "claim_reserved"),
            ("""{"claim":"roles.__proto__.x"}""", "claim_reserved"),
            .. new[] { "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce", "acr", "amr", "auth_time", "azp", "sid", "gid", "at_hash", "c_hash", "s_hash", "cnf", "act", "may_act", "scope", "client_id", "token_use", "events", "organization", "AUD", "act.sub", "claims_truncated" }
                .Select(c => ($$"""{"claim":"{{c}}"}""", "claim_reserved")),
        ];
        foreach (var (change, code) in spoiled)
        {
            using var answer = await world.Admin.PostAsJsonAsync("api/v1/claim-rules", Rule(change));
            await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }
        using var list = await world.Admin.GetAsync("api/v1/claim-rules");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Another_tenants_rule_is_not_there_and_writing_wants_permission_and_a_fresh_proof(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        using var elsewhere = await RoleWorld.OpenAsync(database);
        using var created = await world.Admin.PostAsJsonAsync("api/v1/claim-rules", Rule());
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).Id();
        using (var read = await elsewhere.Admin.GetAsync($"api/v1/claim-rules/{id}")) await read.ShouldBeProblemAsync(HttpStatusCode.NotFound, "claim_rule_not_found");
        using (var put = await elsewhere.Admin.PutAsJsonAsync($"api/v1/claim-rules/{id}", Rule())) await put.ShouldBeProblemAsync(HttpStatusCode.NotFound, "claim_rule_not_found");
        using (var gone = await elsewhere.Admin.DeleteAsync($"api/v1/claim-rules/{id}")) await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, "claim_rule_not_found");

        await world.RoleAsync("writer", [Scopes.ClaimsWrite, Scopes.ClaimsRead, Scopes.ClaimsPreview]);
        var bob = await world.UserAsync("bob");
        await world.GiveAsync(bob, "writer");
        using var writer = await world.AsAsync(bob);
        using (var ok = await writer.PostAsJsonAsync("api/v1/claim-rules", Rule())) await ok.ReadJsonAsync(HttpStatusCode.Created);
        using var stale = await world.StaleAsync(bob);
        using (var late = await stale.PostAsJsonAsync("api/v1/claim-rules", Rule())) await late.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        using var anonymous = world.Server.Client(world.Tenant);
        using (var nobody = await anonymous.PostAsJsonAsync("api/v1/claim-rules", Rule())) await nobody.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_missing");
        // What she may not read she is not shown by way of a preview.
        using (var preview = await writer.PostAsJsonAsync("api/v1/claims/preview", new { user = bob, client = world.App })) await preview.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "preview_permission_missing");
        await world.RoleAsync("people", [Scopes.UsersRead]);
        await world.GiveAsync(bob, "people");
        using (var preview = await writer.PostAsJsonAsync("api/v1/claims/preview", new { user = bob, client = world.App }))
            (await preview.ReadJsonAsync(HttpStatusCode.Forbidden)).Text("detail")!.ShouldContain(Scopes.RolesRead);
    }

    [Theory, BothDatabases]
    public async Task A_preview_of_what_is_not_there_is_refused(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database, password: false);
        using var elsewhere = await RoleWorld.OpenAsync(database);
        var foreign = await elsewhere.UserAsync("eve");
        (object Body, string Code)[] spoiled =
        [
            (new { user = foreign, client = world.Shop.Id }, "user_unknown"),
            (new { user = world.Ada, client = elsewhere.App }, "client_unknown"),
            (new { user = world.Ada, client = world.Shop.Id, scopes = new[] { "users:read" } }, "scopes_invalid"),
            (new { user = world.Ada, client = world.Shop.Id, organization = "nobody" }, "organization_unknown"),
            (new { user = world.Ada, client = world.Shop.Id, api = "api_x" }, "api_unknown"),
        ];
        foreach (var (body, code) in spoiled)
        {
            using var answer = await world.Admin.PostAsJsonAsync("api/v1/claims/preview", body);
            await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }
        // A request that would be refused shows no access token and says why.
        var refused = await world.PreviewAsync(world.Shop.Id, new { scopes = new[] { "openid" }, api = world.Orders });
        (refused.GetProperty("refused").GetString()!.Length > 0, refused.Has("access_token")).ShouldBe((true, false));
    }
}
