using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Organizations.Domains;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Organizations;

/// <summary>Domains that organizations prove to be theirs, and who comes in by them.</summary>
public sealed class DomainTests
{
    private sealed class Place : IAsyncDisposable
    {
        internal required TestServer Server { get; init; }
        internal required NameServer Names { get; init; }
        internal required TestTenant Tenant { get; init; }
        internal required HttpClient Admin { get; set; }
        internal string Acme { get; private set; } = "";
        internal string Beta { get; private set; } = "";

        internal static async Task<Place> OpenAsync(TestDatabase database)
        {
            var names = new NameServer();
            var server = await TestServer.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["Domains:NameServer"] = names.Address.ToString() } });
            var tenant = await server.NewTenantAsync();
            var place = new Place { Server = server, Names = names, Tenant = tenant, Admin = await server.AdminAsync(tenant) };
            (place.Acme, place.Beta) = ((await place.Admin.CreateOrganizationAsync("acme")).Id(), (await place.Admin.CreateOrganizationAsync("beta")).Id());
            return place;
        }

        internal async Task<JsonElement> ClaimAsync(string organization, string domain)
        {
            using var claimed = await Admin.PostAsJsonAsync($"api/v1/organizations/{organization}/domains", new { domain });
            return await claimed.ReadJsonAsync(HttpStatusCode.Created);
        }

        internal Task<HttpResponseMessage> VerifyAsync(string organization, string domain) => Admin.PostAsync($"api/v1/organizations/{organization}/domains/{domain}/verify", null);

        internal void Publish(params JsonElement[] claims) => Names.Texts[claims[0].Text("record_name")!] = [.. claims.Select(c => c.Text("value")!), "v=spf1 -all"];

        internal async Task VerifiedAsync(string organization, string domain)
        {
            Publish(await ClaimAsync(organization, domain));
            await (await VerifyAsync(organization, domain)).ReadJsonAsync(HttpStatusCode.OK);
        }

        internal async Task<JsonElement> DomainAsync(string organization) => (await Admin.GetJsonAsync($"api/v1/organizations/{organization}/domains")).GetProperty("items")[0];

        internal async Task SetAsync(string organization, object settings) =>
            await (await Admin.PatchAsJsonAsync($"api/v1/organizations/{organization}", new { settings })).ReadJsonAsync(HttpStatusCode.OK);

        internal async Task<IReadOnlyList<string?>> OrganizationsOfAsync(string user) => await Admin.ListTextsAsync($"api/v1/users/{user}/organizations", "slug");

        public async ValueTask DisposeAsync()
        {
            Admin.Dispose();
            await Server.DisposeAsync();
            Names.Dispose();
        }
    }

    [Theory, BothDatabases]
    public async Task A_domain_is_the_organizations_whose_record_it_carries_and_no_others(TestDatabase database)
    {
        await using var place = await Place.OpenAsync(database);
        var (one, two) = (await place.ClaimAsync(place.Acme, "Acme.Example"), await place.ClaimAsync(place.Beta, "acme.example"));
        (one.Text("domain"), one.Text("status"), one.Text("record_name"), one.Text("file_url")).ShouldBe(("acme.example", "pending", "_gatehouse.acme.example", "https://acme.example/.well-known/gatehouse-domain"));
        one.Text("value").ShouldNotBe(two.Text("value"), "each claim has a token of its own");
        await (await place.VerifyAsync(place.Acme, "acme.example")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "domain_not_proved");
        // Another organization's record proves nothing.
        place.Publish(two);
        await (await place.VerifyAsync(place.Acme, "acme.example")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "domain_not_proved");
        // Both records: one of them has it, however many ask at the same moment.
        place.Publish(one, two);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => place.VerifyAsync(i % 2 == 0 ? place.Acme : place.Beta, "acme.example")));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(8);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(8);
        new[] { (await place.DomainAsync(place.Acme)).Text("status"), (await place.DomainAsync(place.Beta)).Text("status") }.Order().ShouldBe(["pending", "verified"]);
        // Another tenant's organizations have domains of their own.
        var tenant = await place.Server.NewTenantAsync();
        using var other = await place.Server.AdminAsync(tenant);
        var theirs = (await other.CreateOrganizationAsync("acme")).Id();
        using var claimed = await other.PostAsJsonAsync($"api/v1/organizations/{theirs}/domains", new { domain = "acme.example" });
        place.Publish(await claimed.ReadJsonAsync(HttpStatusCode.Created));
        (await other.PostAsync($"api/v1/organizations/{theirs}/domains/acme.example/verify", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("forged id")]
    [InlineData("forged question")]
    [InlineData("truncated")]
    public async Task What_somebody_slips_in_before_the_answer_is_not_heard(string how)
    {
        await using var place = await Place.OpenAsync(TestDatabase.Sqlite);
        var claim = await place.ClaimAsync(place.Acme, "acme.example");
        byte[] Forged(byte[] answer)
        {
            var forged = NameServer.Answer(answer, claim.Text("value")!);
            if (how == "forged id") forged[0] ^= 0xFF;
            else forged[13] ^= 0x01;                            // _gatehouse becomes another name
            return forged;
        }
        place.Names.Truncate = how == "truncated";
        place.Names.Spoil = answer => how == "truncated" ? [answer] : [Forged(answer), answer];
        if (how == "truncated")
        {
            place.Publish(claim);
            (await place.VerifyAsync(place.Acme, "acme.example")).StatusCode.ShouldBe(HttpStatusCode.OK, "asked again by TCP");
        }
        else await (await place.VerifyAsync(place.Acme, "acme.example")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "domain_not_proved");
        for (var i = 0; i < 8; i++) (await place.VerifyAsync(place.Acme, "acme.example")).Dispose();
        place.Names.Asked.Select(a => a.Id).Distinct().Count().ShouldBeGreaterThan(6, "ids are random");
        place.Names.Asked.Select(a => a.Port).Distinct().Count().ShouldBeGreaterThan(6, "and so are ports");
    }

    [Theory, BothDatabases]
    public async Task A_proof_that_goes_away_is_told_and_after_a_grace_the_domain_is_lost(TestDatabase database)
    {
        await using var place = await Place.OpenAsync(database);
        await place.VerifiedAsync(place.Acme, "acme.example");
        var second = await place.ClaimAsync(place.Beta, "acme.example");
        place.Names.Texts.Clear();
        var checks = place.Server.Services.GetRequiredService<DomainChecks>();
        // The server's own job may be faster than the one called here: whichever it is, the domain was looked at.
        async Task PassAsync(TimeSpan time, string becomes)
        {
            place.Server.Clock.Advance(time);
            place.Admin.Dispose();
            place.Admin = await place.Server.AdminAsync(place.Tenant);
            await checks.RunAsync(CancellationToken.None);
            await Eventually.TrueAsync(async () => (await place.DomainAsync(place.Acme)).Text("status") == becomes, TimeSpan.FromSeconds(5), becomes);
        }
        await PassAsync(TimeSpan.FromHours(1), "verified");
        await PassAsync(TimeSpan.FromHours(24), "failing");
        place.Publish(second);
        await (await place.VerifyAsync(place.Beta, "acme.example")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "domain_taken");
        await PassAsync(TimeSpan.FromHours(71), "failing");
        await PassAsync(TimeSpan.FromHours(7), "pending");
        (await place.VerifyAsync(place.Beta, "acme.example")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await place.Admin.GetJsonAsync($"api/v1/audit?target={place.Acme}")).GetProperty("items").EnumerateArray().Select(e => e.Text("action")).Where(a => a!.StartsWith("domain.", StringComparison.Ordinal))
            .ShouldBe(["domain.lost", "domain.failing", "domain.verified", "domain.claimed"]);
    }

    [Theory]
    [InlineData("example", "domain_invalid")]
    [InlineData("https://acme.example", "domain_invalid")]
    [InlineData("acme.example/x", "domain_invalid")]
    [InlineData("a@acme.example", "domain_invalid")]
    [InlineData("127.0.0.1", "domain_invalid")]
    [InlineData("printer.local", "domain_invalid")]
    [InlineData("", "domain_invalid")]
    [InlineData("co.uk", "domain_shared")]
    [InlineData("ac.ir", "domain_shared")]
    [InlineData("Gmail.com", "domain_shared")]
    [InlineData("yahoo.co.uk", "domain_shared")]
    [InlineData("github.io", "domain_shared")]
    public async Task Refuses_what_is_nobodys_own(string domain, string code)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var acme = (await admin.CreateOrganizationAsync("acme")).Id();
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{acme}/domains", new { domain })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory, BothDatabases]
    public async Task Whoever_has_a_verified_address_there_joins_by_signing_in_and_nobody_else(TestDatabase database)
    {
        await using var place = await Place.OpenAsync(database);
        await place.VerifiedAsync(place.Acme, "acme.example");
        var ann = await SignInWorld.NewUserAsync(place.Server, place.Tenant, "ann@acme.example");
        var unproved = (await place.Admin.CreateUserAsync("eve@acme.example", new { password = PageBrowser.Password })).Id();
        var alike = await SignInWorld.NewUserAsync(place.Server, place.Tenant, "eve@аcme.example");           // a Cyrillic a
        var below = await SignInWorld.NewUserAsync(place.Server, place.Tenant, "eve@sub.acme.example");
        async Task SignInAsync(string email)
        {
            using var browser = PageBrowser.Open(place.Server, place.Tenant);
            await browser.SignInAsync(email);
            (await browser.IsSignedInAsync()).ShouldBeTrue();
        }
        await SignInAsync("ann@acme.example");
        (await place.OrganizationsOfAsync(ann)).ShouldBeEmpty("by invitation only, unless it says otherwise");
        await place.SetAsync(place.Acme, new { enrolment = "domain", join_at_sign_in = true });
        foreach (var email in new[] { "ann@acme.example", "eve@acme.example", "eve@аcme.example", "eve@sub.acme.example" }) await SignInAsync(email);
        await SignInAsync("ann@acme.example");
        (await place.OrganizationsOfAsync(ann)).ShouldBe(["acme"]);
        foreach (var eve in new[] { unproved, alike, below }) (await place.OrganizationsOfAsync(eve)).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task She_joins_asks_and_is_let_in_as_each_organization_has_it(TestDatabase database)
    {
        await using var place = await Place.OpenAsync(database);
        await place.VerifiedAsync(place.Acme, "acme.example");
        await place.SetAsync(place.Acme, new { enrolment = "domain" });
        var ann = await SignInWorld.NewUserAsync(place.Server, place.Tenant, "ann@acme.example");
        using var browser = PageBrowser.Open(place.Server, place.Tenant);
        await browser.SignInAsync("ann@acme.example");
        (await place.OrganizationsOfAsync(ann)).ShouldBeEmpty("she may, and has not");
        var page = await browser.GetAsync("account/organizations");
        page.ShouldBe(HttpStatusCode.OK, "You can join");
        // Neither one that invites only nor one that is not there.
        await browser.SubmitAsync(page, [("organization", place.Beta)], "join");
        await browser.SubmitAsync(page, [("organization", "nothing")], "join");
        (await place.OrganizationsOfAsync(ann)).ShouldBeEmpty();
        (await browser.SubmitAsync(page, [("organization", place.Acme)], "join")).Text.ShouldNotContain("You can join");
        (await place.OrganizationsOfAsync(ann)).ShouldBe(["acme"]);

        await place.SetAsync(place.Beta, new { enrolment = "request" });
        await browser.SubmitAsync(page, [("organization", "beta")], "join");
        await browser.SubmitAsync(page, [("organization", "beta")], "join");
        (await place.OrganizationsOfAsync(ann)).ShouldBe(["acme"]);
        (await place.Admin.ListTextsAsync($"api/v1/organizations/{place.Beta}/requests", "user")).ShouldBe([ann]);
        await (await place.Admin.PostAsync($"api/v1/organizations/{place.Acme}/requests/{ann}/approve", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "request_not_found");
        (await place.Admin.PostAsync($"api/v1/organizations/{place.Beta}/requests/{ann}/deny", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await browser.SubmitAsync(page, [("organization", "beta")], "join");
        (await place.Admin.PostAsync($"api/v1/organizations/{place.Beta}/requests/{ann}/approve", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await place.Admin.PostAsync($"api/v1/organizations/{place.Beta}/requests/{ann}/approve", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "request_not_found");
        (await place.OrganizationsOfAsync(ann)).ShouldBe(["acme", "beta"]);

        var gamma = (await place.Admin.CreateOrganizationAsync("gamma")).Id();
        await place.SetAsync(gamma, new { enrolment = "open" });
        await browser.SubmitAsync(page, [("organization", "gamma")], "join");
        (await place.OrganizationsOfAsync(ann)).ShouldBe(["acme", "beta", "gamma"]);
    }

    [Theory, BothDatabases]
    public async Task Needs_a_token_the_scope_and_the_right_tenant_everywhere(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(one);
        using var other = await server.AdminAsync(two);
        var id = (await admin.CreateOrganizationAsync("acme")).Id();
        var user = (await admin.CreateUserAsync("ann@example.com")).Id();
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{id}/domains", new { domain = "acme.example" })).ReadJsonAsync(HttpStatusCode.Created);
        await (await admin.PostAsJsonAsync($"api/v1/organizations/{id}/domains", new { domain = "ACME.example" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "domain_exists");
        foreach (var (method, path, body) in ((string, string, object?)[])
            [("GET", "domains", null), ("POST", "domains", new { domain = "b.example" }), ("POST", "domains/acme.example/verify", null), ("DELETE", "domains/acme.example", null),
             ("GET", "requests", null), ("POST", $"requests/{user}/approve", null), ("POST", $"requests/{user}/deny", null)])
        {
            var whole = $"api/v1/organizations/{id}/{path}";
            await server.ShouldNeedAsync(one, method, whole, "audit:read", body);
            using var hidden = await other.SendAsync(People.Request(method, whole, body));
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
        }
        (await admin.DeleteAsync($"api/v1/organizations/{id}/domains/acme.example")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await admin.DeleteAsync($"api/v1/organizations/{id}/domains/acme.example")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "domain_not_found");
    }

    [Fact]
    public void A_file_says_it_in_a_line_of_its_own()
    {
        DomainProofs.Says("# ours\r\ngatehouse-domain-verification=abc\r\n", DomainProofs.Value("abc")).ShouldBeTrue();
        DomainProofs.Says("gatehouse-domain-verification=abcd", DomainProofs.Value("abc")).ShouldBeFalse();
        DomainProofs.Says("<a>gatehouse-domain-verification=abc</a>", DomainProofs.Value("abc")).ShouldBeFalse();
    }
}
