using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Flows;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>What a flow asks of a person beyond her proofs.</summary>
public sealed class CollectTests
{
    private const string Company = """{"attribute":"company","schema":{"type":"string","minLength":2,"maxLength":40},"label":{"en":"Company <b>","fa":"شرکت"},"help":{"en":"Who pays you"},"required":true}""";
    private const string Size = """{"attribute":"size","schema":{"type":"integer","minimum":1,"maximum":500},"label":{"en":"Size","fa":"اندازه"},"required":false}""";
    private const string Plan = """{"attribute":"plan","schema":{"type":"string","enum":["free","paid"]},"choice_labels":{"paid":{"en":"Paid plan"}},"label":{"en":"Plan"},"required":true}""";
    private const string Family = """{"claim":"family_name","label":{"en":"Family name"},"required":false}""";

    private static string Collect(params string[] fields) => """{"id":"more","type":"collect","title":{"en":"About you","fa":"دربارهٔ شما"},"fields":[""" + string.Join(',', fields) + "]}";

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Asks_for_what_is_missing_until_it_is_known(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Collect(Company, Size));
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).At.ShouldBe(At(drive));
        (await driver.AnswerAsync("collect", "company", "x")).Problem.ShouldNotBeNull();
        (await driver.AnswerAsync("collect", "size", "7")).Problem.ShouldNotBeNull("the required one is missing");
        (await AttributesAsync(world)).ToString().ShouldBe("{}");
        (await world.AuditAsync("session.started")).ShouldBeEmpty();
        (await driver.AnswerAsync("collect", "company", " Acme & Söhne ")).ShouldBe(new Stand("done"));
        (await AttributesAsync(world)).GetProperty("company").GetString().ShouldBe("Acme & Söhne");
        (await world.AuditAsync("user.collected")).Count.ShouldBe(1);
        using var again = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await again.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"), "what is optional is not asked for by itself");
    }

    [Theory, MemberData(nameof(ScenarioTests.Everywhere), MemberType = typeof(ScenarioTests))]
    public async Task Asks_once_where_it_says_once(Drive drive, TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, """{"id":"more","type":"collect","ask":"once","fields":[""" + Size + "]}");
        using var driver = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await driver.PasswordAsync(SignInWorld.Email)).At.ShouldBe(At(drive));
        (await driver.AnswerAsync("collect", "size", "")).ShouldBe(new Stand("done"));
        using var again = await Driver.OpenAsync(drive, world.Server, world.Tenant);
        (await again.PasswordAsync(SignInWorld.Email)).ShouldBe(new Stand("done"));
        (await AttributesAsync(world)).ToString().ShouldBe("{}");
    }

    [Theory, BothDatabases]
    public async Task Never_replaces_what_is_there(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Collect(Company, Plan));
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Tenant);
        var app = ((ApiDriver)driver).App;
        await driver.PasswordAsync(SignInWorld.Email);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
        using (var patched = await admin.PatchAsJsonAsync($"api/v1/users/{world.UserId}", new { attributes = new { company = "Given" } }))
            patched.IsSuccessStatusCode.ShouldBeTrue();
        var refused = await app.AnswerAsync("collect", ("company", "Taken"), ("plan", "free"));
        refused.Body.GetProperty("code").GetString().ShouldBe("member_unknown", "it is not asked for any more");
        (await app.AnswerAsync("collect", ("plan", "free"))).Body.GetProperty("state").GetString().ShouldBe("completed");
        (await AttributesAsync(world)).GetProperty("company").GetString().ShouldBe("Given");
    }

    [Theory, BothDatabases]
    public async Task Says_to_programs_what_an_answer_is_like_and_what_is_wrong_with_it(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Collect(Company, Size, Plan, Family,
            """{"attribute":"news","schema":{"type":"boolean"},"label":{"en":"News"},"required":true}""", """{"attribute":"site","schema":{"type":"string","format":"uri"},"label":{"en":"Site"}}""",
            """{"attribute":"born","schema":{"type":"string","format":"date"},"label":{"en":"Born"}}""", """{"attribute":"badge","schema":{"type":"string","pattern":"^[A-Z]{2}-[0-9]{1,4}$"},"label":{"en":"Badge"}}"""));
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Tenant);
        var app = ((ApiDriver)driver).App;
        await app.StartAsync();
        await app.AnswerAsync("identifier", ("email", SignInWorld.Email));
        var asked = (await app.AnswerAsync("password", ("password", PageBrowser.Password))).Body.GetProperty("steps")[0];
        asked.GetProperty("name").GetString().ShouldBe("collect");
        var schema = asked.GetProperty("schema");
        schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ShouldBe(["company", "plan", "news"]);
        schema.GetProperty("properties").GetProperty("size").GetProperty("maximum").GetInt32().ShouldBe(500);
        schema.GetProperty("properties").GetProperty("plan").GetProperty("enum")[1].GetString().ShouldBe("paid");
        asked.GetProperty("data").GetProperty("title").GetString().ShouldBe("About you");

        async Task<JsonElement> SubmitAsync(object values) => (await app.PostAsync("submit", new { auth_session = app.Session, step = "collect", values })).Body;
        (await SubmitAsync(new { company = 3 })).GetProperty("code").GetString().ShouldBe("member_invalid");
        (await SubmitAsync(new { department = "x" })).GetProperty("code").GetString().ShouldBe("member_unknown");
        var wrong = await SubmitAsync(new { company = "Acme", size = 501, plan = "gold", site = "javascript:alert(1)", born = "2001-02-30", badge = "AB-12345" });
        wrong.GetProperty("code").GetString().ShouldBe("values_invalid");
        wrong.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("field").GetString()!, e.GetProperty("code").GetString()!)).ShouldBe(
            [("size", "value_too_large"), ("plan", "value_choice"), ("news", "value_missing"), ("site", "value_uri"), ("born", "value_date"), ("badge", "value_pattern")]);
        (await SubmitAsync(new { company = "Acme", size = 12, plan = "paid", news = true, site = "https://example.com/", born = "2001-02-28", badge = "AB-123", family_name = "Doe" })).GetProperty("state").GetString().ShouldBe("completed");
        var attributes = await AttributesAsync(world);
        attributes.GetProperty("size").GetInt32().ShouldBe(12);
        attributes.GetProperty("news").GetBoolean().ShouldBeTrue();
        attributes.TryGetProperty("family_name", out _).ShouldBeFalse("it is a claim");
        (await UserAsync(world)).GetProperty("family_name").GetString().ShouldBe("Doe");
    }

    [Theory]
    [InlineData("en", "Company <b>", "Write at least 2 characters.", "Choose one of these.")]
    [InlineData("fa", "شرکت", "دست‌کم ۲ نویسه بنویسید.", "یکی از این‌ها را انتخاب کنید.")]
    public async Task The_page_says_at_each_field_what_is_wrong(string locale, string label, string tooShort, string choose)
    {
        using var world = await SignInWorld.OpenAsync(TestDatabase.Sqlite, new { locales = new { offered = new[] { "en", "fa" }, @default = locale } });
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Collect(Company, Plan, Size));
        var page = await world.Browser.SignInAsync(SignInWorld.Email, path: $"signin?lang={locale}");
        page.Html.ShouldNotContain("<b>", Case.Insensitive);
        page.Text.ShouldContain(label);
        page.Html.ShouldContain("<option value=\"paid\">Paid plan</option>");
        page = await world.Browser.SubmitAsync(page, [("company", "\"><i>"), ("plan", "gold"), ("size", "۷")]);
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, choose);
        page.Html.ShouldNotContain("\"><i>");
        page = await world.Browser.SubmitAsync(page, [("company", "x"), ("plan", "free"), ("size", "۷")]);
        page.ShouldBe(HttpStatusCode.UnprocessableEntity, tooShort);
        page.Html.ShouldContain("aria-describedby=\"f-company-hint f-company-error\"");
        page = await world.Browser.SubmitAsync(page, [("company", "Acme"), ("plan", "free"), ("size", "۷")]);
        page.Address.AbsolutePath.ShouldEndWith("/account");
        (await AttributesAsync(world)).GetProperty("size").GetInt32().ShouldBe(7);
    }

    [Theory, BothDatabases]
    public async Task Of_many_answers_at_once_one_begins_a_session(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, Collect(Company));
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Tenant);
        var app = ((ApiDriver)driver).App;
        await driver.PasswordAsync(SignInWorld.Email);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => app.AnswerAsync("collect", ("company", $"Acme {i}"))));
        (await world.AuditAsync("session.started")).Count.ShouldBe(1);
        (await world.AuditAsync("user.collected")).Count.ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Nothing_is_asked_or_written_before_the_second_step(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await FlowWorld.PutAsync(world.Server, world.Tenant, FlowWorld.First, FlowWorld.Second, Collect(Company));
        using var driver = await Driver.OpenAsync(Drive.Api, world.Server, world.Tenant);
        var app = ((ApiDriver)driver).App;
        (await driver.PasswordAsync(SignInWorld.Email)).At.ShouldBe("totp");
        (await app.AnswerAsync("collect", ("company", "Acme"))).Body.GetProperty("code").GetString().ShouldBe("step_not_open");
        (await driver.AnswerAsync("totp", "code", world.Code())).At.ShouldBe("collect");
        (await driver.AnswerAsync("collect", "company", "Acme")).ShouldBe(new Stand("done"));
    }

    private static string At(Drive drive) => drive == Drive.Pages ? "/signin/details" : "collect";

    private static async Task<JsonElement> UserAsync(SignInWorld world)
    {
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var response = await admin.GetAsync($"api/v1/users/{world.UserId}");
        return await response.ReadJsonAsync(HttpStatusCode.OK);
    }

    private static async Task<JsonElement> AttributesAsync(SignInWorld world) => (await UserAsync(world)).GetProperty("attributes");
}
