using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Invitations;

/// <summary>Invitations: sent, accepted by whom they were sent to, and worth nothing to anybody else.</summary>
public sealed class InvitationTests
{
    private const string Ann = "ann@example.com", Eve = "eve@example.com";

    private static async Task<JsonElement> InviteAsync(HttpClient admin, string organization, string email, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["email"] = email;
        using var invited = await admin.PostAsJsonAsync($"api/v1/organizations/{organization}/invitations", body);
        return await invited.ReadJsonAsync(HttpStatusCode.Created);
    }

    private static async Task<string?> StatusAsync(HttpClient admin, JsonElement invitation) =>
        (await admin.GetJsonAsync($"api/v1/organizations/{invitation.Text("organization")}/invitations/{invitation.Id()}")).Text("status");

    [Theory, BothDatabases]
    public async Task Whoever_has_the_address_accepts_and_nobody_else(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { });
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, Eve);
        var invitation = await InviteAsync(admin, acme, "Ann@Example.com", new { locale = "en" });
        invitation.Id().ShouldStartWith("inv_");
        invitation.Text("status").ShouldBe("pending");
        invitation.TryGetProperty("token", out _).ShouldBeFalse("the secret is the message's");
        var link = await world.LinkAsync("invitation", "Ann@example.com");

        // Forwarded to Eve, who is signed in: she is led to Ann's sign-in, and her own account knows nothing of it.
        using var eve = world.AnotherBrowser();
        await eve.SignInAsync(Eve);
        var page = await eve.GetAsync(link);
        page.ShouldBe(HttpStatusCode.OK, "The acme");
        (await eve.SubmitAsync(page, [])).Address.AbsolutePath.ShouldEndWith("/signin");
        page = await eve.GetAsync("account/organizations");
        page.Text.ShouldNotContain("You are invited");
