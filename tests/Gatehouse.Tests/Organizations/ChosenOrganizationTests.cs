using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.SignIn.Headless;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Organizations;

/// <summary>In which organization a person goes on: chosen at sign-in, demanded by an application, kept by tokens, and over with the membership.</summary>
public sealed class ChosenOrganizationTests
{
    private const string Callback = "https://shop.example.com/callback";

    /// <summary>Ann, an application that asks for the organization, and two organizations of which she is in as many as wanted; a third is not hers.</summary>
    private sealed record Place(SignInWorld World, HttpClient Admin, string Client, string Secret, string Acme, string Beta, string Gamma) : IDisposable
    {
        internal PageBrowser Browser => World.Browser;

        internal static async Task<Place> OpenAsync(TestDatabase database, int memberships = 2, object? acme = null, TestServer? server = null)
        {
            var world = server is null ? await SignInWorld.OpenAsync(database) : await SignInWorld.OpenAsync(server);
            var admin = await world.Server.AdminAsync(world.Tenant);
            var made = await admin.CreateClientAsync(new { first_party = true, scopes = new[] { "openid", "email", "organization" } });
            string[] ids = [(await admin.CreateOrganizationAsync("acme")).Id(), (await admin.CreateOrganizationAsync("beta")).Id(), (await admin.CreateOrganizationAsync("gamma")).Id()];
            if (acme is not null) await (await admin.PatchAsJsonAsync($"api/v1/organizations/{ids[0]}", new { settings = acme })).ReadJsonAsync(HttpStatusCode.OK);
            for (var i = 0; i < memberships; i++) await admin.AddMemberAsync(ids[i], world.UserId);
            return new(world, admin, made.ClientId(), made.GetProperty("secret").GetString()!, ids[0], ids[1], ids[2]);
        }

        internal string Authorize(string more = "", string scope = "openid organization") =>
            $"oauth2/authorize?client_id={Client}&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code&scope={Uri.EscapeDataString(scope)}&state=s&code_challenge={HeadlessApp.Challenge}&code_challenge_method=S256{more}";

        internal async Task<string?> AnswerAsync(string member, string more = "", string scope = "openid organization")
        {
            using var response = await Browser.Http.GetAsync(Authorize(more, scope));
            var query = HttpUtility.ParseQueryString(response.Headers.Location.ShouldNotBeNull(response.StatusCode.ToString()).Query);
            return query[member];
        }

        internal async Task<(HttpStatusCode Status, JsonElement Body)> TokenAsync(params (string Name, string Value)[] form)
        {
            Dictionary<string, string> all = new(form.ToDictionary(f => f.Name, f => f.Value)) { ["client_id"] = Client, ["client_secret"] = Secret };
            using var answer = await Browser.Http.PostAsync("oauth2/token", new FormUrlEncodedContent(all));
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone());
        }

        internal async Task<JsonElement> TokensAsync(string more = "", string scope = "openid organization")
        {
            var code = (await AnswerAsync("code", more, scope)).ShouldNotBeNull();
            var (status, body) = await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", HeadlessApp.Verifier));
            status.ShouldBe(HttpStatusCode.OK, body.ToString());
            return body;
        }

        internal async Task<(HttpStatusCode Status, JsonElement Body)> RefreshAsync(JsonElement tokens) => await TokenAsync(("grant_type", "refresh_token"), ("refresh_token", tokens.Text("refresh_token")!));

