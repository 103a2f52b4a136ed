using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Invitations;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Invitations;

/// <summary>Roles that come with an invitation: no more than who invites holds herself, and held from the acceptance on.</summary>
public sealed class InvitedRolesTests
{
    [Theory, BothDatabases]
    public async Task Whoever_accepts_holds_the_roles_that_were_promised(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, bob) = (await world.UserAsync("ann"), await world.UserAsync("bob"));
        var acme = await world.OrganizationAsync("acme", ann);
        var path = $"api/v1/organizations/{acme}/invitations";
        using var she = await world.AsAsync(ann);
        var cat = (await world.Admin.CreateUserAsync("cat@example.com", new { email_verified = true })).Id();
        foreach (var role in (string[])["nobody", "auditor", "administrator"])
            await (await she.PostAsJsonAsync(path, new { email = "cat@example.com", roles = new[] { role } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "roles_unknown");
        using var invited = await she.PostAsJsonAsync(path, new { email = "cat@example.com", roles = new[] { "organization_admin" } });
        var id = (await invited.ReadJsonAsync(HttpStatusCode.Created)).Id();

        // Her administrator invites nobody to be an owner.
        await world.JoinAsync(acme, bob);
        await world.GiveAsync(bob, "organization_admin", new { organization = acme });
        using var he = await world.AsAsync(bob);
        await (await he.PostAsJsonAsync(path, new { email = "dan@example.com", roles = new[] { "organization_owner" } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");

        using var invitee = await world.AsAsync(cat);
        await (await invitee.GetAsync($"api/v1/organizations/{acme}/members")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
        var (directory, users) = (world.Server.Services.GetRequiredService<InvitationDirectory>(), world.Server.Services.GetRequiredService<UserDirectory>());
        UserId.TryParse(cat, out var catId).ShouldBeTrue();
        InvitationId.TryParse(id, out var invitation).ShouldBeTrue();
        (await world.Server.InAsync(world.Context, async tx => (await directory.AcceptAsync(tx, (await users.FindAsync(tx, catId, default))!, invitation, RequestFacts.None, default)) is null)).ShouldBeTrue();
        (await invitee.GetAsync($"api/v1/organizations/{acme}/members")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await invitee.GetAsync("api/v1/users")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
    }
}
