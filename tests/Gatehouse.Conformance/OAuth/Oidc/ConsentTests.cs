using System.Net;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Conformance.OAuth.Oidc;

/// <summary>OpenID Connect Core §3.1.2.4: third parties get what the person allowed, asked once per scope.</summary>
public sealed class ConsentTests
{
    [Theory, BothDatabases]
    public async Task Asks_once_and_again_for_more(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var visitor = await world.SignInAsync();
        await visitor.CodeAsync(world.Partner, r => r["scope"] = "openid email");
        visitor.ConsentsGiven.ShouldBe(1);
        await visitor.CodeAsync(world.Partner, r => r["scope"] = "email openid");
        visitor.ConsentsGiven.ShouldBe(1);
        (await visitor.AuthorizeAsync(world.Partner, r => { r["scope"] = "openid email orders:read"; r["prompt"] = "none"; })).ShouldBeError("consent_required");
        await visitor.CodeAsync(world.Partner, r => r["scope"] = "openid email orders:read");
        visitor.ConsentsGiven.ShouldBe(2);
        await visitor.CodeAsync(world.Partner, r => { r["scope"] = "openid"; r["prompt"] = "consent"; });
        visitor.ConsentsGiven.ShouldBe(3);
    }

    [Theory, BothDatabases]
    public async Task Never_asks_for_the_tenants_own_applications_unless_they_wish(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var visitor = await world.SignInAsync();
        await visitor.CodeAsync(world.Web);
        visitor.ConsentsGiven.ShouldBe(0);
        await visitor.CodeAsync(world.Web, r => r["prompt"] = "consent");
        visitor.ConsentsGiven.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Tells_the_application_when_the_person_says_no(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var visitor = await world.SignInAsync();
        visitor.Decision = "deny";
        var arrival = await visitor.AuthorizeAsync(world.Partner);
        arrival.ShouldBeError("access_denied");
        arrival["state"].ShouldBe("af0ifjsldkj");
        visitor.Decision = "allow";
        await visitor.CodeAsync(world.Partner);
        visitor.ConsentsGiven.ShouldBe(2);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_forged_or_spoiled_answer(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var visitor = await world.SignInAsync();
        visitor.StopAt = "/consent";
        var page = await visitor.AuthorizeAsync(world.Partner);
        var (action, fields) = await Visitor.ReadFormAsync(page.Response);
        var address = new Uri(page.Response.RequestMessage!.RequestUri!, action);
        foreach (var spoil in (Action<Dictionary<string, string>>[])[f => f.Remove("csrf"), f => f["csrf"] = "x", f => f["decision"] = "maybe", f => f.Remove("decision")])
        {
            var spoiled = new Dictionary<string, string>(fields) { ["decision"] = "allow" };
            spoil(spoiled);
            using var answer = await visitor.Browser.PostAsync(address, new FormUrlEncodedContent(spoiled));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        using var foreign = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(new Dictionary<string, string>(fields) { ["decision"] = "allow" }) };
        foreign.Headers.Add("Origin", "https://evil.example");
        using var refused = await visitor.Browser.SendAsync(foreign);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await visitor.AuthorizeAsync(world.Partner, r => r["prompt"] = "none")).ShouldBeError("consent_required");
    }

    [Theory, BothDatabases]
    public async Task Ends_what_stands_on_a_consent_that_is_taken_back(TestDatabase database)
    {
        var world = await World.MakeAsync(await Servers.SharedAsync(database));
        var visitor = await world.SignInAsync();
        var tokens = await (await world.RedeemAsync(world.Partner, await visitor.CodeAsync(world.Partner))).ReadJsonAsync(HttpStatusCode.OK);

        var records = world.Server.Services.GetRequiredService<Gatehouse.Applications.IConsentRecords>();
        var storage = world.Server.Services.GetRequiredService<Gatehouse.Storage.IDatabase>();
        Kernel.TenantId.TryParse(world.Tenant.Id, out var tenant).ShouldBeTrue();
        Kernel.UserId.TryParse(world.UserId, out var user).ShouldBeTrue();
        await using (var tx = await storage.BeginAsync(tenant, CancellationToken.None))
        {
            var record = (await records.ListAsync(tx, user, CancellationToken.None)).Single();
            record.ClientName.ShouldBe("Partner");
            record.Scopes.Order().ShouldBe(["email", "offline_access", "openid", "orders:read", "profile"]);
            (await records.RevokeAsync(tx, user, record.ClientId, CancellationToken.None)).ShouldBeTrue();
            (await records.RevokeAsync(tx, user, record.ClientId, CancellationToken.None)).ShouldBeFalse();
            await tx.CommitAsync(CancellationToken.None);
        }
        using var refresh = await world.RefreshAsync(world.Partner, tokens.Text("refresh_token"));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () =>
        {
            using var info = await world.UserInfoAsync(tokens.Text("access_token"));
            return info.StatusCode == HttpStatusCode.Unauthorized;
        });
        (await visitor.AuthorizeAsync(world.Partner, r => r["prompt"] = "none")).ShouldBeError("consent_required");
    }
}
