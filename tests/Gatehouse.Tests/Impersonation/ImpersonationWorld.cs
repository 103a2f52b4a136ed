using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Protocols.OAuth;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Claims;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Impersonation;

/// <summary>An administrator in her browser, with a token of that session, and a person whom she helps.</summary>
internal sealed class ImpersonationWorld : IDisposable
{
    private const string Callback = ClaimsWorld.Callback, Verifier = ClaimsWorld.Verifier;
    internal const string Hana = "hana@example.com", Bob = "bob@example.com";

    private ImpersonationWorld(RoleWorld roles) => Roles = roles;

    internal RoleWorld Roles { get; }
    internal HttpClient Http { get; private set; } = null!;
    internal FormBrowser Browser { get; private set; } = null!;
    internal HttpClient Api { get; set; } = null!;
    internal CookieContainer Jar { get; } = new();
    internal string HanaId { get; private set; } = "";
    internal string BobId { get; private set; } = "";
    internal (string Id, string Secret) Console { get; private set; }
    internal (string Id, string Secret) Shop { get; private set; }
    internal (string Id, string Secret) Partner { get; private set; }
    internal string Url => Roles.Tenant.Url;

    internal static async Task<ImpersonationWorld> OpenAsync(TestDatabase database) => await OpenAsync(await Servers.SharedAsync(database));

    /// <param name="password">Bob's; null: he has none, which is quicker.</param>
    internal static async Task<ImpersonationWorld> OpenAsync(TestServer server, string? password = null)
    {
        var world = new ImpersonationWorld(await RoleWorld.OpenAsync(server));
        var admin = world.Roles.Admin;
        world.HanaId = (await admin.CreateUserAsync(Hana, new { password = People.Password, email_verified = true })).Id();
        world.BobId = (await admin.CreateUserAsync(Bob, password is null ? new { email_verified = true, display_name = "Bob" } : new { email_verified = true, display_name = "Bob", password })).Id();
        await world.Roles.RoleAsync("support", [Scopes.UsersImpersonate, Scopes.UsersRead]);
        await world.Roles.GiveAsync(world.HanaId, "support");
        world.Console = await world.ClientAsync("Console", true, [Scopes.UsersImpersonate, Scopes.UsersRead]);
        world.Shop = await world.ClientAsync("Shop", true, ["openid", "email", "offline_access", "organization", Scopes.UsersRead]);
        world.Partner = await world.ClientAsync("Partner", false, ["openid", "email"]);
        world.Http = world.Roles.Server.Browser(world.Roles.Tenant, world.Jar);
        world.Browser = new FormBrowser(world.Http);
        world.Api = await world.ApiAsync(Scopes.UsersImpersonate, Scopes.UsersRead);
        return world;
    }

    /// <summary>The management API with a token of her browser's session that carries these scopes.</summary>
    internal async Task<HttpClient> ApiAsync(params string[] scopes)
    {
        var tokens = await TokensAsync(Console, string.Join(' ', scopes), "&resource=" + Uri.EscapeDataString(Url + "/api/v1"));
        var api = Roles.Server.Client(Roles.Tenant);
        api.DefaultRequestHeaders.Authorization = new("Bearer", tokens.GetProperty("access_token").GetString());
        return api;
    }

    internal async Task<(string Id, string Secret)> ClientAsync(string name, bool firstParty, string[] scopes)
    {
        using var answer = await Roles.Admin.PostAsJsonAsync("api/v1/clients", new { name, type = "confidential", first_party = firstParty, redirect_uris = new[] { Callback }, grant_types = new[] { "authorization_code", "refresh_token" }, scopes });
        var made = await answer.ReadJsonAsync(HttpStatusCode.Created);
        return (made.GetProperty("client").Id(), made.GetProperty("secret").GetString()!);
    }

    internal Uri Authorize((string Id, string Secret) client, string scope, string? more = null) =>
        new($"{Url}/oauth2/authorize?response_type=code&client_id={client.Id}&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString(scope)}&code_challenge_method=S256&code_challenge={Pkce.Challenge(Verifier)}{more}");

