using System.Text.Json.Serialization;

namespace Gatehouse.Http;

/// <summary>Whether people of this tenant may register tenants of their own below it.</summary>
public sealed record SubtenantSettings
{
    public const string Off = "off", Automatic = "automatic", Manual = "manual", Webhook = "webhook", Wait = "wait", Approve = "approve", Refuse = "refuse";

    /// <summary><c>off</c> (default): nobody; <c>automatic</c>: at once; <c>manual</c>: an administrator decides; <c>webhook</c>: a program of the tenant's decides.</summary>
    public string Registration { get; init; } = Off;
    /// <summary>How many one person may have, those that wait included. 1 to 100; default 3.</summary>
    public int PerPerson { get; init; } = 3;
    /// <summary>How many may be registered in all, those that wait included. 1 to 1000000; default 1000.</summary>
    public int Total { get; init; } = 1000;
    /// <summary>After how many days one that waits is over. 1 to 90; default 7.</summary>
    public int PendingDays { get; init; } = 7;
    /// <summary>Each needs a domain that is proved to be hers. Default false.</summary>
    public bool DomainProof { get; init; }
    /// <summary>The program that decides; https. It is asked as those of flows are, signed by the same keys.</summary>
    public string WebhookUrl { get; init; } = "";
    /// <summary>How long it may take, seconds. 1 to 10; default 5.</summary>
    public int WebhookSeconds { get; init; } = 5;
    /// <summary>What holds where it does not answer: <c>wait</c> (default): an administrator decides; <c>approve</c>; <c>refuse</c>.</summary>
    public string WebhookFailure { get; init; } = Wait;

    [JsonIgnore]
    public bool IsOpen => Registration != Off;
}
