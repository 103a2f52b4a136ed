using System.Security.Cryptography.X509Certificates;
using Gatehouse.Protocols.WebAuthn;

namespace Gatehouse.Conformance.WebAuthn;

/// <summary>The specification's test vectors (WebAuthn Level 3 §16): every pair, and every byte of what is signed changed in turn.</summary>
public class W3cVectorTests
{
    /// <summary>Ed448 alone is not verified here: neither .NET nor libsodium has it.</summary>
    public static TheoryData<Vector> Verified => [.. Vector.All.Where(v => v.Id != "packed-ed448")];

    public static TheoryData<Vector> WithCertificates => [.. Vector.All.Where(v => v.Id != "packed-ed448" && !v.Id.StartsWith("none-", StringComparison.Ordinal) && !v.Id.StartsWith("packed-self", StringComparison.Ordinal))];

    [Fact]
    public void Are_all_there() => Vector.All.Count().ShouldBe(15);

    [Theory, MemberData(nameof(Verified))]
    public void Registers_and_authenticates(Vector vector)
    {
        var credential = Registration.Verify(vector.Registered, vector.RegistrationExpected()).ShouldSucceed();
        credential.Aaguid.ShouldBe(vector.Aaguid);
        vector.Id.ShouldStartWith(credential.Format);
        var assertion = Authentication.Verify(vector.Authenticated, Vector.Stored(credential), vector.AuthenticationExpected()).ShouldSucceed();
        assertion.SignCountRegressed.ShouldBeFalse();
    }

    [Fact]
    public void Refuses_Ed448() =>
        Registration.Verify(Vector.Of("packed-ed448").Registered, Vector.Of("packed-ed448").RegistrationExpected()).ShouldFail(WebAuthnError.AlgorithmUnsupported);

    /// <summary>Without android-key: its vector's lists are empty, which nobody should rest on.</summary>
    public static TheoryData<Vector> Trustworthy => [.. Vector.All.Where(v => v.Id is not ("packed-ed448" or "android-key-es256") && !v.Id.StartsWith("none-", StringComparison.Ordinal) && !v.Id.StartsWith("packed-self", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Trustworthy))]
    public void Trusts_the_authority_of_the_vectors_and_no_other(Vector vector)
    {
        using var authority = X509CertificateLoader.LoadCertificate(Vector.Authority);
        var at = new DateTimeOffset(authority.NotBefore.ToUniversalTime().AddDays(1), TimeSpan.Zero);
        var credential = Registration.Verify(vector.Registered, vector.RegistrationExpected(new([authority], at, AcceptsUnattested: false))).ShouldSucceed();
        credential.Attestation.ShouldBe(credential.Format == AttestationFormats.Apple ? AttestationKind.AnonymizationCa : AttestationKind.Basic);
        using var key = System.Security.Cryptography.ECDsa.Create();
        using var stranger = new CertificateRequest("CN=stranger", key, System.Security.Cryptography.HashAlgorithmName.SHA256).CreateSelfSigned(at.AddDays(-1), at.AddYears(1));
        Registration.Verify(vector.Registered, vector.RegistrationExpected(new([stranger], at, AcceptsUnattested: true))).ShouldFail(WebAuthnError.AttestationUntrusted);
    }

    [Theory, InlineData("none-es256"), InlineData("packed-self-es256")]
    public void Asks_for_an_attestation_where_one_is_demanded(string id)
    {
        var vector = Vector.Of(id);
        Registration.Verify(vector.Registered, vector.RegistrationExpected(new([], DateTimeOffset.UnixEpoch, AcceptsUnattested: false))).ShouldFail(WebAuthnError.AttestationUntrusted);
        Registration.Verify(vector.Registered, vector.RegistrationExpected(new([], DateTimeOffset.UnixEpoch, AcceptsUnattested: true))).ShouldSucceed();
    }

    [Theory, MemberData(nameof(Verified))]
    public void Refuses_an_assertion_with_any_bit_changed(Vector vector)
    {
        var stored = Vector.Stored(Registration.Verify(vector.Registered, vector.RegistrationExpected()).ShouldSucceed());
        var good = vector.Authenticated;
        for (var i = 0; i < good.AuthenticatorData.Length; i++)
            Authentication.Verify(good with { AuthenticatorData = Flip(good.AuthenticatorData, i) }, stored, vector.AuthenticationExpected()).TryGet(out _, out _).ShouldBeFalse($"byte {i} of the authenticator data");
        for (var i = 0; i < good.Signature.Length; i++)
            Authentication.Verify(good with { Signature = Flip(good.Signature, i) }, stored, vector.AuthenticationExpected()).TryGet(out _, out _).ShouldBeFalse($"byte {i} of the signature");
        for (var i = 0; i < good.ClientData.Length; i++)
            Authentication.Verify(good with { ClientData = Flip(good.ClientData, i) }, stored, vector.AuthenticationExpected()).TryGet(out _, out _).ShouldBeFalse($"byte {i} of the client data");
    }

    /// <summary>Statements with certificates and self attestation sign the authenticator data and the client data: no bit of either may change.</summary>
    [Theory, MemberData(nameof(WithCertificates))]
    public void Refuses_a_registration_with_any_bit_of_what_is_attested_changed(Vector vector)
    {
        var good = vector.Registered;
        for (var i = 0; i < good.ClientData.Length; i++)
            Registration.Verify(good with { ClientData = Flip(good.ClientData, i) }, vector.RegistrationExpected()).TryGet(out _, out _).ShouldBeFalse($"byte {i} of the client data");
        // The authenticator data stands last: CTAP2 orders keys by length.
        var from = good.AttestationObject.AsSpan().LastIndexOf("authData"u8) + 8;
        for (var i = from; i < good.AttestationObject.Length; i++)
        {
            // U2F's message holds neither flags, counter nor model (§8.6).
            if (vector.Id == "fido-u2f-es256" && i - from is >= 34 and < 58) continue;
            Registration.Verify(good with { AttestationObject = Flip(good.AttestationObject, i) }, vector.RegistrationExpected()).TryGet(out _, out _).ShouldBeFalse($"byte {i - from} of the authenticator data");
        }
    }

    /// <summary>Whatever is sent, the answer is a value and never an exception.</summary>
    [Theory, MemberData(nameof(Verified))]
    public void Never_throws_on_a_spoiled_attestation_object(Vector vector)
    {
        var good = vector.Registered;
        var random = new Random(7);
        for (var i = 0; i < good.AttestationObject.Length; i++)
        {
            _ = Registration.Verify(good with { AttestationObject = Flip(good.AttestationObject, i, (byte)random.Next(1, 256)) }, vector.RegistrationExpected());
            _ = Registration.Verify(good with { AttestationObject = good.AttestationObject[..i] }, vector.RegistrationExpected());
        }
    }

    private static byte[] Flip(byte[] bytes, int at, byte mask = 1)
    {
        var copy = bytes.ToArray();
        copy[at] ^= mask;
        return copy;
    }
}
