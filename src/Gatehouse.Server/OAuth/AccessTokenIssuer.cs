using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Claims;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Keys;
using Gatehouse.Organizations;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.OAuth;

/// <summary>The person, and what she granted, that a token speaks of; null where a client acts for itself.</summary>
internal sealed record TokenSubject(UserId User, GrantId Grant, SessionId Session, DateTimeOffset AuthTime, IReadOnlyList<string> Amr, string? Acr)
{
    /// <summary>The organization she works in, where its claim was granted.</summary>
    internal Organization? Organization { get; init; }

    /// <summary>Who acts as her; null: she herself.</summary>
    internal UserId? Actor { get; init; }

    /// <summary>No token of it lives longer; null where the usual life is all that counts.</summary>
    internal DateTimeOffset? Until { get; init; }

    internal static TokenSubject Of(Grant grant) => new(grant.UserId, grant.Id, grant.SessionId, grant.AuthTime, grant.Amr, grant.Acr) { Actor = grant.ActorId, Until = grant.ActorId is null ? null : grant.ExpiresAt };

    /// <summary>Seconds of a token that would live so long, from now on.</summary>
    internal int Shorten(int seconds, DateTimeOffset now) => Until is { } until ? (int)Math.Clamp((until - now).TotalSeconds, 0, seconds) : seconds;
}

/// <summary>Writes access tokens: RFC 9068.</summary>
internal sealed class AccessTokenIssuer(SigningKeys keys, TimeProvider clock)
{
    internal const string Type = "at+jwt";

    /// <summary>The key for a target, from memory when nothing changed.</summary>
    internal ValueTask<ActiveKey> FindKeyAsync(TenantContext tenant, AccessTarget target, CancellationToken ct) => keys.GetActiveAsync(tenant.Id, target.Algorithm, ct);

    internal static int Lifetime(TenantContext tenant, AccessTarget target) => target.Seconds ?? tenant.Settings.Tokens.AccessTokenSeconds;

    internal string Issue(ActiveKey key, TenantContext tenant, AccessTarget target, string clientId, TokenSubject? subject, BuiltClaims claims)
    {
        var payload = WritePayload(tenant, target, clientId, subject, claims);
        return Jws.Sign(key.Key, Type, key.Kid, payload);
    }

    /// <summary>Straight into a response.</summary>
    internal void Issue(IBufferWriter<byte> output, ActiveKey key, TenantContext tenant, AccessTarget target, string clientId, BuiltClaims claims) =>
        Jws.Sign(output, key.Key, Type, key.Kid, WritePayload(tenant, target, clientId, null, claims));

    /// <summary>What is signed; for a preview too, which signs nothing. Good until the next await.</summary>
    internal ReadOnlySpan<byte> WritePayload(TenantContext tenant, AccessTarget target, string clientId, TokenSubject? subject, BuiltClaims claims)
    {
        var time = clock.GetUtcNow();
        var now = time.ToUnixTimeSeconds();
        var life = Lifetime(tenant, target);
        if (subject is not null) life = subject.Shorten(life, time);
        var buffer = PayloadBuffer.Mine;
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteString("iss"u8, tenant.Issuer);
        // RFC 9068 §2.2: where no person is involved, sub is the client.
        json.WriteString("sub"u8, subject is null ? clientId : subject.User.ToString());
        json.WriteString("aud"u8, target.Audience);
        json.WriteNumber("exp"u8, now + life);
        json.WriteNumber("iat"u8, now);
        WriteTokenId(json);
        json.WriteString("client_id"u8, clientId);
        if (target.Scope.Length > 0) json.WriteString("scope"u8, target.Scope);
        if (subject is not null)
        {
            TokenClaims.WriteAuthentication(json, subject.AuthTime, subject.Amr, subject.Acr);
            if (subject.Organization is { } organization) GrantedOrganization.Write(json, organization);
            json.WriteString("sid"u8, subject.Session.ToString());
            json.WriteString("gid"u8, subject.Grant.ToString());
            TokenClaims.WriteActor(json, subject.Actor?.ToString());
        }
        claims.WriteTo(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.Bytes.WrittenSpan;
    }

    private static void WriteTokenId(Utf8JsonWriter json)
    {
        Span<byte> random = stackalloc byte[16];
        Span<byte> text = stackalloc byte[22];
        RandomNumberGenerator.Fill(random);
        Base64Url.EncodeToUtf8(random, text);
        json.WriteString("jti"u8, text);
    }
}

/// <summary>Claims that access tokens and ID Tokens share.</summary>
internal static class TokenClaims
{
    /// <summary>What was done to sign in: one factor (a password alone), or two of different kinds.</summary>
    internal const string OneFactor = "urn:gatehouse:acr:1fa", TwoFactors = "urn:gatehouse:acr:2fa", Impersonated = "urn:gatehouse:acr:impersonated";

    /// <summary>The level that these methods reach. RFC 8176: <c>mfa</c> stands only where several factors were used.</summary>
    internal static string Acr(IReadOnlyList<string> amr)
    {
        for (var i = 0; i < amr.Count; i++)
            if (amr[i] == "mfa") return TwoFactors;
        return OneFactor;
    }

    /// <summary>RFC 8693 §4.1: somebody else acts as the subject. Whoever reads a token can tell.</summary>
    internal static void WriteActor(Utf8JsonWriter json, string? actor)
    {
        if (actor is null) return;
        json.WriteStartObject("act"u8);
        json.WriteString("sub"u8, actor);
        json.WriteEndObject();
    }

    internal static void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audience)
    {
        if (audience.Count == 1) { json.WriteString("aud"u8, audience[0]); return; }
        json.WriteStartArray("aud"u8);
        for (var i = 0; i < audience.Count; i++) json.WriteStringValue(audience[i]);
        json.WriteEndArray();
    }

    internal static void WriteAuthentication(Utf8JsonWriter json, DateTimeOffset authTime, IReadOnlyList<string> amr, string? acr)
    {
        json.WriteNumber("auth_time"u8, authTime.ToUnixTimeSeconds());
        json.WriteString("acr"u8, acr ?? Acr(amr));
        json.WriteStartArray("amr"u8);
        for (var i = 0; i < amr.Count; i++) json.WriteStringValue(amr[i]);
        json.WriteEndArray();
    }
}

/// <summary>A second buffer per thread: a token's payload, while the answer around it is being written into the first.</summary>
internal static class PayloadBuffer
{
    [ThreadStatic] private static ReplyBuffer? mine;

    /// <summary>Empty. Good until the next await.</summary>
    internal static ReplyBuffer Mine
    {
        get
        {
            var buffer = mine ??= new ReplyBuffer();
            buffer.Reset();
            return buffer;
        }
    }
}
