using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

/// <summary>What a recovery does not outlive, and whom it does not belong to.</summary>
public sealed class RecoveryEndingTests
{
    private const string Fresh = "quite another sequence of words", Dead = "This link no longer works";

    [Theory, BothDatabases]
    public async Task Links_die_with_their_time(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        var link = await world.RequestAsync();
        world.World.Advance(TimeSpan.FromMinutes(60));
        (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        await world.StartAsync();
        // Too early: not even a link that somebody had made before the time.
        var services = world.Server.Services;
        var (recoveries, links) = (services.GetRequiredService<Recoveries>(), services.GetRequiredService<OneTimeLinks>());
        var early = await world.Server.InAsync(world.Context, async tx =>
        {
            var recovery = (await recoveries.FindAsync(tx, world.User, default))!;
            return await links.IssueAsync(tx, LinkPurpose.CompleteRecovery, world.User, recovery.Email, recovery.Id.ToString(), TimeSpan.FromDays(30), default);
        });
        var path = $"{world.Tenant.Url}/signin/recover/complete?token={early}";
        await world.PassAsync(RecoveryWorld.Delay - TimeSpan.FromMinutes(1));
        (await world.Browser.GetAsync(path)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await world.Server.InAsync(world.Context, tx => services.GetRequiredService<RecoveryCompletion>().CompleteAsync(tx, world.Context, world.User, early, null, "en", Gatehouse.Http.RequestFacts.None, default))).ShouldBeFalse();
        await world.PassAsync(TimeSpan.FromMinutes(1));
        var complete = await world.LinkAsync("recovery_ready");
        (await world.Browser.GetAsync(complete)).Status.ShouldBe(HttpStatusCode.OK);
        world.World.Advance(TimeSpan.FromDays(7));
        (await world.Browser.GetAsync(complete)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        // And there is room for another.
        (await world.StartAsync()).ShouldBe(HttpStatusCode.OK, "The recovery is under way");
        await world.ShouldBeAsBeforeAsync();
    }

    [Theory, BothDatabases]
    public async Task Is_void_with_what_it_stood_on(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        // A token for as long as it is needed: days pass.
        async Task<HttpResponseMessage> PostAsync(string path)
        {
            using var admin = await world.Server.AdminAsync(world.Tenant);
            return (await admin.PostAsync(path, null)).EnsureSuccessStatusCode();
        }
        using var first = await world.Server.AdminAsync(world.Tenant);
        var user = $"api/v1/users/{world.World.UserId}";
        var emails = (await (await first.GetAsync(user)).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("emails").EnumerateArray().ToDictionary(e => e.Text("address")!, e => e.Id());

        // Another primary address, if only for a moment.
        var complete = await world.ReadyAsync();
        foreach (var address in new[] { RecoveryWorld.Second, SignInWorld.Email }) await PostAsync($"{user}/emails/{emails[address]}/primary");
        (await world.Browser.GetAsync(complete)).ShouldBe(HttpStatusCode.BadRequest, Dead);

        // Disabled, and enabled again.
        complete = await world.ReadyAsync();
        foreach (var change in new[] { "disable", "enable" }) await PostAsync($"{user}/{change}");
        (await world.Browser.GetAsync(complete)).ShouldBe(HttpStatusCode.BadRequest, Dead);

        // Turned off.
        complete = await world.ReadyAsync();
        using (var main = await world.Server.AdminAsync()) (await main.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { recovery_delay_hours = 0 } })).EnsureSuccessStatusCode();
        (await world.Browser.GetAsync(complete)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        using (var main = await world.Server.AdminAsync()) (await main.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { recovery_delay_hours = 48 } })).EnsureSuccessStatusCode();

        // Another password: also a link that would begin one is gone with it.
        await world.World.ResetAsync(Fresh);
        (await world.Browser.GetAsync(complete)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await world.AuditAsync("recovery.voided")).ShouldBe(["password_changed", "user_disabled", "address_changed"]);
        await world.ShouldBeAsBeforeAsync(Fresh);
    }

