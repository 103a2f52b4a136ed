using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.WebAuthn;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.WebAuthn;

/// <summary>FIDO Metadata Service 3.0: one right list, spoiled in one thing per test.</summary>
public sealed class MetadataTests : IDisposable
{
    private static readonly DateTimeOffset now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly today = new(2026, 6, 1);
    private readonly SoftMetadata service = new();
    private readonly SoftVendor vendor = new();

    private MetadataTrust Trust => new([service.Root], MetadataTrust.FidoSigner);

    private JsonObject Payload(params IReadOnlyList<(string, string)> statuses) => SoftMetadata.Payload(7, today.AddDays(30), SoftMetadata.Entry(vendor, statuses));

    private MetadataBlob Read(JsonObject payload) => MetadataBlob.Verify(Encoding.ASCII.GetBytes(service.Sign(payload)), Trust, now).ShouldSucceed();

    private void Refuse(string jwt, MetadataTrust? trust = null, DateTimeOffset? at = null) => MetadataBlob.Verify(Encoding.ASCII.GetBytes(jwt), trust ?? Trust, at ?? now).ShouldFail(WebAuthnError.MetadataInvalid);

    [Fact]
    public void Reads_a_right_list()
    {
        var blob = Read(Payload(("FIDO_CERTIFIED_L1", "2024-01-01")));
        (blob.Number, blob.NextUpdate, blob.Count).ShouldBe((7, today.AddDays(30), 1));
        var entry = blob.Find(vendor.Aaguid).ShouldNotBeNull();
        (entry.Description, entry.IsCertified(today), entry.Forbidden([], today)).ShouldBe(("Soft Key 1", true, null));
        blob.Find(Guid.NewGuid()).ShouldBeNull();
        // With the line break that files end with.
        MetadataBlob.Verify(Encoding.ASCII.GetBytes(service.Sign(Payload()) + "\n"), Trust, now).ShouldSucceed();
    }

    [Fact]
    public void Trusts_the_FIDO_Alliance_s_authorities_by_default()
    {
        string[] expected = ["CBB522D7B7F127AD6A0113865BDF1CD4102E7D0759AF635A7CF4720DC963C53B", "4FA3126D8D3A11D1C4855A4F807CBAD6CF919D3A5A88B03BEA2C6372D93C40C9"];
        MetadataTrust.Fido.Roots.Select(r => r.GetCertHashString(HashAlgorithmName.SHA256)).ShouldBe(expected);
        MetadataTrust.Fido.SignerName.ShouldBe("mds.fidoalliance.org");
        Refuse(service.Sign(Payload()), MetadataTrust.Fido);
    }

    [Fact]
    public void Refuses_a_list_of_another_signer()
    {
        using var stranger = new SoftMetadata();
        Refuse(stranger.Sign(Payload()));
        // The root signs for others too; and a stranger may put our certificates before its own signature.
        using var other = new SoftMetadata("shop.example");
        Refuse(other.Sign(Payload()), new([other.Root], MetadataTrust.FidoSigner));
        MetadataBlob.Verify(Encoding.ASCII.GetBytes(other.Sign(Payload())), new([other.Root], null), now).ShouldSucceed();
        Refuse(stranger.Sign(Payload(), service.Header()));
        using var expired = new SoftMetadata(until: now.AddDays(-1));
        Refuse(expired.Sign(Payload()), new([expired.Root], MetadataTrust.FidoSigner));
        MetadataBlob.Verify(Encoding.ASCII.GetBytes(expired.Sign(Payload())), new([expired.Root], MetadataTrust.FidoSigner), now.AddDays(-2)).ShouldSucceed();
    }

    [Fact]
    public void Refuses_what_is_not_signed_or_otherwise()
    {
        var good = service.Sign(Payload());
        var parts = good.Split('.');
        foreach (var (name, value) in new (string, JsonNode?)[] { ("alg", "none"), ("alg", "HS256"), ("alg", "RS256"), ("alg", "ES384"), ("alg", ""), ("x5c", new JsonArray()), ("x5c", "x"), ("x5c", new JsonArray("!")), ("crit", new JsonArray("exp")) })
        {
            var header = service.Header();
            header[name] = value;
            Refuse(service.Sign(Payload(), header));
        }
        Refuse($"{parts[0]}.{parts[1]}.");
        Refuse($"{parts[0]}.{parts[1]}");
        Refuse(parts[1]);
        Refuse("");
        var changed = SoftMetadata.Payload(8, today.AddDays(30));
        Refuse($"{parts[0]}.{service.Sign(changed).Split('.')[1]}.{parts[2]}");
        // An intermediate authority may be the anchor; one of the same name may not.
        MetadataBlob.Verify(Encoding.ASCII.GetBytes(good), new([service.Intermediate], MetadataTrust.FidoSigner), now).ShouldSucceed();
        using var namesake = new SoftMetadata();
        Refuse(good, new([namesake.Intermediate], MetadataTrust.FidoSigner));
        Refuse(good, new([namesake.Root], MetadataTrust.FidoSigner));
    }

