using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

/// <summary>An administrator has a user choose a new password.</summary>
public sealed class ResetPasswordTests
{
    private const string Fresh = "quite another sequence of words";

    private static async Task<JsonElement> ResetAsync(SignInWorld world, object body)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var answer = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/password-reset", body);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Mails_a_link_that_works_once_and_touches_nothing_else(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var answer = await ResetAsync(world, new { });
        (answer.GetProperty("delivery").GetString(), answer.GetProperty("link").ValueKind).ShouldBe(("mail", JsonValueKind.Null));
        (answer.GetProperty("expires_at").GetDateTimeOffset() - world.Server.Clock.GetUtcNow()).TotalMinutes.ShouldBeInRange(55, 60);
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();

        using var her = world.AnotherBrowser();
        var link = await world.LinkAsync("administrator_reset");
        var form = (await her.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Set a new password");
        (await her.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await her.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await her.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.MailsAsync()).ShouldBe(["new_device", "password_changed", "administrator_reset"]);
        (await world.AuditAsync("password.reset_issued")).Single().Outcome.ShouldBe("success");
    }

    [Theory, BothDatabases]
    public async Task Hands_over_a_link_tells_her_and_proves_no_address(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var world = await SignInWorld.OpenAsync(server);
        using var admin = await server.AdminAsync(world.Tenant);
        var bob = (await admin.CreateUserAsync("bob@example.com", new { password = People.Password })).Id();
        async Task<string> LinkAsync()
        {
            using var answer = await admin.PostAsJsonAsync($"api/v1/users/{bob}/password-reset", new { delivery = "link", expires_in = 600 });
            return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("link").GetString()!;
        }
        var (older, link) = (await LinkAsync(), await LinkAsync());
        (await world.MailsAsync("bob@example.com")).ShouldBe(["administrator_reset_notice", "administrator_reset_notice"]);
        (await Mailbox.ReadAsync(server, world.Tenant, "bob@example.com")).ShouldAllBe(m => !m.Text.Contains("gh_ln_"));
        (await world.Browser.GetAsync(older)).ShouldBe(HttpStatusCode.BadRequest, "This link no longer works");
        var form = (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "bob@example.com");
        (await world.Browser.SubmitAsync(form, [("password", Fresh)])).ShouldBe(HttpStatusCode.OK, "Your password is changed");
        (await world.Browser.SignInAsync("bob@example.com", Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
        using var user = await admin.GetAsync($"api/v1/users/{bob}");
        (await user.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails")[0].GetProperty("verified").GetBoolean().ShouldBeFalse();

        // The mailed one does prove it.
        using (var mailed = await admin.PostAsJsonAsync($"api/v1/users/{bob}/password-reset", new { })) mailed.StatusCode.ShouldBe(HttpStatusCode.OK);
        form = await world.Browser.GetAsync(await world.LinkAsync("administrator_reset", "bob@example.com"));
        await world.Browser.SubmitAsync(form, [("password", "still another sequence of words")]);
        using var later = await admin.GetAsync($"api/v1/users/{bob}");
        (await later.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails")[0].GetProperty("verified").GetBoolean().ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Revokes_what_she_has_now_when_asked(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await world.Browser.SignInAsync(SignInWorld.Email);
        // Half of a sign-in, and a link sent before: nothing of it goes on.
        using var half = world.AnotherBrowser();
        var link = (await ResetAsync(world, new { delivery = "link", revoke = true })).GetProperty("link").GetString()!;
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await half.SignInAsync(SignInWorld.Email)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await half.SubmitAsync(await half.GetAsync(link), [("password", Fresh)]);
        (await half.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task A_link_expires_when_it_says_and_with_the_account()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var world = await SignInWorld.OpenAsync(server);
        var link = (await ResetAsync(world, new { delivery = "link", expires_in = 300 })).GetProperty("link").GetString()!;
        server.Clock.Advance(TimeSpan.FromSeconds(240));
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(60));
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest);
        link = (await ResetAsync(world, new { delivery = "link" })).GetProperty("link").GetString()!;
        using var admin = await server.AdminAsync(world.Tenant);
        (await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null)).EnsureSuccessStatusCode();
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Mails_no_more_than_the_address_may_get_and_then_does_nothing()
    {
        using var world = await SignInWorld.OpenAsync(settings: new { limits = new { mails_per_address = 1 } });
        await ResetAsync(world, new { });
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var refused = await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/password-reset", new { revoke = true });
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "mail_limit");
        (await world.Browser.IsSignedInAsync()).ShouldBeTrue();
        (await world.Browser.GetAsync(await world.LinkAsync("administrator_reset"))).Status.ShouldBe(HttpStatusCode.OK, "the link on its way still works");
        (await ResetAsync(world, new { delivery = "link" })).GetProperty("link").GetString().ShouldNotBeNull();
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_it_must(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        using var stranger = await server.AdminAsync(other);
        var path = $"api/v1/users/{(await admin.CreateUserAsync("ann@example.com")).Id()}/password-reset";
        foreach (var (body, code) in new (object, string)[] { (new { delivery = "pigeon" }, "delivery_invalid"), (new { expires_in = 299 }, "expires_in_invalid"), (new { expires_in = 86_401 }, "expires_in_invalid") })
        {
            using var refused = await admin.PostAsJsonAsync(path, body);
            await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }
        using (var unknown = await admin.PostAsJsonAsync(path, new { password = "x" })) await unknown.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "body_invalid");
        using (var elsewhere = await stranger.PostAsJsonAsync(path, new { })) await elsewhere.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        using (var nonsense = await admin.PostAsJsonAsync("api/v1/users/nobody/password-reset", new { })) await nonsense.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        await server.ShouldNeedAsync(tenant, "POST", path, "users:read", new { });
        (await admin.PostAsync(path.Replace("password-reset", "disable", StringComparison.Ordinal), null)).EnsureSuccessStatusCode();
        using var disabled = await admin.PostAsJsonAsync(path, new { });
        await disabled.ShouldBeProblemAsync(HttpStatusCode.Conflict, "user_disabled");
        using var mailed = await admin.PostAsJsonAsync(path, new { delivery = "link" });
        await mailed.ShouldBeProblemAsync(HttpStatusCode.Conflict, "user_disabled");
    }
}
