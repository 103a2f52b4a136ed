using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

public sealed class SetPasswordTests
{
    [Theory, BothDatabases]
    public async Task Sets_it_and_ends_sessions_and_reset_links(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        var context = await server.ContextAsync(tenant);
        using var admin = await server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com", new { password = People.Password })).Id(), out var id).ShouldBeTrue();
        var (passwords, sessions, links) = (server.Services.GetRequiredService<Passwords>(), server.Services.GetRequiredService<SessionDirectory>(), server.Services.GetRequiredService<OneTimeLinks>());
        var user = await server.InAsync(context, tx => server.Services.GetRequiredService<UserDirectory>().FindAsync(tx, id, default));
        Task<PasswordVerdict> VerifyAsync(string password) => passwords.VerifyAsync(context, user, "ann@example.com", password, null, new RequestFacts("192.0.2.1", "", ""), default).AsTask();
        (await VerifyAsync(People.Password)).ShouldBe(PasswordVerdict.Right);

        var (session, _) = await server.InAsync(context, tx => sessions.StartAsync(tx, context, id, ["pwd"], People.Browser(), default));
        var token = await server.InAsync(context, tx => links.IssueAsync(tx, LinkPurpose.ResetPassword, id, null, "", TimeSpan.FromHours(1), default));
        using var set = await admin.PutAsJsonAsync($"api/v1/users/{id}/password", new { password = "another entirely new one" });
        set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await VerifyAsync(People.Password)).ShouldBe(PasswordVerdict.Wrong);
        (await VerifyAsync("another entirely new one")).ShouldBe(PasswordVerdict.Right);
        (await server.InAsync(context, tx => sessions.FindAsync(tx, session.Id, default))).ShouldBeNull();
        (await server.InAsync(context, tx => links.RedeemAsync(tx, LinkPurpose.ResetPassword, token, default))).ShouldBeNull();
    }

    [Theory, BothDatabases]
    public async Task Normalises_what_is_typed(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        var context = await server.ContextAsync(tenant);
        using var admin = await server.AdminAsync(tenant);
        UserId.TryParse((await admin.CreateUserAsync("ann@example.com", new { password = "Wärmeleitpaste für alle" })).Id(), out var id).ShouldBeTrue();
        var user = await server.InAsync(context, tx => server.Services.GetRequiredService<UserDirectory>().FindAsync(tx, id, default));
        (await server.Services.GetRequiredService<Passwords>().VerifyAsync(context, user, "ann@example.com", "Wa\u0308rmeleitpaste fu\u0308r alle", null, RequestFacts.None, default))
            .ShouldBe(PasswordVerdict.Right);
    }

    [Theory, BothDatabases]
    public async Task Follows_the_tenants_policy(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync(new { passwords = new { min_length = 20, required_classes = 3 } });
        using var admin = await server.AdminAsync(tenant);
        var path = $"api/v1/users/{(await admin.CreateUserAsync("annabella@example.com")).Id()}/password";
        foreach (var (body, code) in new (object, string)[] { (new { password = "Too short by one ch" }, "password_too_short"), (new { password = "only lower case words here" }, "password_too_simple"),
            (new { password = "Annabella-Annabella-2026" }, "password_common"), (new { password = new string('x', 300) }, "password_too_long"), (new { password = (string?)null }, "password_required") })
        {
            using var response = await admin.PutAsJsonAsync(path, body);
            await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
        }
        await server.ShouldNeedAsync(tenant, "PUT", path, "users:read", new { password = People.Password });
    }

    [Theory, BothDatabases]
    public async Task Says_when_to_come_back_when_too_many_hash_at_once(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database, new() { CostlyPasswords = true, Settings = new Dictionary<string, string?> { ["Credentials:MaxConcurrentHashes"] = "1", ["Credentials:MaxQueuedHashes"] = "0" } });
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var path = $"api/v1/users/{(await admin.CreateUserAsync("ann@example.com")).Id()}/password";
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => admin.PutAsJsonAsync(path, new { password = People.Password })));
        answers.Count(a => a.StatusCode == HttpStatusCode.NoContent).ShouldBeGreaterThan(0);
        var refused = answers.Where(a => a.StatusCode != HttpStatusCode.NoContent).ToList();
        refused.Count.ShouldBeGreaterThan(0);
        foreach (var answer in refused)
        {
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
            await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "busy");
        }
        using var later = await admin.PutAsJsonAsync(path, new { password = People.Password });
        later.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
