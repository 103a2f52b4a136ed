using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Testing;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

/// <summary>The delayed way back in for who has lost every second step.</summary>
public sealed class RecoveryTests
{
    private const string Fresh = "quite another sequence of words", Dead = "This link no longer works";

    [Theory, BothDatabases]
    public async Task Takes_its_time_tells_every_address_and_removes_what_was_lost(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        using var signedIn = world.World.AnotherBrowser();
        await signedIn.SubmitAsync(await TwoStepWorld.PasswordAsync(signedIn), [("code", world.World.Code())]);
        (await signedIn.IsSignedInAsync()).ShouldBeTrue();

        // Asked for, and nothing has happened yet: the mailbox has to say yes. Looking at its link changes nothing.
        var link = await world.RequestAsync();
        using (var scanner = world.World.AnotherBrowser()) (await scanner.GetAsync(link)).ShouldBe(HttpStatusCode.OK, "Start the recovery?");
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        (await world.UseAsync(link)).ShouldBe(HttpStatusCode.OK, "The recovery is under way");
        (await world.MailsAsync()).ShouldBe(["recovery_pending", "recovery_confirm"]);
        (await world.MailsAsync(RecoveryWorld.Second)).ShouldBe(["recovery_pending"]);
        (await signedIn.GetAsync("account")).ShouldBe(HttpStatusCode.OK, "A recovery of your account is under way");

        await world.PassAsync(RecoveryWorld.Delay / 2 - TimeSpan.FromMinutes(5));
        (await world.MailsAsync(RecoveryWorld.Second)).Count.ShouldBe(1);
        await world.PassAsync(TimeSpan.FromMinutes(6));
        (await world.MailsAsync(RecoveryWorld.Second)).Count.ShouldBe(2);
        (await world.MailsAsync()).ShouldNotContain("recovery_ready");
        await world.ShouldBeAsBeforeAsync();

        await world.PassAsync(RecoveryWorld.Delay / 2);
        (await world.MailsAsync()).Count(m => m == "recovery_ready").ShouldBe(1);
        (await world.MailsAsync(RecoveryWorld.Second)).ShouldBe(["recovery_pending", "recovery_pending", "recovery_pending"]);
        var complete = await world.LinkAsync("recovery_ready");
        using (var scanner = world.World.AnotherBrowser()) (await scanner.GetAsync(complete)).ShouldBe(HttpStatusCode.OK, "Complete the recovery?");
        await world.ShouldBeAsBeforeAsync();

        (await world.UseAsync(complete)).ShouldBe(HttpStatusCode.OK, "Your account is recovered");
        (await signedIn.IsSignedInAsync()).ShouldBeFalse("every session ends");
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse("the link is no way in");
        (await world.Browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");
        foreach (var to in new[] { SignInWorld.Email, RecoveryWorld.Second }) (await world.MailsAsync(to))[0].ShouldBe("recovery_completed");
        foreach (var used in new[] { link, complete }) (await world.Browser.GetAsync(used)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        foreach (var action in new[] { "recovery.requested", "recovery.started", "recovery.completed" }) (await world.AuditAsync(action)).Count.ShouldBe(1, action);
    }

    [Theory, BothDatabases]
    public async Task Ends_by_the_link_of_any_notice(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        var complete = await world.ReadyAsync();
        var cancel = await world.LinkAsync("recovery_pending", RecoveryWorld.Second);
        using var reader = world.World.AnotherBrowser();
        var page = (await reader.GetAsync(cancel)).ShouldBe(HttpStatusCode.OK, "Cancel the recovery?");
        (await world.IsUnderWayAsync()).ShouldBeTrue("looking changes nothing");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => reader.SendAsync(page, [])));
        answers.Count(a => a.StatusCode == HttpStatusCode.SeeOther).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.BadRequest).ShouldBe(7);
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        foreach (var dead in new[] { complete, cancel }) (await reader.GetAsync(dead)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await world.MailsAsync())[0].ShouldBe("recovery_cancelled");
        (await world.AuditAsync("recovery.cancelled")).ShouldBe(["link"]);
        await world.ShouldBeAsBeforeAsync();
    }

    [Theory, BothDatabases]
    public async Task Ends_when_she_signs_in_with_what_was_thought_lost(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        await world.StartAsync();
        var step = await world.World.PasswordAsync();
        (await world.Browser.SubmitAsync(step, [("code", world.World.WrongCode())])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.IsUnderWayAsync()).ShouldBeTrue("half a sign-in is none");
        (await world.Browser.SubmitAsync(step, [("code", world.World.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        await world.Browser.SignOutAsync();

        // By a recovery code too; and she may stop it from her account.
        await world.StartAsync();
        step = await world.World.PasswordAsync();
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin/code" + step.Address.Query + "&way=recovery_code"), [("code", world.World.Codes[0])]);
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        (await world.AuditAsync("recovery.cancelled")).ShouldBe(["signed_in", "signed_in"]);
        await world.PassAsync(RecoveryWorld.Delay);
        (await world.MailsAsync()).ShouldNotContain("recovery_ready");
    }

    [Fact]
    public async Task Is_stopped_from_her_account()
    {
        await using var world = await RecoveryWorld.OpenAsync();
        await world.Browser.SubmitAsync(await world.World.PasswordAsync(), [("code", world.World.Code())]);
        using var other = world.World.AnotherBrowser();
        (await other.SubmitAsync(await world.LostAsync(other), [])).ShouldBe(HttpStatusCode.OK, "Check your mail");
        await world.UseAsync(await world.LinkAsync("recovery_confirm"));
        var page = (await world.Browser.GetAsync("account")).ShouldBe(HttpStatusCode.OK, "A recovery of your account is under way");
        (await world.Browser.SubmitAsync(page, [], "recovery/cancel")).ShouldBe(HttpStatusCode.OK, "The recovery is cancelled");
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        (await world.AuditAsync("recovery.cancelled")).ShouldBe(["account"]);
    }

    [Theory, BothDatabases]
    public async Task The_mailbox_alone_is_never_enough(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        // A stranger who reads her mail: a code by mail, or a new password by mail, and the questions that follow.
        using var thief = world.World.AnotherBrowser();
        var page = await thief.SubmitAsync(await thief.GetAsync("signin"), [("email", SignInWorld.Email)]);
        page = await thief.SubmitAsync(page, [], "/signin/send");
        var digits = System.Text.RegularExpressions.Regex.Match((await Mailbox.ReadAsync(world.Server, world.Tenant, SignInWorld.Email)).First(m => m.Template == "sign_in_code").Text, @"^\d{6}\r?$", System.Text.RegularExpressions.RegexOptions.Multiline).Value.Trim();
        page = (await thief.SubmitAsync(page, [("code", digits)], "/signin/email")).ShouldBe(HttpStatusCode.OK, "I have none of these");
        page = (await thief.GetAsync("signin/recover" + page.Address.Query)).ShouldBe(HttpStatusCode.OK, "Ask them and start");
        page.Text.ShouldContain("You know your password?");
        (await thief.SubmitAsync(page, [])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "nothing else is proved");
        (await thief.SubmitAsync(page, [("code", "123456")])).Text.ShouldContain("Ask them and start");
        (await world.MailsAsync()).ShouldBeEmpty();
        (await thief.SubmitAsync(page, [("way", "administrator")])).ShouldBe(HttpStatusCode.OK, "Check your mail");
        (await world.UseAsync(await world.LinkAsync("recovery_confirm"))).ShouldBe(HttpStatusCode.OK, "have to agree first");
        await world.PassAsync(RecoveryWorld.Delay + TimeSpan.FromDays(1));
        (await world.MailsAsync()).ShouldNotContain("recovery_ready");
        (await world.MailsAsync(RecoveryWorld.Second)).Count.ShouldBe(2);

        // An administrator says yes; only then is it ready, and it has its week from there.
        using var admin = await world.Server.AdminAsync(world.Tenant);
        var listed = (await (await admin.GetAsync("api/v1/recoveries")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (listed.GetProperty("proof").GetString(), listed.GetProperty("needs_approval").GetBoolean()).ShouldBe(("none", true));
        var approved = await (await admin.PostAsync($"api/v1/recoveries/{listed.Id()}/approve", null)).ReadJsonAsync(HttpStatusCode.OK);
        (approved.GetProperty("expires_at").GetDateTimeOffset() - world.Server.Clock.GetUtcNow()).TotalDays.ShouldBeInRange(6.99, 7);
        await world.PassAsync(TimeSpan.Zero);
        (await world.UseAsync(await world.LinkAsync("recovery_ready"))).ShouldBe(HttpStatusCode.OK, "Your account is recovered");
    }

    [Theory, BothDatabases]
    public async Task A_password_that_came_by_the_mailbox_does_not_count_until_it_stood_beside_a_second_step(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        await world.World.ResetAsync(Fresh);
        (await world.LostAsync(password: Fresh)).ShouldBe(HttpStatusCode.OK, "Ask them and start");
        // Nor does waiting make it hers.
        world.World.Advance(RecoveryWorld.Delay * 2);
        var page = (await world.LostAsync(password: Fresh)).ShouldBe(HttpStatusCode.OK, "Ask them and start");
        page.Text.ShouldNotContain("You know your password?");
        (await world.Browser.SubmitAsync(page, [])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.MailsAsync()).ShouldBeEmpty();
        // She signs in with both: now it is hers.
        await world.Browser.SubmitAsync(await world.Browser.SignInAsync(SignInWorld.Email, Fresh), [("code", world.World.Code())]);
        await world.Browser.SignOutAsync();
        (await world.LostAsync(password: Fresh)).Text.ShouldNotContain("Ask them and start");
    }

    [Fact]
    public async Task A_password_younger_than_the_delay_does_not_count()
    {
        await using var world = await RecoveryWorld.OpenAsync(aged: false);
        (await world.LostAsync()).ShouldBe(HttpStatusCode.OK, "Ask them and start");
        world.World.Advance(RecoveryWorld.Delay);
        (await world.LostAsync()).Text.ShouldNotContain("Ask them and start");
    }

    [Theory, BothDatabases]
    public async Task A_telephone_that_is_not_her_second_step_is_a_proof(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database, aged: false);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
            await (await admin.PostAsJsonAsync($"api/v1/users/{world.World.UserId}/phones", new { number = SmsWorld.Number, verified = true })).ReadJsonAsync(HttpStatusCode.Created);
        var page = await world.LostAsync();
        page = (await world.Browser.SubmitAsync(page, [], "recover/text")).ShouldBe(HttpStatusCode.OK, "Start the recovery");
        var code = await world.Server.TextedCodeAsync(world.Tenant);
        (await world.Browser.SubmitAsync(page, [("code", code == "000000" ? "000001" : "000000")], "/signin/recover?")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await world.AuditAsync("recovery.refused")).ShouldBe(["wrong_code"]);
        // Good in this sign-in only.
        using var other = world.World.AnotherBrowser();
        var elsewhere = await world.LostAsync(other);
        elsewhere = await other.SubmitAsync(elsewhere, [], "recover/text");
        (await other.SubmitAsync(elsewhere, [("code", code)], "/signin/recover?")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        (await world.Browser.SubmitAsync(page, [("code", code)], "/signin/recover?")).ShouldBe(HttpStatusCode.OK, "Check your mail");
        (await world.UseAsync(await world.LinkAsync("recovery_confirm"))).Text.ShouldNotContain("have to agree");
        (await world.Server.TextsAsync(world.Tenant))[0].ShouldContain("has begun");
    }

    [Theory, BothDatabases]
    public async Task One_at_a_time_and_each_thing_once(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        var link = await world.RequestAsync();
        async Task<int> WonAsync(string at)
        {
            var form = await world.Browser.GetAsync(at);
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => world.Browser.SendAsync(form, [])));
            answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.SeeOther || a.StatusCode == HttpStatusCode.BadRequest);
            return answers.Count(a => a.StatusCode == HttpStatusCode.SeeOther);
        }
        (await WonAsync(link)).ShouldBe(1);
        (await world.MailsAsync(RecoveryWorld.Second)).Count.ShouldBe(1);
        // A second one while it is pending: she is told of the first.
        (await world.LostAsync()).ShouldBe(HttpStatusCode.OK, "The recovery is under way").Html.ShouldNotContain("recover/again");

        world.World.Advance(RecoveryWorld.Delay);
        // Any number of processes remind once.
        var reminders = world.Server.Services.GetRequiredService<RecoveryReminders>();
        for (var turn = 0; turn < 2; turn++) await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => reminders.RunAsync(default)));
        (await world.MailsAsync(RecoveryWorld.Second)).Count.ShouldBe(3);
        (await world.MailsAsync()).Count(m => m == "recovery_ready").ShouldBe(1);

        // The link once more, in place of the first.
        var first = await world.LinkAsync("recovery_ready");
        var waiting = await world.LostAsync();
        (await world.Browser.SubmitAsync(waiting, [], "recover/again")).ShouldBe(HttpStatusCode.OK, "Check your mail");
        (await world.Browser.GetAsync(first)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await WonAsync(await world.LinkAsync("recovery_ready"))).ShouldBe(1);
        (await world.AuditAsync("recovery.completed")).Count.ShouldBe(1);
        (await world.MailsAsync(RecoveryWorld.Second)).Count(m => m == "recovery_completed").ShouldBe(1);
    }
}
