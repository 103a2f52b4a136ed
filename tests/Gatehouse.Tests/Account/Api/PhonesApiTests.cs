using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Account.Api;

public sealed class PhonesApiTests
{
    private const string Number = SmsWorld.Number, Other = "+491701234599";
    private static readonly HttpMethod Get = HttpMethod.Get, Post = HttpMethod.Post, Delete = HttpMethod.Delete;

    internal static object Settings => new { sms = new { allowed_countries = new[] { "DE" }, default_country = "DE" } };

    internal static Task<SignInWorld> OpenAsync(TestDatabase database = TestDatabase.Sqlite) => AccountApiTests.SignedInAsync(database, Settings);

    /// <summary>Adds a number and proves it.</summary>
    internal static async Task<string> AddAsync(SignInWorld world, string number = Number)
    {
        var id = (await world.JsonAsync(Post, "/phones", new { number }, HttpStatusCode.Accepted)).Id();
        var items = (await world.JsonAsync(Post, $"/phones/pending/{id}/verify", new { code = await world.Server.TextedCodeAsync(world.Tenant, number) })).GetProperty("items");
        return items.EnumerateArray().Single(p => p.GetProperty("number").GetString() == number).Id();
    }

    private static string Wrong(string code) => code == "000000" ? "000001" : "000000";

