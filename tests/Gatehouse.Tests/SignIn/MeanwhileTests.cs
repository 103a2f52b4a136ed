using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

/// <summary>A proof takes its time: what is decided meanwhile ends every session, and the proof must not begin one after that.</summary>
public sealed class MeanwhileTests
{
    private const string Fresh = "quite another sequence of words";

    // Hashes slow enough that something can happen during one.
    private static readonly TestServerOptions Slow = new() { Settings = new Dictionary<string, string?> { ["Credentials:MemoryKiB"] = "131072", ["Credentials:Iterations"] = "10" } };

    [Theory, BothDatabases]
    public async Task A_sign_in_under_way_does_not_outlive_a_new_password(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, Slow);
        using var world = await SignInWorld.OpenAsync(server);
        var reset = await PreparedAsync(world);
        var form = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
        var signingIn = world.Browser.SubmitAsync(form, [("password", PageBrowser.Password)]);
        await Task.Delay(100);
        await reset();
        await signingIn;
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
        (await world.Browser.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, BothDatabases]
    public async Task A_sign_in_under_way_does_not_outlive_being_disabled(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, Slow);
        using var world = await SignInWorld.OpenAsync(server);
        using var admin = await server.AdminAsync(world.Tenant);
        var form = await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin"), [("email", SignInWorld.Email)]);
        var signingIn = world.Browser.SubmitAsync(form, [("password", PageBrowser.Password)]);
        await Task.Delay(100);
        (await admin.PostAsync($"api/v1/users/{world.UserId}/disable", null)).EnsureSuccessStatusCode();
        await signingIn;
        (await admin.PostAsync($"api/v1/users/{world.UserId}/enable", null)).EnsureSuccessStatusCode();
        (await world.Browser.IsSignedInAsync()).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Whoever_knew_the_old_password_does_not_have_the_last_word(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, Slow);
        using var world = await SignInWorld.OpenAsync(server);
        await world.Browser.SignInAsync(SignInWorld.Email);
        var reset = await PreparedAsync(world);
        var form = await world.Browser.GetAsync("account/password");
        var changing = world.Browser.SubmitAsync(form, [("current", PageBrowser.Password), ("new", "a thief would like this one")]);
        await Task.Delay(100);
        await reset();
        await changing;
        using var owner = world.AnotherBrowser();
        (await owner.SignInAsync(SignInWorld.Email, Fresh)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    /// <summary>A reset whose new password is hashed already, so that it takes no time.</summary>
    private static async Task<Func<Task>> PreparedAsync(SignInWorld world)
    {
        var passwords = world.Server.Services.GetRequiredService<Passwords>();
        (await passwords.HashAsync(Fresh, default)).TryGet(out var phc, out _).ShouldBeTrue();
        UserId.TryParse(world.UserId, out var user).ShouldBeTrue();
        var tenant = await world.Server.ContextAsync(world.Tenant);
        return () => world.Server.InAsync(tenant, async tx =>
        {
            await passwords.SetAsync(tx, user, phc!, default);
            return true;
        });
    }
}
