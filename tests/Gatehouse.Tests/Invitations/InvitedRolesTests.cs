using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Invitations;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Invitations;

/// <summary>Roles that come with an invitation: no more than who invites holds herself, then and when they are given, and for whom the message reached.</summary>
public sealed class InvitedRolesTests
{
    private static async Task<string> InviteAsync(HttpClient http, string organization, string email, params string[] roles)
    {
        using var invited = await http.PostAsJsonAsync($"api/v1/organizations/{organization}/invitations", new { email, roles });
        return (await invited.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    private static async Task<string?> AcceptAsync(RoleWorld world, string user, string invitation, string? token)
    {
        var (directory, users) = (world.Server.Services.GetRequiredService<InvitationDirectory>(), world.Server.Services.GetRequiredService<UserDirectory>());
        UserId.TryParse(user, out var userId).ShouldBeTrue();
        InvitationId.TryParse(invitation, out var id).ShouldBeTrue();
        var code = "";
        await world.Server.InAsync(world.Context, async tx =>
        {
            code = (await directory.AcceptAsync(tx, (await users.FindAsync(tx, userId, default))!, id, token, RequestFacts.None, default))?.Code;
            return code is null;
        });
        return code;
    }

    private static async Task<string> TokenAsync(RoleWorld world, string email) =>
        System.Web.HttpUtility.ParseQueryString(new Uri(await Mailbox.LinkAsync(world.Server, world.Tenant, email, "invitation")).Query)["token"]!;

    [Theory, BothDatabases]
    public async Task Whoever_accepts_by_the_message_holds_the_roles_that_were_promised(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var acme = await world.OrganizationAsync("acme", ann);
        var path = $"api/v1/organizations/{acme}/invitations";
        using var she = await world.AsAsync(ann);
        // Whoever called the address proved may be anybody: she has not seen the message.
        var cat = (await world.Admin.CreateUserAsync("cat@example.com", new { email_verified = true })).Id();
        foreach (var role in (string[])["nobody", "auditor", "administrator"])
            await (await she.PostAsJsonAsync(path, new { email = "cat@example.com", roles = new[] { role } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "roles_unknown");
        var id = await InviteAsync(she, acme, "cat@example.com", "organization_admin");

        // Her administrator invites nobody to be an owner.
        await world.JoinAsync(acme, bob);
        await world.GiveAsync(bob, "organization_admin", new { organization = acme });
        using var he = await world.AsAsync(bob);
        await (await he.PostAsJsonAsync(path, new { email = "dan@example.com", roles = new[] { "organization_owner" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");

        using var invitee = await world.AsAsync(cat);
        await (await invitee.GetAsync($"api/v1/organizations/{acme}/members")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        (await AcceptAsync(world, cat, id, null)).ShouldBe("invitation_link_needed");
        (await AcceptAsync(world, cat, id, "gh_iv_" + new string('a', 43))).ShouldBe("invitation_link_needed");
        var other = await InviteAsync(she, acme, "eve@example.com", "organization_member");
        (await AcceptAsync(world, cat, id, await TokenAsync(world, "eve@example.com"))).ShouldBe("invitation_link_needed", "another's message");
        (await AcceptAsync(world, cat, other, await TokenAsync(world, "eve@example.com"))).ShouldBe("invitation_not_found", "another's address");
        (await AcceptAsync(world, cat, id, await TokenAsync(world, "cat@example.com"))).ShouldBeNull();
        (await invitee.GetAsync($"api/v1/organizations/{acme}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await invitee.GetAsync("api/v1/users")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        var granted = (await world.Admin.GetJsonAsync($"api/v1/audit?action=role.granted&target={cat}")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        granted.GetProperty("actor").Text("id").ShouldBe(ann, "who promised it");
    }

    [Theory, BothDatabases]
    public async Task What_its_promiser_could_not_give_any_more_is_withheld(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var acme = await world.OrganizationAsync("acme", ann);
        await world.JoinAsync(acme, bob);
        var held = await world.GiveAsync(bob, "organization_owner", new { organization = acme });
        using var he = await world.AsAsync(bob);
        var cat = (await world.Admin.CreateUserAsync("cat@example.com", new { email_verified = true })).Id();
        var dan = (await world.Admin.CreateUserAsync("dan@example.com", new { email_verified = true })).Id();
        var (first, second) = (await InviteAsync(he, acme, "cat@example.com", "organization_owner", "organization_member"), await InviteAsync(he, acme, "dan@example.com", "organization_owner"));
        var (one, two) = (await TokenAsync(world, "cat@example.com"), await TokenAsync(world, "dan@example.com"));
        // An administrator still: the lesser role stays hers to give.
        await world.GiveAsync(bob, "organization_admin", new { organization = acme });
        (await world.Admin.DeleteAsync($"api/v1/role-assignments/{held.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await AcceptAsync(world, cat, first, one)).ShouldBeNull();
        (await world.MayAsync(cat, "organizations:write", new { organization = acme })).ShouldBeFalse();
        (await world.MayAsync(cat, "members:read", new { organization = acme })).ShouldBeTrue();
        async Task<JsonElement> AcceptedAsync(string invitation) => (await world.Admin.GetJsonAsync($"api/v1/audit?action=invitation.accepted&target={invitation}")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (await AcceptedAsync(first)).GetProperty("details").Text("withheld").ShouldBe("organization_owner");
        // Gone altogether: she is a member, and holds nothing.
        (await world.Admin.PostAsync($"api/v1/users/{bob}/disable", null)).IsSuccessStatusCode.ShouldBeTrue();
        (await AcceptAsync(world, dan, second, two)).ShouldBeNull();
        (await world.MayAsync(dan, "members:read", new { organization = acme })).ShouldBeFalse();
        (await AcceptedAsync(second)).GetProperty("details").Text("withheld").ShouldBe("organization_owner");
    }

    [Theory, BothDatabases]
    public async Task The_account_takes_roles_by_the_browser_that_opened_the_message(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database, new { });
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var made = await admin.PostAsJsonAsync("api/v1/organizations", new { slug = "acme", display_name = "Acme" });
        var acme = (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
        var id = await InviteAsync(admin, acme, "ann@example.com", "organization_member");
        var link = await world.LinkAsync("invitation", "ann@example.com");
        await world.Browser.SignInAsync("ann@example.com");
        var page = await world.Browser.GetAsync("account/organizations");
        page.ShouldBe(HttpStatusCode.OK, "open the link in its message");
        page.Text.ShouldNotContain("/account/organizations/accept");
        page = await world.Browser.SubmitAsync(await world.Browser.GetAsync(link), []);
        page.ShouldBe(HttpStatusCode.OK, "You are invited").Address.AbsolutePath.ShouldEndWith("/account/organizations");
        await world.Browser.SubmitAsync(page, [("invitation", id)], "accept");
        (await admin.GetJsonAsync($"api/v1/organizations/{acme}/invitations/{id}")).Text("status").ShouldBe("accepted");
    }
}
