using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>What a tenant's flow asks of people who register.</summary>
public sealed class RegistrationFlowTests
{
    private const string New = "bea@example.com";
    private const string Collect = """{"id":"more","type":"collect","fields":[{"attribute":"company","schema":{"type":"string","minLength":2},"label":{"en":"Company","fa":"شرکت"},"required":true},{"claim":"family_name","label":{"en":"Family name"}}]}""";
    private const string Terms = """{"id":"tos","type":"terms","terms":"tos","version":"3","title":{"en":"Terms of use"},"text":{"en":"Be kind."}}""";
    private static readonly (string, string)[] whole = [("password", PageBrowser.Password), ("company", "Acme"), ("family_name", "Doe"), ("terms.tos", "3")];

    [Theory, BothDatabases]
    public async Task Asks_with_the_password_and_writes_with_the_account(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", Collect, Terms);
        var page = await OpenLinkAsync(world);
        page.ShouldBe(HttpStatusCode.OK, "Be kind.").Text.ShouldContain("Company");
        (await world.Browser.SubmitAsync(page, [.. whole.Where(f => f.Item1 != "company")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Fill this in.");
        (await world.Browser.SubmitAsync(page, [.. whole.Where(f => f.Item1 != "terms.tos")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "you have to agree");
        (await world.Browser.SubmitAsync(page, [.. whole.Where(f => f.Item1 != "terms.tos"), ("terms.tos", "2")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "you have to agree");
        (await world.Browser.SubmitAsync(page, [.. whole.Where(f => f.Item1 != "password"), ("password", "short")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "Use at least");
        (await UserAsync(world)).ShouldBeNull("nobody exists who has not answered");
        (await world.Browser.SubmitAsync(page, whole)).Address.AbsolutePath.ShouldEndWith("/account");
        var user = (await UserAsync(world))!.Value;
        user.GetProperty("attributes").GetProperty("company").GetString().ShouldBe("Acme");
        user.GetProperty("family_name").GetString().ShouldBe("Doe");
        (await world.AuditAsync("terms.accepted")).Count.ShouldBe(1);
        (await world.AuditAsync("user.collected")).Count.ShouldBe(1);
        // What she agreed to when she registered counts at sign-in.
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Terms, Collect);
        using var browser = world.AnotherBrowser();
        (await browser.SignInAsync(New)).Address.AbsolutePath.ShouldEndWith("/account");
    }

    [Theory, BothDatabases]
    public async Task Keeps_out_whom_it_denies_before_and_behind_the_link(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        var link = await LinkAsync(world);
        var page = await world.Browser.GetAsync(link);
        var form = await world.Browser.GetAsync("signup");
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", """{"id":"d","type":"deny","when":{"not":{"network":["203.0.113.0/24"]}}}""");
        (await world.Browser.GetAsync("signup")).ShouldBe(HttpStatusCode.Forbidden, "Sign-up is closed");
        (await world.Browser.SubmitAsync(form, [("email", "cat@example.com")])).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await world.MailsAsync("cat@example.com")).ShouldBeEmpty();
        (await world.AuditAsync("registration.requested"))[0].Reason.ShouldBe("sign_up_denied");
        (await world.Browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await world.Browser.SubmitAsync(page, whole)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await UserAsync(world)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task What_is_asked_for_an_application_is_asked_wherever_the_link_is_opened(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var client = (await admin.CreateClientAsync(new { name = "Shop", type = "public", first_party = true, redirect_uris = new[] { "https://shop.example.com/cb" } })).ClientId();
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", Collect[..^1] + ",\"when\":{\"client\":[\"" + client + "\"]}}");
        var start = await world.Browser.GetAsync($"oauth2/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString("https://shop.example.com/cb")}&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=s");
        await world.Browser.SubmitAsync(await world.Browser.GetAsync($"signup{start.Address.Query}"), [("email", New)]);
        using var elsewhere = world.AnotherBrowser();
        var page = await elsewhere.GetAsync(await world.LinkAsync("verify_email", New));
        page.ShouldBe(HttpStatusCode.OK, "Company");
        (await elsewhere.SubmitAsync(page, [("password", PageBrowser.Password)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // Without the application nothing is asked.
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", "cat@example.com")]);
        (await world.Browser.GetAsync(await world.LinkAsync("verify_email", "cat@example.com"))).Text.ShouldNotContain("Company");
    }

    [Theory, BothDatabases]
    public async Task Of_many_answers_at_once_one_makes_the_account(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutKindAsync(world.Server, world.Tenant, "registration", Collect, Terms);
        var page = await OpenLinkAsync(world);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await world.Browser.SendAsync(page, whole)).Dispose()));
        (await world.AuditAsync("user.registered")).Count.ShouldBe(1);
        (await world.AuditAsync("user.collected")).Count.ShouldBe(1);
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
    }

    private static async Task<string> LinkAsync(SignInWorld world)
    {
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", New), ("name", "Bea")]);
        return await world.LinkAsync("verify_email", New);
    }

    private static async Task<PageView> OpenLinkAsync(SignInWorld world) => await world.Browser.GetAsync(await LinkAsync(world));

    private static async Task<JsonElement?> UserAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var response = await admin.GetAsync($"api/v1/users?search={New}");
        var items = (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items");
        return items.GetArrayLength() == 0 ? null : items[0];
    }
}
