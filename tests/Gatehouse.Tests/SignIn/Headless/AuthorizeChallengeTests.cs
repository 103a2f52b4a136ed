using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>The same in the form of OAuth 2.0 for First-Party Applications.</summary>
public sealed class AuthorizeChallengeTests
{
    [Theory, BothDatabases]
    public async Task Leads_by_errors_to_a_code(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        var first = await PostAsync(app, ("client_id", app.ClientId), ("scope", "openid"), ("code_challenge", HeadlessApp.Challenge), ("code_challenge_method", "S256"));
        first.Status.ShouldBe(HttpStatusCode.BadRequest);
        first.Body.GetProperty("error").GetString().ShouldBe("insufficient_authorization");
        var session = first.Body.GetProperty("auth_session").GetString()!;
        HeadlessApp.Open(first.Body)[0].ShouldBe("identifier");

        await PostAsync(app, ("client_id", app.ClientId), ("auth_session", session), ("step", "identifier"), ("email", SignInWorld.Email));
        var wrong = await PostAsync(app, ("client_id", app.ClientId), ("auth_session", session), ("step", "password"), ("password", "not the password at all"));
        wrong.Body.GetProperty("error").GetString().ShouldBe("insufficient_authorization");
        wrong.Body.GetProperty("error_description").GetString()!.ShouldStartWith("credentials_wrong");
        var done = await PostAsync(app, ("client_id", app.ClientId), ("auth_session", session), ("step", "password"), ("password", PageBrowser.Password));
        done.Status.ShouldBe(HttpStatusCode.OK);
        (await app.RedeemAsync(done.Body.GetProperty("authorization_code").GetString()!)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_is_the_clients_that_began_it()
    {
        using var world = await SignInWorld.OpenAsync();
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        using var other = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        var first = await PostAsync(app, ("client_id", app.ClientId), ("scope", "openid"), ("code_challenge", HeadlessApp.Challenge), ("code_challenge_method", "S256"));
        var stolen = await PostAsync(other, ("client_id", other.ClientId), ("auth_session", first.Body.GetProperty("auth_session").GetString()!));
        stolen.Body.GetProperty("error").GetString().ShouldBe("invalid_session");
        (await PostAsync(app, ("client_id", "cl_x"), ("scope", "openid"))).Body.GetProperty("error").GetString().ShouldBe("invalid_client");
        (await PostAsync(app, ("client_id", app.ClientId), ("client_id", app.ClientId))).Body.GetProperty("error").GetString().ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Discovery_names_the_endpoint()
    {
        using var world = await SignInWorld.OpenAsync();
        using var app = await HeadlessApp.OpenAsync(world.Server, world.Tenant);
        using var response = await app.Http.GetAsync(".well-known/oauth-authorization-server");
        (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("authorization_challenge_endpoint").GetString()!.ShouldEndWith("/oauth2/authorize-challenge");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(HeadlessApp app, params (string Name, string Value)[] fields)
    {
        using var response = await app.Http.PostAsync("oauth2/authorize-challenge", new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone());
    }
}
