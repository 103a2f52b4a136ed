using Gatehouse.Http;

namespace Gatehouse.Tenants;

/// <summary>What must hold of the settings for tenants that people register.</summary>
internal static class SubtenantRules
{
    private const int MaxUrlLength = 500;

    internal static void Check(SubtenantSettings s, Action<string, string> wrong)
    {
        if (s.Registration is not (SubtenantSettings.Off or SubtenantSettings.Automatic or SubtenantSettings.Manual or SubtenantSettings.Webhook))
            wrong("subtenants.registration", $"One of {SubtenantSettings.Off}, {SubtenantSettings.Automatic}, {SubtenantSettings.Manual}, {SubtenantSettings.Webhook}.");
        if (s.PerPerson is < 1 or > 100) wrong("subtenants.per_person", "A number from 1 to 100.");
        if (s.Total is < 1 or > 1_000_000) wrong("subtenants.total", "A number from 1 to 1000000.");
        if (s.PendingDays is < 1 or > 90) wrong("subtenants.pending_days", "A number from 1 to 90.");
        if (s.WebhookSeconds is < 1 or > 10) wrong("subtenants.webhook_seconds", "A number from 1 to 10.");
        if (s.WebhookFailure is not (SubtenantSettings.Wait or SubtenantSettings.Approve or SubtenantSettings.Refuse))
            wrong("subtenants.webhook_failure", $"One of {SubtenantSettings.Wait}, {SubtenantSettings.Approve}, {SubtenantSettings.Refuse}.");
        if (s.WebhookUrl is null || s.WebhookUrl.Length > MaxUrlLength || (s.WebhookUrl.Length > 0 && !OutgoingHttp.IsTarget(s.WebhookUrl))) wrong("subtenants.webhook_url", $"An https address of at most {MaxUrlLength} characters, or empty.");
        else if (s.Registration == SubtenantSettings.Webhook && s.WebhookUrl.Length == 0) wrong("subtenants.webhook_url", $"{SubtenantSettings.Webhook} needs the address of the program.");
    }
}
