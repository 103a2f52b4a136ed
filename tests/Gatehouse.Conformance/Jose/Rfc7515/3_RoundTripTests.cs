using System.Buffers;
using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7515;

/// <summary>What we sign, we verify: every algorithm, both writers, after a round through PKCS#8.</summary>
public class RoundTripTests
{
    public static TheoryData<string> Algorithms => [.. JwsAlgorithm.Offered.Select(a => a.Name)];

    private static readonly byte[] payload = Encoding.UTF8.GetBytes("""{"sub":"usr_1","name":"Zoë"}""");

    [Fact]
    public void Offers_every_asymmetric_algorithm() => JwsAlgorithm.Offered.Length.ShouldBe(10, "libsodium is part of the test machine");

    [Theory, MemberData(nameof(Algorithms))]
    public void Verifies_what_it_signed(string name)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(name)!);
        var token = Jws.Sign(key, "at+jwt", "k1", payload);
        var verified = token.Verify(key.PublicKey.WithKeyId("k1"), "at+jwt").ShouldSucceed();
        verified.Payload.ToArray().ShouldBe(payload);
        (verified.Header.KeyId, verified.Header.Type, verified.Header.Algorithm.Name).ShouldBe(("k1", "at+jwt", name));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Writes_the_same_token_into_a_buffer(string name)
    {
        using var key = SigningKey.Generate(JwsAlgorithm.TryParse(name)!);
        var output = new ArrayBufferWriter<byte>();
        Jws.Sign(output, key, null, null, payload);
        var text = Encoding.ASCII.GetString(output.WrittenSpan);
        text.Verify(key.PublicKey, null).ShouldSucceed().Payload.ToArray().ShouldBe(payload);
        Jws.Verify(output.WrittenSpan, Expect.Key(key.PublicKey)).ShouldSucceed();
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Keeps_the_key_through_pkcs8(string name)
    {
        var algorithm = JwsAlgorithm.TryParse(name)!;
        using var key = SigningKey.Generate(algorithm);
        using var copy = SigningKey.ImportPkcs8(algorithm, key.ExportPkcs8());
        copy.PublicKey.Thumbprint().ShouldBe(key.PublicKey.Thumbprint());
        Jws.Sign(copy, null, null, payload).Verify(key.PublicKey, null).ShouldSucceed();
    }

    [Fact]
    public void Signs_a_payload_too_large_for_the_stack()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var large = Encoding.UTF8.GetBytes($$"""{"sub":"{{new string('x', 9000)}}"}""");
        Jws.Sign(key, null, null, large).Verify(key.PublicKey, null).ShouldSucceed().Payload.ToArray().ShouldBe(large);
    }

    [Fact]
    public void Signs_from_many_threads_with_one_key()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var expected = Expect.Key(key.PublicKey);
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            var body = Encoding.UTF8.GetBytes($$"""{"n":{{i}}}""");
            Jws.Verify(Jws.Sign(key, null, null, body), expected).ShouldSucceed().Payload.ToArray().ShouldBe(body);
        });
    }

    [Fact]
    public void Writes_the_right_header_for_more_kids_than_it_remembers()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < 40; i++)
            {
                var (typ, kid) = (i % 2 == 0 ? null : "at+jwt", $"k\"\\é山{i / 2}");
                var header = Jws.Verify(Jws.Sign(key, typ, kid, payload), Expect.Key(key.PublicKey.WithKeyId(kid), typ)).ShouldSucceed().Header;
                (header.Type, header.KeyId).ShouldBe((typ, kid));
            }
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Does_not_sign_after_it_was_disposed(string name)
    {
        var key = SigningKey.Generate(JwsAlgorithm.TryParse(name)!);
        Jws.Sign(key, null, null, payload);
        key.Dispose();
        Should.Throw<ObjectDisposedException>(() => Jws.Sign(key, null, null, payload));
        Should.Throw<ObjectDisposedException>(key.ExportPkcs8);
    }
}
