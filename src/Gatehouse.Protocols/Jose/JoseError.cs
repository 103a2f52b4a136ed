namespace Gatehouse.Protocols.Jose;

/// <summary>Why a key, a signed message or its claims were refused.</summary>
/// <param name="Code">Stable, snake_case; one of the constants below. Tests and logs switch on it.</param>
/// <param name="Detail">For the engineer who reads the log; holds nothing that was in the token.</param>
public sealed record JoseError(string Code, string Detail)
{
    /// <summary>Not three canonical base64url parts, or longer than allowed.</summary>
    public const string Malformed = "jws_malformed";

    /// <summary>The header is not one strict JSON object, or a member has the wrong type.</summary>
    public const string HeaderInvalid = "jws_header_invalid";

    /// <summary><c>crit</c> or <c>b64</c> asks for something we do not do.</summary>
    public const string CriticalUnsupported = "jws_crit_unsupported";

    /// <summary><c>none</c>, or an algorithm that is unknown or not available in this process.</summary>
    public const string AlgorithmUnsupported = "jws_alg_unsupported";

    public const string TypeUnexpected = "jws_typ_unexpected";

    /// <summary>No expected key has this <c>kid</c> and algorithm, or without a <c>kid</c> more than one would fit.</summary>
    public const string KeyUnknown = "jws_key_unknown";

    public const string SignatureInvalid = "jws_signature_invalid";

    /// <summary>A JWK that breaks its specification: wrong types, duplicates, bad encodings, a point off its curve.</summary>
    public const string KeyInvalid = "jwk_invalid";

    /// <summary>A well-formed JWK of a kind, size or use that we do not take.</summary>
    public const string KeyUnsupported = "jwk_unsupported";

    /// <summary>Private or secret members where a public key belongs: its owner has leaked the key.</summary>
    public const string KeyPrivate = "jwk_private";

    public const string ClaimsInvalid = "jwt_claims_invalid";
    public const string IssuerUnexpected = "jwt_iss_unexpected";
    public const string AudienceUnexpected = "jwt_aud_unexpected";
    public const string Expired = "jwt_expired";
    public const string NotYetValid = "jwt_not_yet_valid";
}