// A form of hers, sent with an invitation that is not hers.
        await admin.AddMemberAsync(acme, await SignInWorld.NewUserAsync(world.Server, world.Tenant, "other@example.com"));
        using var other = world.AnotherBrowser();
        await other.SignInAsync("other@example.com");
        var forged = (await other.GetAsync("account/organizations")).Form("choose").Hidden.ToDictionary(StringComparer.Ordinal);
        forged["invitation"] = invitation.Id();
        using var accepted = await other.Http.PostAsync("account/organizations/accept", new FormUrlEncodedContent(forged));
        accepted.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await StatusAsync(admin, invitation)).ShouldBe("pending");

        page = await world.Browser.SubmitAsync(await world.Browser.GetAsync(link), []);
        page = await world.Browser.SubmitAsync(page, [("email", Ann)], "/signin?");
        page = await world.Browser.SubmitAsync(page, [("password", PageBrowser.Password)]);
        page.ShouldBe(HttpStatusCode.OK, "You are invited").Address.AbsolutePath.ShouldEndWith("/account/organizations");
        page = await world.Browser.SubmitAsync(page, [("invitation", invitation.Id())], "accept");
        page.Text.ShouldNotContain("You are invited");
        (await admin.ListTextsAsync($"api/v1/organizations/{acme}/members", "user")).ShouldContain(world.UserId);
        (await StatusAsync(admin, invitation)).ShouldBe("accepted");
        // Used: the link is no more, and there is nothing to take back.
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest);
        await (await admin.PostAsync($"api/v1/organizations/{acme}/invitations/{invitation.Id()}/revoke", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "invitation_closed");
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{acme}/invitations", new { email = Ann })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "member_exists");
    }

    [Theory, BothDatabases]
    public async Task Whoever_is_new_registers_with_that_address_although_nobody_else_may(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        var invitation = await InviteAsync(admin, acme, "new@example.com");
        var link = await Mailbox.LinkAsync(server, tenant, "new@example.com", "invitation");
        using var browser = PageBrowser.Open(server, tenant);
        // Whoever holds the link has a message sent to the address; to register takes that message.
        (await browser.SubmitAsync(await browser.GetAsync(link), [])).Address.AbsolutePath.ShouldEndWith("/signup/sent");
        var verify = await Mailbox.LinkAsync(server, tenant, "new@example.com", "verify_email");
        await browser.SubmitAsync(await browser.GetAsync(verify), [("password", PageBrowser.Password)]);
        var page = await browser.GetAsync("account/organizations");
        page.ShouldBe(HttpStatusCode.OK, "You are invited");
        await browser.SubmitAsync(page, [("invitation", invitation.Id())], "accept");
        (await admin.ListTextsAsync($"api/v1/organizations/{acme}/members", "email")).ShouldBe(["new@example.com"]);
    }

    [Theory, BothDatabases]
    public async Task What_was_revoked_sent_again_declined_or_ran_out_opens_nothing(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var world = await SignInWorld.OpenAsync(server);
        using var admin = await server.AdminAsync(world.Tenant);
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        await world.Browser.SignInAsync(Ann);
        async Task<bool> WaitsAsync() => (await world.Browser.GetAsync("account/organizations")).Text.Contains("You are invited", StringComparison.Ordinal);

        var first = await InviteAsync(admin, acme, Ann);
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{acme}/invitations", new { email = "ANN@example.com" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "invitation_exists");
        var link = await world.LinkAsync("invitation");
        (await admin.PostAsync($"api/v1/organizations/{acme}/invitations/{first.Id()}/resend", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.BadRequest, "the newer one counts");
        (await world.Browser.GetAsync(await world.LinkAsync("invitation"))).Status.ShouldBe(HttpStatusCode.OK);
        (await WaitsAsync()).ShouldBeTrue();
        var page = await world.Browser.GetAsync("account/organizations");
        (await admin.PostAsync($"api/v1/organizations/{acme}/invitations/{first.Id()}/revoke", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await world.Browser.SubmitAsync(page, [("invitation", first.Id())], "accept");
        (await WaitsAsync()).ShouldBeFalse();
        await (await admin.PostAsync($"api/v1/organizations/{acme}/invitations/{first.Id()}/resend", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "invitation_closed");

        var second = await InviteAsync(admin, acme, Ann);
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/organizations"), [("invitation", second.Id())], "decline");
        (await StatusAsync(admin, second)).ShouldBe("declined");

        var third = await InviteAsync(admin, acme, Ann, new { expires_in_days = 1 });
        page = await world.Browser.GetAsync("account/organizations");
        server.Clock.Advance(TimeSpan.FromHours(25));
        using var later = await server.AdminAsync(world.Tenant);
        await world.Browser.SubmitAsync(page, [("invitation", third.Id())], "accept");
        (await StatusAsync(later, third)).ShouldBe("expired");
        (await later.ListTextsAsync($"api/v1/organizations/{acme}/members", "user")).ShouldBeEmpty();
        await InviteAsync(later, acme, Ann);
    }

    [Theory, BothDatabases]
    public async Task Of_many_answers_at_once_one_counts(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        var invited = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => admin.PostAsJsonAsync($"api/v1/organizations/{acme}/invitations", new { email = Ann })));
        invited.Count(i => i.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        invited.Count(i => i.StatusCode == HttpStatusCode.Conflict).ShouldBe(15);
        (await world.MailsAsync()).Count(m => m == "invitation").ShouldBe(1);
        await world.Browser.SignInAsync(Ann);
        var page = await world.Browser.GetAsync("account/organizations");
        var id = (await admin.ListTextsAsync($"api/v1/organizations/{acme}/invitations", "id")).ShouldHaveSingleItem()!;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.Browser.SendAsync(page, [("invitation", id)], "accept")));
        (await admin.ListTextsAsync($"api/v1/organizations/{acme}/members", "user")).ShouldBe([world.UserId]);
        (await world.AuditAsync("invitation.accepted")).Count.ShouldBe(1);
        (await world.AuditAsync("member.added")).Count.ShouldBeLessThanOrEqualTo(1);
    }

    public static TheoryData<string, object> Spoiled => new()
    {
        { "email_invalid", new { email = "ann" } },
        { "email_invalid", new { } },
        { "roles_invalid", new { email = Ann, roles = new[] { "a", "a" } } },
        { "locale_unknown", new { email = Ann, locale = "xx" } },
        { "expiry_invalid", new { email = Ann, expires_in_days = 0 } },
        { "expiry_invalid", new { email = Ann, expires_in_days = 91 } },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Refuses_what_no_invitation_may_be(string code, object body)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{acme}/invitations", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_the_scope_the_right_tenant_and_the_right_organization_everywhere(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(one);
        using var other = await server.AdminAsync(two);
        var (acme, beta) = ((await admin.CreateOrganizationAsync("acme")).Id(), (await admin.CreateOrganizationAsync("beta")).Id());
        var id = (await InviteAsync(admin, acme, Ann)).Id();
        foreach (var (method, path, body) in ((string, string, object?)[])
            [("GET", "invitations", null), ("POST", "invitations", new { email = Eve }), ("GET", $"invitations/{id}", null), ("POST", $"invitations/{id}/resend", null), ("POST", $"invitations/{id}/revoke", null),
             ("POST", "invitations/bulk", new { invitations = new[] { new { email = Eve } } })])
        {
            await server.ShouldNeedAsync(one, method, $"api/v1/organizations/{acme}/{path}", "audit:read", body);
            using var hidden = await other.SendAsync(People.Request(method, $"api/v1/organizations/{acme}/{path}", body));
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
            if (!path.Contains('_', StringComparison.Ordinal)) continue;
            using var elsewhere = await admin.SendAsync(People.Request(method, $"api/v1/organizations/{beta}/{path}", body));
            await elsewhere.ShouldBeProblemAsync(HttpStatusCode.NotFound, "invitation_not_found");
        }
    }
}
