using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.ApiKeys;

/// <summary>A person learns by mail of every key of hers that is made.</summary>
public sealed class KeyNoticeTests
{
    private const string Ann = "ann@example.com";

    [Theory, BothDatabases]
    public async Task She_is_told_of_a_key_that_she_or_an_administrator_made_and_never_its_secret(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var ann = await world.UserAsync("ann");
        await world.GiveAsync(ann, "administrator");
        using var she = await world.AsAsync(ann);
        var own = await she.MakeKeyAsync(ann, ["users:read"]);
        var others = await world.Admin.MakeKeyAsync(ann, ["users:read"]);
        var mails = await Mailbox.ReadAsync(world.Server, world.Tenant, Ann);
        foreach (var (template, made) in new[] { ("api_key_created", own), ("api_key_created_for_you", others) })
        {
            var text = mails.Single(m => m.Template == template).Text;
            text.ShouldContain("\u201cKey\u201d");
            text.ShouldContain(made.Key.Text("prefix")!);
            text.ShouldContain("/account/activity");
            text.ShouldNotContain(made.Secret[12..]);
        }
        // What she did not do herself she disowns; her keys are revoked then.
        (await Mailbox.NotMeLinkAsync(world.Server, world.Tenant, Ann, "api_key_created")).ShouldStartWith(world.Tenant.Url);
    }

    [Theory, BothDatabases]
    public async Task Nobody_is_told_of_a_refused_one_a_new_secret_or_an_organizations_key(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (ann, organization) = (await world.UserAsync("ann"), await world.OrganizationAsync("here"));
        await (await world.Admin.TryMakeAsync(new { owner = ann, name = "Key", scopes = new[] { "nothing:here" } })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "scope_unknown");
        await world.Admin.MakeKeyAsync(organization, ["members:read"]);
        (await Mailbox.ReadAsync(world.Server, world.Tenant, Ann)).ShouldNotContain(m => m.Template.StartsWith("api_key", StringComparison.Ordinal));
        var key = await world.Admin.MakeKeyAsync(ann, ["users:read"]);
        using var rotated = await world.Admin.PostAsJsonAsync($"api/v1/api-keys/{key.Id}/rotate", new { });
        rotated.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Mailbox.ReadAsync(world.Server, world.Tenant, Ann)).Count(m => m.Template.StartsWith("api_key", StringComparison.Ordinal)).ShouldBe(1);
    }
}
