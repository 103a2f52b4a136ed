using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.WebAuthn;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.WebAuthn.Peers;

/// <summary>
/// One passkey's ceremonies, right and spoiled, before our engine and before npm's <c>@simplewebauthn/server</c>: what both are asked, both answer
/// alike; where we are stricter, it is written here.
/// </summary>
public sealed class SimpleWebAuthnTests : IDisposable
{
    private const string RpId = "id.example.com", Origin = "https://id.example.com";
    private readonly byte[] challenge = RandomNumberGenerator.GetBytes(32);
    private readonly SoftAuthenticator key = new() { UserHandle = [1, 2, 3] };
    private readonly SoftVendor vendor = new();

    private RegistrationExpectation Creating() => new() { Challenge = challenge, RpId = RpId, Origins = [Origin], RequireUserVerification = true };

    private AuthenticationExpectation Getting() => new() { Challenge = challenge, RpId = RpId, Origins = [Origin], RequireUserVerification = true };

    private RegistrationResponse Created(string rpId = RpId, byte[]? signed = null, string origin = Origin)
    {
        var fields = key.Create(rpId, Base64Url.EncodeToString(signed ?? challenge), origin).ToDictionary(f => f.Name, f => Decode(f.Value));
        return new(fields["id"]!, fields["client_data"]!, fields["data"]!);
    }

    private AuthenticationResponse Got(string rpId = RpId, byte[]? signed = null, string origin = Origin)
    {
        var fields = key.Get(rpId, Base64Url.EncodeToString(signed ?? challenge), origin).ToDictionary(f => f.Name, f => Decode(f.Value));
        return new(fields["id"]!, fields["client_data"]!, fields["data"]!, fields["signature"]!, fields["user_handle"]!);
    }

    private StoredCredential Enrol(uint count = 0)
    {
        key.SignCount = count;
        return Vector.Stored(Registration.Verify(Created(), Creating()).ShouldSucceed()) with { UserHandle = key.UserHandle };
    }

    [Theory, InlineData("none"), InlineData("self"), InlineData("packed"), InlineData("android-key")]
    public void Reads_what_we_read_of_a_right_pair(string format)
    {
        (key.Aaguid, key.SignCount) = (format == "packed" ? vendor.Aaguid : Guid.Empty, 7);
        key.Attest = format switch { "self" => SoftVendor.Self, "packed" => vendor.Packed, "android-key" => what => vendor.AndroidKey(what, default, (2, 0)), _ => null };
        var made = Created();
        var ours = Registration.Verify(made, Creating()).ShouldSucceed();
        key.SignCount = 8;
        var (stored, assertion) = (Vector.Stored(ours) with { UserHandle = key.UserHandle }, Got());
        var verified = Authentication.Verify(assertion, stored, Getting()).ShouldSucceed();
        var replies = Oracle.Verify([Oracle.Create(made, Creating()), Oracle.Get(assertion, stored, Getting())], vendor.Root.RawData);
        replies.Count(r => r.Accepted()).ShouldBe(2, string.Join("; ", replies.Select(r => r.Error())));

        var theirs = replies[0];
        theirs.GetProperty("id").GetString().ShouldBe(Oracle.Text(ours.Id));
        theirs.GetProperty("key").GetString().ShouldBe(Oracle.Text(ours.PublicKey));
        theirs.GetProperty("count").GetUInt32().ShouldBe(ours.SignCount);
        theirs.GetProperty("aaguid").GetGuid().ShouldBe(ours.Aaguid);
        theirs.GetProperty("format").GetString().ShouldBe(ours.Format);
        (theirs.GetProperty("uv").GetBoolean(), theirs.GetProperty("backupEligible").GetBoolean(), theirs.GetProperty("backedUp").GetBoolean()).ShouldBe((ours.UserVerified, ours.BackupEligible, ours.BackedUp));
        (replies[1].GetProperty("count").GetUInt32(), replies[1].GetProperty("uv").GetBoolean(), replies[1].GetProperty("backedUp").GetBoolean()).ShouldBe((verified.SignCount, verified.UserVerified, verified.BackedUp));
    }

