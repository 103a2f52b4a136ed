using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Applications;

/// <summary>
/// The public keys by which a client proves itself instead of by a secret: <c>private_key_jwt</c>, OpenID Connect Core §9. Either written down with
/// the client or fetched from an address of its own.
/// </summary>
/// <param name="Algorithm">The only one it may sign with; null: whichever its key is for.</param>
/// <param name="Jwks">Its keys as one document, when they are written down.</param>
/// <param name="JwksUri">Where they are, else.</param>
public sealed record ClientKeys(string? Algorithm, string? Jwks, string? JwksUri)
{
    /// <summary>The methods of RFC 7591 §2 that a client may have here. A secret by header may also come in the body.</summary>
    public const string Secret = "client_secret_basic", PrivateKey = "private_key_jwt", None = "none";

    /// <summary>An RSA key that names no algorithm is for this one, where the client names none either (OpenID Connect Core §15.1).</summary>
    public const string RsaDefault = "RS256";

    private const int MaxKeys = 10, MaxKeyIdLength = 255, MaxUriLength = 2000;

    /// <summary>Characters of the largest document; ten keys of 4096 bits fit.</summary>
    private const int MaxDocumentLength = 16 * 1024;

    /// <summary>What a registration says, read strictly.</summary>
    /// <param name="method">Null: by secret, or none for a public client.</param>
    /// <param name="keys">Null for a client without keys.</param>
    /// <returns>Null; <c>auth_method_invalid</c>, <c>jwks_required</c>, <c>jwks_invalid</c>, <c>jwks_uri_invalid</c>, <c>algorithm_invalid</c>.</returns>
    internal static Problem? Read(ClientType type, string? method, string? algorithm, JsonElement? jwks, string? jwksUri, out ClientKeys? keys)
    {
        keys = null;
        if (method is not (null or Secret or PrivateKey or None) || (type == ClientType.Public ? method is not (null or None) : method is None))
            return Problem.Invalid("auth_method_invalid", "token_endpoint_auth_method is client_secret_basic or private_key_jwt for a confidential client and none for a public one.", "token_endpoint_auth_method");
        var written = jwks is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } document ? document : (JsonElement?)null;
        if (method is not PrivateKey)
            return written is null && jwksUri is null && algorithm is null ? null
                : Problem.Invalid("auth_method_invalid", "Keys and their algorithm belong to token_endpoint_auth_method private_key_jwt.", "token_endpoint_auth_method");
        if (algorithm is not null && !JwsAlgorithm.Offered.Any(a => a.Name == algorithm))
            return Problem.Invalid("algorithm_invalid", $"token_endpoint_auth_signing_alg is one of {string.Join(", ", JwsAlgorithm.Offered)}.", "token_endpoint_auth_signing_alg");
        if ((written is null) == (jwksUri is null))
            return Problem.Invalid("jwks_required", "private_key_jwt needs the client's public keys: either jwks or jwks_uri.", "jwks");
        string? text = null;
        if (written is { } set)
        {
            if (!ReadDocument(set, algorithm).TryGet(out text, out var problem)) return problem;
        }
        else if (jwksUri!.Length > MaxUriLength || !OutgoingHttp.IsTarget(jwksUri))
        {
            return Problem.Invalid("jwks_uri_invalid", "jwks_uri is an https address without user or fragment.", "jwks_uri");
        }
        keys = new(algorithm, text, jwksUri);
        return null;
    }

    /// <summary>Every key of a set that this client may sign with, each for its one algorithm.</summary>
    public VerificationKey[] Usable(JsonWebKeySet set)
    {
        List<VerificationKey> usable = [];
        foreach (var key in set.Keys)
            if (AlgorithmOf(key, Algorithm) is { } algorithm && VerificationKey.Create(key, algorithm).TryGet(out var made, out _)) usable.Add(made);
        return [.. usable];
    }

    private static JwsAlgorithm? AlgorithmOf(JsonWebKey key, string? only)
    {
        var own = key.SignatureAlgorithm ?? (key.Algorithm is null && key.KeyType == JwsKeyType.Rsa ? JwsAlgorithm.TryParse(only ?? RsaDefault) : null);
        return only is null || own?.Name == only ? own : null;
    }

    // Here nothing is passed over in silence: who writes down a key means it to work.
    private static Result<string, Problem> ReadDocument(JsonElement document, string? algorithm)
    {
        var text = document.GetRawText();
        if (text.Length > MaxDocumentLength) return Invalid($"jwks has at most {MaxDocumentLength} characters.");
        if (!JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(text)).TryGet(out var set, out var error))
            return Invalid(error.Code == JoseError.KeyPrivate ? "jwks holds a private or secret key. Register the public half, and make a new pair: this one has been shown." : "jwks is a JSON Web Key Set: an object with an array named keys.");
        if (set.Ignored.Count > 0) return Invalid($"One of the keys cannot be used: {set.Ignored[0].Detail}");
        if (set.Keys.Count is 0 or > MaxKeys) return Invalid($"jwks has 1 to {MaxKeys} keys.");
        if (set.Keys.Any(k => k.KeyId is { Length: 0 or > MaxKeyIdLength })) return Invalid($"A kid has 1 to {MaxKeyIdLength} characters.");
        // Which of two keys is meant must never be a guess.
        if (set.Keys.Count > 1 && (set.Keys.Any(k => k.KeyId is null) || set.Keys.Select(k => k.KeyId).Distinct(StringComparer.Ordinal).Count() < set.Keys.Count))
            return Invalid("Of several keys each has a kid of its own.");
        foreach (var key in set.Keys)
        {
            if (AlgorithmOf(key, algorithm) is not { } own) return Invalid("One of the keys is not for token_endpoint_auth_signing_alg, or for no algorithm that is offered.");
            if (!VerificationKey.Create(key, own).TryGet(out var made, out error)) return Invalid($"One of the keys cannot be used: {error.Detail}");
            made.Dispose();
        }
        return Encoding.UTF8.GetString(set.ToUtf8Json());
    }

    private static Problem Invalid(string detail) => Problem.Invalid("jwks_invalid", detail, "jwks");
}
