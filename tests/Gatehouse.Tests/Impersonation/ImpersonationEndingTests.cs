using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Claims;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Impersonation;

/// <summary>What ends it before its time, and what the person sees of it.</summary>
public sealed class ImpersonationEndingTests
{
    [Theory, BothDatabases]
    public async Task Whatever_makes_the_person_hold_more_ends_it(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        await world.Roles.ApiAsync("orders", "orders:refund");
        await world.Roles.RoleAsync("cashier", ["orders:refund"]);
        await world.Roles.RoleAsync("harmless", []);
        await world.Roles.GiveAsync(world.BobId, "harmless");
        async Task<string> GroupAsync(string name) => (await (await world.Roles.Admin.PostAsJsonAsync("api/v1/groups", new { name })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        var (inner, outer) = (await GroupAsync("inner"), await GroupAsync("outer"));
        await world.DoAsync(HttpMethod.Put, $"groups/{inner}/members/{world.BobId}");
        async Task EndsAsync(Func<Task> by, Func<Task> undo)
        {
            var id = await world.BeginAsync();
            var tokens = await world.TokensAsync(world.Shop, "openid");
            (await world.CountsAsync(tokens)).ShouldBeTrue();
            await by();
            (await world.EndReasonAsync(id)).ShouldBe("roles_changed");
            (await world.CountsAsync(tokens)).ShouldBeFalse();
            using (var refused = await world.Api.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason = "Once more" })) await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
            await undo();
        }
        // A role that he holds permits more.
        await EndsAsync(() => world.DoAsync(HttpMethod.Patch, "roles/harmless", new { permissions = new[] { "orders:refund" } }), () => world.DoAsync(HttpMethod.Patch, "roles/harmless", new { permissions = Array.Empty<string>() }));
        // His group is given one.
        var given = "";
        await EndsAsync(async () => given = (await world.Roles.GiveAsync(inner, "cashier")).Id(), () => world.DoAsync(HttpMethod.Delete, $"role-assignments/{given}"));
        // His group comes into one that has it.
        await world.Roles.GiveAsync(outer, "cashier");
        await EndsAsync(() => world.DoAsync(HttpMethod.Put, $"groups/{outer}/groups/{inner}"), () => world.DoAsync(HttpMethod.Delete, $"groups/{outer}/groups/{inner}"));
    }

