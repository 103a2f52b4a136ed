using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Claims;

/// <summary>Real tokens and UserInfo, and beside each the preview, which must say the same.</summary>
public sealed class TokenClaimsTests
{
    [Theory, BothDatabases]
    public async Task Roles_permissions_groups_and_the_organization_are_where_the_rules_put_them(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database);
        var group = (await world.PostAsync("groups", new { name = "Night shift" })).Id();
        using (var put = await world.Admin.PutAsync($"api/v1/groups/{group}/members/{world.Ada}", null)) put.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await world.Roles.GiveAsync(group, "evening");
        await world.RuleAsync("roles", new { kind = "roles" }, destinations: ["id_token", "access_token", "userinfo"]);
        await world.RuleAsync("permissions", new { kind = "permissions" }, destinations: ["access_token"]);
        await world.RuleAsync("resource_access.orders.roles", new { kind = "permissions", api = world.Orders, prefix = "order:w" }, new { map = new Dictionary<string, string> { ["order:write"] = "writer" } });
        await world.RuleAsync("https://shop.example/groups", new { kind = "groups" });
        await world.RuleAsync("resource_access.orders.org", new { kind = "organization", field = "slug" });
        await world.RuleAsync("department", new { kind = "attribute", field = "department" }, destinations: ["userinfo"]);
        await world.RuleAsync("city", new { kind = "attribute", field = "home.city" }, new { condition = """attributes.level eq 3 and organization.slug eq "acme" and role eq "clerk" """.Trim() });
        await world.RuleAsync("email", new { kind = "profile", field = "email" });

        var browser = world.Browser();
        var tokens = await world.TokensAsync(browser, world.Shop, string.Join(' ', ClaimsWorld.AllScopes), "&organization=acme");
        var id = ClaimsWorld.Claims(tokens, "id_token");
        id.Texts("roles").ShouldBe(["acme_lead", "clerk", "evening", "reader"]);
        id.GetProperty("resource_access").ToString().ShouldBe("""{"orders":{"roles":["writer"],"org":"acme"}}""");
        id.Texts("https://shop.example/groups").ShouldBe(["Night shift"]);
        id.GetProperty("city").GetString().ShouldBe("London");
        id.GetProperty("email").GetString().ShouldBe(ClaimsWorld.Email);
        id.Has("permissions").ShouldBeFalse();
        // The token for UserInfo has no reader but the server.
        ClaimsWorld.Claims(tokens, "access_token").Has("roles").ShouldBeFalse();
        var info = await world.UserInfoAsync(tokens);
        info.Texts("roles").ShouldBe(["acme_lead", "clerk", "evening", "reader"]);
        info.GetProperty("department").GetString().ShouldBe("sales");

