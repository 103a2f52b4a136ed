using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Peers;

/// <summary>
/// The npm library <c>jose</c>, which shares no code and no cryptographic interface with us, reads our tokens, and we read its own:
/// every algorithm in both directions, with keys exchanged as JWK and as PKCS#8.
/// </summary>
public class NpmJoseTests
{
    private const string Payload = """{"iss":"https://id.example","sub":"usr_1","name":"Zoë 山"}""";

    [Fact]
    public void Verifies_our_tokens()
    {
        var keys = JwsAlgorithm.Offered.Select(a => SigningKey.Generate(a)).ToArray();
        var requests = new JsonArray();
        foreach (var key in keys) requests.Add(Request(Jws.Sign(key, "at+jwt", "k1", Encoding.UTF8.GetBytes(Payload)), key));
        // A spoiled one, so that an oracle that accepts everything is noticed.
        using var stranger = SigningKey.Generate(keys[0].Algorithm);
        requests.Add(Request(Jws.Sign(stranger, "at+jwt", "k1", "{}"u8), keys[0]));

        var replies = Ask(new JsonObject { ["verify"] = requests });
        replies.Length.ShouldBe(11);
        for (var i = 0; i < keys.Length; i++)
        {
            var reply = replies[i];
            reply.TryGetProperty("error", out var error).ShouldBeFalse($"{keys[i].Algorithm}: {error}");
            Decode(reply.GetProperty("payload").GetString()).ShouldBe(Payload);
            reply.GetProperty("header").GetRawText().ShouldBe($$"""{"alg":"{{keys[i].Algorithm}}","typ":"at+jwt","kid":"k1"}""");
            reply.GetProperty("thumbprint").GetString().ShouldBe(keys[i].PublicKey.Thumbprint());
            keys[i].Dispose();
        }
        replies[^1].GetProperty("error").GetString().ShouldBe("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    }

    [Fact]
    public void Verifies_our_hs256()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        using var key = new HmacKey(secret);
        var token = Jws.Sign(key, null, null, Encoding.UTF8.GetBytes(Payload));
        var reply = Ask(new JsonObject
        {
            ["verify"] = new JsonArray(new JsonObject { ["token"] = token, ["alg"] = "HS256", ["secret"] = Base64UrlStrict.Encode(secret) }),
        }).ShouldHaveSingleItem();
        Decode(reply.GetProperty("payload").GetString()).ShouldBe(Payload);
    }

    [Fact]
    public void Signs_tokens_that_we_verify_with_keys_that_we_can_use()
    {
        string[] algorithms = [.. JwsAlgorithm.Offered.Select(a => a.Name), "HS256"];
        var requests = new JsonArray();
        foreach (var name in algorithms) requests.Add(new JsonObject { ["alg"] = name, ["typ"] = "JWT", ["payload"] = Payload });
        var replies = Ask(new JsonObject { ["sign"] = requests });
        replies.Length.ShouldBe(11);

        foreach (var (name, reply) in algorithms.Zip(replies))
        {
            var token = reply.GetProperty("token").GetString()!;
            if (name == "HS256")
            {
                Base64UrlStrict.TryDecode(reply.GetProperty("secret").GetString(), out var secret).ShouldBeTrue();
                using var hmac = new HmacKey(secret);
                Jws.Verify(token, new JwsVerification { Keys = [hmac] }).ShouldSucceed();
                continue;
            }
            var algorithm = JwsAlgorithm.TryParse(name)!;
            var key = JsonWebKey.Parse(reply.GetProperty("jwk")).ShouldSucceed();
            key.Thumbprint().ShouldBe(reply.GetProperty("thumbprint").GetString());
            var verified = Jws.Verify(token, Expect.Key(key, algorithm: algorithm)).ShouldSucceed();
            Encoding.UTF8.GetString(verified.Payload.Span).ShouldBe(Payload);

            var pem = reply.GetProperty("pkcs8").GetString()!;
            var fields = PemEncoding.Find(pem);
            using var imported = SigningKey.ImportPkcs8(algorithm, Convert.FromBase64String(pem[fields.Base64Data]));
            imported.PublicKey.Thumbprint().ShouldBe(key.Thumbprint());
            Jws.Sign(imported, null, null, "{}"u8).Verify(imported.PublicKey, null).ShouldSucceed();
        }
    }

    private static JsonObject Request(string token, SigningKey key) => new()
    {
        ["token"] = token,
        ["alg"] = key.Algorithm.Name,
        ["typ"] = "at+jwt",
        ["jwk"] = JsonNode.Parse(new JsonWebKeySet([key.PublicKey]).ToUtf8Json())!["keys"]![0]!.DeepClone(),
    };

    private static string Decode(string? text) => Base64UrlStrict.TryDecode(text, out var bytes) ? Encoding.UTF8.GetString(bytes) : throw new FormatException();

    private static JsonElement[] Ask(JsonObject request)
    {
        var peers = Path.Combine(Vectors.RepositoryRoot, "tests", "peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "jose")))
            throw new DirectoryNotFoundException($"The peer is not installed: run npm ci in {peers}.");
        using var node = Process.Start(new ProcessStartInfo("node", "jose/oracle.mjs")
        {
            WorkingDirectory = peers, RedirectStandardInput = true, RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        })!;
        node.StandardInput.Write(request.ToJsonString());
        node.StandardInput.Close();
        var reply = node.StandardOutput.ReadToEnd();
        node.WaitForExit(60_000).ShouldBeTrue();
        node.ExitCode.ShouldBe(0);
        return [.. JsonElement.Parse(Encoding.UTF8.GetBytes(reply)).EnumerateArray()];
    }
}
