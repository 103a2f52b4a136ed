using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Protocols.WebAuthn;

namespace Gatehouse.Bench.Micro;

/// <summary>A whole passkey verification (WebAuthn §7.2, nothing of the database) against the signature check in it, which nobody can save.</summary>
internal static class PasskeyBenchmark
{
    /// <summary>Ceremonies in one operation: tens of milliseconds, far above the stopwatch's grain.</summary>
    private const int Batch = 200;

    internal static void Run(int rounds)
    {
        if (rounds == 0) rounds = 100;
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var q = ec.ExportParameters(false).Q;
        Hold("ES256", rounds, [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20, .. q.X!, 0x22, 0x58, 0x20, .. q.Y!],
            data => ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            (data, signature) => ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(false);
        Hold("RS256, 2048 bits", rounds, [0xA4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0, .. key.Modulus!, 0x21, 0x43, .. key.Exponent!],
            data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            (data, signature) => rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static void Hold(string title, int rounds, byte[] cose, Func<byte[], byte[]> sign, Func<byte[], byte[], bool> verify)
    {
        byte[] challenge = RandomNumberGenerator.GetBytes(32), id = RandomNumberGenerator.GetBytes(32), handle = RandomNumberGenerator.GetBytes(32);
        var client = Encoding.UTF8.GetBytes($$"""{"type":"webauthn.get","challenge":"{{Base64Url.EncodeToString(challenge)}}","origin":"https://id.example.com","crossOrigin":false}""");
        byte[] data = [.. SHA256.HashData("id.example.com"u8), 0x05, 0, 0, 0, 0];
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        var signature = sign(signed);
        var stored = new StoredCredential(id, cose, 0, BackupEligible: false, handle);
        var response = new AuthenticationResponse(id, client, data, signature, handle);
        var expected = new AuthenticationExpectation { Challenge = challenge, RpId = "id.example.com", Origins = ["https://id.example.com"], RequireUserVerification = true };
        if (!Authentication.Verify(response, stored, expected).TryGet(out _, out var error)) throw new InvalidOperationException($"The assertion is not right: {error}");

        if (!CoseKey.Parse(cose).TryGet(out var key, out _)) throw new InvalidOperationException("The key is not one.");

        // Long enough for the compiler's last word.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(3)) Both();
        Contest.Hold(string.Create(CultureInfo.InvariantCulture, $"{title}: {Batch} in turn"), rounds,
            new Contender("the signature alone, its key at hand", () => { for (var i = 0; i < Batch; i++) Check(verify(signed, signature)); }),
            new Contender("its key read from its stored form", () => { for (var i = 0; i < Batch; i++) Check(CoseKey.Parse(cose).TryGet(out _, out _)); }),
            new Contender("the key imported, and the signature", () => { for (var i = 0; i < Batch; i++) Check(key.Verify(signed, signature)); }),
            new Contender("Gatehouse: a whole assertion", () => { for (var i = 0; i < Batch; i++) Check(Authentication.Verify(response, stored, expected).TryGet(out _, out _)); }));

        void Both()
        {
            Check(verify(signed, signature));
            Check(Authentication.Verify(response, stored, expected).TryGet(out _, out _));
        }

        static void Check(bool right)
        {
            if (!right) throw new InvalidOperationException("Not verified; the times mean nothing.");
        }
    }
}
