using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Protocols.Otp;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Oidc;

/// <summary>OpenID Connect Core §2: <c>acr</c> and <c>amr</c> say what was done.</summary>
public sealed class TwoStepTests
{
    [Theory, BothDatabases]
    public async Task Says_in_the_tokens_how_many_factors_were_used(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var world = await World.MakeAsync(server, new { sign_in = new { second_factor = "required" } });
        var visitor = world.NewVisitor();
        var enrol = await visitor.AuthorizeAsync(world.Web);
        enrol.Address.ShouldBeNull("a password alone brings nobody to the application");
        var page = await enrol.Response.Content.ReadAsStringAsync();
        var key = KeyText.Decode(Regex.Match(page, "data-copy-text>([A-Z2-7 ]+)<").Groups[1].Value)!;
        var (action, fields) = await Visitor.ReadFormAsync(enrol.Response);
        fields["code"] = Totp.Compute(key, Totp.StepAt(server.Clock.GetUtcNow()));
        using var done = await visitor.Browser.PostAsync(new Uri(enrol.Response.RequestMessage!.RequestUri!, action), new FormUrlEncodedContent(fields));
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var onward = WebUtility.HtmlDecode(Regex.Match(await done.Content.ReadAsStringAsync(), "href=\"([^\"]*/oauth2/authorize/continue[^\"]*)\"").Groups[1].Value);
        var arrival = await visitor.WalkAsync(await visitor.Browser.GetAsync(new Uri(world.Server.Url + new Uri(onward).PathAndQuery)));
        using var redeemed = await world.RedeemAsync(world.Web, arrival["code"]);
        var tokens = await redeemed.ReadJsonAsync(HttpStatusCode.OK);
        var claims = Json.Claims(tokens.Text("id_token"));
        claims.Text("acr").ShouldBe("urn:gatehouse:acr:2fa");
        claims.GetProperty("amr").EnumerateArray().Select(m => m.GetString()).ShouldBe(["pwd", "otp", "mfa"]);
        Json.Claims(tokens.Text("access_token")).Text("acr").ShouldBe("urn:gatehouse:acr:2fa");
    }

    [Fact]
    public async Task Says_one_where_one_was_used()
    {
        var world = await World.SharedAsync(TestDatabase.Sqlite);
        var claims = Json.Claims((await world.TokensAsync(world.Web)).Text("id_token"));
        claims.Text("acr").ShouldBe("urn:gatehouse:acr:1fa");
        claims.GetProperty("amr").EnumerateArray().Select(m => m.GetString()).ShouldBe(["pwd"]);
    }
}
