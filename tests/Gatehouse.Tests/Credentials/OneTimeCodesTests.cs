using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Testing;
using Gatehouse.Tests.Messaging;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

public sealed class OneTimeCodesTests
{
    private static readonly RequestFacts From = new("192.0.2.7", "Test browser", "r1");
    private static readonly Guid Run = Guid.Parse("0197b1f0-0000-7000-8000-000000000001");
    private static readonly CodeBinding Ann = new(CodePurpose.EmailSignIn, Run, "ann@example.com");

    private static async Task<IssuedCode?> IssueAsync(TestServer server, TenantContext tenant, CodeBinding binding, UserId? user) =>
        await server.InAsync(tenant, tx => server.Services.GetRequiredService<OneTimeCodes>().IssueAsync(tx, tenant, binding, user, null, default));

    /// <summary>Types a code as a step does: counts, then redeems.</summary>
    private static async Task<UserId?> TypeAsync(TestServer server, TenantContext tenant, CodeBinding binding, string typed, UserId? user, byte[]? device = null)
    {
        var codes = server.Services.GetRequiredService<OneTimeCodes>();
        if (await codes.BeginAttemptAsync(tenant, binding, user, device, From, default) is not { } attempt) return null;
        return await server.InAsync(tenant, tx => codes.RedeemAsync(tx, attempt, typed, default));
    }

    private static string Wrong(string code) => code == "000000" ? "000001" : "000000";

