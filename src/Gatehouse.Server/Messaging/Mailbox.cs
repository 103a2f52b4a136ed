using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Gatehouse.Messaging;

/// <summary>
/// <c>/dev/mailbox</c>: the mail and text messages of the last hour, for whoever develops on this machine. It shows links and codes that open
/// accounts, so it exists only where <c>Messaging:Mailbox</c> asks for it and neither an SMTP server nor a provider of text messages is configured, for a tenant whose address is a loopback one, to a browser on this machine. Everybody
/// else gets 404.
/// </summary>
internal sealed class Mailbox(IDatabase database, MailEnvelope envelope, IOptions<MessagingOptions> options, TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private const int MaxShown = 100;

    /// <param name="Channel"><c>email</c> or <c>sms</c>; a text message has neither subject nor HTML.</param>
    /// <param name="Links">The addresses that stand on lines of their own in the text.</param>
    internal sealed record Message(MailId Id, string Channel, string Template, string Locale, DateTimeOffset CreatedAt, string To, string From, string Subject, string Text, string Html, IReadOnlyList<string> Links);

    internal sealed record Response(IReadOnlyList<Message> Items);

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/dev/mailbox", ListAsync).ExcludeFromDescription();
        pages.MapGet("/dev/mailbox.json", JsonAsync).ExcludeFromDescription();
        pages.MapGet("/dev/mailbox/{id}", ShowAsync).ExcludeFromDescription();
        pages.MapGet("/dev/mailbox/{id}/html", ShowHtmlAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ListAsync(HttpContext http, TenantContext tenant, Mailbox mailbox, CancellationToken ct) =>
        mailbox.IsOpen(http, tenant) ? MailboxPage.List(http, tenant, await mailbox.ReadAsync(tenant, null, ct)) : TypedResults.NotFound();

    private static async Task<IResult> JsonAsync(string? to, HttpContext http, TenantContext tenant, Mailbox mailbox, CancellationToken ct)
    {
        if (!mailbox.IsOpen(http, tenant)) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(await mailbox.ReadAsync(tenant, to, ct)));
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext http, TenantContext tenant, Mailbox mailbox, CancellationToken ct) =>
        mailbox.IsOpen(http, tenant) && await mailbox.FindAsync(tenant, id, ct) is { } message ? MailboxPage.One(http, tenant, message) : TypedResults.NotFound();

    private static async Task<IResult> ShowHtmlAsync(string id, HttpContext http, TenantContext tenant, Mailbox mailbox, CancellationToken ct) =>
        mailbox.IsOpen(http, tenant) && await mailbox.FindAsync(tenant, id, ct) is { } message ? MailboxPage.Html(http, message) : TypedResults.NotFound();

    private bool IsOpen(HttpContext http, TenantContext tenant) =>
        options.Value.HasMailbox && Loopback.IsTenant(tenant) && Loopback.IsClient(http);

    private async Task<IReadOnlyList<Message>> ReadAsync(TenantContext tenant, string? to, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        byte[]? recipient = null;
        if (!string.IsNullOrEmpty(to))
        {
            var key = await envelope.RecipientKeyAsync(tx, ct);
            if (PhoneNumber.Parse(to) is { } number) recipient = SmsLimits.RecipientHash(key, number);
            else if (Recipient.Parse(to) is { } address) recipient = address.Hash(key);
            else return [];
        }
        List<Message> messages = [];
        foreach (var row in await MailStore.ListReadableAsync(tx, recipient, clock.Now() - Lifetime, MaxShown, ct))
            if (await OpenAsync(tx, row, ct) is { } message) messages.Add(message);
        return messages;
    }

    private async Task<Message?> FindAsync(TenantContext tenant, string id, CancellationToken ct)
    {
        if (!MailId.TryParse(id, out var mail)) return null;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await MailStore.FindAsync(tx, mail, ct) is { Sealed: not null } row && row.CreatedAt > clock.Now() - Lifetime ? await OpenAsync(tx, row, ct) : null;
    }

    /// <returns>Null for one that nobody is to get and that the worker has not dropped yet.</returns>
    private async Task<Message?> OpenAsync(TenantTransaction tx, MailRow row, CancellationToken ct)
    {
        var body = await envelope.OpenAsync(tx, row.Id, row.Sealed!, ct);
        if (body.ForNobody) return null;
        var links = body.Text.Split('\n', StringSplitOptions.TrimEntries).Where(IsLink).ToList();
        return new(row.Id, row.Channel == Channel.Sms ? "sms" : "email", row.Template, row.Locale, row.CreatedAt, body.To, body.FromName, body.Subject, body.Text, body.Html, links);
    }

    internal static bool IsLink(string line) =>
        Uri.TryCreate(line, UriKind.Absolute, out var link) && (link.Scheme is "https" or "http") && !line.Contains(' ', StringComparison.Ordinal);
}