    [Theory, BothDatabases]
    public async Task Ends_where_the_tenant_turns_it_off_and_by_the_word_of_its_owner(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        async Task SetAsync(int hours)
        {
            using var main = await world.Server.AdminAsync();
            (await main.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { recovery_delay_hours = hours } })).EnsureSuccessStatusCode();
        }
        await world.StartAsync();
        await SetAsync(0);
        await world.PassAsync(TimeSpan.FromHours(25));
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        await SetAsync(48);

        await world.StartAsync();
        await world.UseAsync(await Mailbox.NotMeLinkAsync(world.Server, world.Tenant, SignInWorld.Email, "second_step_added"));
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        (await world.AuditAsync("recovery.voided")).ShouldBe(["disowned", "turned_off"]);
    }

    [Theory, BothDatabases]
    public async Task Ends_while_nobody_could_object(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        async Task ChangeAsync(string what)
        {
            using var main = await world.Server.AdminAsync();
            (await main.PostAsync($"api/v1/tenants/{world.Tenant.Id}/{what}", null)).EnsureSuccessStatusCode();
        }
        await world.StartAsync();
        await ChangeAsync("suspend");
        await world.PassAsync(TimeSpan.FromHours(25));
        await ChangeAsync("resume");
        (await world.IsUnderWayAsync()).ShouldBeFalse();
        (await world.AuditAsync("recovery.voided")).ShouldBe(["tenant_suspended"]);

        // Nor does one of a tenant that is gone stand in the way of others.
        await world.StartAsync();
        using (var main = await world.Server.AdminAsync()) (await main.DeleteAsync($"api/v1/tenants/{world.Tenant.Id}?without_export=true&reason=test&grace_days=0")).EnsureSuccessStatusCode();
        await world.PassAsync(TimeSpan.FromHours(25));
        (await world.IsUnderWayAsync()).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task A_password_of_which_nothing_is_written_down_is_no_proof_before_it_stood_beside_a_second_step(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        var services = world.Server.Services;
        var (recoveries, passwords) = (services.GetRequiredService<Recoveries>(), services.GetRequiredService<Passwords>());
        Task<bool> IsProofAsync() => world.Server.InAsync(world.Context, async tx => await recoveries.IsProofAsync(tx, world.Context, world.User, default));
        (await IsProofAsync()).ShouldBeTrue();
        // As an earlier version left it.
        await world.Server.InAsync(world.Context, async tx => await tx.ExecuteAsync("UPDATE passwords SET by_link = NULL WHERE tenant_id = @tenant AND user_id = @user", [("user", world.User)], default));
        (await IsProofAsync()).ShouldBeFalse();
        (await world.Browser.SubmitAsync(await world.World.PasswordAsync(), [("code", world.World.Code())])).ShouldBe(HttpStatusCode.OK, "Your account");
        (await IsProofAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_password_voids_the_link_that_would_begin_one()
    {
        await using var world = await RecoveryWorld.OpenAsync();
        var link = await world.RequestAsync();
        await world.World.ResetAsync(Fresh);
        (await world.Browser.GetAsync(link)).ShouldBe(HttpStatusCode.BadRequest, Dead);
    }

    [Fact]
    public async Task Is_asked_for_three_times_a_day()
    {
        await using var world = await RecoveryWorld.OpenAsync();
        for (var i = 0; i < 3; i++) await world.RequestAsync();
        (await world.Browser.SubmitAsync(await world.LostAsync(), [])).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await world.MailsAsync()).Count.ShouldBe(3);
        world.World.Advance(TimeSpan.FromDays(1));
        (await world.StartAsync()).ShouldBe(HttpStatusCode.OK, "The recovery is under way");
    }

    [Theory, BothDatabases]
    public async Task Belongs_to_its_tenant_and_to_her_sign_in(TestDatabase database)
    {
        await using var world = await RecoveryWorld.OpenAsync(database);
        using var other = await SignInWorld.OpenAsync(world.Server, RecoveryWorld.Settings());
        var confirm = await world.RequestAsync();
        (await other.Browser.GetAsync("signin/recover/confirm" + new Uri(confirm).Query)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        await world.UseAsync(confirm);
        await world.PassAsync(RecoveryWorld.Delay);
        var (complete, cancel) = (await world.LinkAsync("recovery_ready"), await world.LinkAsync("recovery_pending", RecoveryWorld.Second));
        (await other.Browser.GetAsync("signin/recover/complete" + new Uri(complete).Query)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await other.Browser.GetAsync("signin/recover/cancel" + new Uri(cancel).Query)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        // Nor is a link of one purpose one of another.
        foreach (var wrong in new[] { "confirm", "cancel" }) (await world.Browser.GetAsync($"signin/recover/{wrong}" + new Uri(complete).Query)).ShouldBe(HttpStatusCode.BadRequest, Dead);
        (await world.Browser.GetAsync("signin/recover?token=" + new Uri(complete).Query[7..])).ShouldBe(HttpStatusCode.BadRequest, Dead);

        // Without a first proof, or in another browser, the page is not there.
        using var stranger = world.World.AnotherBrowser();
        var step = await stranger.SubmitAsync(await stranger.GetAsync("signin"), [("email", SignInWorld.Email)]);
        (await stranger.GetAsync("signin/recover" + step.Address.Query)).ShouldBe(HttpStatusCode.OK, "Enter your password");
        var hers = await world.LostAsync();
        (await stranger.GetAsync("signin/recover" + hers.Address.Query)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await stranger.GetAsync("signin/recover")).Status.ShouldBe(HttpStatusCode.BadRequest);
        // Who has no second step has nothing to recover.
        (await other.Browser.SignInAsync(SignInWorld.Email)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Fact]
    public async Task Is_off_unless_the_tenant_turns_it_on()
    {
        await using var world = await TwoStepWorld.OpenAsync();
        var step = (await world.PasswordAsync()).ShouldBe(HttpStatusCode.OK, "Enter the code");
        step.Text.ShouldNotContain("I have none of these");
        (await world.Browser.GetAsync("signin/recover" + step.Address.Query)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var admin = await world.Server.AdminAsync();
        foreach (var hours in new[] { -1, 721 })
        {
            using var refused = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.Tenant.Id}/settings", new { sign_in = new { recovery_delay_hours = hours } });
            await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "setting_invalid");
        }
    }
}
