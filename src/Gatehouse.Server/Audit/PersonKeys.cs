using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Audit;

/// <summary>Where a request came from, as it is sealed.</summary>
internal sealed record AuditOrigin(string Ip, string UserAgent);

/// <summary>Keeps a key for each person of whom the audit tells, seals entries with them and opens them again.</summary>
internal sealed class PersonKeys(TenantVault vault, TimeProvider clock)
{
    private const string Insert = """
        INSERT INTO trail_person_keys (tenant_id, person, sealed_key, created_at) VALUES (@tenant, @person, @key, @now) ON CONFLICT DO NOTHING
        """;
    private const string SelectKey = "SELECT sealed_key FROM trail_person_keys WHERE tenant_id = @tenant AND person = @person";
    private const string DeleteKey = "DELETE FROM trail_person_keys WHERE tenant_id = @tenant AND person = @person";
    private const string DeleteAddresses = "DELETE FROM trail_addresses WHERE tenant_id = @tenant AND person = @person";

    /// <summary>
    /// Seals what tells of persons, as it was read with their keys; makes keys for those who have none. Whoever calls holds the head's
    /// lock, so no two make a key for one person. A tenant that was emptied has nothing left to seal with: what was personal is dropped.
    /// </summary>
    internal async ValueTask<List<AuditRow>> SealAsync(TenantTransaction tx, IReadOnlyList<AuditRow> rows, CancellationToken ct)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (rows.Any(r => HasOrigin(r) || r.Personal is not null) && await vault.HasDataKeyAsync(tx, ct))
        {
            foreach (var row in rows)
            {
                if (HasOrigin(row)) await AddAsync(tx, keys, row.OriginOf!, row.OriginKey, ct);
                if (row.Personal is not null) await AddAsync(tx, keys, row.PersonalOf!, row.PersonalKey, ct);
            }
        }
        return [.. rows.Select(row => row with { SealedOrigin = Origin(tx.Tenant, row, keys), SealedPersonal = Personal(tx.Tenant, row, keys) })];
    }

    /// <summary>Fills in address, browser and personal details of rows that were read with their keys. What was erased stays empty.</summary>
    internal async ValueTask<List<AuditRow>> OpenAsync(TenantTransaction tx, IReadOnlyList<AuditRow> rows, CancellationToken ct)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var opened = new List<AuditRow>(rows.Count);
        foreach (var row in rows)
        {
            var (originKey, origin) = await OpenAsync(tx, keys, row.Id, PersonEnvelope.Origin, row.SealedOrigin, row.OriginOf, row.OriginKey, ct);
            var (personalKey, personal) = await OpenAsync(tx, keys, row.Id, PersonEnvelope.Personal, row.SealedPersonal, row.PersonalOf, row.PersonalKey, ct);
            var from = origin is null ? null : JsonSerializer.Deserialize(origin, AuditJson.Default.AuditOrigin);
            opened.Add(row with { Ip = from?.Ip ?? row.Ip, UserAgent = from?.UserAgent ?? row.UserAgent, OriginKey = originKey, PersonalKey = personalKey, Personal = personal ?? row.Personal });
        }
        return opened;
    }

    /// <summary>By what address entries are found again: no table of it can be made without the tenant's key.</summary>
    internal async ValueTask<byte[]> MacAsync(TenantTransaction tx, string ip, CancellationToken ct) => Mac(await vault.DeriveKeyAsync(tx, "audit-address", ct), ip);

    internal async ValueTask<List<(byte[] Mac, AuditId Entry, string Person)>> AddressesAsync(TenantTransaction tx, IReadOnlyList<AuditRow> rows, CancellationToken ct)
    {
        var found = rows.Where(r => r.SealedOrigin is not null && r.Ip.Length > 0).ToList();
        if (found.Count == 0) return [];
        var key = await vault.DeriveKeyAsync(tx, "audit-address", ct);
        return [.. found.Select(r => (Mac(key, r.Ip), r.Id, r.OriginOf!))];
    }

    /// <returns>Whether there was a key: whether anything was told of her.</returns>
    internal async ValueTask<bool> DestroyAsync(TenantTransaction tx, string person, CancellationToken ct)
    {
        var had = await tx.ExecuteAsync(DeleteKey, [("person", person)], ct) == 1;
        await tx.ExecuteAsync(DeleteAddresses, [("person", person)], ct);
        return had;
    }

    private async ValueTask AddAsync(TenantTransaction tx, Dictionary<string, byte[]> keys, string person, byte[]? sealedKey, CancellationToken ct)
    {
        if (keys.ContainsKey(person)) return;
        if (sealedKey is not null)
        {
            keys[person] = await vault.OpenAsync(tx, Place(person), sealedKey, ct);
            return;
        }
        var key = RandomNumberGenerator.GetBytes(PersonEnvelope.KeySize);
        if (await tx.ExecuteAsync(Insert, [("person", person), ("key", await vault.SealAsync(tx, Place(person), key, ct)), ("now", clock.Now())], ct) == 0)
        {
            var there = await tx.FindAsync(SelectKey, [("person", person)], row => row.Bytes(0), ct) ?? throw new InvalidOperationException("A person's key vanished under the lock of the head.");
            key = await vault.OpenAsync(tx, Place(person), there, ct);
        }
        keys[person] = key;
    }

    private async ValueTask<(byte[]? Key, string? Text)> OpenAsync(TenantTransaction tx, Dictionary<string, byte[]> keys, AuditId entry, string part,
        byte[]? value, string? person, byte[]? sealedKey, CancellationToken ct)
    {
        if (value is null || person is null || sealedKey is null) return default;
        if (!keys.TryGetValue(person, out var key)) keys[person] = key = await vault.OpenAsync(tx, Place(person), sealedKey, ct);
        var content = PersonEnvelope.KeyOf(key, tx.Tenant, entry, part);
        try
        {
            return (content, PersonEnvelope.Open(content, tx.Tenant, entry, part, value));
        }
        catch (CryptographicException)
        {
            // A person who was erased and came back has a new key, which does not open what was before.
            return default;
        }
    }

    private static bool HasOrigin(AuditRow row) => row.Ip.Length > 0 || row.UserAgent.Length > 0;

    private static byte[]? Origin(TenantId tenant, AuditRow row, Dictionary<string, byte[]> keys) => HasOrigin(row) && keys.TryGetValue(row.OriginOf!, out var key)
        ? PersonEnvelope.Seal(PersonEnvelope.KeyOf(key, tenant, row.Id, PersonEnvelope.Origin), tenant, row.Id, PersonEnvelope.Origin,
            JsonSerializer.Serialize(new AuditOrigin(row.Ip, row.UserAgent), AuditJson.Default.AuditOrigin))
        : null;

    private static byte[]? Personal(TenantId tenant, AuditRow row, Dictionary<string, byte[]> keys) => row.Personal is not null && keys.TryGetValue(row.PersonalOf!, out var key)
        ? PersonEnvelope.Seal(PersonEnvelope.KeyOf(key, tenant, row.Id, PersonEnvelope.Personal), tenant, row.Id, PersonEnvelope.Personal, row.Personal)
        : null;

    private static byte[] Mac(byte[] key, string ip) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(ip))[..16];

    private static SealedAt Place(string person) => new("trail_person_keys", "sealed_key", person);
}