    [Theory, BothDatabases]
    public async Task It_ends_with_either_account_and_a_log_out_at_an_application_ends_only_it(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        var id = await world.BeginAsync();
        var tokens = await world.TokensAsync(world.Shop, "openid");
        await world.Browser.WalkAsync(new Uri($"{world.Url}/oauth2/logout?id_token_hint={tokens.Text("id_token")}"));
        (await world.EndReasonAsync(id)).ShouldBe("ended_by_actor");
        (await world.CountsAsync(tokens)).ShouldBeFalse();
        (await world.Browser.WalkAsync(new Uri(world.Url + "/account"))).Html.ShouldContain(ImpersonationWorld.Hana);

        id = await world.BeginAsync();
        tokens = await world.TokensAsync(world.Shop, "openid");
        await world.DoAsync(HttpMethod.Post, $"users/{world.BobId}/disable");
        ((await world.EndReasonAsync(id)), await world.CountsAsync(tokens)).ShouldBe(("user_disabled", false));
        await world.DoAsync(HttpMethod.Post, $"users/{world.BobId}/enable");

        id = await world.BeginAsync();
        tokens = await world.TokensAsync(world.Shop, "openid");
        await world.DoAsync(HttpMethod.Post, $"users/{world.HanaId}/disable");
        ((await world.EndReasonAsync(id)), await world.CountsAsync(tokens)).ShouldBe(("actor_disabled", false));
        using (var dead = await world.Api.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason = "Ticket 4711" })) await dead.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Theory, BothDatabases]
    public async Task It_ends_with_the_person_who_is_deleted_and_with_the_actor_who_signs_out(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        var id = await world.BeginAsync();
        var tokens = await world.TokensAsync(world.Shop, "openid");
        await world.SignOutAsync();
        ((await world.EndReasonAsync(id)), await world.CountsAsync(tokens)).ShouldBe(("actor_signed_out", false));
        world.Api.Dispose();
        world.Api = await world.ApiAsync(Scopes.UsersImpersonate, Scopes.UsersRead);
        await world.BeginAsync();
        tokens = await world.TokensAsync(world.Shop, "openid");
        await world.DoAsync(HttpMethod.Delete, $"users/{world.BobId}");
        (await world.CountsAsync(tokens)).ShouldBeFalse();
        (await world.Browser.WalkAsync(new Uri(world.Url + "/account"))).Html.ShouldContain(ImpersonationWorld.Hana);
        using var left = await world.Roles.Admin.GetAsync($"api/v1/impersonations?filter=user eq \"{world.BobId}\"");
        (await left.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task An_actor_who_is_deleted_leaves_nothing_that_acts(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        var waiting = new Uri((await world.LinkAsync()).Text("url")!);
        var id = await world.BeginAsync();
        var tokens = await world.TokensAsync(world.Shop, "openid");
        var code = ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid"), "code").ShouldNotBeNull();
        await world.DoAsync(HttpMethod.Delete, $"users/{world.HanaId}");

        (await world.EndReasonAsync(id)).ShouldBe("actor_deleted");
        (await world.CountsAsync(tokens)).ShouldBeFalse();
        using (var redeemed = await world.RedeemAsync(world.Shop, code)) await redeemed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using (var again = await world.Api.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason = "Ticket 4711" })) await again.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "token_invalid");
        // Neither the cookie that is still in her browser nor the link that she never followed opens anything.
        foreach (var address in new[] { new Uri(world.Url + "/account"), waiting })
        {
            var page = await world.Browser.WalkAsync(address);
            page.Html.ShouldNotContain(ImpersonationWorld.Bob);
            page.Html.ShouldNotContain("/impersonation/end");
        }
        (await world.Browser.WalkAsync(world.Authorize(world.Shop, "openid"))).Url.AbsolutePath.ShouldEndWith("/signin");
        (await world.Roles.Admin.GetAsync($"api/v1/users/{world.BobId}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task It_goes_no_further_than_the_role_that_permits_it(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await ImpersonationWorld.OpenAsync(server);
        await world.DoAsync(HttpMethod.Delete, $"users/{world.HanaId}/roles/support");
        var given = await world.Roles.GiveAsync(world.HanaId, "support", new { ends_at = server.Clock.GetUtcNow().AddMinutes(4) });
        var id = await world.BeginAsync(new { reason = "Ticket 4711", minutes = 30 });
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        var tokens = await world.TokensAsync(world.Shop, "openid");
        ClaimsWorld.Claims(tokens, "id_token").Text("sub").ShouldBe(world.BobId);
        (await world.CountsAsync(tokens)).ShouldBeTrue();
        var (waiting, code) = (new Uri((await world.LinkAsync()).Text("url")!), ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid"), "code").ShouldNotBeNull());
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        // No event says that a time has come: whoever asks next finds it out, with the token, the code or the browser.
        (await world.CountsAsync(tokens)).ShouldBeFalse();
        using (var redeemed = await world.RedeemAsync(world.Shop, code)) await redeemed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using (var again = await world.Api.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason = "Ticket 4711" })) await again.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        (await world.Browser.WalkAsync(waiting)).Html.ShouldNotContain(ImpersonationWorld.Bob);
        var account = await world.Browser.WalkAsync(new Uri(world.Url + "/account"));
        account.Html.ShouldContain(ImpersonationWorld.Hana);
        account.Html.ShouldNotContain("/impersonation/end");
        ClaimsWorld.Claims(await world.TokensAsync(world.Shop, "openid"), "id_token").Text("sub").ShouldBe(world.HanaId);

        // The role anew brings nothing back: it begins again, or not at all.
        await world.DoAsync(HttpMethod.Delete, $"role-assignments/{given.Id()}");
        await world.Roles.GiveAsync(world.HanaId, "support");
        (await world.EndReasonAsync(id)).ShouldBe("roles_changed");
        (await world.CountsAsync(tokens)).ShouldBeFalse();
        ClaimsWorld.Claims(await world.TokensAsync(world.Shop, "openid"), "id_token").Text("sub").ShouldBe(world.HanaId);
    }

    [Fact]
    public async Task The_person_is_told_without_where_the_administrator_sits_and_ends_it_herself()
    {
        using var world = await ImpersonationWorld.OpenAsync(await Servers.SharedAsync(TestDatabase.Sqlite), People.Password);
        var id = await world.BeginAsync();
        using var http = world.Roles.Server.Browser(world.Roles.Tenant);
        var browser = new FormBrowser(http);
        var page = await browser.WalkAsync(new Uri(world.Url + "/signin"));
        while (!page.Url.AbsolutePath.EndsWith("/account", StringComparison.Ordinal)) page = await browser.AnswerAsync(page, ImpersonationWorld.Bob, People.Password);
        page.Html.ShouldNotContain("/impersonation/end");
        var told = await browser.WalkAsync(new Uri(world.Url + "/account/activity"));
        told.Html.ShouldContain("An administrator began to act as you");
        told.Html.ShouldNotContain("Ticket 4711");
        told.Html.ShouldNotContain(ImpersonationWorld.Hana);
        using (var request = new HttpRequestMessage(HttpMethod.Get, "account/v1/activity"))
        {
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var activity = await http.SendAsync(request);
            var began = (await activity.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Single(e => e.Text("action") == "impersonation.started");
            (began.Text("by"), began.Text("ip_address")).ShouldBe(("administrator", ""));
            began.ToString().ShouldNotContain(world.HanaId);
        }
        using (var end = new HttpRequestMessage(HttpMethod.Delete, "account/v1/sessions"))
        {
            end.Headers.Add("Sec-Fetch-Site", "same-origin");
            end.Headers.Add("X-Gatehouse-Csrf", "1");
            using var ended = await http.SendAsync(end);
            ended.IsSuccessStatusCode.ShouldBeTrue(await ended.Content.ReadAsStringAsync());
        }
        (await world.EndReasonAsync(id)).ShouldBe("user_sessions_ended");
    }
}