        // For an API: its own permissions and nobody else's.
        var refreshed = await world.TokenAsync(world.Shop, ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!), ("resource", "https://orders.example/api"));
        var access = ClaimsWorld.Claims(refreshed, "access_token");
        access.Texts("permissions").ShouldBe(["order:read", "order:write"]);
        access.Texts("roles").ShouldBe(["acme_lead", "clerk", "evening", "reader"]);

        // The preview says what the tokens said, and why.
        var preview = await world.PreviewAsync(world.Shop.Id, new { organization = "acme", api = world.Orders });
        foreach (var name in new[] { "roles", "resource_access", "https://shop.example/groups", "city", "email", "organization", "sub", "aud" })
            JsonElement.DeepEquals(preview.GetProperty("id_token").GetProperty(name), id.GetProperty(name)).ShouldBeTrue(name);
        foreach (var name in new[] { "permissions", "roles", "scope", "aud", "client_id", "organization" })
            JsonElement.DeepEquals(preview.GetProperty("access_token").GetProperty(name), access.GetProperty(name)).ShouldBeTrue(name);
        JsonElement.DeepEquals(preview.GetProperty("userinfo"), info).ShouldBeTrue();
        var why = preview.GetProperty("rules").EnumerateArray().First(r => r.Text("destination") == "id_token" && r.Text("claim") == "roles").GetProperty("because");
        why.GetProperty("evening")[0].GetProperty("group").GetString().ShouldBe(group);
        why.GetProperty("acme_lead")[0].GetProperty("scope_id").GetString().ShouldBe(world.Acme);
        why.GetProperty("reader")[0].Texts("roles").ShouldBe(["clerk", "reader"]);
        // No token, and nothing of one: neither signature nor time nor session.
        preview.ToString().ShouldNotContain("\"exp\"");
        preview.ToString().ShouldNotContain("\"jti\"");

        // Read anew at each exchange: what ended is not in the next tokens, nor in UserInfo.
        foreach (var held in (await (await world.Admin.GetAsync($"api/v1/role-assignments?holder={world.Ada}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Where(a => a.Text("role") == "clerk").ToList())
            using (var taken = await world.Admin.DeleteAsync($"api/v1/role-assignments/{held.Id()}")) taken.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.UserInfoAsync(tokens)).Texts("roles").ShouldBe(["acme_lead", "evening"]);
        var last = await world.TokenAsync(world.Shop, ("grant_type", "refresh_token"), ("refresh_token", refreshed.GetProperty("refresh_token").GetString()!), ("resource", "https://orders.example/api"));
        ClaimsWorld.Claims(last, "access_token").Has("permissions").ShouldBeFalse();
        ClaimsWorld.Claims(last, "id_token").Has("city").ShouldBeFalse();

        // In no organization: what is held there is not told, nor anything to a client that did not ask for it.
        var plain = ClaimsWorld.Claims(await world.TokensAsync(browser, world.Shop, "openid roles"), "id_token");
        plain.Texts("roles").ShouldBe(["evening"]);
        foreach (var name in new[] { "resource_access", "https://shop.example/groups", "city", "email" }) plain.Has(name).ShouldBeFalse(name);
    }

    [Theory, BothDatabases]
    public async Task A_third_party_is_told_only_what_the_person_allowed_and_a_client_what_it_holds_itself(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database);
        await world.RuleAsync("roles", new { kind = "roles" }, new { without_scope = true }, ["id_token", "access_token", "userinfo"]);
        await world.RuleAsync("is_clerk", new { kind = "static", value = true }, new { condition = "role eq \"clerk\"" });
        await world.RuleAsync("plan", new { kind = "static", value = new { tier = "gold" } }, new { target = new { client = world.Partner.Id } });
        var browser = world.Browser();

        // A condition on a role tells of the role: it wants the same scope.
        var partner = ClaimsWorld.Claims(await world.TokensAsync(browser, world.Partner, "openid"), "id_token");
        (partner.Has("roles"), partner.Has("is_clerk"), partner.GetProperty("plan").ToString()).ShouldBe((false, false, """{"tier":"gold"}"""));
        var allowed = ClaimsWorld.Claims(await world.TokensAsync(browser, world.Partner, "openid roles"), "id_token");
        (string.Join(' ', allowed.Texts("roles")), allowed.GetProperty("is_clerk").GetBoolean()).ShouldBe(("clerk reader", true));
        // The tenant's own application may be told without being asked for it; and nobody but the partner has the partner's plan.
        var shop = ClaimsWorld.Claims(await world.TokensAsync(browser, world.Shop, "openid"), "id_token");
        (string.Join(' ', shop.Texts("roles")), shop.Has("is_clerk"), shop.Has("plan")).ShouldBe(("clerk reader", false, false));

        // A client that speaks for itself: what it holds, in tokens for that API.
        await world.RuleAsync("can", new { kind = "permissions" }, new { target = new { api = world.Orders } }, ["access_token"]);
        await world.Roles.GiveAsync(world.Partner.Id, "reader");
        var machine = ClaimsWorld.Claims(await world.TokenAsync(world.Partner, ("grant_type", "client_credentials"), ("resource", "https://orders.example/api")), "access_token");
        (machine.GetProperty("sub").GetString(), string.Join(' ', machine.Texts("roles")), string.Join(' ', machine.Texts("can"))).ShouldBe((world.Partner.Id, "reader", "order:read"));

        // A scope that is asked for less than was granted tells less.
        var tokens = await world.TokensAsync(browser, world.Partner, "openid offline_access roles orders.read permissions");
        var narrow = await world.TokenAsync(world.Partner, ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!), ("resource", "https://orders.example/api"), ("scope", "orders.read"));
        (ClaimsWorld.Claims(narrow, "access_token").Has("roles"), ClaimsWorld.Claims(narrow, "access_token").Has("can")).ShouldBe((false, false));
    }

    [Theory, BothDatabases]
    public async Task Npm_openid_client_reads_them_and_takes_no_claim_for_a_protocols_own(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database);
        await world.RuleAsync("roles", new { kind = "roles" }, destinations: ["id_token", "userinfo"]);
        await world.RuleAsync("https://shop.example/tier", new { kind = "static", value = "gold" }, destinations: ["id_token", "access_token"]);
        await Peers.NodePeer.RunAsync("openid-client/claims.mjs", new
        {
            issuer = world.Tenant.Url, person = new { email = ClaimsWorld.Email, password = People.Password },
            web = new { id = world.Shop.Id, secret = world.Shop.Secret, redirect_uri = ClaimsWorld.Callback }, api = "https://orders.example/api",
        }, "claims in the ID token", "claims in UserInfo", "claims in an API's access token", "an ID token is no access token");
    }

    [Theory, BothDatabases]
    public async Task What_is_too_large_is_cut_or_left_out_and_says_so(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database, password: false);
        foreach (var (name, n) in new[] { ("Alpha", 1), ("Beta", 2), ("Gamma", 3) })
        {
            var group = (await world.PostAsync("groups", new { name = name + new string('x', 20 * n) })).Id();
            using var put = await world.Admin.PutAsync($"api/v1/groups/{group}/members/{world.Ada}", null);
        }
        await world.RuleAsync("two", new { kind = "groups" }, new { max_items = 2 });
        await world.RuleAsync("none", new { kind = "groups" }, new { max_items = 2, when_too_large = "omit" });
        await world.RuleAsync("all", new { kind = "groups" });
        var big = new string('a', 1900);
        for (var i = 0; i < 6; i++) await world.RuleAsync($"big{i}", new { kind = "static", value = big });
        var preview = await world.PreviewAsync(world.Shop.Id);
        var id = preview.GetProperty("id_token");
        id.Texts("two").Length.ShouldBe(2);
        (id.Has("none"), id.Texts("all").Length).ShouldBe((false, 3));
        // 8 KiB in one token: the oldest rules first.
        (id.Has("big3"), id.Has("big4"), id.Has("big5")).ShouldBe((true, false, false));
        id.Texts("claims_truncated").ShouldBe(["big4", "big5", "none", "two"]);
        preview.GetProperty("rules").EnumerateArray().Single(r => r.Text("claim") == "none").Text("code").ShouldBe("too_large");
    }

    [Theory, BothDatabases]
    public async Task Of_two_rules_for_one_claim_the_closer_speaks_then_the_lower_then_the_older(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database, password: false);
        var one = await world.RuleAsync("tier", new { kind = "static", value = "all, 100, older" });
        var two = await world.RuleAsync("tier", new { kind = "static", value = "all, 100, younger" });
        await world.RuleAsync("tier.name", new { kind = "static", value = "inside" }, new { priority = 900 });
        async Task<string?> SaidAsync() => (await world.PreviewAsync(world.Shop.Id, new { scopes = new[] { "openid" } })).GetProperty("id_token").GetProperty("tier").ToString();
        (await SaidAsync()).ShouldBe("all, 100, older");
        await world.RuleAsync("tier", new { kind = "static", value = "all, 5" }, new { priority = 5 });
        (await SaidAsync()).ShouldBe("all, 5");
        var closer = await world.RuleAsync("tier.kind", new { kind = "static", value = "client" }, new { priority = 1000, target = new { client = world.Shop.Id } });
        (await SaidAsync()).ShouldBe("""{"kind":"client","name":"inside"}""");

        // A rule whose source says nothing leaves the claim to the next one; one that is switched off or gone too.
        using (var put = await world.Admin.PutAsJsonAsync($"api/v1/claim-rules/{closer.Id()}", new { name = "gone", claim = "tier", destinations = new[] { "id_token" }, source = new { kind = "attribute", field = "no_such" }, target = new { client = world.Shop.Id }, without_scope = true }))
            await put.ReadJsonAsync(HttpStatusCode.OK);
        (await SaidAsync()).ShouldBe("all, 5");
        var rules = (await world.PreviewAsync(world.Shop.Id, new { scopes = new[] { "openid" } })).GetProperty("rules");
        rules.EnumerateArray().Select(r => r.Text("code")).ShouldBe(["source_absent", "applied", "claim_taken", "claim_taken", "claim_taken"]);
        rules[2].Text("detail")!.ShouldContain(rules[1].Text("rule")!);
        _ = (one, two);
    }

    [Theory, BothDatabases]
    public async Task A_rule_goes_with_its_client_or_api_and_says_nothing_when_its_source_is_gone(TestDatabase database)
    {
        using var world = await ClaimsWorld.OpenAsync(database, password: false);
        await world.RuleAsync("a", new { kind = "static", value = 1 }, new { target = new { client = world.Partner.Id } });
        await world.RuleAsync("b", new { kind = "static", value = 1 }, new { target = new { api = world.Other } }, ["access_token"]);
        await world.RuleAsync("c", new { kind = "permissions", api = world.Other });
        await world.RuleAsync("d", new { kind = "roles", prefix = "acme" });
        (await world.PreviewAsync(world.Shop.Id, new { organization = "acme" })).GetProperty("id_token").Texts("c").ShouldBe(["other:read"]);
        using (var gone = await world.Admin.DeleteAsync($"api/v1/clients/{world.Partner.Id}")) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var gone = await world.Admin.DeleteAsync($"api/v1/apis/{world.Other}")) gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var gone = await world.Admin.PostAsync($"api/v1/organizations/{world.Acme}/disable", null)) gone.IsSuccessStatusCode.ShouldBeTrue();
        using var list = await world.Admin.GetAsync("api/v1/claim-rules");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(r => r.Text("claim")).ShouldBe(["d", "c"]);
        var preview = await world.PreviewAsync(world.Shop.Id);
        preview.GetProperty("rules").EnumerateArray().Select(r => r.Text("code")).ShouldBe(["source_absent", "source_absent"]);
        (preview.GetProperty("id_token").Has("c"), preview.GetProperty("id_token").Has("d")).ShouldBe((false, false));
    }
}