    [Fact]
    public void Accepts_the_vectors_that_we_accept()
    {
        Vector[] vectors = [.. Vector.All.Where(v => v.Id != "packed-ed448")];
        var replies = Oracle.Verify(vectors.SelectMany(v =>
        {
            var stored = Vector.Stored(Registration.Verify(v.Registered, v.RegistrationExpected()).ShouldSucceed());
            Authentication.Verify(v.Authenticated, stored, v.AuthenticationExpected()).ShouldSucceed();
            return new[] { Oracle.Create(v.Registered, v.RegistrationExpected()), Oracle.Get(v.Authenticated, stored, v.AuthenticationExpected()) };
        }), Vector.Authority);
        // Beyond the specification, it asks for a TPM maker that exists, for a chain of more than the vectors' one, and for U2F's model to be zero.
        replies.Zip(vectors.SelectMany(v => new[] { v.Id + " registration", v.Id + " assertion" })).Where(r => !r.First.Accepted()).Select(r => r.Second)
            .ShouldBe(["tpm-es256 registration", "android-key-es256 registration", "fido-u2f-es256 registration"]);
    }

    /// <summary>It reads CBOR that is cut off or goes on, and takes registrations in anybody's frame; we do not.</summary>
    [Fact]
    public void Takes_the_same_registrations()
    {
        List<(string What, RegistrationResponse Response, bool Accept, bool Theirs)> cases = [];
        void Case(string what, bool accept, Func<RegistrationResponse> make, bool lenient = false)
        {
            cases.Add((what, make(), accept, accept || lenient));
            (key.Flags, key.CreateType, key.Attest, key.Aaguid, key.CrossOrigin, key.TopOrigin) = (0x1D, null, null, Guid.Empty, false, null);
        }

        Case("right", true, () => Created());
        Case("another challenge", false, () => Created(signed: new byte[32]));
        Case("another origin", false, () => Created(origin: "https://evil.example"));
        Case("a subdomain's origin", false, () => Created(origin: "https://x.id.example.com"));
        Case("the origin with a port", false, () => Created(origin: Origin + ":8443"));
        Case("another relying party", false, () => Created("evil.example"));
        Case("an assertion's type", false, () => { key.CreateType = "webauthn.get"; return Created(); });
        Case("nobody verified", false, () => { key.Flags = 0x19; return Created(); });
        Case("nobody present", false, () => { key.Flags = 0x1C; return Created(); });
        Case("one device", true, () => { key.Flags = 0x05; return Created(); });
        Case("backed up and not eligible", false, () => { key.Flags = 0x15; return Created(); });
        Case("a statement of none that says something", false, () => { key.Attest = _ => ("none", Cbor.Map((Cbor.Text("x"), Cbor.Number(1)))); return Created(); });
        Case("an unknown format", false, () => { key.Attest = _ => ("best", Cbor.Map()); return Created(); });
        Case("self attested", true, () => { key.Attest = SoftVendor.Self; return Created(); });
        Case("self attested over something else", false, () => { key.Attest = what => SoftVendor.Self(what with { ClientDataHash = new byte[32] }); return Created(); });
        Case("attested", true, () => { (key.Attest, key.Aaguid) = (vendor.Packed, vendor.Aaguid); return Created(); });
        Case("attested over something else", false, () => { (key.Attest, key.Aaguid) = (what => vendor.Packed(what with { ClientDataHash = new byte[32] }), vendor.Aaguid); return Created(); });
        Case("attested by a certificate of another model", false, () => { (key.Attest, key.Aaguid) = (vendor.Packed, Guid.NewGuid()); return Created(); });
        Case("an Android key", true, () => { key.Attest = what => vendor.AndroidKey(what, default, (2, 0)); return Created(); });
        Case("an Android key of another ceremony", false, () => { key.Attest = what => vendor.AndroidKey(what with { ClientDataHash = new byte[32] }, default, (2, 0)); return Created(); });
        Case("cut off", false, () => Created() with { AttestationObject = Created().AttestationObject[..^1] }, lenient: true);
        Case("with a byte behind", false, () => Created() with { AttestationObject = [.. Created().AttestationObject, 0] }, lenient: true);
        Case("in a frame of another page", false, () => { (key.CrossOrigin, key.TopOrigin) = (true, "https://evil.example"); return Created(); }, lenient: true);
        Case("client data that is no JSON", false, () => Created() with { ClientData = "{"u8.ToArray() });

        var replies = Oracle.Verify(cases.Select(c => Oracle.Create(c.Response, Creating())), vendor.Root.RawData);
        for (var i = 0; i < cases.Count; i++)
        {
            Registration.Verify(cases[i].Response, Creating()).TryGet(out _, out var error).ShouldBe(cases[i].Accept, $"we: {cases[i].What} {error}");
            replies[i].Accepted().ShouldBe(cases[i].Theirs, $"they: {cases[i].What} {replies[i].Error()}");
        }
    }

