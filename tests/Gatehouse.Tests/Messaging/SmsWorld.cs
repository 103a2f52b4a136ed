using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Messaging;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Messaging;

/// <summary>Queues text messages as the rooms of the product do, and reads what came of them.</summary>
internal static partial class SmsWorld
{
    internal const string Number = "+491701234567";

    internal static async Task<bool> TextAsync(this TestServer server, TestTenant tenant, string to = Number, string network = "192.0.2.7", string locale = "en",
        string template = "sign_in_code", bool forNobody = false, bool commit = true)
    {
        var context = await server.ContextAsync(tenant);
        await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(context.Id, default);
        var queued = await server.Services.GetRequiredService<Texter>().QueueAsync(tx, context,
            new Sms(PhoneNumber.Parse(to)!.Value, template, locale, "123456", TimeSpan.FromMinutes(10), network, forNobody), default);
        if (commit) await tx.CommitAsync(default);
        return queued;
    }

    /// <summary>The text messages that the development mailbox shows, newest first.</summary>
    internal static async Task<IReadOnlyList<string>> TextsAsync(this TestServer server, TestTenant tenant, string to = Number)
    {
        using var client = server.Client(tenant);
        using var response = await client.GetAsync($"dev/mailbox.json?to={Uri.EscapeDataString(to)}");
        return [.. (await response.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()
            .Where(m => m.GetProperty("channel").GetString() == "sms").Select(m => m.GetProperty("text").GetString()!)];
    }

    /// <summary>The code of the newest text message.</summary>
    internal static async Task<string> TextedCodeAsync(this TestServer server, TestTenant tenant, string to = Number) =>
        Bound().Match((await server.TextsAsync(tenant, to))[0]).Groups[1].Value;

    [GeneratedRegex(@"\n@\S+ #([0-9]+)$")]
    private static partial Regex Bound();
}