    [Fact]
    public void Refuses_contents_with_a_hole()
    {
        foreach (var name in new[] { "no", "nextUpdate", "entries" })
        {
            var payload = Payload();
            payload.Remove(name);
            Refuse(service.Sign(payload));
        }
        Refuse(service.Sign(Payload(("REVOKED", "soon"))));
        var twice = SoftMetadata.Payload(7, today, SoftMetadata.Entry(vendor), SoftMetadata.Entry(vendor, ("REVOKED", "2024-01-01")));
        Refuse(service.Sign(twice));
        var silent = Payload();
        silent["entries"]![0]!.AsObject().Remove("statusReports");
        Refuse(service.Sign(silent));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false, "FIDO_CERTIFIED")]
    [InlineData(true, false, "FIDO_CERTIFIED_L3plus", "UPDATE_AVAILABLE")]
    [InlineData(false, false, "NOT_FIDO_CERTIFIED")]
    [InlineData(false, false, "SELF_ASSERTION_SUBMITTED")]
    [InlineData(false, false, "FIDO_CERTIFIED", "NOT_FIDO_CERTIFIED")]
    [InlineData(true, true, "FIDO_CERTIFIED", "REVOKED")]
    [InlineData(true, true, "REVOKED", "FIDO_CERTIFIED")]
    [InlineData(false, true, "USER_VERIFICATION_BYPASS")]
    [InlineData(false, true, "ATTESTATION_KEY_COMPROMISE")]
    [InlineData(false, true, "USER_KEY_REMOTE_COMPROMISE")]
    [InlineData(false, true, "USER_KEY_PHYSICAL_COMPROMISE")]
    [InlineData(false, false, "SOMETHING_NEW")]
    public void Knows_which_statuses_forbid(bool certified, bool forbidden, params string[] statuses)
    {
        var entry = Read(Payload([.. statuses.Select((s, i) => (s, $"2024-01-{i + 1:00}"))])).Find(vendor.Aaguid)!;
        (entry.IsCertified(today), entry.Forbidden([], today) is not null).ShouldBe((certified, forbidden));
        // Nothing is so before its day.
        entry.Forbidden([], new DateOnly(2023, 1, 1)).ShouldBeNull();
        entry.IsCertified(new DateOnly(2023, 1, 1)).ShouldBeFalse();
    }

    [Fact]
    public void Forbids_one_batch_where_the_report_names_it()
    {
        var payload = Payload(("ATTESTATION_KEY_COMPROMISE", "2024-01-01"));
        payload["entries"]![0]!["statusReports"]![0]!["certificate"] = Convert.ToBase64String(vendor.Batch.RawData);
        var entry = Read(payload).Find(vendor.Aaguid)!;
        entry.Forbidden([vendor.Batch], today).ShouldBe("ATTESTATION_KEY_COMPROMISE");
        entry.Forbidden([vendor.Root], today).ShouldBeNull();
    }

    [Fact]
    public void Stands_behind_what_its_anchors_issued()
    {
        var entry = Read(Payload()).Find(vendor.Aaguid)!;
        using var stranger = new SoftVendor();
        entry.StandsBehind(new(AttestationKind.Basic, [vendor.Batch]), now).ShouldBeTrue();
        entry.StandsBehind(new(AttestationKind.Basic, [stranger.Batch]), now).ShouldBeFalse("the same names, other keys");
        entry.StandsBehind(new(AttestationKind.Self, []), now).ShouldBeFalse();
        entry.StandsBehind(new(AttestationKind.None, []), now).ShouldBeFalse();
        (entry with { Anchors = [vendor.Batch.RawData] }).StandsBehind(new(AttestationKind.Basic, [vendor.Batch]), now).ShouldBeTrue("its own certificate is the anchor");
        (entry with { Anchors = [[1, 2, 3], vendor.Root.RawData] }).StandsBehind(new(AttestationKind.Basic, [vendor.Batch]), now).ShouldBeFalse("unreadable");
        (entry with { Anchors = [] }).StandsBehind(new(AttestationKind.Basic, [vendor.Batch]), now).ShouldBeFalse();
    }

    [Fact]
    public void Finds_a_U2F_model_by_its_certificate_s_key()
    {
        var identifier = new X509SubjectKeyIdentifierExtension(vendor.Batch.PublicKey, false).SubjectKeyIdentifier!.ToLowerInvariant();
        var payload = Payload();
        payload["entries"]!.AsArray().Add(new JsonObject { ["attestationCertificateKeyIdentifiers"] = new JsonArray(identifier), ["metadataStatement"] = new JsonObject { ["description"] = "U2F" }, ["statusReports"] = new JsonArray() });
        var blob = Read(payload);
        blob.Find(new AttestedAuthenticator(Guid.Empty, "fido-u2f", new(AttestationKind.Basic, [vendor.Batch])))!.Description.ShouldBe("U2F");
        blob.Find(new AttestedAuthenticator(Guid.Empty, "fido-u2f", new(AttestationKind.Basic, [vendor.Root]))).ShouldBeNull();
        blob.Find(new AttestedAuthenticator(Guid.Empty, "none", new(AttestationKind.None, []))).ShouldBeNull();
    }

    public void Dispose()
    {
        service.Dispose();
        vendor.Dispose();
    }
}
