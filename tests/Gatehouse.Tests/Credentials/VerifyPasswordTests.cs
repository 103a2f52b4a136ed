using System.Diagnostics;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

/// <summary>Limits and equal answers of <see cref="Passwords.VerifyAsync"/>. Each test has a tenant, a user and addresses of its own.</summary>
public sealed class VerifyPasswordTests
{
    private static readonly byte[] Known = Secret.Hash("her laptop"), Stranger = Secret.Hash("somebody's");

    private sealed record World(TestServer Server, TenantContext Tenant, User User, Passwords Passwords)
    {
        internal Task<PasswordVerdict> TryAsync(string password, byte[]? device = null, string ip = "192.0.2.1", bool known = true, string identifier = "ann@example.com") =>
            Passwords.VerifyAsync(Tenant, known ? User : null, identifier, password, device, new RequestFacts(ip, "", ""), default).AsTask();
    }

    private static async Task<World> WorldAsync(TestServer server, object? limits = null)
    {
        var tenant = await server.NewTenantAsync(new { limits = limits ?? new { failures_per_user = 5 } });
        var context = await server.ContextAsync(tenant);
        using var admin = await server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com", new { password = People.Password })).Id(), out var id).ShouldBeTrue();
        var user = (await server.InAsync(context, tx => server.Services.GetRequiredService<UserDirectory>().FindAsync(tx, id, default))).ShouldNotBeNull();
        return new(server, context, user, server.Services.GetRequiredService<Passwords>());
    }

    [Theory, BothDatabases]
    public async Task Throttles_known_and_unknown_users_after_the_same_number_of_failures(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        foreach (var known in new[] { true, false })
        {
            List<PasswordVerdict> verdicts = [];
            for (var i = 0; i < 7; i++) verdicts.Add(await world.TryAsync("wrong", known: known));
            verdicts.ShouldBe([PasswordVerdict.Wrong, PasswordVerdict.Wrong, PasswordVerdict.Wrong, PasswordVerdict.Wrong, PasswordVerdict.Wrong, PasswordVerdict.Throttled, PasswordVerdict.Throttled], $"known: {known}");
        }
        (await world.TryAsync(People.Password)).ShouldBe(PasswordVerdict.Throttled);
        (await world.TryAsync(People.Password, ip: "198.51.100.9")).ShouldBe(PasswordVerdict.Throttled);
    }

    [Theory, BothDatabases]
    public async Task Nobody_locks_her_out_of_her_own_device(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        await world.Server.InAsync(world.Tenant, async tx => { await world.Passwords.RememberDeviceAsync(tx, world.User.Id, Known, default); return true; });
        for (var i = 0; i < 8; i++) await world.TryAsync("wrong", Stranger);
        (await world.TryAsync(People.Password, Stranger)).ShouldBe(PasswordVerdict.Throttled);
        (await world.TryAsync(People.Password, Known)).ShouldBe(PasswordVerdict.Right);

        // A stolen device has an allowance too, of its own.
        for (var i = 0; i < 5; i++) (await world.TryAsync("wrong", Known)).ShouldBe(PasswordVerdict.Wrong);
        (await world.TryAsync(People.Password, Known)).ShouldBe(PasswordVerdict.Throttled);
    }

    [Theory, BothDatabases]
    public async Task Lets_in_again_when_the_window_is_over(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var world = await WorldAsync(server);
        for (var i = 0; i < 6; i++) await world.TryAsync("wrong");
        (await world.TryAsync(People.Password)).ShouldBe(PasswordVerdict.Throttled);
        server.Clock.Advance(Passwords.FailureWindow);
        (await world.TryAsync(People.Password)).ShouldBe(PasswordVerdict.Right);
    }