    [Fact]
    public void Takes_the_same_assertions()
    {
        var stored = Enrol(5);
        key.SignCount = 6;
        List<(string What, AuthenticationResponse Response, bool Accept)> cases = [];
        void Case(string what, bool accept, Func<AuthenticationResponse> make)
        {
            cases.Add((what, make(), accept));
            (key.Flags, key.AssertionType, key.SignCount, key.CrossOrigin, key.TopOrigin) = (0x1D, null, 6, false, null);
        }

        Case("right", true, () => Got());
        Case("another challenge", false, () => Got(signed: new byte[32]));
        Case("another origin", false, () => Got(origin: "https://evil.example"));
        Case("another relying party", false, () => Got("evil.example"));
        Case("a registration's type", false, () => { key.AssertionType = "webauthn.create"; return Got(); });
        Case("nobody verified", false, () => { key.Flags = 0x19; return Got(); });
        Case("nobody present", false, () => { key.Flags = 0x1C; return Got(); });
        Case("backed up and not eligible", false, () => { key.Flags = 0x15; return Got(); });
        Case("a counter that stands", false, () => { key.SignCount = 5; return Got(); });
        Case("a counter that went back", false, () => { key.SignCount = 0; return Got(); });
        Case("in a frame of another page", false, () => { (key.CrossOrigin, key.TopOrigin) = (true, "https://evil.example"); return Got(); });
        Case("a top page without a frame", false, () => { key.TopOrigin = "https://evil.example"; return Got(); });
        Case("a signature of something else", false, () => Got() with { ClientData = key.ClientData("webauthn.get", Base64Url.EncodeToString(challenge), Origin + "/").Concat(" "u8.ToArray()).ToArray() });
        Case("no signature", false, () => Got() with { Signature = [0x30, 0] });
        Case("cut off", false, () => Got() with { AuthenticatorData = Got().AuthenticatorData[..36] });

        var replies = Oracle.Verify(cases.Select(c => Oracle.Get(c.Response, stored, Getting())));
        for (var i = 0; i < cases.Count; i++)
        {
            var accepted = Authentication.Verify(cases[i].Response, stored, Getting()).TryGet(out var ours, out var error) && !ours.SignCountRegressed;
            accepted.ShouldBe(cases[i].Accept, $"we: {cases[i].What} {error}");
            replies[i].Accepted().ShouldBe(cases[i].Accept, $"they: {cases[i].What} {replies[i].Error()}");
        }
    }

