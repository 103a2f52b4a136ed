using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Claims;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Users;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Impersonation;

/// <summary>An administrator who wants more of it than she was given: longer, wider, elsewhere, or without its being seen.</summary>
public sealed partial class ImpersonationAttackTests
{
    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private static string Named(string path) => Parameter().Replace(path, "eml_01h455vb4pex5vsknk084sn02q");

    [Theory, BothDatabases]
    public async Task Nothing_outlives_its_time(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await ImpersonationWorld.OpenAsync(server);
        var late = new Uri((await world.LinkAsync()).Text("url")!);
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await world.Browser.WalkAsync(late)).Status.ShouldBe(HttpStatusCode.Forbidden, "two minutes");

        var id = await world.BeginAsync(new { reason = "Ticket 4711", minutes = 5 });
        var began = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        var tokens = await world.TokensAsync(world.Shop, "openid offline_access");
        tokens.Has("refresh_token").ShouldBeFalse();
        tokens.GetProperty("expires_in").GetInt32().ShouldBeInRange(1, 120);
        foreach (var token in new[] { "id_token", "access_token" })
            DateTimeOffset.FromUnixTimeSeconds(ClaimsWorld.Claims(tokens, token).GetProperty("exp").GetInt64()).ShouldBeLessThanOrEqualTo(began.AddMinutes(5), token);
        var code = ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid"), "code").ShouldNotBeNull();
        server.Clock.Advance(TimeSpan.FromMinutes(2));

        (await world.CountsAsync(tokens)).ShouldBeFalse();
        using (var answer = await world.RedeemAsync(world.Shop, code)) await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        var account = await world.Browser.WalkAsync(new Uri(world.Url + "/account"));
        account.Html.ShouldContain(ImpersonationWorld.Hana);
        account.Html.ShouldNotContain(ImpersonationWorld.Bob);
        ClaimsWorld.Claims(await world.TokensAsync(world.Shop, "openid"), "id_token").Text("sub").ShouldBe(world.HanaId);
        using var admin = await server.AdminAsync(world.Roles.Tenant);
        var seen = await (await admin.GetAsync($"api/v1/impersonations/{id}")).ReadJsonAsync(HttpStatusCode.OK);
        (seen.Text("status"), seen.Text("end_reason")).ShouldBe(("ended", null));

        // Nor what her own session could not go on for without a new proof.
        (await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Roles.Tenant.Id}/settings", new { sessions = new { idle_seconds = 300, absolute_seconds = 600 } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.ProveAgainAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        await world.BeginAsync(new { reason = "Ticket 4711", minutes = 60 });
        using var list = await admin.GetAsync("api/v1/impersonations?limit=1");
        DateTimeOffset.Parse((await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].Text("ends_at")!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeLessThanOrEqualTo(server.Clock.GetUtcNow().AddMinutes(6));
    }

