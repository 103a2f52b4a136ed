using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials.Recovering;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.SignIn;

/// <summary>A person who has set up a code app and has two verified addresses, in a tenant where accounts are recovered after two days; a clock of its own.</summary>
internal sealed class RecoveryWorld : IAsyncDisposable
{
    internal const string Second = "ann.second@example.com";
    internal static readonly TimeSpan Delay = TimeSpan.FromHours(48);

    private readonly TwoStepWorld world;

    private RecoveryWorld(TwoStepWorld world, TenantContext context) => (this.world, Context) = (world, context);

    internal TwoStepWorld World => world;
    internal TenantContext Context { get; }
    internal TestServer Server => world.Server;
    internal TestTenant Tenant => world.Tenant;
    internal PageBrowser Browser => world.Browser;
    internal UserId User => UserId.TryParse(world.UserId, out var id) ? id : throw new InvalidOperationException();

    internal static object Settings(int hours = 48, params string[] methods) => new
    {
        registration = new { open = true },
        sign_in = new { methods = methods.Length > 0 ? methods : ["password", "passkey", "email_code"], recovery_delay_hours = hours },
        sms = new { allowed_countries = new[] { "DE" }, default_country = "DE" },
    };

    /// <param name="aged">Her password has been hers for as long as a recovery takes.</param>
    internal static async Task<RecoveryWorld> OpenAsync(TestDatabase database = TestDatabase.Sqlite, int hours = 48, bool aged = true)
    {
        var world = await TwoStepWorld.OpenAsync(database, Settings(hours), fresh: true);
        using (var admin = await world.Server.AdminAsync(world.Tenant))
            await (await admin.PostAsJsonAsync($"api/v1/users/{world.UserId}/emails", new { address = Second, verified = true })).ReadJsonAsync(HttpStatusCode.Created);
        if (aged) world.Advance(Delay);
        return new(world, await People.ContextAsync(world.Server, world.Tenant));
    }

    /// <summary>By her password to the question for the code, and from there to the page for who has none.</summary>
    internal async Task<PageView> LostAsync(PageBrowser? browser = null, string? password = null)
    {
        var step = await (browser ?? Browser).SignInAsync(SignInWorld.Email, password ?? PageBrowser.Password);
        step.ShouldBe(HttpStatusCode.OK, "I have none of these");
        return await (browser ?? Browser).GetAsync("signin/recover" + step.Address.Query);
    }

    internal async Task<string> RequestAsync()
    {
        var page = (await LostAsync()).ShouldBe(HttpStatusCode.OK, "it takes 2 days");
        (await Browser.SubmitAsync(page, [])).ShouldBe(HttpStatusCode.OK, "Check your mail");
        return await LinkAsync("recovery_confirm");
    }

    /// <summary>Begun, by password and mailbox.</summary>
    internal async Task<PageView> StartAsync() => await UseAsync(await RequestAsync());

    /// <summary>The button behind a link.</summary>
    internal async Task<PageView> UseAsync(string link, params (string Name, string Value)[] fields)
    {
        using var browser = world.AnotherBrowser();
        return await browser.SubmitAsync((await browser.GetAsync(link)).ShouldBe(HttpStatusCode.OK, ""), fields);
    }

    /// <summary>Begun, and its time has come: the link that completes it.</summary>
    internal async Task<string> ReadyAsync()
    {
        (await StartAsync()).ShouldBe(HttpStatusCode.OK, "The recovery is under way");
        await PassAsync(Delay);
        return await LinkAsync("recovery_ready");
    }

    /// <summary>Time passes, and reminders are sent.</summary>
    internal async Task PassAsync(TimeSpan time)
    {
        world.Advance(time);
        for (var turn = 0; turn < 2; turn++) await Server.Services.GetRequiredService<RecoveryReminders>().RunAsync(default);
    }

    internal Task<string> LinkAsync(string template, string to = SignInWorld.Email) => Mailbox.LinkAsync(Server, Tenant, to, template);

    internal async Task<IReadOnlyList<string>> MailsAsync(string to = SignInWorld.Email) =>
        [.. (await Mailbox.ReadAsync(Server, Tenant, to)).Select(m => m.Template).Where(t => t.StartsWith("recovery_", StringComparison.Ordinal))];

    internal Task<IReadOnlyList<string>> AuditAsync(string action) => world.AuditAsync(action);

    internal async Task<bool> IsUnderWayAsync() =>
        await Server.InAsync(Context, async tx => await Server.Services.GetRequiredService<Recoveries>().FindAsync(tx, User, default) is not null);

    /// <summary>Her second step is asked for, as ever.</summary>
    internal async Task ShouldBeAsBeforeAsync(string? password = null)
    {
        using var browser = world.AnotherBrowser();
        (await browser.SignInAsync(SignInWorld.Email, password ?? PageBrowser.Password)).ShouldBe(HttpStatusCode.OK, "Enter the code");
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();
}
