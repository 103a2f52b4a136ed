using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Protocols.Jose;
using Gatehouse.Vault;

namespace Gatehouse.Flows.Hooks;

/// <summary>
/// Hands a person over to a page of the tenant's own and reads what the page says when she comes back. What binds the two is <c>jti</c>: it is
/// made of the run as it stands, and every change of the run makes it another, so that an answer counts once, in the run, for the person and
/// for the step and version it was given for.
/// </summary>
public sealed class Handovers(SigningKeys keys, TenantVault vault, Hooks hooks, TimeProvider clock)
{
    /// <summary>Types of their own: neither can be taken for a token, nor a token for them (RFC 8725 §3.11).</summary>
    public const string HandoverType = "gatehouse-handover+jwt", ResultType = "gatehouse-result+jwt";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan skew = TimeSpan.FromSeconds(5);

    /// <summary>Where the browser goes: the page's own address with <c>handover</c>, signed by the tenant's key.</summary>
    /// <param name="returnUrl">Where the page sends it back to, with <c>result</c>.</param>
    public async ValueTask<string> UrlAsync(TenantContext tenant, WebStep step, Interaction run, UserId user, long version, string returnUrl, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", tenant.Issuer);
            json.WriteString("aud", step.Origin);
            json.WriteString("sub", user.ToString());
            json.WriteString("jti", await JtiAsync(tenant, step, run, user, version, ct));
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString("return_url", returnUrl);
            json.WriteString("flow", FlowDefinition.SignIn);
            json.WriteString("step", step.Id);
            if (run.Demand.Client is { } client) json.WriteString("client_id", client.ToString());
            json.WriteEndObject();
        }
        var key = await keys.GetActiveAsync(tenant.Id, JwsAlgorithm.ES256, ct);
        var token = Jws.Sign(key.Key, HandoverType, key.Kid, buffer.WrittenSpan);
        return $"{step.Url}{(step.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}handover={token}";
    }

    /// <summary>What the page says: a JWT (HS256 with one of the tenant's flow keys) for this very hand-over.</summary>
    /// <returns>Null when it is none, or another's.</returns>
    public async ValueTask<HookAnswer?> ReadAsync(TenantContext tenant, WebStep step, Interaction run, UserId user, long version, string result, CancellationToken ct)
    {
        var secrets = await hooks.ReadKeysAsync(tenant, ct);
        if (secrets.Count == 0) return null;
        List<HmacKey> trusted = [.. secrets.Select(k => new HmacKey(k.Secret))];
        try
        {
            var expected = new JwsVerification { Keys = [.. trusted], Type = ResultType, MaxLength = Hooks.MaxAnswerBytes };
            if (!Jws.Verify(result, expected).TryGet(out var jws, out _) || !Jwt.ParseClaims(jws).TryGet(out var claims, out _)) return null;
            var now = clock.GetUtcNow();
            if (!Jwt.Validate(claims, step.Origin, tenant.Issuer, now, skew).TryGet(out _, out _) || claims.Expires > now + Lifetime + skew) return null;
            var wanted = await JtiAsync(tenant, step, run, user, version, ct);
            if (claims.JwtId is not { } given || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(wanted))) return null;
            return Hooks.ReadDecision(claims.Root, "iss", "aud", "jti", "iat", "exp", "nbf", "sub") is { } answer ? new(answer.Result, answer.Allowed == true, answer.Reason, answer.Attributes, TimeSpan.Zero) : null;
        }
        finally
        {
            foreach (var key in trusted) key.Dispose();
            foreach (var (_, secret) in secrets) CryptographicOperations.ZeroMemory(secret);
        }
    }

    private async ValueTask<string> JtiAsync(TenantContext tenant, WebStep step, Interaction run, UserId user, long version, CancellationToken ct)
    {
        var key = await vault.DeriveKeyAsync(tenant.Id, "flow-handover", ct);
        var of = string.Create(CultureInfo.InvariantCulture, $"{run.Id} {run.Step} {user} {version} {step.Id}");
        return System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(of)));
    }
}
