using System.Text.RegularExpressions;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Pages;

/// <summary>Reads what was mailed to somebody, where Messaging keeps it in development.</summary>
internal static partial class Mailbox
{
    internal static async Task<IReadOnlyList<(string Template, string Locale, string Text)>> ReadAsync(TestServer server, TestTenant tenant, string to)
    {
        var envelope = new MailEnvelope(server.Services.GetRequiredService<TenantVault>());
        TenantId.TryParse(tenant.Id, out var id).ShouldBeTrue();
        await using var tx = await server.Services.GetRequiredService<IDatabase>().ReadAsync(id, default);
        List<(string, string, string)> found = [];
        foreach (var mail in await MailStore.ListReadableAsync(tx, null, DateTimeOffset.UnixEpoch, 200, default))
        {
            var body = await envelope.OpenAsync(tx, mail.Id, mail.Sealed!, default);
            if (body.To == to && !body.ForNobody) found.Add((mail.Template, mail.Locale, body.Text));
        }
        return found;                                       // newest first
    }

    /// <summary>The link in the newest message of this kind to this address.</summary>
    internal static async Task<string> LinkAsync(TestServer server, TestTenant tenant, string to, string template)
    {
        var mails = await ReadAsync(server, tenant, to);
        var (_, _, text) = mails.FirstOrDefault(m => m.Template == template);
        text.ShouldNotBeNull($"no {template} for {to}, only: {string.Join(", ", mails.Select(m => m.Template))}");
        return Link().Match(text).Value;
    }

    /// <summary>The link by which the reader of the newest notice of this kind says that it was not her.</summary>
    internal static async Task<string> NotMeLinkAsync(TestServer server, TestTenant tenant, string to, string template)
    {
        var text = (await ReadAsync(server, tenant, to)).First(m => m.Template == template).Text;
        return NotMeLink().Matches(text).Select(m => m.Value).ShouldHaveSingleItem();
    }

    [GeneratedRegex("https?://\\S+")]
    private static partial Regex Link();

    [GeneratedRegex("https?://\\S+/signin/not-me\\?token=\\S+")]
    private static partial Regex NotMeLink();
}
