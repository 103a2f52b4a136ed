using System.Buffers.Text;
using Gatehouse.Protocols.WebAuthn;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.WebAuthn;

/// <summary>What the specification's vectors leave out of §7 and §8: one right statement, spoiled in one thing per test.</summary>
public sealed class AttestationRulesTests : IDisposable
{
    private static readonly byte[] challenge = new byte[32];
    private readonly SoftVendor vendor = new();
    private readonly SoftAuthenticator key = new() { UserHandle = [1] };

    private static RegistrationExpectation Expected(AttestationTrust? trust = null, Func<AttestedAuthenticator, WebAuthnError?>? judge = null, string[]? top = null, bool synced = true) => new()
    {
        Challenge = challenge, RpId = "example.org", Origins = ["https://example.org"], TopOrigins = top ?? [], RequireUserVerification = true, Trust = trust, Judge = judge, AllowBackupEligible = synced,
    };

    private RegistrationResponse Create()
    {
        var fields = key.Create("example.org", Base64Url.EncodeToString(challenge), "https://example.org");
        return new(Base64Url.DecodeFromChars(fields[0].Value), Base64Url.DecodeFromChars(fields[1].Value), Base64Url.DecodeFromChars(fields[2].Value));
    }

    /// <summary>§8.4: from purpose and origin in the software's and in the hardware's list.</summary>
    [Theory]
    [InlineData(null, null, 2, 0, true, true)]
    [InlineData(null, null, null, null, true, false)]
    [InlineData(2, 0, null, null, true, false)]
    [InlineData(null, 0, 2, null, true, false)]
    [InlineData(null, null, 2, 2, false, false)]
    [InlineData(null, null, 3, 0, false, false)]
    [InlineData(3, null, 2, 0, false, false)]
    [InlineData(null, 2, 2, 0, false, false)]
    public void Holds_an_Android_key_to_its_lists(int? softPurpose, int? softOrigin, int? hardPurpose, int? hardOrigin, bool sound, bool trusted)
    {
        key.Attest = what => vendor.AndroidKey(what, (softPurpose, softOrigin), (hardPurpose, hardOrigin));
        Registration.Verify(Create(), Expected()).TryGet(out _, out _).ShouldBe(sound);
        var trust = new AttestationTrust([vendor.Root], DateTimeOffset.UtcNow, AcceptsUnattested: false);
        Registration.Verify(Create(), Expected(trust)).TryGet(out _, out _).ShouldBe(trusted);
    }

    [Fact]
    public void Takes_a_frame_only_in_a_page_that_is_listed_and_named()
    {
        string[] top = ["https://shop.example"];
        key.CrossOrigin = true;
        Registration.Verify(Create(), Expected(top: top)).ShouldFail(WebAuthnError.CrossOrigin);
        Registration.Verify(Create(), new() { Challenge = challenge, RpId = "example.org", Origins = ["https://example.org"], TopOrigins = top, RequireTopOrigin = false, RequireUserVerification = true }).ShouldSucceed();
        key.TopOrigin = "https://evil.example";
        Registration.Verify(Create(), Expected(top: top)).ShouldFail(WebAuthnError.CrossOrigin);
        key.TopOrigin = top[0];
        Registration.Verify(Create(), Expected(top: top)).ShouldSucceed();
        Registration.Verify(Create(), Expected()).ShouldFail(WebAuthnError.CrossOrigin);
        key.CrossOrigin = false;
        Registration.Verify(Create(), Expected(top: top)).ShouldFail(WebAuthnError.CrossOrigin);
        key.CrossOrigin = null;
        Registration.Verify(Create(), Expected(top: top)).ShouldFail(WebAuthnError.CrossOrigin);
        key.TopOrigin = null;
        Registration.Verify(Create(), Expected(top: top)).ShouldSucceed();
    }

    [Fact]
    public void Refuses_synced_credentials_where_they_are_not_taken()
    {
        Registration.Verify(Create(), Expected(synced: false)).ShouldFail(WebAuthnError.BackupRefused);
        key.Flags = 0x05;
        Registration.Verify(Create(), Expected(synced: false)).ShouldSucceed();
    }

    [Fact]
    public void Lets_the_caller_judge_a_sound_statement()
    {
        AttestedAuthenticator? seen = null;
        (key.Attest, key.Aaguid) = (vendor.Packed, vendor.Aaguid);
        var refusal = new WebAuthnError(WebAuthnError.ModelRefused, "Not this one.");
        Registration.Verify(Create(), Expected(judge: model => { seen = model; return refusal; })).ShouldFail(WebAuthnError.ModelRefused);
        (seen!.Aaguid, seen.Format, seen.Attestation.Kind).ShouldBe((vendor.Aaguid, "packed", AttestationKind.Basic));
        Registration.Verify(Create(), Expected(judge: _ => null)).ShouldSucceed();
        // Nobody is asked about a statement that is not sound.
        seen = null;
        key.Aaguid = Guid.NewGuid();
        Registration.Verify(Create(), Expected(judge: model => { seen = model; return null; })).ShouldFail(WebAuthnError.AttestationInvalid);
        seen.ShouldBeNull();
    }

    public void Dispose()
    {
        vendor.Dispose();
        key.Dispose();
    }
}
