using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Subtenants;

/// <summary>
/// What a registered tenant's administrators spend is not theirs: text messages cost whoever runs the server, and somebody whom they earn something would only have to register. So they go no
/// further, and are no more, than in the tenant above. What does not change stays, and where none are sent there is nothing to bound.
/// </summary>
internal sealed class RegisteredSettings(ISystemDatabase system, TenantDirectory tenants) : ISettingsGuard
{
    public async ValueTask<Problem?> CheckAsync(TenantTransaction tx, TenantContext before, TenantContext after, RequestFacts request, CancellationToken ct)
    {
        var (countries, limits) = (after.Settings.Sms.AllowedCountries, Figures(after.Settings.Limits));
        if (countries.Count == 0 || (countries.SequenceEqual(before.Settings.Sms.AllowedCountries, StringComparer.Ordinal) && limits.SequenceEqual(Figures(before.Settings.Limits)))) return null;
        TenantContext? above;
        await using (var read = await system.ReadAsync(ct)) above = await RegisteredTenants.FindAboveAsync(read, tenants, after.Id, ct);
        if (above is null) return null;
        if (countries.Except(above.Settings.Sms.AllowedCountries, StringComparer.Ordinal).Any()) return Exceeds("sms.allowed_countries");
        foreach (var ((name, value), (_, most)) in limits.Zip(Figures(above.Settings.Limits)))
            if (value > most) return Exceeds($"limits.{name}");
        return null;
    }

    private static (string Name, int Value)[] Figures(LimitSettings l) =>
    [
        ("sms_per_number_hour", l.SmsPerNumberHour), ("sms_per_number_day", l.SmsPerNumberDay), ("sms_per_prefix_hour", l.SmsPerPrefixHour), ("sms_per_ip_hour", l.SmsPerIpHour),
        ("sms_per_tenant_hour", l.SmsPerTenantHour), ("sms_per_tenant_day", l.SmsPerTenantDay),
    ];

    private static Problem Exceeds(string field) =>
        Problem.Invalid("setting_exceeds_above", "Somebody registered this tenant, or one above it: text messages go no further, and are no more, than in the tenant above that.", field);
}