    [Theory, BothDatabases]
    public async Task Throttles_an_address_that_tries_many_users_and_not_the_others(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), new { failures_per_ip = 5, failures_per_user = 100 });
        for (var i = 0; i < 5; i++) await world.TryAsync("wrong", ip: $"2001:db8:1:{i}::1", known: false, identifier: $"user{i}@example.com");
        (await world.TryAsync(People.Password, ip: "2001:db8:1:2:ffff::1")).ShouldBe(PasswordVerdict.Throttled);
        (await world.TryAsync(People.Password, ip: "2001:db8:2:2::1")).ShouldBe(PasswordVerdict.Right);
    }

    [Theory, BothDatabases]
    public async Task A_tenant_under_attack_slows_unknown_devices_only(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), new { failures_per_tenant = 100, failures_per_user = 1000, failures_per_ip = 100_000 });
        await world.Server.InAsync(world.Tenant, async tx => { await world.Passwords.RememberDeviceAsync(tx, world.User.Id, Known, default); return true; });
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => world.TryAsync("wrong", known: false, identifier: $"user{i}@example.com")));
        (await world.TryAsync(People.Password)).ShouldBe(PasswordVerdict.Throttled);
        (await world.TryAsync(People.Password, Known)).ShouldBe(PasswordVerdict.Right);
        // Nor those who have nothing to do with it.
        (await world.TryAsync(People.Password, ip: "198.51.100.9")).ShouldBe(PasswordVerdict.Right);
    }

    [Theory, BothDatabases]
    public async Task One_address_and_a_known_device_do_not_use_up_the_tenants_allowance(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database), new { failures_per_tenant = 100, failures_per_user = 1000, failures_per_ip = 50 });
        await world.Server.InAsync(world.Tenant, async tx => { await world.Passwords.RememberDeviceAsync(tx, world.User.Id, Known, default); return true; });
        for (var i = 0; i < 60; i++) await world.TryAsync("wrong", known: false, identifier: $"user{i}@example.com");
        for (var i = 0; i < 60; i++) await world.TryAsync("wrong", Known, ip: "192.0.2.77");
        (await world.TryAsync("wrong", ip: "198.51.100.9")).ShouldBe(PasswordVerdict.Wrong);
        (await world.TryAsync(People.Password, ip: "198.51.100.9")).ShouldBe(PasswordVerdict.Right);
    }

    [Theory, BothDatabases]
    public async Task Of_64_guesses_at_once_no_more_than_the_limit_learn_anything(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => world.TryAsync($"guess {i}"))));
        verdicts.Count(v => v == PasswordVerdict.Wrong).ShouldBe(5);
        verdicts.Count(v => v == PasswordVerdict.Throttled).ShouldBe(59);
    }

    [Fact]
    public async Task Two_processes_count_together()
    {
        await using var first = await TestServer.StartAsync(TestDatabase.Postgres);
        await using var second = await TestServer.StartAsync(TestDatabase.Postgres, new() { Beside = first });
        var world = await WorldAsync(first);
        var beside = world with { Server = second, Passwords = second.Services.GetRequiredService<Passwords>() };
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => (i % 2 == 0 ? world : beside).TryAsync($"guess {i}"))));
        verdicts.Count(v => v == PasswordVerdict.Wrong).ShouldBe(5);
        (await beside.TryAsync(People.Password)).ShouldBe(PasswordVerdict.Throttled);
    }

    [Theory, BothDatabases]
    public async Task A_disabled_users_password_is_wrong(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        (await world.Passwords.VerifyAsync(world.Tenant, world.User with { Status = UserStatus.Disabled }, "ann@example.com", People.Password, null, RequestFacts.None, default)).ShouldBe(PasswordVerdict.Wrong);
    }

    [Theory, BothDatabases]
    public async Task Rehashes_when_the_parameters_rise(TestDatabase database)
    {
        var world = await WorldAsync(await Servers.SharedAsync(database));
        using var stronger = new PasswordHasher(Microsoft.Extensions.Options.Options.Create(new CredentialsOptions { Iterations = 3 }));
        var passwords = new Passwords(world.Server.Services.GetRequiredService<Storage.IDatabase>(), stronger, world.Server.Services.GetRequiredService<PasswordRules>(),
            world.Server.Services.GetRequiredService<Gatehouse.Events.EventOutbox>(), world.Server.Services.GetRequiredService<CredentialsMetrics>(), world.Server.Clock);
        Task<string?> StoredAsync() => world.Server.InAsync(world.Tenant, async tx =>
            (await PasswordStore.FactsAsync(tx, world.User.Id, new AttemptKeys(world.User.Id, "", null, RequestFacts.None), world.Server.Clock.Now(), default)).Phc);
        (await StoredAsync())!.ShouldContain("t=2,");
        (await passwords.VerifyAsync(world.Tenant, world.User, "ann@example.com", "wrong", null, RequestFacts.None, default)).ShouldBe(PasswordVerdict.Wrong);
        (await StoredAsync())!.ShouldContain("t=2,");
        (await passwords.VerifyAsync(world.Tenant, world.User, "ann@example.com", People.Password, null, RequestFacts.None, default)).ShouldBe(PasswordVerdict.Right);
        (await StoredAsync())!.ShouldContain("t=3,");
        (await passwords.VerifyAsync(world.Tenant, world.User, "ann@example.com", People.Password, null, RequestFacts.None, default)).ShouldBe(PasswordVerdict.Right);
    }

    [Theory, BothDatabases]
    public async Task Costs_an_unknown_user_what_it_costs_a_known_one(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { CostlyPasswords = true });
        var world = await WorldAsync(server, new { failures_per_user = 1000, failures_per_ip = 100_000 });
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 40; i++)
            foreach (var (isKnown, times) in new[] { (true, known), (false, unknown) })
            {
                var start = Stopwatch.GetTimestamp();
                await world.TryAsync("wrong", known: isKnown);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        known.Sort();
        unknown.Sort();
        // Lower quartiles: what the work costs when the machine does nothing else. Without the decoy hash the ratio is beyond five.
        (unknown[10] / known[10]).ShouldBeInRange(0.4, 2.5);
    }
}