    [Theory, BothDatabases]
    public async Task Adds_a_number_by_its_code_makes_it_primary_and_removes_the_old_one(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        (await world.JsonAsync(Get, "/phones")).GetProperty("items").GetArrayLength().ShouldBe(0);
        var pending = await world.JsonAsync(Post, "/phones", new { number = "0170 123 45 67" }, HttpStatusCode.Accepted);
        pending.GetProperty("number").GetString().ShouldBe(Number);
        (await world.JsonAsync(Get, "/phones")).GetProperty("pending").GetArrayLength().ShouldBe(1);
        (await world.JsonAsync(Get, "/phones")).GetProperty("items").GetArrayLength().ShouldBe(0, "nothing is hers before it is proved");
        var (path, code) = ($"/phones/pending/{pending.Id()}/verify", await world.Server.TextedCodeAsync(world.Tenant));
        await AccountApiTests.RefuseAsync(world, Post, path, new { code = Wrong(code) }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        var after = await world.JsonAsync(Post, path, new { code = $" {code[..3]} {code[3..]}" });
        after.GetProperty("pending").GetArrayLength().ShouldBe(0);
        after.GetProperty("items")[0].GetProperty("primary").GetBoolean().ShouldBeTrue();
        await AccountApiTests.RefuseAsync(world, Post, path, new { code }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        var (first, second) = (after.GetProperty("items")[0].Id(), await AddAsync(world, Other));
        await AccountApiTests.RefuseAsync(world, Delete, $"/phones/{first}", null, HttpStatusCode.Conflict, "phone_primary");
        await world.JsonAsync(Post, $"/phones/{second}/primary");
        (await world.JsonAsync(Delete, $"/phones/{first}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await AccountApiTests.RefuseAsync(world, Delete, $"/phones/{first}", null, HttpStatusCode.NotFound, "phone_not_found");
        await AccountApiTests.RefuseAsync(world, Post, "/phones/nonsense/primary", null, HttpStatusCode.NotFound, "phone_not_found");
        (await world.JsonAsync(Delete, $"/phones/{second}")).GetProperty("items").GetArrayLength().ShouldBe(0, "the last one may go");
        (await world.MailsAsync()).ShouldBe(["phone_removed", "phone_removed", "primary_phone_changed", "phone_added", "phone_added"]);
        (await world.AuditAsync("user.phone_added")).Select(e => e.Outcome).ShouldBe(["success", "success", "failure"]);
        (await world.AuditAsync("user.phone_requested")).Select(e => e.Reason).ShouldBe(["code_sent", "code_sent"]);
    }

    [Theory, BothDatabases]
    public async Task Tells_only_who_reads_the_telephone_that_a_number_is_taken(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var eve = await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        using (var admin = await world.Server.AdminAsync(world.Tenant))
            await (await admin.PostAsJsonAsync($"api/v1/users/{eve}/phones", new { number = Number, verified = true })).ReadJsonAsync(HttpStatusCode.Created);
        var taken = await world.JsonAsync(Post, "/phones", new { number = Number }, HttpStatusCode.Accepted);
        var free = await world.JsonAsync(Post, "/phones", new { number = Other }, HttpStatusCode.Accepted);
        taken.EnumerateObject().Select(p => p.Name).ShouldBe(free.EnumerateObject().Select(p => p.Name));
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{taken.Id()}/verify", new { code = "12" }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{free.Id()}/verify", new { code = "12" }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{taken.Id()}/verify", new { code = await world.Server.TextedCodeAsync(world.Tenant) }, HttpStatusCode.Conflict, "phone_taken");
        using (var forgotten = await world.CallAsync(Delete, $"/phones/pending/{free.Id()}")) forgotten.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await AccountApiTests.RefuseAsync(world, Delete, $"/phones/pending/{free.Id()}", null, HttpStatusCode.NotFound, "phone_not_found");
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{free.Id()}/verify", new { code = await world.Server.TextedCodeAsync(world.Tenant, Other) }, HttpStatusCode.UnprocessableEntity, "code_wrong");
    }

    [Fact]
    public async Task Refuses_what_is_no_number_or_costs_too_much()
    {
        using var world = await OpenAsync();
        await AccountApiTests.RefuseAsync(world, Post, "/phones", new { number = "12" }, HttpStatusCode.UnprocessableEntity, "phone_invalid");
        await AccountApiTests.RefuseAsync(world, Post, "/phones", new { phone = Number }, HttpStatusCode.BadRequest, "body_invalid");
        await AccountApiTests.RefuseAsync(world, Post, "/phones", new { number = "+98 912 345 6789" }, HttpStatusCode.UnprocessableEntity, "phone_country_closed");
        await AddAsync(world);
        await AccountApiTests.RefuseAsync(world, Post, "/phones", new { number = Number }, HttpStatusCode.Conflict, "phone_yours");
        for (var i = 0; i < 9; i++) await world.JsonAsync(Post, "/phones", new { number = $"+4917055566{i}0" }, HttpStatusCode.Accepted);
        using var refused = await world.CallAsync(Post, "/phones", new { number = Other });
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "phones_too_often");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await world.JsonAsync(Get, "/phones")).GetProperty("pending").GetArrayLength().ShouldBe(3, "no more wait than can be kept in mind");
    }

    [Fact]
    public async Task Answers_as_ever_when_a_limit_of_what_is_sent_is_reached()
    {
        using var world = await AccountApiTests.SignedInAsync(settings: new { sms = new { allowed_countries = new[] { "DE" } }, limits = new { sms_per_tenant_hour = 1 } });
        await world.JsonAsync(Post, "/phones", new { number = Number }, HttpStatusCode.Accepted);
        await world.JsonAsync(Post, "/phones", new { number = Other }, HttpStatusCode.Accepted);
        (await world.Server.TextsAsync(world.Tenant, Other)).ShouldBeEmpty();
        (await world.AuditAsync("user.phone_requested")).Select(e => e.Reason).ShouldBe(["limit", "code_sent"]);
    }

    [Theory, BothDatabases]
    public async Task Survives_guessing_and_one_right_code_of_many_at_once(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var id = (await world.JsonAsync(Post, "/phones", new { number = Other }, HttpStatusCode.Accepted)).Id();
        var code = await world.Server.TextedCodeAsync(world.Tenant, Other);
        for (var i = 0; i < 5; i++) await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{id}/verify", new { code = Wrong(code) }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{id}/verify", new { code }, HttpStatusCode.UnprocessableEntity, "code_wrong");

        id = (await world.JsonAsync(Post, "/phones", new { number = Number }, HttpStatusCode.Accepted)).Id();
        code = await world.Server.TextedCodeAsync(world.Tenant);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.CallAsync(Post, $"/phones/pending/{id}/verify", new { code })));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await world.MailsAsync()).Count(m => m == "phone_added").ShouldBe(1);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Takes_a_code_only_in_the_session_that_asked_and_only_from_its_person()
    {
        using var world = await OpenAsync();
        var id = (await world.JsonAsync(Post, "/phones", new { number = Number }, HttpStatusCode.Accepted)).Id();
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        await world.Browser.SignOutAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/pending/{id}/verify", new { code }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        var mine = await AddAsync(world);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        await world.Browser.SignOutAsync();
        await world.Browser.SignInAsync("eve@example.com");
        await AccountApiTests.RefuseAsync(world, Delete, $"/phones/{mine}", null, HttpStatusCode.NotFound, "phone_not_found");
        await AccountApiTests.RefuseAsync(world, Post, $"/phones/{mine}/primary", null, HttpStatusCode.NotFound, "phone_not_found");
        await AccountApiTests.RefuseAsync(world, Post, "/two-step/sms", new { phone_id = mine }, HttpStatusCode.NotFound, "phone_not_found");
        await world.Browser.SignOutAsync();
        using (var nobody = await world.CallAsync(Get, "/phones")) await nobody.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "sign_in_required");
    }

    [Theory, BothDatabases]
    public async Task Sets_up_text_messages_as_the_second_step_and_removes_them(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        var phone = await AddAsync(world);
        await AccountApiTests.RefuseAsync(world, Delete, "/two-step/sms", null, HttpStatusCode.NotFound, "two_step_off");
        await AccountApiTests.RefuseAsync(world, Post, "/two-step/sms/verify", new { phone_id = phone, code = await world.Server.TextedCodeAsync(world.Tenant) }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await world.JsonlessAsync(Post, "/two-step/sms", new { phone_id = phone }, HttpStatusCode.Accepted);
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        await AccountApiTests.RefuseAsync(world, Post, "/two-step/sms/verify", new { phone_id = phone, code = Wrong(code) }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await world.JsonAsync(Post, "/two-step/sms/verify", new { phone_id = phone, code })).GetProperty("recovery_codes").GetArrayLength().ShouldBe(10);
        var state = await world.JsonAsync(Get, "/two-step");
        state.GetProperty("methods").EnumerateArray().Select(m => m.GetProperty("name").GetString()).ShouldBe(["sms", "recovery_code"]);
        // One step is no longer a fresh proof.
        using (var stale = await world.CallAsync(Delete, "/two-step/sms")) await stale.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");

        await world.Browser.SignOutAsync();
        var sent = await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email), [], "/signin/send");
        (await world.Browser.SubmitAsync(sent, [("code", await world.Server.TextedCodeAsync(world.Tenant))], "/signin/code")).ShouldBe(HttpStatusCode.OK, "Your account");
        await AccountApiTests.RefuseAsync(world, Delete, $"/phones/{phone}", null, HttpStatusCode.Conflict, "phone_in_use");
        await world.JsonlessAsync(Delete, "/two-step/sms", null, HttpStatusCode.NoContent);
        (await world.JsonAsync(Get, "/two-step")).GetProperty("methods").GetArrayLength().ShouldBe(0, "recovery codes stand in for nothing");
        (await world.MailsAsync()).Where(m => m.StartsWith("second", StringComparison.Ordinal)).ShouldBe(["second_step_removed", "second_step_added"]);
        (await world.AuditAsync("second_step.removed")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lets_nobody_do_without_where_the_tenant_requires_a_second_step()
    {
        using var world = await OpenAsync();
        var phone = await AddAsync(world);
        var page = await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/two-step/sms"), [("phone", phone)], "/two-step/sms");
        (await world.Browser.SubmitAsync(page, [("phone", phone), ("code", await world.Server.TextedCodeAsync(world.Tenant))], "/sms/verify")).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        using (var admin = await world.Server.AdminAsync())
            await (await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { second_factor = "required" } })).ReadJsonAsync(HttpStatusCode.OK);
        await AccountApiTests.RefuseAsync(world, Delete, "/two-step/sms", null, HttpStatusCode.Conflict, "two_step_required");
    }

    [Fact]
    public async Task Gives_out_numbers_roles_and_more_with_her_data()
    {
        using var world = await OpenAsync();
        await AddAsync(world);
        await world.JsonAsync(Post, "/phones", new { number = Other }, HttpStatusCode.Accepted);
        await world.JsonAsync(Post, "/emails", new { address = "more@example.com" }, HttpStatusCode.Accepted);
        using (var admin = await world.Server.AdminAsync(world.Tenant)) (await admin.PutAsync($"api/v1/users/{world.UserId}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var data = await world.JsonAsync(Get, "/data");
        data.GetProperty("phones")[0].GetProperty("number").GetString().ShouldBe(Number);
        data.GetProperty("pending_phones")[0].GetProperty("number").GetString().ShouldBe(Other);
        data.GetProperty("pending_emails")[0].GetProperty("address").GetString().ShouldBe("more@example.com");
        data.GetProperty("roles")[0].GetProperty("role").GetString().ShouldBe("administrator");
        data.GetProperty("password_changed_at").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.MinValue);
        data.GetProperty("terms").GetArrayLength().ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Shows_the_pages_for_numbers_and_for_text_messages_as_a_second_step(TestDatabase database)
    {
        using var world = await OpenAsync(database);
        (await world.Browser.GetAsync("account")).ShouldBe(HttpStatusCode.OK, "Phone numbers").Text.ShouldContain("No phone number yet");
        var page = (await world.Browser.GetAsync("account/phones")).ShouldBe(HttpStatusCode.OK, "No phone number yet");
        (await world.Browser.SubmitAsync(page, [("number", "12")], "/phones/add")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This is no phone number");
        page = (await world.Browser.SubmitAsync(page, [("number", Number)], "/phones/add")).ShouldBe(HttpStatusCode.OK, "Confirm your number");
        var pending = OwnPagesTests.IdOn(page, "pending", "pph");
        (await world.Browser.SubmitAsync(page, [("pending", pending), ("code", "1")], "/phones/verify")).ShouldBe(HttpStatusCode.UnprocessableEntity, "The code is wrong");
        page = await world.Browser.SubmitAsync(page, [("pending", pending), ("code", await world.Server.TextedCodeAsync(world.Tenant))], "/phones/verify");
        page.ShouldBe(HttpStatusCode.OK, "The number is yours").Text.ShouldContain(Number);

        (await world.Browser.GetAsync("account/two-step")).ShouldBe(HttpStatusCode.OK, "Codes by text message");
        page = await world.Browser.GetAsync("account/two-step/sms");
        var phone = OwnPagesTests.IdOn(page, "phone", "phn");
        page = (await world.Browser.SubmitAsync(page, [("phone", phone)], "/two-step/sms")).ShouldBe(HttpStatusCode.OK, "Code sent to");
        (await world.Browser.SubmitAsync(page, [("phone", phone), ("code", "1")], "/sms/verify")).ShouldBe(HttpStatusCode.UnprocessableEntity, "The code is wrong");
        page = await world.Browser.SubmitAsync(page, [("phone", phone), ("code", await world.Server.TextedCodeAsync(world.Tenant))], "/sms/verify");
        TwoStepWorld.CodesOf(page.ShouldBe(HttpStatusCode.OK, "Your recovery codes")).Count.ShouldBe(10);
        page = (await world.Browser.GetAsync("account/two-step")).ShouldBe(HttpStatusCode.OK, "Codes go to");
        (await world.Browser.GetAsync("account/phones")).Html.ShouldContain("/phones/add", customMessage: "the session has both steps: fresh still");
        // A code app beside it keeps the recovery codes she has; without the messages it stays.
        var app = await world.Browser.GetAsync("account/two-step/app");
        await world.Browser.SubmitAsync(app, [("code", TwoStepWorld.CodeOf(TwoStepWorld.KeyOf(app), world.Server))], "two-step/app");
        page = await world.Browser.GetAsync("account/two-step");
        (await world.Browser.SubmitAsync(page, [], "/sms/remove")).ShouldBe(HttpStatusCode.OK, "No more codes are sent");
        (await world.JsonAsync(Get, "/two-step")).GetProperty("methods").EnumerateArray().Select(m => m.GetProperty("name").GetString()).ShouldBe(["totp", "recovery_code"]);
        (await world.Browser.GetAsync("account/phones?lang=fa")).ShouldBe(HttpStatusCode.OK, "شماره‌های تلفن").Html.ShouldContain("dir=\"rtl\"");
    }

    [Fact]
    public async Task Keeps_the_pages_quiet_where_no_text_messages_are_sent_and_asks_for_a_fresh_proof()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        using var quiet = await SignInWorld.OpenAsync(server);
        await quiet.Browser.SignInAsync(SignInWorld.Email);
        (await quiet.Browser.GetAsync("account")).Html.ShouldNotContain("/account/phones");
        (await quiet.Browser.GetAsync("account/phones")).ShouldBe(HttpStatusCode.OK, "This service sends no text messages").Html.ShouldNotContain("/phones/add");
        using var world = await SignInWorld.OpenAsync(server, Settings);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var page = await world.Browser.GetAsync("account/phones");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await world.Browser.GetAsync("account/phones")).ShouldBe(HttpStatusCode.OK, "Confirm that it is you").Html.ShouldNotContain("/phones/add");
        (await world.Browser.SubmitAsync(page, [("number", Number)], "/phones/add")).ShouldBe(HttpStatusCode.OK, "Sign in");
        (await server.TextsAsync(world.Tenant)).ShouldBeEmpty();
        foreach (var (method, path) in new[] { (Post, "/phones"), (Post, "/phones/x/primary"), (Delete, "/phones/x"), (Post, "/two-step/sms"), (Post, "/two-step/sms/verify"), (Delete, "/two-step/sms") })
            await AccountApiTests.RefuseAsync(world, method, path, method == Post && !path.EndsWith("primary", StringComparison.Ordinal) ? new { } : null, HttpStatusCode.Unauthorized, "fresh_proof_required");
    }
}
