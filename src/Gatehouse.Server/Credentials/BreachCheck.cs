using System.Text;
using Gatehouse.Http;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

internal enum BreachVerdict { Clear, Breached, Unknown }

/// <summary>Whether a password is on a published list of breached ones: in the server's own list, at a service, or both, as the tenant chose.</summary>
internal sealed class BreachCheck : IDisposable
{
    private readonly BreachedList? list;
    private readonly BreachedRange service;
    private readonly CredentialsMetrics metrics;

    public BreachCheck(IOptions<CredentialsOptions> options, BreachedRange service, CredentialsMetrics metrics)
    {
        (this.service, this.metrics) = (service, metrics);
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
        var known = true;
        foreach (var bytes in Forms(password))
        {
            if (offline && list is not null && list.Contains(bytes)) return Counted("offline", BreachVerdict.Breached);
        }
        if (offline && list is not null) Counted("offline", BreachVerdict.Clear);
        if (offline && list is null) known = Counted("offline", BreachVerdict.Unknown) != BreachVerdict.Unknown;
        if (!online) return known ? BreachVerdict.Clear : BreachVerdict.Unknown;

        foreach (var bytes in Forms(password))
        {
            if (!service.IsConfigured || await service.ContainsAsync(bytes, ct) is not { } found) return Counted("online", BreachVerdict.Unknown);
            if (found) return Counted("online", BreachVerdict.Breached);
        }
        Counted("online", BreachVerdict.Clear);
        return known ? BreachVerdict.Clear : BreachVerdict.Unknown;
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
}
