using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>A tenant of the test's own, with registration open, one person in it, and a browser that has never been there.</summary>
internal sealed class SignInWorld : IDisposable
{
    internal const string Email = "ann@example.com";

    private SignInWorld(TestServer server, TestTenant tenant, string userId) => (Server, Tenant, UserId, Browser) = (server, tenant, userId, PageBrowser.Open(server, tenant));

    internal TestServer Server { get; }
    internal TestTenant Tenant { get; }
    internal string UserId { get; }
    internal PageBrowser Browser { get; }

    internal static async Task<SignInWorld> OpenAsync(TestDatabase database = TestDatabase.Sqlite, object? settings = null) =>
        await OpenAsync(await Servers.SharedAsync(database), settings);

    internal static async Task<SignInWorld> OpenAsync(TestServer server, object? settings = null)
    {
        var tenant = await server.NewTenantAsync(settings ?? new { registration = new { open = true } });
        return new(server, tenant, await NewUserAsync(server, tenant, Email));
    }

    internal static async Task<string> NewUserAsync(TestServer server, TestTenant tenant, string email)
    {
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users",
            new { emails = new[] { email }, email_verified = true, display_name = "Ann", password = PageBrowser.Password });
        return (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!;
    }

    internal PageBrowser AnotherBrowser() => PageBrowser.Open(Server, Tenant);

    internal Task<string> LinkAsync(string template, string to = Email) => Mailbox.LinkAsync(Server, Tenant, to, template);

    internal async Task<IReadOnlyList<string>> MailsAsync(string to = Email) => [.. (await Mailbox.ReadAsync(Server, Tenant, to)).Select(m => m.Template)];

    /// <summary>What the audit says of an action, newest first: outcome and reason or result.</summary>
    internal async Task<IReadOnlyList<(string Outcome, string? Reason, string? Target)>> AuditAsync(string action)
    {
        using var admin = await Server.AdminAsync(Tenant);
        using var response = await admin.GetAsync($"api/v1/audit?action={action}&limit=200");
        var body = await response.ReadJsonAsync(HttpStatusCode.OK);
        return [.. body.GetProperty("items").EnumerateArray().Select(e => (e.GetProperty("outcome").GetString()!, Detail(e), e.GetProperty("target").ValueKind == JsonValueKind.Null ? null : e.GetProperty("target").ToString()))];
    }

    private static string? Detail(JsonElement entry)
    {
        var details = entry.GetProperty("details");
        if (details.ValueKind != JsonValueKind.Object) return null;
        return details.TryGetProperty("reason", out var reason) ? reason.GetString() : details.TryGetProperty("result", out var result) ? result.GetString() : null;
    }

    public void Dispose() => Browser.Dispose();
}