        internal async Task<JsonElement?> UserInfoAsync(JsonElement tokens)
        {
            using var http = World.Server.Client(World.Tenant);
            http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.Text("access_token"));
            using var answer = await http.GetAsync("oauth2/userinfo");
            return answer.StatusCode == HttpStatusCode.OK ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone() : null;
        }

        public void Dispose()
        {
            Admin.Dispose();
            World.Dispose();
        }
    }

    private static string? SlugIn(JsonElement claims) => claims.TryGetProperty("organization", out var organization) ? organization.Text("slug") : null;

    [Theory, BothDatabases]
    public async Task Who_belongs_to_several_chooses_at_sign_in_and_tokens_say_which(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        var page = await place.Browser.SubmitAsync(await place.Browser.GetAsync(place.Authorize()), [("email", SignInWorld.Email)], "/signin?");
        page = await place.Browser.SubmitAsync(page, [("password", PageBrowser.Password)]);
        page.ShouldBe(HttpStatusCode.OK, "Choose an organization").Address.AbsolutePath.ShouldEndWith("/signin/organization");
        page.Text.ShouldContain("The acme");
        page.Text.ShouldNotContain("The gamma");
        (await place.Browser.IsSignedInAsync()).ShouldBeFalse("a session begins with the choice");
        (await place.Browser.SubmitAsync(page, [("organization", place.Gamma)])).ShouldBe(HttpStatusCode.UnprocessableEntity, "You no longer belong to that organization");
        (await place.Browser.SubmitAsync(page, [("organization", "acme")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using (var done = await place.Browser.SendAsync(page, [("organization", place.Beta)])) done.StatusCode.ShouldBe(HttpStatusCode.OK);

        var tokens = await place.TokensAsync();
        var claim = HeadlessApp.Claims(tokens).GetProperty("organization");
        (claim.Text("id"), claim.Text("slug"), claim.Text("name")).ShouldBe((place.Beta, "beta", "The beta"));
        SlugIn((await place.UserInfoAsync(tokens)).ShouldNotBeNull()).ShouldBe("beta");
        SlugIn(JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.Text("access_token")!.Split('.')[1])).RootElement).ShouldBe("beta");
        SlugIn(HeadlessApp.Claims((await place.RefreshAsync(tokens)).Body)).ShouldBe("beta");
        SlugIn(HeadlessApp.Claims(await place.TokensAsync(scope: "openid"))).ShouldBeNull("it was not asked for");
    }

    [Theory, BothDatabases]
    public async Task A_session_without_one_chooses_before_the_code_and_silence_is_refused(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        await place.Browser.SignInAsync(SignInWorld.Email);
        (await place.AnswerAsync("error", "&prompt=none")).ShouldBe("interaction_required");
        var page = await place.Browser.GetAsync(place.Authorize());
        page.Address.AbsolutePath.ShouldEndWith("/signin/organization");
        using (var done = await place.Browser.SendAsync(page, [("organization", place.Acme)])) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync("&prompt=none"))).ShouldBe("acme");
    }

    [Theory, BothDatabases]
    public async Task One_is_taken_and_none_is_none(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database, memberships: 0);
        await place.Browser.SignInAsync(SignInWorld.Email);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync())).ShouldBeNull();
        await place.Admin.AddMemberAsync(place.Acme, place.World.UserId);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync())).ShouldBe("acme");
    }

    [Theory, BothDatabases]
    public async Task One_that_is_demanded_must_be_hers_and_nobody_learns_whether_it_exists(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        // Before she has said who she is, every name leads to the same page.
        (await place.Browser.GetAsync(place.Authorize("&organization=acme"))).Text.ShouldBe((await place.Browser.GetAsync(place.Authorize("&organization=nothing"))).Text);
        await place.Browser.SignInAsync(SignInWorld.Email);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync("&organization=acme"))).ShouldBe("acme");
        SlugIn(HeadlessApp.Claims(await place.TokensAsync($"&organization={place.Beta}"))).ShouldBe("beta");
        List<string?> refused = [];
        foreach (var name in new[] { "gamma", place.Gamma, "nothing", "org_01hzzzzzzzzzzzzzzzzzzzzzzz" })
        {
            (await place.AnswerAsync("error", $"&organization={name}")).ShouldBe("access_denied");
            refused.Add(await place.AnswerAsync("error_description", $"&organization={name}"));
        }
        refused.Distinct().Count().ShouldBe(1);
        (await place.AnswerAsync("error", "&organization=" + Uri.EscapeDataString("a b"))).ShouldBe("invalid_request");
        (await place.Admin.PostAsync($"api/v1/organizations/{place.Acme}/disable", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await place.AnswerAsync("error", "&organization=acme")).ShouldBe("access_denied");
        (await place.AnswerAsync("error_description", "&organization=acme")).ShouldBe(refused[0]);
    }

    [Theory, BothDatabases]
    public async Task With_the_membership_end_tokens_codes_and_the_choice(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        await place.Browser.SignInAsync(SignInWorld.Email);
        var (acme, beta) = (await place.TokensAsync("&organization=acme"), await place.TokensAsync("&organization=beta"));
        var waiting = (await place.AnswerAsync("code", "&organization=acme")).ShouldNotBeNull();
        (await place.UserInfoAsync(acme)).ShouldNotBeNull();
        (await place.Admin.DeleteAsync($"api/v1/organizations/{place.Acme}/members/{place.World.UserId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await place.RefreshAsync(acme)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await place.TokenAsync(("grant_type", "authorization_code"), ("code", waiting), ("redirect_uri", Callback), ("code_verifier", HeadlessApp.Verifier))).Body.Text("error").ShouldBe("invalid_grant");
        await Eventually.TrueAsync(async () => await place.UserInfoAsync(acme) is null, TimeSpan.FromSeconds(5), "the access token is denied");
        (await place.AnswerAsync("error", "&organization=acme")).ShouldBe("access_denied");
        (await place.RefreshAsync(beta)).Status.ShouldBe(HttpStatusCode.OK, "another organization's go on");
        // Once back, what was over stays over.
        await place.Admin.AddMemberAsync(place.Acme, place.World.UserId);
        (await place.RefreshAsync(acme)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, BothDatabases]
    public async Task What_is_disabled_or_deleted_gives_nothing_more(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        await place.Browser.SignInAsync(SignInWorld.Email);
        var (acme, beta) = (await place.TokensAsync("&organization=acme"), await place.TokensAsync("&organization=beta"));
        (await place.Admin.PostAsync($"api/v1/organizations/{place.Acme}/disable", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await place.RefreshAsync(acme)).Status.ShouldBe(HttpStatusCode.BadRequest);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync())).ShouldBe("beta", "the only one left");
        (await place.Admin.DeleteAsync($"api/v1/organizations/{place.Beta}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await place.RefreshAsync(beta)).Status.ShouldBe(HttpStatusCode.BadRequest);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync())).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task A_program_is_asked_too(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        using var app = await HeadlessApp.OpenAsync(place.World.Server, place.World.Tenant,
            new { name = "App", type = "public", first_party = true, headless = true, redirect_uris = new[] { HeadlessApp.RedirectUri }, scopes = new[] { "openid", "organization" } });
        await app.StartAsync(scope: "openid organization");
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        var asked = await app.AnswerAsync("password", ("password", PageBrowser.Password));
        HeadlessApp.Open(asked.Body).ShouldBe(["organization"]);
        asked.Body.GetProperty("steps")[0].GetProperty("data").GetProperty("organizations").EnumerateArray().Select(o => o.Text("slug")).ShouldBe(["acme", "beta"]);
        (await app.AnswerAsync("organization", ("organization", place.Gamma))).Body.Text("code").ShouldBe("organization_unknown");
        var done = await app.AnswerAsync("organization", ("organization", place.Beta));
        SlugIn(HeadlessApp.Claims((await app.RedeemAsync(done.Body.Text("authorization_code")!)).Body)).ShouldBe("beta");
    }

    [Theory, BothDatabases]
    public async Task An_organization_asks_more_than_the_tenant_of_whoever_works_in_it(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database, acme: new { second_factor = "required" });
        await place.Browser.SignInAsync(SignInWorld.Email);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync("&organization=beta"))).ShouldBe("beta");
        (await place.AnswerAsync("error", "&organization=acme&prompt=none")).ShouldBe("interaction_required");
        var page = await place.Browser.GetAsync(place.Authorize("&organization=acme"));
        page.Address.AbsolutePath.ShouldEndWith("/signin/enrol");
        using (var done = await place.Browser.SendAsync(page, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(page), place.World.Server))])) done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var claims = HeadlessApp.Claims(await place.TokensAsync("&organization=acme"));
        SlugIn(claims).ShouldBe("acme");
        claims.GetProperty("amr").EnumerateArray().Select(a => a.GetString()).ShouldContain("mfa");
    }

    [Theory, BothDatabases]
    public async Task Choosing_one_that_asks_more_leads_through_it(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database, acme: new { second_factor = "required" });
        var page = await place.Browser.SubmitAsync(await place.Browser.GetAsync(place.Authorize()), [("email", SignInWorld.Email)], "/signin?");
        page = await place.Browser.SubmitAsync(page, [("password", PageBrowser.Password)]);
        page = await place.Browser.SubmitAsync(page, [("organization", place.Acme)]);
        page.Address.AbsolutePath.ShouldEndWith("/signin/enrol");
        (await place.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_organization_that_takes_no_passwords_takes_none()
    {
        using var place = await Place.OpenAsync(TestDatabase.Sqlite, memberships: 1, acme: new { methods = new[] { "passkey" } });
        await place.Browser.SignInAsync(SignInWorld.Email);
        (await place.AnswerAsync("error", "&prompt=none")).ShouldBe("interaction_required");
        var page = await place.Browser.SubmitAsync(await place.Browser.GetAsync(place.Authorize("&prompt=login")), [("email", SignInWorld.Email)], "/signin?");
        // As a wrong one is: a password that opens nothing to her is told to nobody to be right.
        (await place.Browser.SubmitAsync(page, [("password", PageBrowser.Password)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await place.AnswerAsync("error", "&prompt=none")).ShouldBe("interaction_required");
    }

    [Fact]
    public async Task A_session_in_an_organization_lives_as_short_as_it_says()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var place = await Place.OpenAsync(TestDatabase.Sqlite, memberships: 1, acme: new { session_idle_seconds = 300, session_absolute_seconds = 600 }, server: server);
        await place.Browser.SignInAsync(SignInWorld.Email);
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await place.Browser.IsSignedInAsync()).ShouldBeTrue("she works in none yet");
        (await place.Browser.SubmitAsync(await place.Browser.GetAsync("account/organizations"), [("organization", place.Acme)], "choose")).ShouldBe(HttpStatusCode.OK, "You work here now");
        server.Clock.Advance(TimeSpan.FromMinutes(3));
        (await place.Browser.IsSignedInAsync()).ShouldBeTrue();
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await place.Browser.IsSignedInAsync()).ShouldBeFalse("ten minutes after the sign-in");
    }

    [Theory, BothDatabases]
    public async Task In_her_account_she_sees_chooses_and_leaves(TestDatabase database)
    {
        using var place = await Place.OpenAsync(database);
        await place.Browser.SignInAsync(SignInWorld.Email);
        (await place.Browser.GetAsync("account")).ShouldBe(HttpStatusCode.OK, "The acme");
        var page = await place.Browser.GetAsync("account/organizations");
        page.ShouldBe(HttpStatusCode.OK, "The beta").Text.ShouldNotContain("You work here now");
        page = await place.Browser.SubmitAsync(page, [("organization", place.Beta)], "choose");
        page.Text.ShouldContain("You work here now");
        (await place.Browser.SubmitAsync(page, [("organization", place.Gamma)], "choose")).Status.ShouldBe(HttpStatusCode.OK);
        SlugIn(HeadlessApp.Claims(await place.TokensAsync())).ShouldBe("beta");
        page = await place.Browser.SubmitAsync(page, [("organization", place.Beta)], "leave");
        page.Text.ShouldNotContain("The beta");
        (await place.Browser.GetAsync("account/organizations?lang=fa")).ShouldBe(HttpStatusCode.OK, "سازمان‌ها");
        (await place.Admin.ListTextsAsync($"api/v1/users/{place.World.UserId}/organizations", "slug")).ShouldBe(["acme"]);
    }

    [Theory]
    [InlineData("""{"enrolment":"anyhow"}""", "setting_invalid")]
    [InlineData("""{"second_factor":"off"}""", "setting_invalid")]
    [InlineData("""{"methods":[]}""", "setting_invalid")]
    [InlineData("""{"methods":["password","password"]}""", "setting_invalid")]
    [InlineData("""{"methods":["magic"]}""", "setting_invalid")]
    [InlineData("""{"session_idle_seconds":59}""", "setting_invalid")]
    [InlineData("""{"session_absolute_seconds":"600"}""", "setting_invalid")]
    [InlineData("""{"accent":"red"}""", "setting_invalid")]
    [InlineData("""{"join_at_sign_in":1}""", "setting_invalid")]
    [InlineData("""[]""", "setting_invalid")]
    [InlineData("""{"mfa":"required"}""", "member_unknown")]
    public async Task Settings_are_validated(string settings, string code)
    {
        using var place = await Place.OpenAsync(TestDatabase.Sqlite, memberships: 0);
        using var body = new StringContent("{\"settings\":" + settings + "}", System.Text.Encoding.UTF8, "application/merge-patch+json");
        await (await place.Admin.PatchAsync($"api/v1/organizations/{place.Acme}", body)).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }
}
