using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Account.Api;

public sealed class EmailsApiTests
{
    private static readonly HttpMethod Get = HttpMethod.Get, Post = HttpMethod.Post, Delete = HttpMethod.Delete;

    [Theory, BothDatabases]
    public async Task Adds_an_address_by_its_code_makes_it_primary_and_removes_the_old_one(TestDatabase database)
    {
        using var world = await AccountApiTests.SignedInAsync(database);
        const string added = "ann.new@example.com";
        var pending = await world.JsonAsync(Post, "/emails", new { address = added }, HttpStatusCode.Accepted);
        var id = pending.Id();
        var path = $"/emails/pending/{id}/verify";
        (await world.JsonAsync(Get, "/emails")).GetProperty("pending").GetArrayLength().ShouldBe(1);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
            (await (await admin.GetAsync($"api/v1/users/{world.UserId}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails").GetArrayLength().ShouldBe(1, "nothing is hers before it is proved");
        var code = await CodeAsync(world, added);
        await AccountApiTests.RefuseAsync(world, Post, path, new { code = code == "00000000" ? "00000001" : "00000000" }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        var after = await world.JsonAsync(Post, path, new { code = $" {code[..4]}-{code[4..]} " });
        after.GetProperty("items").GetArrayLength().ShouldBe(2);
        after.GetProperty("pending").GetArrayLength().ShouldBe(0);
        await AccountApiTests.RefuseAsync(world, Post, path, new { code }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        (await world.MailsAsync()).ShouldBe(["email_added"]);

        var (old, fresh) = (after.GetProperty("items")[0].Id(), after.GetProperty("items")[1].Id());
        await AccountApiTests.RefuseAsync(world, Delete, $"/emails/{old}", null, HttpStatusCode.Conflict, "email_primary");
        (await world.JsonAsync(Post, $"/emails/{fresh}/primary")).GetProperty("items")[1].GetProperty("primary").GetBoolean().ShouldBeTrue();
        (await world.JsonAsync(Delete, $"/emails/{old}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await AccountApiTests.RefuseAsync(world, Delete, $"/emails/{old}", null, HttpStatusCode.NotFound, "email_not_found");
        // The old address hears of both, whatever the new one is.
        (await world.MailsAsync()).ShouldBe(["email_removed", "primary_email_changed", "email_added"]);
        (await world.AuditAsync("user.email_added")).Count.ShouldBe(2, "one wrong code, one right");
        using var other = world.AnotherBrowser();
        (await other.SignInAsync(added)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Keeps_the_last_confirmed_address_and_makes_no_unconfirmed_one_primary()
    {
        using var world = await AccountApiTests.SignedInAsync();
        using var admin = await world.Server.AdminAsync(world.Tenant);
        using var response = await admin.PostAsync("api/v1/users", AccountApiTests.JsonContent("""{"emails":["bea@example.com","bea.two@example.com"],"password":"an unlikely sequence of words"}"""));
        var bea = (await response.ReadJsonAsync(HttpStatusCode.Created)).Id();
        var emails = (await (await admin.GetAsync($"api/v1/users/{bea}")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails");
        var (first, second) = (emails[0].Id(), emails[1].Id());
        await (await admin.PostAsync($"api/v1/users/{bea}/emails/{second}/verify", null)).ReadJsonAsync(HttpStatusCode.OK);
        await world.Browser.SignOutAsync();
        await world.Browser.SignInAsync("bea@example.com");
        await AccountApiTests.RefuseAsync(world, Delete, $"/emails/{second}", null, HttpStatusCode.Conflict, "email_last_verified");
        await world.JsonAsync(Post, $"/emails/{second}/primary");
        await AccountApiTests.RefuseAsync(world, Post, $"/emails/{first}/primary", null, HttpStatusCode.Conflict, "email_not_verified");
        await world.JsonAsync(Delete, $"/emails/{first}");
    }

    [Theory, BothDatabases]
    public async Task Tells_nobody_whose_an_address_is(TestDatabase database)
    {
        using var world = await AccountApiTests.SignedInAsync(database);
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, "eve@example.com");
        var taken = await world.JsonAsync(Post, "/emails", new { address = "EVE@example.com" }, HttpStatusCode.Accepted);
        var free = await world.JsonAsync(Post, "/emails", new { address = "free@example.com" }, HttpStatusCode.Accepted);
        taken.EnumerateObject().Select(p => p.Name).ShouldBe(free.EnumerateObject().Select(p => p.Name));
        (await world.MailsAsync("eve@example.com")).ShouldBe(["email_in_use"]);
        (await world.MailsAsync("free@example.com")).ShouldBe(["confirm_email"]);
        await AccountApiTests.RefuseAsync(world, Post, $"/emails/pending/{taken.Id()}/verify", new { code = "12345678" }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await AccountApiTests.RefuseAsync(world, Post, $"/emails/pending/{free.Id()}/verify", new { code = "12345678" }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await AccountApiTests.RefuseAsync(world, Post, "/emails", new { address = SignInWorld.Email.ToUpperInvariant() }, HttpStatusCode.Conflict, "email_yours");
        await AccountApiTests.RefuseAsync(world, Post, "/emails", new { address = "nonsense" }, HttpStatusCode.UnprocessableEntity, "email_invalid");
        await AccountApiTests.RefuseAsync(world, Post, "/emails", new { mail = "x@example.com" }, HttpStatusCode.BadRequest, "body_invalid");
        (await world.JsonAsync(Get, "/activity")).ToString().ShouldNotContain("in_use");
    }

    [Theory, BothDatabases]
    public async Task Survives_five_wrong_codes_and_one_right_one_of_many_at_once(TestDatabase database)
    {
        using var world = await AccountApiTests.SignedInAsync(database);
        var id = (await world.JsonAsync(Post, "/emails", new { address = "one@example.com" }, HttpStatusCode.Accepted)).Id();
        var code = await CodeAsync(world, "one@example.com");
        var wrong = code == "00000000" ? "00000001" : "00000000";
        for (var i = 0; i < 5; i++) await AccountApiTests.RefuseAsync(world, Post, $"/emails/pending/{id}/verify", new { code = wrong }, HttpStatusCode.UnprocessableEntity, "code_wrong");
        await AccountApiTests.RefuseAsync(world, Post, $"/emails/pending/{id}/verify", new { code }, HttpStatusCode.UnprocessableEntity, "code_wrong");

        id = (await world.JsonAsync(Post, "/emails", new { address = "two@example.com" }, HttpStatusCode.Accepted)).Id();
        code = await CodeAsync(world, "two@example.com");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => world.CallAsync(Post, $"/emails/pending/{id}/verify", new { code })));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await world.MailsAsync()).Count(m => m == "email_added").ShouldBe(1);
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task Limits_how_many_messages_one_person_asks_for()
    {
        using var world = await AccountApiTests.SignedInAsync();
        for (var i = 0; i < 10; i++) await world.JsonAsync(Post, "/emails", new { address = $"many{i}@example.com" }, HttpStatusCode.Accepted);
        using var refused = await world.CallAsync(Post, "/emails", new { address = "many10@example.com" });
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "emails_too_often");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await world.JsonAsync(Get, "/emails")).GetProperty("pending").GetArrayLength().ShouldBe(5, "no more wait than can be kept in mind");
    }

    [Fact]
    public async Task Repeats_an_answer_to_the_same_key_and_sends_one_message()
    {
        using var world = await AccountApiTests.SignedInAsync();
        string? first = null;
        for (var i = 0; i < 2; i++)
        {
            using var response = await world.CallAsync(Post, "/emails", new { address = "key@example.com" }, ("Idempotency-Key", "k1"));
            var id = (await response.ReadJsonAsync(HttpStatusCode.Accepted)).Id();
            (first ??= id).ShouldBe(id);
        }
        (await world.MailsAsync("key@example.com")).Count.ShouldBe(1);
    }

    internal static async Task<string> CodeAsync(SignInWorld world, string to)
    {
        var mail = (await Mailbox.ReadAsync(world.Server, world.Tenant, to)).First(m => m.Template == "confirm_email");
        return System.Text.RegularExpressions.Regex.Match(mail.Text, @"\b(\d{4}) (\d{4})\b") is { Success: true } match ? match.Groups[1].Value + match.Groups[2].Value : throw new Xunit.Sdk.XunitException(mail.Text);
    }
}
