using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth;

/// <summary>Two processes over one PostgreSQL: what one gave, the other takes; what one ended is over for the other within a second.</summary>
public sealed class TwoProcessesTests
{
    private static async Task<HttpResponseMessage> AtAsync(TestServer process, World world, string path, params (string Name, string Value)[] form)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{process.ListenUrl}{new Uri(world.Issuer).AbsolutePath.TrimEnd('/')}/{path}")
        {
            Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        request.Headers.Host = new Uri(process.Url).Authority;
        request.Headers.Authorization = World.Basic(world.Web.Id, world.Web.Secret!);
        return await client.SendAsync(request);
    }

    [Fact]
    public async Task Share_codes_tokens_and_their_end()
    {
        await using var first = await TestServer.StartAsync(TestDatabase.Postgres);
        await using var second = await TestServer.StartAsync(TestDatabase.Postgres, new TestServerOptions { Beside = first });
        var world = await World.MakeAsync(first);
        var code = await world.NewVisitor().CodeAsync(world.Web);
        using var redeemed = await AtAsync(second, world, "oauth2/token", ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", World.Callback), ("code_verifier", Visitor.Verifier));
        var tokens = await redeemed.ReadJsonAsync(HttpStatusCode.OK);
        (await IsActiveAsync()).ShouldBeTrue();

        // The replay at the first process ends at the second what the second gave.
        using var replay = await world.RedeemAsync(world.Web, code);
        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await Soon.ShouldBeAsync(async () => !await IsActiveAsync());
        using var refresh = await AtAsync(second, world, "oauth2/token", ("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")));
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");

        async Task<bool> IsActiveAsync()
        {
            using var answer = await AtAsync(second, world, "oauth2/introspect", ("token", tokens.Text("access_token")));
            return (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean();
        }
    }
}
