using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Claims;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Impersonation;

public sealed class ImpersonationTests
{
    [Theory, BothDatabases]
    public async Task Applications_take_the_administrator_for_the_person_and_can_tell(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        var id = await world.BeginAsync();
        (await world.StatusAsync(id)).ShouldBe("active");

        var tokens = await world.TokensAsync(world.Shop, "openid email offline_access");
        tokens.Has("refresh_token").ShouldBeFalse();
        foreach (var token in new[] { "id_token", "access_token" })
        {
            var claims = ClaimsWorld.Claims(tokens, token);
            (claims.Text("sub"), claims.GetProperty("act").ToString(), claims.GetProperty("amr").GetArrayLength(), claims.Text("acr")).ShouldBe((world.BobId, $$"""{"sub":"{{world.HanaId}}"}""", 0, "urn:gatehouse:acr:impersonated"));
        }
        using var http = world.Roles.Server.Client(world.Roles.Tenant);
        http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("access_token").GetString());
        using (var info = await http.GetAsync("oauth2/userinfo"))
        {
            var said = await info.ReadJsonAsync(HttpStatusCode.OK);
            (said.Text("sub"), said.Text("email"), said.GetProperty("act").Text("sub")).ShouldBe((world.BobId, ImpersonationWorld.Bob, world.HanaId));
        }
        using (var seen = await world.PostAsync("oauth2/introspect", world.Shop, ("token", tokens.GetProperty("access_token").GetString()!)))
            (await seen.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("act").Text("sub").ShouldBe(world.HanaId);

        // Ended by herself: she is herself again, and what was issued is over.
        var page = await world.Browser.WalkAsync(new Uri(world.Url + "/account"));
        page.Html.ShouldContain(ImpersonationWorld.Bob);
        page = await world.Browser.SubmitAsync(page, page.Forms.First(f => f.Action.EndsWith("/impersonation/end", StringComparison.Ordinal)));
        page.Html.ShouldContain(ImpersonationWorld.Hana);
        page.Html.ShouldNotContain("/impersonation/end");
        (await world.StatusAsync(id)).ShouldBe("ended");
        using (var seen = await world.PostAsync("oauth2/introspect", world.Shop, ("token", tokens.GetProperty("access_token").GetString()!)))
            (await seen.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean().ShouldBeFalse();
        ClaimsWorld.Claims(await world.TokensAsync(world.Shop, "openid"), "id_token").Text("sub").ShouldBe(world.HanaId);

        // Told: to her by mail and in the audit by either of the two.
        (await Mailbox.ReadAsync(world.Roles.Server, world.Roles.Tenant, ImpersonationWorld.Bob)).ShouldContain(m => m.Template == "impersonated");
        foreach (var filter in new[] { $"actor={world.HanaId}", $"target={world.BobId}" })
        {
            using var audit = await world.Roles.Admin.GetAsync($"api/v1/audit?action=impersonation.*&{filter}");
            (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).ShouldBe(["impersonation.ended", "impersonation.started", "impersonation.requested"], filter);
        }
    }

    [Theory, BothDatabases]
    public async Task What_is_the_persons_own_stays_closed(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        await world.BeginAsync();
        foreach (var path in new[] { "emails", "phones", "password", "passkeys", "two-step", "sessions", "applications", "privacy", "activity", "profile" })
        {
            var page = await world.Browser.WalkAsync(new Uri($"{world.Url}/account/{path}"));
            // Either there is no such page by that name, or it is closed, with the way out above it.
            if (page.Status == HttpStatusCode.NotFound) continue;
            (page.Status, page.Html.Contains("/impersonation/end", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true), path);
        }
        var account = await world.Browser.WalkAsync(new Uri(world.Url + "/account"));
        var token = account.Forms.First(f => f.Action.EndsWith("/impersonation/end", StringComparison.Ordinal)).Fields();
        foreach (var path in new[] { "profile", "emails", "sessions/end-others", "organizations/leave" })
            ((int)(await world.Browser.GoAsync(new Uri($"{world.Url}/account/{path}"), token)).Status).ShouldBeOneOf([403, 404, 405], path);
        using (var request = new HttpRequestMessage(HttpMethod.Get, "account/v1/profile"))
        {
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var api = await world.Http.SendAsync(request);
            await api.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "impersonation_forbidden");
        }

        // No token to manage with, none that wants a proof or a consent of hers.
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, $"openid {Scopes.UsersRead}"), "error").ShouldBe("access_denied");
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid", "&prompt=login"), "error").ShouldBe("login_required");
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid", "&acr_values=urn:gatehouse:acr:2fa"), "error").ShouldBe("unmet_authentication_requirements");
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Partner, "openid"), "error").ShouldBe("consent_required");

        // Nor would one that somehow had such scopes open anything.
        foreach (var audience in new[] { "/api/v1", "/account/v1" })
        {
            var claims = await world.Roles.Server.ClaimsAsync();
            (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) = (world.Url, world.Url + audience, world.HanaId, world.Roles.App);
            claims["act"] = new JsonObject { ["sub"] = world.BobId };
            using var http = world.Roles.Server.Client(world.Roles.Tenant);
            http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await world.Roles.Server.SignAsync(claims, tenant: world.Roles.Context));
            using var refused = await http.GetAsync(audience == "/api/v1" ? "api/v1/users" : "account/v1/profile");
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "impersonation_forbidden");
        }
    }

    [Theory, BothDatabases]
    public async Task A_link_works_once_in_the_browser_of_who_made_it(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        var url = new Uri((await world.LinkAsync()).Text("url")!);
        using var elsewhere = world.Roles.Server.Browser(world.Roles.Tenant);
        (await new FormBrowser(elsewhere).WalkAsync(url)).Status.ShouldBe(HttpStatusCode.Forbidden);
        var page = await world.Browser.WalkAsync(url);
        var form = page.Forms.First(f => f.Inputs.Any(i => i.Name == "token"));
        // Of many at once one begins.
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.Browser.GoAsync(new Uri(page.Url, form.Action), form.Fields()))));
        answers.Count(a => a.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(a => a.Status == HttpStatusCode.Forbidden).ShouldBe(7);
        (await world.Browser.WalkAsync(url)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, BothDatabases]
    public async Task It_ends_with_the_permission_the_session_the_persons_sessions_and_by_an_administrator(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        async Task EndsAsync(Func<Task> by, string reason)
        {
            var id = await world.BeginAsync();
            var code = ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid"), "code").ShouldNotBeNull();
            await by();
            using (var answer = await world.RedeemAsync(world.Shop, code)) await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
            (await world.Browser.WalkAsync(new Uri(world.Url + "/account"))).Html.ShouldNotContain(ImpersonationWorld.Bob, customMessage: reason);
            (await world.EndReasonAsync(id)).ShouldBe(reason);
        }
        await EndsAsync(() => world.DoAsync(HttpMethod.Delete, $"users/{world.BobId}/sessions"), "user_sessions_ended");
        await EndsAsync(async () =>
        {
            using var list = await world.Roles.Admin.GetAsync("api/v1/impersonations?limit=1");
            await world.DoAsync(HttpMethod.Delete, $"impersonations/{(await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id()}");
        }, "ended_by_administrator");
        await EndsAsync(() => world.Roles.GiveAsync(world.BobId, "support"), "roles_changed");
        await EndsAsync(async () =>
        {
            using var list = await world.Roles.Admin.GetAsync($"api/v1/role-assignments?holder={world.HanaId}");
            await world.DoAsync(HttpMethod.Delete, $"role-assignments/{(await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id()}");
        }, "roles_changed");
        await world.Roles.GiveAsync(world.HanaId, "support");
        await EndsAsync(() => world.DoAsync(HttpMethod.Delete, $"users/{world.HanaId}/sessions"), "actor_signed_out");
    }

    [Theory, BothDatabases]
    public async Task Nobody_acts_as_herself_as_who_is_disabled_or_as_who_may_more(TestDatabase database)
    {
        using var world = await ImpersonationWorld.OpenAsync(database);
        using var elsewhere = await RoleWorld.OpenAsync(database);
        var (above, gone, foreign) = (await world.Roles.UserAsync("above"), await world.Roles.UserAsync("gone"), await elsewhere.UserAsync("foreign"));
        await world.Roles.GiveAsync(above, "administrator");
        using (var disabled = await world.Roles.Admin.PostAsync($"api/v1/users/{gone}/disable", null)) disabled.IsSuccessStatusCode.ShouldBeTrue();
        var reason = "Ticket 4711";
        foreach (var (user, body, status, code) in new (string, object, HttpStatusCode, string)[]
        {
            (world.HanaId, new { reason }, HttpStatusCode.UnprocessableEntity, "impersonation_self"),
            (gone, new { reason }, HttpStatusCode.Conflict, "user_not_active"),
            (foreign, new { reason }, HttpStatusCode.NotFound, "user_not_found"),
            ("usr_x", new { reason }, HttpStatusCode.NotFound, "user_not_found"),
            (above, new { reason }, HttpStatusCode.Forbidden, "scope_escalation"),
            (world.BobId, new { }, HttpStatusCode.UnprocessableEntity, "reason_invalid"),
            (world.BobId, new { reason = "  " }, HttpStatusCode.UnprocessableEntity, "reason_invalid"),
            (world.BobId, new { reason, minutes = 0 }, HttpStatusCode.UnprocessableEntity, "minutes_invalid"),
            (world.BobId, new { reason, minutes = 61 }, HttpStatusCode.UnprocessableEntity, "minutes_invalid"),
        })
        {
            using var answer = await world.Api.PostAsJsonAsync($"api/v1/users/{user}/impersonations", body);
            await answer.ShouldBeProblemAsync(status, code);
        }
        // A program has no browser; a token without a session neither.
        using (var program = await world.Roles.Admin.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason })) await program.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "impersonation_needs_session");
        using (var hana = await world.Roles.AsAsync(world.HanaId))
        using (var bare = await hana.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason })) await bare.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "impersonation_needs_session");
        using (var stale = await world.Roles.StaleAsync(world.HanaId))
        using (var late = await stale.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason })) await late.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        var link = await world.LinkAsync();
        using (var other = await elsewhere.Admin.GetAsync($"api/v1/impersonations/{link.Id()}")) await other.ShouldBeProblemAsync(HttpStatusCode.NotFound, "impersonation_not_found");
        using (var other = await elsewhere.Admin.DeleteAsync($"api/v1/impersonations/{link.Id()}")) await other.ShouldBeProblemAsync(HttpStatusCode.NotFound, "impersonation_not_found");
        (await world.StatusAsync(link.Id())).ShouldBe("waiting");
    }
}
