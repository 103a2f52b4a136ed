using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc6749;

/// <summary>RFC 6749 §2.3 and §5.2: one way of authenticating, and refusals that tell nothing.</summary>
public sealed class ClientAuthenticationTests
{
    private static readonly (string, string) grant = ("grant_type", "client_credentials");

    private static async Task<HttpResponseMessage> SendAsync(World world, AuthenticationHeaderValue? header, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token") { Content = new FormUrlEncodedContent(form.Select(p => KeyValuePair.Create(p.Name, p.Value))) };
        request.Headers.Authorization = header;
        return await world.Http.SendAsync(request);
    }

    [Theory, BothDatabases]
    public async Task Takes_the_secret_by_header_or_in_the_body(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var scope = ("scope", "orders:read");
        using var basic = await SendAsync(world, World.Basic(world.Web.Id, world.Web.Secret!), grant, scope);
        await basic.ReadJsonAsync(HttpStatusCode.OK);
        using var post = await SendAsync(world, null, grant, scope, ("client_id", world.Web.Id), ("client_secret", world.Web.Secret!));
        await post.ReadJsonAsync(HttpStatusCode.OK);
        using var same = await SendAsync(world, World.Basic(world.Web.Id, world.Web.Secret!), grant, scope, ("client_id", world.Web.Id));
        await same.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Takes_both_secrets_while_they_are_changed(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = new[] { "orders:read" } });
        var second = await world.PostAsync($"clients/{app.Id}/secrets", new { });
        foreach (var secret in (string[])[app.Secret!, second.Text("secret")])
        {
            using var answer = await SendAsync(world, World.Basic(app.Id, secret), grant);
            await answer.ReadJsonAsync(HttpStatusCode.OK);
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_two_ways_at_once(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await SendAsync(world, World.Basic(world.Web.Id, world.Web.Secret!), grant, ("client_id", world.Web.Id), ("client_secret", world.Web.Secret!));
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_client_id_that_is_not_the_headers(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await SendAsync(world, World.Basic(world.Web.Id, world.Web.Secret!), grant, ("client_id", world.Other.Id));
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory, BothDatabases]
    public async Task Answers_401_with_a_challenge_when_the_header_was_used(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await SendAsync(world, World.Basic(world.Other.Id, "gh_sk_" + new string('x', 43)), grant);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Refuses_unknown_clients_wrong_secrets_and_missing_secrets_alike(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var bodies = new List<string>();
        foreach (var form in ((string, string)[][])
        [
            [grant, ("client_id", "cli_0000000000000000000000000a"), ("client_secret", world.Web.Secret!)],
            [grant, ("client_id", "nobody"), ("client_secret", world.Web.Secret!)],
            [grant, ("client_id", world.Web.Id), ("client_secret", "wrong")],
            [grant, ("client_id", world.Web.Id), ("client_secret", world.Other.Secret!)],
            [grant, ("client_id", world.Web.Id)],
            [grant, ("client_id", world.Spa.Id), ("client_secret", world.Web.Secret!)],
        ])
        {
            using var answer = await SendAsync(world, null, form);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }
        bodies.Distinct().Count().ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_request_without_a_client(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var answer = await SendAsync(world, null, grant);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Theory, BothDatabases]
    public async Task Decodes_basic_credentials_strictly(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var broken in (string[])["%%%", "aWQ6", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{world.Web.Id}:%zz")), Convert.ToBase64String([(byte)'a', (byte)':', 0xff])])
        {
            using var answer = await SendAsync(world, new("Basic", broken), grant);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_disabled_client_within_a_second(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = new[] { "orders:read" } });
        using (var before = await world.TokenAsync(app, grant)) await before.ReadJsonAsync(HttpStatusCode.OK);
        using (var changed = await world.Admin.PatchAsJsonAsync($"api/v1/clients/{app.Id}", new { enabled = false })) await changed.ReadJsonAsync(HttpStatusCode.OK);
        await Soon.ShouldBeAsync(async () =>
        {
            using var after = await world.TokenAsync(app, grant);
            return after.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    [Theory, BothDatabases]
    public async Task Slows_down_who_guesses_secrets(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var app = await world.NewAppAsync(new { name = "Guessed" });
        HttpStatusCode last = default;
        for (var i = 0; i < 40 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using var answer = await SendAsync(world, World.Basic(app.Id, "wrong"), grant);
            last = answer.StatusCode;
        }
        last.ShouldBe(HttpStatusCode.TooManyRequests);
        // Nobody is locked out by a neighbour who guesses: the right secret passes from the same address.
        using var right = await SendAsync(world, World.Basic(app.Id, app.Secret!), grant);
        await right.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "unauthorized_client");
        using var another = await SendAsync(world, World.Basic(world.Web.Id, world.Web.Secret!), grant, ("scope", "orders:read"));
        await another.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Is_another_tenants_stranger(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        using var main = world.Server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token") { Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]) };
        request.Headers.Authorization = World.Basic(world.Web.Id, world.Web.Secret!);
        using var answer = await main.SendAsync(request);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
    }
}