    /// <summary>Every byte changed in turn.</summary>
    [Fact]
    public void Refuses_every_byte_changed_of_an_assertion()
    {
        var stored = Enrol();
        var good = Got();
        AuthenticationResponse[] spoiled =
        [
            .. Enumerable.Range(0, good.AuthenticatorData.Length).Select(i => good with { AuthenticatorData = Flip(good.AuthenticatorData, i) }),
            .. Enumerable.Range(0, good.ClientData.Length).Select(i => good with { ClientData = Flip(good.ClientData, i) }),
            .. Enumerable.Range(0, good.Signature.Length).Select(i => good with { Signature = Flip(good.Signature, i) }),
        ];
        spoiled.Count(s => Authentication.Verify(s, stored, Getting()).TryGet(out _, out _)).ShouldBe(0);
        var theirs = Oracle.Verify(spoiled.Select(s => Oracle.Get(s, stored, Getting())));
        // It is lenient about the length that the signature's outermost sequence says; about no other byte.
        Enumerable.Range(0, spoiled.Length).Where(i => theirs[i].Accepted()).Except([good.AuthenticatorData.Length + good.ClientData.Length + 1]).ShouldBeEmpty();
    }

    /// <summary>Without attestation nothing is signed: what differs is read as another credential, and we look at its key more closely.</summary>
    [Fact]
    public void Accepts_whatever_changed_registration_we_accept()
    {
        var good = Created();
        RegistrationResponse[] spoiled =
        [
            .. Enumerable.Range(0, good.AttestationObject.Length).Select(i => good with { AttestationObject = Flip(good.AttestationObject, i) }),
            .. Enumerable.Range(0, good.ClientData.Length).Select(i => good with { ClientData = Flip(good.ClientData, i) }),
        ];
        bool[] ours = [.. spoiled.Select(s => Registration.Verify(s, Creating()).TryGet(out _, out _))];
        var theirs = Oracle.Verify(spoiled.Select(s => Oracle.Create(s, Creating())));
        ours.Count(o => o).ShouldBeInRange(16, 40, "a model that is nobody's, a counter, a flag");
        for (var i = 0; i < spoiled.Length; i++)
            if (ours[i]) theirs[i].Accepted().ShouldBeTrue($"byte {i}: {theirs[i].Error()}");
        theirs.Count(r => r.Accepted()).ShouldBeGreaterThan(ours.Count(o => o), "points that are on no curve, ids that the browser contradicts");
    }

    [Fact]
    public void Makes_options_that_we_can_answer()
    {
        var options = Oracle.Ask(new() { ["options"] = new JsonObject { ["rpID"] = RpId, ["rpName"] = "Example", ["userName"] = "ann" } });
        var (creation, request) = (options.GetProperty("creation"), options.GetProperty("request"));
        creation.GetProperty("attestation").GetString().ShouldBe("direct");
        creation.GetProperty("pubKeyCredParams").EnumerateArray().Select(p => p.GetProperty("alg").GetInt64()).ShouldContain(CoseKey.ES256);
        static byte[] Challenge(JsonElement of) => Base64Url.DecodeFromChars(of.GetProperty("challenge").GetString());
        (key.Aaguid, key.Attest, key.UserHandle) = (vendor.Aaguid, vendor.Packed, Base64Url.DecodeFromChars(creation.GetProperty("user").GetProperty("id").GetString()));
        RegistrationExpectation creating = new() { Challenge = Challenge(creation), RpId = creation.GetProperty("rp").GetProperty("id").GetString()!, Origins = [Origin], RequireUserVerification = true };
        AuthenticationExpectation getting = new() { Challenge = Challenge(request), RpId = request.GetProperty("rpId").GetString()!, Origins = [Origin], RequireUserVerification = true };
        var made = Created(signed: Challenge(creation));
        var stored = Vector.Stored(Registration.Verify(made, creating).ShouldSucceed()) with { UserHandle = key.UserHandle };
        var assertion = Got(signed: Challenge(request));
        Authentication.Verify(assertion, stored, getting).ShouldSucceed();
        Oracle.Verify([Oracle.Create(made, creating), Oracle.Get(assertion, stored, getting)], vendor.Root.RawData).ShouldAllBe(r => r.Accepted());
    }

    /// <summary>Transports are not base64url: they are not asked for here.</summary>
    private static byte[]? Decode(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static byte[] Flip(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 1;
        return copy;
    }

    public void Dispose()
    {
        key.Dispose();
        vendor.Dispose();
    }
}