    [Theory, BothDatabases]
    public async Task Are_good_once_where_they_were_asked_for_and_nowhere_else(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await People.ContextAsync(server, await server.NewTenantAsync()), await People.ContextAsync(server, await server.NewTenantAsync()));
        var user = UserId.New(server.Clock);
        var code = (await IssueAsync(server, tenant, Ann, user)).ShouldNotBeNull().Code;
        code.Length.ShouldBe(6);
        code.ShouldAllBe(c => char.IsAsciiDigit(c));
        // Each place has a code of its own, so that a wrong answer there is not for want of one.
        foreach (var elsewhere in new[] { Ann with { Purpose = CodePurpose.SmsSignIn }, Ann with { Run = Guid.NewGuid() }, Ann with { Subject = "eve@example.com" } })
        {
            var own = (await IssueAsync(server, tenant, elsewhere, user))!.Code;
            if (own != code) (await TypeAsync(server, tenant, elsewhere, code, user)).ShouldBeNull();
        }
        await IssueAsync(server, other, Ann, user);
        (await TypeAsync(server, other, Ann, code, user)).ShouldBeNull("another tenant's key");
        (await TypeAsync(server, tenant, Ann, $" {code[..3]}-{code[3..]} ", user)).ShouldBe(user);
        (await TypeAsync(server, tenant, Ann, code, user)).ShouldBeNull("used");
    }

    [Theory, BothDatabases]
    public async Task Of_64_that_type_one_code_at_once_one_is_right(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await People.ContextAsync(server, await server.NewTenantAsync(new { limits = new { failures_per_user = 1000, failures_per_ip = 10000 } }));
        var user = UserId.New(server.Clock);
        var code = (await IssueAsync(server, tenant, Ann, user))!.Code;
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => TypeAsync(server, tenant, Ann, code, user))));
        answers.Count(a => a == user).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task Survive_four_wrong_answers_and_no_fifth(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await People.ContextAsync(server, await server.NewTenantAsync());
        var user = UserId.New(server.Clock);
        var code = (await IssueAsync(server, tenant, Ann, user))!.Code;
        for (var i = 0; i < OneTimeCodes.MaxTries; i++) (await TypeAsync(server, tenant, Ann, Wrong(code), user)).ShouldBeNull();
        (await TypeAsync(server, tenant, Ann, code, user)).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Limit_guesses_over_all_runs_of_one_person_but_not_in_her_own_browser(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await People.ContextAsync(server, await server.NewTenantAsync());
        var user = UserId.New(server.Clock);
        for (var run = 0; run < 5; run++)
        {
            var binding = Ann with { Run = Guid.NewGuid() };
            var code = (await IssueAsync(server, tenant, binding, user))!.Code;
            for (var i = 0; i < 3; i++) await TypeAsync(server, tenant, binding, Wrong(code), user);
        }
        // Ten in ten minutes: even the right one in a new run is not looked at any more.
        var late = (await IssueAsync(server, tenant, Ann, user))!.Code;
        (await TypeAsync(server, tenant, Ann, late, user)).ShouldBeNull();
        var device = Secret.Hash("hers");
        await server.InAsync(tenant, async tx => { await server.Services.GetRequiredService<Passwords>().RememberDeviceAsync(tx, user, device, default); return true; });
        (await TypeAsync(server, tenant, Ann, late, user, device)).ShouldBe(user, "nobody can lock her out of her own browser");
    }

    [Theory, BothDatabases]
    public async Task Do_the_same_for_nobody_and_are_never_right(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await People.ContextAsync(server, await server.NewTenantAsync());
        var issued = (await IssueAsync(server, tenant, Ann, null)).ShouldNotBeNull();
        (await server.InAsync(tenant, tx => server.Services.GetRequiredService<OneTimeCodes>().FindAsync(tx, Ann, default))).ShouldNotBeNull();
        (await TypeAsync(server, tenant, Ann, issued.Code, null)).ShouldBeNull();
    }

    [Fact]
    public async Task Wait_between_two_and_end_after_ten_minutes()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        var tenant = await People.ContextAsync(server, await server.NewTenantAsync(new { sign_in = new { code_digits = 8 } }));
        var user = UserId.New(server.Clock);
        var first = (await IssueAsync(server, tenant, Ann, user))!.Code;
        first.Length.ShouldBe(8);
        (await IssueAsync(server, tenant, Ann, user)).ShouldBeNull();
        for (var i = 1; i < OneTimeCodes.MaxSent; i++)
        {
            server.Clock.Advance(OneTimeCodes.CoolDown);
            (await IssueAsync(server, tenant, Ann, user)).ShouldNotBeNull();
        }
        server.Clock.Advance(OneTimeCodes.CoolDown);
        (await IssueAsync(server, tenant, Ann, user)).ShouldBeNull("five in one run");
        (await TypeAsync(server, tenant, Ann, first, user)).ShouldBeNull("replaced");
        var other = Ann with { Run = Guid.NewGuid() };
        var last = (await IssueAsync(server, tenant, other, user))!.Code;
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        (await TypeAsync(server, tenant, other, last, user)).ShouldBeNull("ten minutes");
    }

    [Theory, BothDatabases]
    public async Task Prove_a_number_in_the_session_that_asked(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync(new { sms = new { allowed_countries = new[] { "DE" } } });
        using var admin = await server.AdminAsync(tenant);
        var ann = await admin.CreateUserAsync("ann@example.com");
        var (context, proofs, users) = (await People.ContextAsync(server, tenant), server.Services.GetRequiredService<PhoneProofs>(), server.Services.GetRequiredService<UserDirectory>());
        UserId.TryParse(ann.Id(), out var id).ShouldBeTrue();
        var user = (await server.InAsync(context, tx => users.FindAsync(tx, id, default)))!;
        var (number, session, another) = (PhoneNumber.Parse(SmsWorld.Number)!.Value, SessionId.New(server.Clock), SessionId.New(server.Clock));
        (await server.InAsync(context, tx => proofs.SendAsync(tx, context, user, session, number, "en", From, default))).ShouldBeTrue();
        (await server.InAsync(context, tx => proofs.SendAsync(tx, context, user, session, number, "en", From, default))).ShouldBeFalse("too soon");
        var code = await server.TextedCodeAsync(tenant);
        (await server.TextsAsync(tenant))[0].ShouldContain("confirm this number");
        Task<Problem?> ConfirmAsync(SessionId at, string typed) => proofs.ConfirmAsync(context, user, at, number, typed, null, From, _ => ValueTask.CompletedTask, default).AsTask();
        (await ConfirmAsync(another, code))!.Code.ShouldBe("code_wrong");
        (await ConfirmAsync(session, Wrong(code)))!.Code.ShouldBe("code_wrong");
        (await server.InAsync(context, tx => users.FindAsync(tx, id, default)))!.Phones.ShouldBeEmpty();
        (await ConfirmAsync(session, code)).ShouldBeNull();
        var phone = (await server.InAsync(context, tx => users.FindAsync(tx, id, default)))!.Phones.ShouldHaveSingleItem();
        phone.Verified.ShouldBeTrue();
        (await ConfirmAsync(session, code))!.Code.ShouldBe("code_wrong");

        // Chosen for the second step, the number stays until that is removed.
        var sms = server.Services.GetRequiredService<SmsAuthenticator>();
        (await server.InAsync(context, tx => sms.TryEnableAsync(tx, id, PhoneId.New(server.Clock), default))).ShouldBeFalse("not hers");
        (await server.InAsync(context, tx => sms.TryEnableAsync(tx, id, phone.Id, default))).ShouldBeTrue();
        using (var kept = await admin.DeleteAsync($"api/v1/users/{ann.Id()}/phones/{phone.Id}")) await kept.ShouldBeProblemAsync(HttpStatusCode.Conflict, "phone_in_use");
        using (var removed = await admin.DeleteAsync($"api/v1/users/{ann.Id()}/two-step")) removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var gone = await admin.DeleteAsync($"api/v1/users/{ann.Id()}/phones/{phone.Id}")) gone.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var unproved = await admin.PostAsJsonAsync($"api/v1/users/{ann.Id()}/phones", new { number = "+491701234568" });
        var next = (await server.InAsync(context, tx => users.FindAsync(tx, id, default)))!.Phones.ShouldHaveSingleItem();
        (await server.InAsync(context, tx => sms.TryEnableAsync(tx, id, next.Id, default))).ShouldBeFalse("unproved");
    }
}
