using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Account;

public sealed class TwoStepTests
{
    [Theory, BothDatabases]
    public async Task Sets_up_a_code_app_and_shows_recovery_codes_once(TestDatabase database)
    {
        using var world = await SignInWorld.OpenAsync(database);
        (await world.Browser.SignInAsync(SignInWorld.Email, path: "account/two-step")).ShouldBe(HttpStatusCode.OK, "Off");
        var page = await world.Browser.GetAsync("account/two-step/app");
        page.Html.ShouldContain("account/two-step/app/qr.svg");
        var key = TwoStepWorld.KeyOf(page);
        key.Length.ShouldBe(20);
        TwoStepWorld.KeyOf(await world.Browser.GetAsync("account/two-step/app")).ShouldBe(key, "a reload shows the same key");
        using (var image = await world.Browser.Http.GetAsync("account/two-step/app/qr.svg"))
        {
            image.StatusCode.ShouldBe(HttpStatusCode.OK);
            image.Headers.CacheControl!.NoStore.ShouldBeTrue();
            (await image.Content.ReadAsStringAsync()).ShouldNotContain("style");
        }
        (await world.Browser.SubmitAsync(page, [("code", "000000")])).ShouldBe(HttpStatusCode.UnprocessableEntity, "This code is wrong");
        (await world.Browser.GetAsync("account/two-step")).ShouldBe(HttpStatusCode.OK, "Off");

        var done = await world.Browser.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(key, world.Server))]);
        done.ShouldBe(HttpStatusCode.OK, "Two-step sign-in is on");
        var codes = TwoStepWorld.CodesOf(done);
        codes.Distinct().Count().ShouldBe(10);
        using (var file = await world.Browser.SendAsync(done, [], "codes/file"))
        {
            file.Content.Headers.ContentDisposition!.FileName.ShouldBe("recovery-codes.txt");
            var text = await file.Content.ReadAsStringAsync();
            foreach (var code in codes) text.ShouldContain(code);
        }
        using (var forged = await world.Browser.SendAsync(done, [("codes", codes[0] + " <script>")], "codes/file")) forged.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await world.Browser.GetAsync("account/two-step")).ShouldBe(HttpStatusCode.OK, "10 codes are left.").Html.ShouldNotContain(codes[0]);
        (await world.MailsAsync()).ShouldBe(["second_step_added"]);
        (await world.AuditAsync("second_step.added")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_for_a_fresh_proof_by_both_steps()
    {
        await using var world = await TwoStepWorld.OpenAsync(fresh: true);
        await world.Browser.SubmitAsync(await world.PasswordAsync(), [("code", world.Code())]);
        string[] paths = ["account/two-step/app", "account/two-step/codes", "account/two-step/remove"];
        foreach (var path in paths) (await world.Browser.GetAsync(path)).Address.AbsolutePath.ShouldEndWith(path);
        // A new password is no second step: it makes nothing fresh and takes nothing from the session.
        world.Advance(TimeSpan.FromMinutes(4));
        var changed = await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/password"), [("current", PageBrowser.Password), ("new", "quite another sequence of words")]);
        changed.Status.ShouldBe(HttpStatusCode.OK);
        (await world.MethodsAsync()).ShouldBe(["pwd", "otp", "mfa"]);
        world.Advance(TimeSpan.FromMinutes(2));
        foreach (var path in (string[])[.. paths, "account/password"]) (await world.Browser.GetAsync(path)).Address.AbsolutePath.ShouldEndWith("/signin");
        using (var image = await world.Browser.Http.GetAsync("account/two-step/app/qr.svg")) image.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await world.Browser.GetAsync("account/two-step")).ShouldBe(HttpStatusCode.OK, "On since");

        var step = await world.Browser.SignInAsync(SignInWorld.Email, "quite another sequence of words", "account/two-step/remove");
        (await world.Browser.SubmitAsync(step, [("code", world.Code())])).ShouldBe(HttpStatusCode.OK, "Turn off two-step sign-in?").Address.AbsolutePath.ShouldEndWith("/account/two-step/remove");
    }

    [Theory, BothDatabases]
    public async Task Turns_it_off_and_tells_her(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await world.Browser.SubmitAsync(await world.PasswordAsync(), [("code", world.Code())]);
        (await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/two-step/remove"), [])).ShouldBe(HttpStatusCode.OK, "Two-step sign-in is off");
        (await world.MailsAsync()).ShouldContain("second_step_removed");
        (await world.AuditAsync("second_step.removed")).Count.ShouldBe(1);
        using var other = world.AnotherBrowser();
        (await other.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task Makes_new_recovery_codes_in_place_of_the_old(TestDatabase database)
    {
        await using var world = await TwoStepWorld.OpenAsync(database);
        await world.Browser.SubmitAsync(await world.PasswordAsync(), [("code", world.Code())]);
        var renewed = TwoStepWorld.CodesOf(await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/two-step/codes"), []));
        renewed.Count.ShouldBe(10);
        renewed.Intersect(world.Codes).ShouldBeEmpty();
        using var other = world.AnotherBrowser();
        var step = await TwoStepWorld.PasswordAsync(other);
        var recovery = await other.GetAsync($"signin/code{step.Address.Query}&way=recovery_code");
        (await other.SubmitAsync(recovery, [("code", world.Codes[0])])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await other.SubmitAsync(recovery, [("code", renewed[0])])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Keeps_it_where_the_tenant_requires_it_but_lets_her_change_the_telephone()
    {
        await using var world = await TwoStepWorld.OpenAsync(settings: new { sign_in = new { second_factor = "optional" } });
        await world.RequireAsync();
        await world.Browser.SubmitAsync(await world.PasswordAsync(), [("code", world.Code())]);
        (await world.Browser.GetAsync("account/two-step/remove")).Address.AbsolutePath.ShouldEndWith("/account/two-step");
        var page = await world.Browser.GetAsync("account/two-step/app");
        var key = TwoStepWorld.KeyOf(page);
        key.ShouldNotBe(world.Key);
        (await world.Browser.SubmitAsync(page, [("code", TwoStepWorld.CodeOf(key, world.Server))])).ShouldBe(HttpStatusCode.OK, "Your recovery codes");
        using var other = world.AnotherBrowser();
        var step = await TwoStepWorld.PasswordAsync(other);
        (await other.SubmitAsync(step, [("code", world.Code(1))])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "the old telephone");
        (await other.SubmitAsync(step, [("code", TwoStepWorld.CodeOf(key, world.Server, 1))])).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Gives_recovery_codes_to_nobody_without_a_second_step()
    {
        using var world = await SignInWorld.OpenAsync();
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await world.Browser.SubmitAsync(await world.Browser.GetAsync("account/two-step/codes"), [])).Address.AbsolutePath.ShouldEndWith("/account/two-step");
    }
}
