using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.OAuth;

public sealed class ManagementConsentTests
{
    private const string Callback = "https://app.example/callback";

    [Theory, BothDatabases]
    public async Task Asks_before_a_first_party_application_may_manage_the_tenant(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/clients", new
        {
            name = "Console", type = "public", first_party = true, redirect_uris = new[] { Callback }, scopes = new[] { "openid", Scopes.UsersWrite },
        });
        var client = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("client").Id();
        await world.Browser.SignInAsync(SignInWorld.Email);

        (await AuthorizeAsync(world, client, "openid")).ShouldStartWith(Callback + "?code=");
        (await AuthorizeAsync(world, client, $"openid {Scopes.UsersWrite}")).ShouldStartWith($"{world.Tenant.Url}/consent?interaction=");
    }

    private static async Task<string> AuthorizeAsync(SignInWorld world, string client, string scope)
    {
        using var answer = await world.Browser.Http.GetAsync("oauth2/authorize?response_type=code&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
            + $"&client_id={client}&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString(scope)}");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        return answer.Headers.Location!.ToString();
    }
}