    [Fact]
    public async Task A_token_narrower_than_its_person_reaches_no_further_than_it()
    {
        using var world = await ImpersonationWorld.OpenAsync(TestDatabase.Sqlite);
        using var narrow = await world.ApiAsync(Scopes.UsersImpersonate);
        var reason = "Ticket 4711";
        using (var plain = await narrow.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason })) plain.StatusCode.ShouldBe(HttpStatusCode.Created);
        await world.Roles.GiveAsync(world.BobId, "support");
        using (var wide = await narrow.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason })) await wide.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "scope_escalation");
        (await world.LinkAsync(new { reason })).Text("user").ShouldBe(world.BobId);

        // What he holds for applications counts as well, and what he only holds from tomorrow on.
        await world.Roles.ApiAsync("orders", "orders:refund");
        await world.Roles.RoleAsync("cashier", ["orders:refund"]);
        await world.Roles.GiveAsync(world.BobId, "cashier", new { starts_at = world.Roles.Server.Clock.GetUtcNow().AddDays(1) });
        using var escalates = await world.Api.PostAsJsonAsync($"api/v1/users/{world.BobId}/impersonations", new { reason });
        await escalates.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
    }

    [Fact]
    public async Task No_way_into_the_account_is_open()
    {
        using var world = await ImpersonationWorld.OpenAsync(TestDatabase.Sqlite);
        await world.BeginAsync();
        var routes = world.Roles.Server.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (Method: m, Path: "/" + e.RoutePattern.RawText!.TrimStart('/'))))
            .Where(r => r.Path.StartsWith("/account", StringComparison.Ordinal) && r.Method is not ("OPTIONS" or "HEAD") && !r.Path.Contains("{*", StringComparison.Ordinal) && !r.Path.EndsWith(".json", StringComparison.Ordinal))
            .Distinct().ToList();
        var page = await world.Browser.WalkAsync(new Uri(world.Url + "/account"));
        var fields = page.Forms.First(f => f.Action.EndsWith("/impersonation/end", StringComparison.Ordinal)).Fields();
        var (pages, operations) = (0, 0);
        foreach (var (method, path) in routes)
        {
            if (path.StartsWith("/account/v1/", StringComparison.Ordinal))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(world.Url + Named(path)));
                request.Headers.Add("Sec-Fetch-Site", "same-origin");
                request.Headers.Add("X-Gatehouse-Csrf", "1");
                if (method is not ("GET" or "DELETE")) request.Content = JsonContent.Create(new { });
                using var answer = await world.Http.SendAsync(request);
                await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "impersonation_forbidden");
                operations++;
                continue;
            }
            if (method == "GET" && path is "/account" or "/account/" or "/account/organizations") continue;
            var seen = await world.Browser.GoAsync(new Uri(world.Url + Named(path)), method == "GET" ? null : new Dictionary<string, string>(fields));
            // A picture and a link by mail answer nobody, or anybody who has the link; nothing leads to a sign-in or on.
            if (path.EndsWith(".svg", StringComparison.Ordinal)) { seen.Status.ShouldBe(HttpStatusCode.NotFound, path); continue; }
            if (path.EndsWith("/confirm", StringComparison.Ordinal) && path.Contains("emails", StringComparison.Ordinal)) { ((int)seen.Status).ShouldBeGreaterThanOrEqualTo(400, path); continue; }
            (seen.Status, seen.Location).ShouldBe((HttpStatusCode.Forbidden, null), $"{method} {path}");
            pages++;
        }
        pages.ShouldBeGreaterThan(40);
        operations.ShouldBeGreaterThanOrEqualTo(39);
        // And the way back is.
        page = await world.Browser.WalkAsync(new Uri(world.Url + "/account/emails"));
        (await world.Browser.SubmitAsync(page, page.Forms.First(f => f.Action.EndsWith("/impersonation/end", StringComparison.Ordinal)))).Html.ShouldContain(ImpersonationWorld.Hana);
        (await world.Browser.WalkAsync(new Uri(world.Url + "/account/emails"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_somebody_allowed_in_her_own_name_is_not_allowed_in_anothers()
    {
        using var world = await ImpersonationWorld.OpenAsync(TestDatabase.Sqlite);
        async Task<Uri> AllowAsync((string Id, string Secret) client)
        {
            // Asked as herself, and answered; but not gone on.
            var page = await world.Browser.WalkAsync(world.Authorize(client, "openid email"));
            page.Url.AbsolutePath.ShouldEndWith("/consent");
            var form = page.Forms.First(f => f.Buttons.Any(b => b.Name == "decision"));
            return (await world.Browser.GoAsync(new Uri(page.Url, form.Action), new Dictionary<string, string>(form.Fields()) { ["decision"] = "allow" })).Location.ShouldNotBeNull();
        }
        var onward = await AllowAsync(world.Partner);
        await world.BeginAsync();
        var answer = await world.Browser.GoAsync(onward);
        ImpersonationWorld.Query(answer.Location.ShouldNotBeNull(), "error").ShouldBe("consent_required");
        (await world.Browser.GoAsync(onward)).Location.ShouldBeNull("it is used up");

        // Nor by whoever signs in after her, in the same browser.
        await world.EndAsync();
        onward = await AllowAsync(await world.ClientAsync("Another partner", false, ["openid", "email"]));
        await world.Roles.Admin.CreateUserAsync("carl@example.com", new { password = People.Password, email_verified = true });
        await world.SignOutAsync();
        var page = await world.Browser.WalkAsync(new Uri(world.Url + "/signin"));
        while (!page.Url.AbsolutePath.EndsWith("/account", StringComparison.Ordinal)) page = await world.Browser.AnswerAsync(page, "carl@example.com", People.Password);
        page = await world.Browser.WalkAsync(onward);
        page.Location?.Query.ShouldNotContain("code=");
    }

    [Fact]
    public async Task Nobody_goes_around_a_second_step_by_acting_as_somebody()
    {
        using var world = await ImpersonationWorld.OpenAsync(TestDatabase.Sqlite);
        var (acme, beta) = (await world.Roles.OrganizationAsync("acme"), await world.Roles.OrganizationAsync("beta"));
        await world.Roles.JoinAsync(acme, world.BobId);
        await world.Roles.JoinAsync(beta, world.BobId);
        await world.DoAsync(HttpMethod.Patch, $"organizations/{acme}", new { settings = new { second_factor = "required" } });
        await world.BeginAsync();
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid organization", "&organization=acme"), "error").ShouldBe("access_denied");
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid organization", "&organization=beta"), "code").ShouldNotBeNull();
        await world.DoAsync(HttpMethod.Patch, $"organizations/{acme}", new { settings = new { second_factor = (string?)null, methods = new[] { "passkey" } } });
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid organization", "&organization=acme"), "error").ShouldBe("access_denied");
        await world.DoAsync(HttpMethod.Patch, $"organizations/{acme}", new { settings = new { methods = new[] { "password" } } });
        ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid organization", "&organization=acme"), "code").ShouldNotBeNull();

        // What the flow asks for an application, the actor has done herself; and where the person is kept out, she is.
        foreach (var step in new[]
        {
            $$$"""{"id":"s","type":"second_factor","enrol":true,"when":{"client":["{{{world.Shop.Id}}}"]}}""",
            $$$"""{"id":"d","type":"deny","when":{"all":[{"client":["{{{world.Shop.Id}}}"]},{"role":["outsider"]}]}}""",
        })
        {
            if (step.Contains("outsider", StringComparison.Ordinal))
            {
                await world.Roles.RoleAsync("outsider", []);
                await world.Roles.GiveAsync(world.BobId, "outsider");
                await world.BeginAsync();
            }
            await FlowWorld.PutAsync(world.Roles.Server, world.Roles.Tenant, FlowWorld.First, step);
            ImpersonationWorld.Query(await world.AuthorizeAsync(world.Shop, "openid"), "error").ShouldBe("access_denied", step);
        }
    }

    [Fact]
    public async Task A_link_and_a_cookie_are_good_in_one_session_of_one_person_only()
    {
        using var world = await ImpersonationWorld.OpenAsync(TestDatabase.Sqlite);
        await world.Roles.GiveAsync((await world.Roles.Admin.CreateUserAsync("ida@example.com", new { password = People.Password, email_verified = true })).Id(), "support");
        var url = new Uri((await world.LinkAsync()).Text("url")!);
        // Another who may as well, in her browser; and Hana herself, in another one.
        foreach (var who in new[] { "ida@example.com", ImpersonationWorld.Hana })
        {
            using var http = world.Roles.Server.Browser(world.Roles.Tenant);
            var browser = new FormBrowser(http);
            var page = await browser.WalkAsync(new Uri(world.Url + "/signin"));
            while (!page.Url.AbsolutePath.EndsWith("/account", StringComparison.Ordinal)) page = await browser.AnswerAsync(page, who, People.Password);
            (await browser.WalkAsync(url)).Status.ShouldBe(HttpStatusCode.Forbidden, who);
            var form = page.Forms.FirstOrDefault(f => f.Method == "post") ?? (await browser.WalkAsync(new Uri(world.Url + "/signout"))).Forms.First(f => f.Method == "post");
            var fields = new Dictionary<string, string>(form.Fields()) { ["token"] = System.Web.HttpUtility.ParseQueryString(url.Query)["token"]! };
            (await browser.GoAsync(new Uri(world.Url + "/impersonation"), fields)).Status.ShouldBe(HttpStatusCode.Forbidden, who);
        }
        // Elsewhere the cookie says nothing, with another's session or with none.
        await world.BeginAsync(new { reason = "Ticket 4711" });
        var cookie = world.Jar.GetCookies(new Uri(world.Url)).Single(c => c.Value.StartsWith("gh_im_", StringComparison.Ordinal));
        cookie.HttpOnly.ShouldBeTrue();
        var jar = new CookieContainer();
        using var thief = world.Roles.Server.Browser(world.Roles.Tenant, jar);
        jar.Add(new Uri(world.Url), new Cookie(cookie.Name, cookie.Value, cookie.Path));
        (await new FormBrowser(thief).GoAsync(new Uri(world.Url + "/account"))).Location.ShouldNotBeNull().AbsolutePath.ShouldEndWith("/signin");
        var shown = await new FormBrowser(thief).WalkAsync(new Uri(world.Url + "/signin"));
        shown.Html.ShouldNotContain("/impersonation/end");
        while (!shown.Url.AbsolutePath.EndsWith("/account", StringComparison.Ordinal)) shown = await new FormBrowser(thief).AnswerAsync(shown, "ida@example.com", People.Password);
        shown.Html.ShouldContain("ida@example.com");
        shown.Html.ShouldNotContain(ImpersonationWorld.Bob);
    }
}
