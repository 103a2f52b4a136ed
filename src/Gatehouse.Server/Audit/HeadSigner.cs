using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Audit;

/// <summary>What a signed head says.</summary>
/// <param name="Hash">Hexadecimal.</param>
internal sealed record HeadClaims(string Tenant, long Seq, string Hash, DateTimeOffset SignedAt);

/// <summary>
/// Signs the end of a tenant's chain with a key that signs nothing else: a JWS (ES256) of type <see cref="Type"/>. Who keeps one elsewhere
/// can show later that everything up to it was then what it is now.
/// </summary>
internal sealed class HeadSigner(IDatabase database, TenantVault vault, AuditLog audit, TimeProvider clock)
{
    internal const string Type = "gatehouse-audit-head+jwt";

    /// <returns>The present head, signed now or before; null before the first entry, and for a tenant that was emptied.</returns>
    internal async Task<SignedHead?> SignAsync(TenantId tenant, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        var head = await AuditStore.FindHeadAsync(tx, ct);
        if (head.Seq == 0) return null;
        if (await SignedHeadStore.FindAsync(tx, head.Seq, ct) is { } there) return there;
        if (!await vault.HasDataKeyAsync(tx, ct)) return null;
        var (id, key) = await KeyAsync(tx, ct);
        using var signing = key;
        var now = clock.Now();
        var claims = JsonSerializer.SerializeToUtf8Bytes(new HeadClaims(tenant.ToString(), head.Seq, Convert.ToHexStringLower(head.Hash), now), AuditJson.Default.HeadClaims);
        var made = new SignedHead(head.Seq, head.Hash, id, now, Jws.Sign(signing, Type, id.ToString(), claims));
        await SignedHeadStore.InsertAsync(tx, made, ct);
        var kept = await SignedHeadStore.FindAsync(tx, head.Seq, ct);
        await tx.CommitAsync(ct);
        return kept ?? made;
    }

    /// <summary>The key that signs from now on is a new one; what was signed stays good, and the old private half is gone.</summary>
    internal async Task RotateAsync(TenantTransaction tx, AuditActor actor, RequestFacts facts, CancellationToken ct)
    {
        await SignedHeadStore.RetireKeyAsync(tx, clock.Now(), ct);
        var (id, key) = await KeyAsync(tx, ct);
        key.Dispose();
        await audit.AppendAsync(tx, new("audit.key_rotated", AuditOutcome.Success, actor, "audit_key", id.ToString(), facts), ct);
    }

    private async ValueTask<(KeyId Id, SigningKey Key)> KeyAsync(TenantTransaction tx, CancellationToken ct)
    {
        if (await SignedHeadStore.FindActiveKeyAsync(tx, ct) is { } there) return await OpenAsync(tx, there, ct);
        var id = KeyId.New(clock);
        using var made = SigningKey.Generate(JwsAlgorithm.ES256);
        var pkcs8 = made.ExportPkcs8();
        var row = new AuditKeyRow(id, PublicJwk(made, id), await vault.SealAsync(tx, Place(id), pkcs8, ct), clock.Now(), null);
        CryptographicOperations.ZeroMemory(pkcs8);
        if (await SignedHeadStore.TryInsertKeyAsync(tx, row, ct))
            await audit.AppendAsync(tx, new("audit.key_created", AuditOutcome.Success, AuditActor.System, "audit_key", id.ToString(), RequestFacts.None), ct);
        return await OpenAsync(tx, await SignedHeadStore.FindActiveKeyAsync(tx, ct) ?? throw new InvalidOperationException("The audit's signing key vanished while it was made."), ct);
    }

    private async ValueTask<(KeyId, SigningKey)> OpenAsync(TenantTransaction tx, AuditKeyRow row, CancellationToken ct)
    {
        var pkcs8 = await vault.OpenAsync(tx, Place(row.Id), row.SealedPrivate!, ct);
        var key = SigningKey.ImportPkcs8(JwsAlgorithm.ES256, pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        return (row.Id, key);
    }

    private static string PublicJwk(SigningKey key, KeyId id)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) key.PublicKey.WithKeyId(id.ToString()).WritePublic(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static SealedAt Place(KeyId id) => new("audit_signing_keys", "sealed_private", id.ToString());
}
