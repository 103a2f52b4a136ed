using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.WebAuthn;

namespace Gatehouse.Conformance.WebAuthn;

/// <summary>One pair of ceremonies from the specification's own test vectors.</summary>
public sealed class Vector
{
    internal const string RpId = "example.org", Origin = "https://example.org", TopOrigin = "https://example.com";
    internal static readonly byte[] Handle = [1, 2, 3];

    private static readonly JsonElement file = Vectors.Read("webauthn/w3c-level3.json");
    private readonly JsonElement registration, authentication;

    private Vector(JsonElement item) => (Id, registration, authentication) = (item.GetProperty("id").GetString()!, item.GetProperty("registration"), item.GetProperty("authentication"));

    internal static IEnumerable<Vector> All => file.GetProperty("cases").EnumerateArray().Select(c => new Vector(c));

    internal static byte[] Authority => Convert.FromHexString(file.GetProperty("attestation_ca_cert").GetString()!);

    internal string Id { get; }

    internal static Vector Of(string id) => All.Single(v => v.Id == id);

    internal RegistrationResponse Registered => new(Bytes(registration, "credential_id"), Bytes(registration, "clientDataJSON"), Bytes(registration, "attestationObject"));

    internal RegistrationExpectation RegistrationExpected(AttestationTrust? trust = null) =>
        new() { Challenge = Bytes(registration, "challenge"), RpId = RpId, Origins = [Origin], TopOrigins = [TopOrigin], RequireTopOrigin = false, RequireUserVerification = false, Trust = trust };

    internal AuthenticationResponse Authenticated => new(Bytes(registration, "credential_id"), Bytes(authentication, "clientDataJSON"), Bytes(authentication, "authenticatorData"),
        Bytes(authentication, "signature"), Handle);

    internal AuthenticationExpectation AuthenticationExpected() =>
        new() { Challenge = Bytes(authentication, "challenge"), RpId = RpId, Origins = [Origin], TopOrigins = [TopOrigin], RequireTopOrigin = false, RequireUserVerification = false };

    internal static StoredCredential Stored(RegisteredCredential credential) => new(credential.Id, credential.PublicKey, credential.SignCount, credential.BackupEligible, Handle);

    internal Guid Aaguid => new(Bytes(registration, "aaguid"), bigEndian: true);

    public override string ToString() => Id;

    private static byte[] Bytes(JsonElement item, string name) => Convert.FromHexString(item.GetProperty(name).GetString()!);
}

internal static class Expect
{
    public static T ShouldSucceed<T>(this Result<T, WebAuthnError> result) where T : notnull
    {
        result.TryGet(out var value, out var error).ShouldBeTrue(error?.ToString());
        return value!;
    }

    public static void ShouldFail<T>(this Result<T, WebAuthnError> result, string code) where T : notnull
    {
        result.TryGet(out _, out var error).ShouldBeFalse("It was accepted.");
        error!.Code.ShouldBe(code, error.Detail);
    }
}
