using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Peers;

/// <summary>A real web server that knows nothing of us but our address lets a person in, tells a page who she is, and lets her out.</summary>
public sealed class ApacheTests
{
    [Theory]
    [InlineData(TestDatabase.Sqlite, "ES256")]
    [InlineData(TestDatabase.Postgres, "RS256")]
    public async Task Mod_auth_openidc_signs_a_person_in_and_out(TestDatabase database, string algorithm)
    {
        var server = await Servers.SharedAsync(database);
        var world = await PeerWorld.CreateAsync(server);
        var port = PostgresCluster.FreePort();
        var (id, secret) = await world.NewClientAsync(new
        {
            name = "Intranet", first_party = true, redirect_uris = new[] { Apache.RedirectUri(port) }, post_logout_redirect_uris = new[] { Apache.Goodbye(port) }, id_token_algorithm = algorithm,
        });
        await using var apache = await Apache.StartAsync(port, world.Tenant.Url, id, secret!);
        using var http = server.Browser(world.Tenant);
        var browser = new FormBrowser(http);

        // In: the page sends her to us, we send her back, the page knows her.
        var protectedPage = apache.Url("/protected/page.shtml");
        var asked = await browser.GoAsync(protectedPage);
        asked.Status.ShouldBe(HttpStatusCode.Found, apache.Errors);
        asked.Location!.AbsoluteUri.ShouldStartWith(world.Tenant.Url + "/oauth2/authorize?");
        asked.Location.Query.ShouldContain("code_challenge_method=S256");
        var callback = await browser.SignInAsync(asked.Location, world.Email, PeerWorld.Password);
        callback.AbsoluteUri.ShouldStartWith(Apache.RedirectUri(port) + "?");
        var back = await browser.GoAsync(callback);
        back.Status.ShouldBe(HttpStatusCode.Found, apache.Errors);
        back.Location.ShouldBe(protectedPage);
        var page = await browser.GoAsync(back.Location!);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Html.ShouldContain($"Remote user: {world.Email}");
        page.Html.ShouldContain($"Name: {PeerWorld.PersonName}");

        // Out: of the application and of us.
        var leave = await browser.GoAsync(apache.Url($"/protected/callback?logout={Uri.EscapeDataString(Apache.Goodbye(port))}"));
        leave.Location!.AbsoluteUri.ShouldStartWith(world.Tenant.Url + "/oauth2/logout?", customMessage: apache.Errors);
        var gone = await browser.WalkAsync(leave.Location);
        gone.Location.ShouldNotBeNull(gone.Html).AbsoluteUri.ShouldStartWith(Apache.Goodbye(port));
        var again = await browser.GoAsync(protectedPage);
        again.Status.ShouldBe(HttpStatusCode.Found);
        (await browser.WalkAsync(again.Location!)).Html.ShouldContain("type=\"email\"");
    }
}
