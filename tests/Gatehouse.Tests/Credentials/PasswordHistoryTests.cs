using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

/// <summary>Last passwords are refused where the tenant says so, and kept no longer than it says; old ones must change.</summary>
public sealed class PasswordHistoryTests
{
    private sealed record Person(TestServer Server, TestTenant Tenant, TenantContext Context, UserId Id)
    {
        private Passwords Passwords => Server.Services.GetRequiredService<Passwords>();

        internal static async Task<Person> OpenAsync(TestServer server, object passwords, string password = "password number zero")
        {
            var tenant = await server.NewTenantAsync(new { passwords });
            using var admin = await server.AdminAsync(tenant);
            UserId.TryParse((await admin.CreateUserAsync("ann@example.com", new { password })).Id(), out var id).ShouldBeTrue();
            return new(server, tenant, await server.ContextAsync(tenant), id);
        }

        /// <summary>Chooses it herself; says what was against it.</summary>
        internal async Task<string?> ChooseAsync(string password)
        {
            if (!(await Passwords.HashReplacementAsync(Context, Id, password, null, default)).TryGet(out var phc, out var problem)) return problem.Code;
            await Server.InAsync(Context, async tx => { await Passwords.SetAsync(tx, Id, phc, default); return true; });
            return null;
        }

        internal Task<int> StoredAsync() => Server.InAsync(Context, async tx => (await PasswordHistoryStore.ListAsync(tx, Id, 24, default)).Count);

        internal Task<PasswordChangeReason?> DueAsync() => Server.InAsync(Context, tx => Passwords.ChangeDueAsync(tx, Context, Id, default));

        internal async Task<Person> WithAsync(object passwords)
        {
            using var admin = await Server.AdminAsync();
            using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{Tenant.Id}/settings", new { passwords });
            await patched.ReadJsonAsync(HttpStatusCode.OK);
            var directory = Server.Services.GetRequiredService<Gatehouse.Tenants.TenantDirectory>();
            var fresh = (await directory.FindBySlugAsync(Tenant.Slug, default))!;
            await Eventually.TrueAsync(async () => (await directory.FindAsync(fresh.Id, default))!.Settings.Passwords == fresh.Settings.Passwords, TimeSpan.FromSeconds(10), "the settings are known");
            return this with { Context = fresh };
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_as_many_of_the_last_as_the_tenant_says(TestDatabase database)
    {
        var person = await Person.OpenAsync(await Servers.SharedAsync(database), new { history = 3 });
        (await person.ChooseAsync("password number zero")).ShouldBe("password_used_before");
        foreach (var n in new[] { "one", "two" }) (await person.ChooseAsync($"password number {n}")).ShouldBeNull();
        foreach (var n in new[] { "zero", "one", "two" }) (await person.ChooseAsync($"password number {n}")).ShouldBe("password_used_before", n);
        (await person.ChooseAsync("ｐassword number one")).ShouldBe("password_used_before", "normalised first");
        (await person.ChooseAsync("password number three")).ShouldBeNull();
        (await person.ChooseAsync("password number zero")).ShouldBeNull();
        (await person.StoredAsync()).ShouldBe(3, "the present one and two old");

        // Whoever sets it for her does not learn by trying what hers were.
        using var admin = await person.Server.AdminAsync(person.Tenant);
        (await admin.PutAsJsonAsync($"api/v1/users/{person.Id}/password", new { password = "password number three" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await person.StoredAsync()).ShouldBe(3);
    }

    [Theory, BothDatabases]
    public async Task Keeps_no_old_hash_where_the_tenant_does_not_ask_and_refuses_only_the_present_one(TestDatabase database)
    {
        var person = await Person.OpenAsync(await Servers.SharedAsync(database), new { history = 0 });
        foreach (var history in new[] { 0, 1 })
        {
            person = await person.WithAsync(new { history });
            (await person.ChooseAsync("password number zero")).ShouldBe("password_used_before");
            (await person.ChooseAsync("password number one")).ShouldBeNull();
            (await person.ChooseAsync("password number zero")).ShouldBeNull();
            (await person.StoredAsync()).ShouldBe(1);
        }
    }

    [Theory, BothDatabases]
    public async Task What_the_tenant_no_longer_keeps_goes_in_the_background_and_with_the_user_all(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (person, other) = (await Person.OpenAsync(server, new { history = 24 }), await Person.OpenAsync(server, new { history = 24 }));
        for (var i = 0; i < 5; i++) (await person.ChooseAsync($"password number {i}")).ShouldBeNull();
        (await other.ChooseAsync("password number one")).ShouldBeNull();
        (await person.StoredAsync(), await other.StoredAsync()).ShouldBe((6, 2));
        var pruning = server.Services.GetRequiredService<PasswordHistoryPruning>();
        person = await person.WithAsync(new { history = 3 });
        await pruning.RunAsync(default);
        (await person.StoredAsync(), await other.StoredAsync()).ShouldBe((3, 2));
        (await person.ChooseAsync("password number 2")).ShouldBe("password_used_before");
        person = await person.WithAsync(new { history = 0 });
        await pruning.RunAsync(default);
        (await person.StoredAsync(), await other.StoredAsync()).ShouldBe((1, 2));

        using var admin = await server.AdminAsync(other.Tenant);
        (await admin.DeleteAsync($"api/v1/users/{other.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await other.StoredAsync()).ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task Tries_are_limited_for_each_user_alone(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (person, other) = (await Person.OpenAsync(server, new { history = 1 }), await Person.OpenAsync(server, new { history = 1 }));
        for (var i = 0; i < 20; i++) (await person.ChooseAsync("password number zero")).ShouldBe("password_used_before");
        (await person.ChooseAsync("an entirely fresh one")).ShouldBe("password_tries_too_many");
        (await other.ChooseAsync("password number zero")).ShouldBe("password_used_before");
    }

    [Theory, BothDatabases]
    public async Task Of_two_that_set_it_at_once_no_old_one_is_lost(TestDatabase database)
    {
        var person = await Person.OpenAsync(await Servers.SharedAsync(database), new { history = 24 });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => person.ChooseAsync($"password number {i}"))));
        (await person.StoredAsync()).ShouldBe(7);
        (await person.ChooseAsync("password number zero")).ShouldBe("password_used_before");
    }

    [Theory, BothDatabases]
    public async Task Is_due_when_it_is_as_old_as_the_tenant_allows_or_when_an_administrator_says_so(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var person = await Person.OpenAsync(server, new { max_age_days = 90 });
        (await person.DueAsync()).ShouldBeNull();
        server.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromMinutes(1));
        (await person.DueAsync()).ShouldBeNull();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await person.DueAsync()).ShouldBe(PasswordChangeReason.Expired);
        (await (await person.WithAsync(new { max_age_days = 0 })).DueAsync()).ShouldBeNull();
        (await person.ChooseAsync("password number one")).ShouldBeNull();
        (await person.DueAsync()).ShouldBeNull();

        using var admin = await server.AdminAsync(person.Tenant);
        (await admin.PutAsJsonAsync($"api/v1/users/{person.Id}/password", new { password = "password number two", must_change = true })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await person.DueAsync()).ShouldBe(PasswordChangeReason.Administrator);
        (await person.ChooseAsync("password number three")).ShouldBeNull();
        (await person.DueAsync()).ShouldBeNull();
    }
}
