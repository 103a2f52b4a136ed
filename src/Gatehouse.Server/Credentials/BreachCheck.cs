using System.Text;
using Gatehouse.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

internal enum BreachVerdict { Clear, Breached, Unknown }

/// <summary>Whether a password is on a published list of breached ones: in the server's own list, at a service, or both, as the tenant chose.</summary>
internal sealed partial class BreachCheck : IDisposable
{
    private readonly BreachedList? list;
    private readonly BreachedRange service;
    private readonly CredentialsMetrics metrics;
    private readonly ILogger log;

    public BreachCheck(IOptions<CredentialsOptions> options, BreachedRange service, CredentialsMetrics metrics, ILogger<BreachCheck> log)
    {
        (this.service, this.metrics, this.log) = (service, metrics, log);
        list = options.Value.BreachedList.Length > 0 ? BreachedList.Open(options.Value.BreachedList) : null;
    }

    /// <summary>Whether there is anything to ask for this tenant.</summary>
    internal bool IsOn(TenantContext tenant) => Sources(tenant) is not (false, false);

    /// <summary>Whether asking leaves this process: then it takes time and should not be done at every sign-in.</summary>
    internal bool GoesOnline(TenantContext tenant) => Sources(tenant).Online;

    /// <summary>Whether the service failed a moment ago.</summary>
    internal bool IsResting => service.IsResting;

    /// <returns>Unknown when a source that the tenant wants is not there or did not answer, and no other knows the password.</returns>
    internal async ValueTask<BreachVerdict> CheckAsync(TenantContext tenant, string password, CancellationToken ct)
    {
        var (offline, online) = Sources(tenant);
        if (!offline && !online) return BreachVerdict.Clear;
        var listed = offline ? Counted("offline", LookUp(password)) : BreachVerdict.Clear;
        if (listed == BreachVerdict.Breached || !online) return listed;
        var served = Counted("online", await AskAsync(password, ct));
        return served == BreachVerdict.Clear ? listed : served;
    }

    private BreachVerdict LookUp(string password)
    {
        if (list is null) return BreachVerdict.Unknown;
        try
        {
            return Forms(password).Any(list.Contains) ? BreachVerdict.Breached : BreachVerdict.Clear;
        }
        catch (InvalidDataException e)
        {
            // As with a service that does not answer: the tenant says what follows, and nobody is kept from signing in.
            LogDamaged(log, e);
            return BreachVerdict.Unknown;
        }
    }

    private async ValueTask<BreachVerdict> AskAsync(string password, CancellationToken ct)
    {
        foreach (var bytes in Forms(password))
        {
            if (!service.IsConfigured || await service.ContainsAsync(bytes, ct) is not { } found) return BreachVerdict.Unknown;
            if (found) return BreachVerdict.Breached;
        }
        return BreachVerdict.Clear;
    }

    private (bool Offline, bool Online) Sources(TenantContext tenant) => tenant.Settings.Passwords.BreachCheck switch
    {
        PasswordSettings.BreachAuto => (list is not null, false),
        PasswordSettings.BreachOffline => (true, false),
        PasswordSettings.BreachOnline => (false, true),
        PasswordSettings.BreachBoth => (true, true),
        _ => (false, false),
    };

    /// <summary>As it is hashed here; and as it was typed, where that differs: an attacker types it as it stands in the list.</summary>
    private static IEnumerable<byte[]> Forms(string password)
    {
        if (PasswordText.Normalize(password) is not { } normalized) yield break;
        yield return Encoding.UTF8.GetBytes(normalized);
        if (!string.Equals(normalized, password, StringComparison.Ordinal)) yield return Encoding.UTF8.GetBytes(password);
    }

    private BreachVerdict Counted(string source, BreachVerdict verdict)
    {
        metrics.BreachChecked(source, verdict);
        return verdict;
    }

    public void Dispose() => list?.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "Credentials:BreachedList is damaged: compile it anew (gatehouse breached check tells).")]
    private static partial void LogDamaged(ILogger log, Exception error);
}
