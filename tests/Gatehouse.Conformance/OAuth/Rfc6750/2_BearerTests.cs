using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc6750;

/// <summary>RFC 6750 §2 and §3 at UserInfo: where a token may stand, and how it is refused.</summary>
public sealed class BearerTests
{
    private static async Task<HttpResponseMessage> PostAsync(World world, string? header, params (string, string)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/userinfo") { Content = form.Length == 0 ? null : new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Item1, f.Item2))) };
        if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
        return await world.Http.SendAsync(request);
    }

    [Theory, BothDatabases]
    public async Task Takes_the_token_in_the_header_or_in_a_body(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var token = (await world.TokensAsync(world.Web)).Text("access_token");
        foreach (var answer in (HttpResponseMessage[])[await world.UserInfoAsync(token), await PostAsync(world, "Bearer " + token), await PostAsync(world, "bearer " + token), await PostAsync(world, null, ("access_token", token))])
            (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("sub").ShouldBe(world.UserId);
    }

    [Theory, BothDatabases]
    public async Task Never_takes_it_from_the_query(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var token = (await world.TokensAsync(world.Web)).Text("access_token");
        using var answer = await world.Http.GetAsync("oauth2/userinfo?access_token=" + token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // §3.1: no token was presented, so no error is named.
        answer.Headers.WwwAuthenticate.Single().Parameter.ShouldBe("realm=\"userinfo\"");
    }

    [Theory, BothDatabases]
    public async Task Refuses_two_tokens_and_two_places(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var token = (await world.TokensAsync(world.Web)).Text("access_token");
        foreach (var answer in (HttpResponseMessage[])[await PostAsync(world, "Bearer " + token, ("access_token", token)), await PostAsync(world, null, ("access_token", token), ("access_token", token)), await PostAsync(world, "Basic " + token)])
        {
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
            answer.Headers.WwwAuthenticate.Single().Parameter!.ShouldContain("error=\"invalid_request\"");
        }
    }

    [Theory, BothDatabases]
    public async Task Says_why_a_token_is_refused(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var broken = await world.UserInfoAsync("a.b.c");
        await broken.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        broken.Headers.WwwAuthenticate.Single().Parameter!.ShouldContain("error=\"invalid_token\"");

        var withoutOpenid = (await world.TokensAsync(world.Web, r => { r["scope"] = "profile email"; })).Text("access_token");
        using var weak = await world.UserInfoAsync(withoutOpenid);
        await weak.ShouldBeOAuthErrorAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        weak.Headers.WwwAuthenticate.Single().Parameter!.ShouldContain("scope=\"openid\"");

        var machine = (await (await world.TokenAsync(world.Web, ("grant_type", "client_credentials"), ("scope", "orders:read"))).ReadJsonAsync(HttpStatusCode.OK)).Text("access_token");
        using var nobody = await world.UserInfoAsync(machine);
        await nobody.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }
}