    internal async Task<Uri> AuthorizeAsync((string Id, string Secret) client, string scope, string? more = null) => await Browser.SignInAsync(Authorize(client, scope, more), Hana, People.Password);

    internal static string? Query(Uri address, string name) => System.Web.HttpUtility.ParseQueryString(address.Query)[name];

    internal async Task<HttpResponseMessage> PostAsync(string path, (string Id, string Secret) client, params (string Name, string Value)[] form)
    {
        using var http = Roles.Server.Client(Roles.Tenant);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        return await http.PostAsync(path, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));
    }

    internal Task<HttpResponseMessage> RedeemAsync((string Id, string Secret) client, string code) =>
        PostAsync("oauth2/token", client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));

    internal async Task<JsonElement> TokensAsync((string Id, string Secret) client, string scope, string? more = null)
    {
        var callback = await AuthorizeAsync(client, scope, more);
        using var answer = await RedeemAsync(client, Query(callback, "code").ShouldNotBeNull(callback.ToString()));
        return await answer.ReadJsonAsync(HttpStatusCode.OK);
    }

    internal async Task<JsonElement> LinkAsync(object? body = null)
    {
        using var answer = await Api.PostAsJsonAsync($"api/v1/users/{BobId}/impersonations", body ?? new { reason = "Ticket 4711: her cart is empty" });
        return await answer.ReadJsonAsync(HttpStatusCode.Created);
    }

    /// <summary>Follows a new link and begins.</summary>
    internal async Task<string> BeginAsync(object? body = null)
    {
        var link = await LinkAsync(body);
        var page = await Browser.WalkAsync(new Uri(link.Text("url")!));
        page.Html.ShouldContain(Bob);
        page = await Browser.SubmitAsync(page, page.Forms.First(f => f.Inputs.Any(i => i.Name == "token")));
        (page.Status, page.Url.AbsolutePath).ShouldBe((HttpStatusCode.OK, new Uri(Url + "/account").AbsolutePath));
        page.Html.ShouldContain($"/impersonation/end");
        return link.Id();
    }

    internal async Task EndAsync()
    {
        var page = await Browser.WalkAsync(new Uri(Url + "/account"));
        (await Browser.SubmitAsync(page, page.Forms.First(f => f.Action.EndsWith("/impersonation/end", StringComparison.Ordinal)))).Html.ShouldContain(Hana);
    }

    internal async Task SignOutAsync()
    {
        var page = await Browser.WalkAsync(new Uri(Url + "/signout"));
        await Browser.SubmitAsync(page, page.Forms.First(f => f.Method == "post" && !f.Action.EndsWith("/impersonation/end", StringComparison.Ordinal)));
    }

    /// <summary>Signs her in anew in the same browser, and gives her a token of then.</summary>
    internal async Task ProveAgainAsync()
    {
        await SignOutAsync();
        Api.Dispose();
        Api = await ApiAsync(Scopes.UsersImpersonate, Scopes.UsersRead);
    }

    /// <summary>Whether an access token still counts, as its own application is told.</summary>
    internal async Task<bool> CountsAsync(JsonElement tokens)
    {
        using var seen = await PostAsync("oauth2/introspect", Shop, ("token", tokens.GetProperty("access_token").GetString()!));
        return (await seen.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean();
    }

    /// <summary>Why it ended, as an administrator reads it.</summary>
    internal async Task<string?> EndReasonAsync(string id)
    {
        using var read = await Roles.Admin.GetAsync($"api/v1/impersonations/{id}");
        return (await read.ReadJsonAsync(HttpStatusCode.OK)).Text("end_reason");
    }

    internal async Task DoAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Roles.Admin.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {await answer.Content.ReadAsStringAsync()}");
    }

    internal async Task<string?> StatusAsync(string id)
    {
        using var answer = await Api.GetAsync($"api/v1/impersonations/{id}");
        return (await answer.ReadJsonAsync(HttpStatusCode.OK)).Text("status");
    }

    public void Dispose()
    {
        Http.Dispose();
        Api.Dispose();
        Roles.Dispose();
    }
}
