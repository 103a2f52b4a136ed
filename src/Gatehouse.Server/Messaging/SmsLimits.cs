using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>
/// How many text messages go out: each costs money, and there are people who earn by having them sent to numbers of theirs (pumping). Each
/// limit is one conditional statement over a count of its own; all of them give their share, or none does. Always taken in the same order.
/// </summary>
internal static class SmsLimits
{
    /// <returns>Null when it may be sent; else the setting that says no, for the log.</returns>
    internal static async ValueTask<string?> TryTakeAsync(TenantTransaction tx, TenantContext tenant, byte[] key, PhoneNumber to, string network, bool forNobody, bool proved, DateTimeOffset now, CancellationToken ct)
    {
        var limits = tenant.Settings.Limits;
        var hour = now.ToUnixTimeSeconds() / 3600;
        var today = (hour / 24 * 24) + 23;      // kept and pruned like the last hour of the day
        // What nobody receives costs nothing: it is counted apart, so that invented numbers do not use up what real ones need.
        var whose = forNobody ? "nobody." : "";
        var number = proved ? "proved_number" : "number";
        (string Setting, string What, long Until, int Most)[] counts =
        [
            ("sms_per_number_hour", $"{number}:{to}", hour, limits.SmsPerNumberHour),
            ("sms_per_number_day", $"{number}_day:{to}", today, limits.SmsPerNumberDay),
            ("sms_per_ip_hour", $"ip:{network}", hour, limits.SmsPerIpHour),
            ("sms_per_prefix_hour", $"{whose}prefix:{to.Block(limits.SmsPrefixDigits)}", hour, limits.SmsPerPrefixHour),
            ("sms_per_tenant_hour", $"{whose}tenant", hour, limits.SmsPerTenantHour),
            ("sms_per_tenant_day", $"{whose}tenant_day", today, limits.SmsPerTenantDay),
        ];
        for (var i = 0; i < counts.Length; i++)
        {
            if (await MailStore.TryTakeShareAsync(tx, Hash(key, counts[i].What), counts[i].Until, counts[i].Most, ct)) continue;
            // What one limit refuses must not use up the others: a flood to one number would close the tenant. Whoever asked has asked all the same.
            for (var j = 0; j < i; j++)
                if (counts[j].Setting != "sms_per_ip_hour") await MailStore.ReturnShareAsync(tx, Hash(key, counts[j].What), counts[j].Until, ct);
            return counts[i].Setting;
        }
        return null;
    }

    /// <summary>What the database knows a number by.</summary>
    internal static byte[] RecipientHash(byte[] key, PhoneNumber number) => Hash(key, $"to:{number}");

    private static byte[] Hash(byte[] key, string what) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("sms." + what));
}
