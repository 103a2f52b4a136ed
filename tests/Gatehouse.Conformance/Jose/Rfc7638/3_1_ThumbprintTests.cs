using System.Text;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Conformance.Jose.Rfc7638;

public class ThumbprintTests
{
    private const string Rsa = "\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\"";

    [Theory]
    [InlineData("{" + Rsa + ",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}")]
    [InlineData("{\"kid\":\"other\",\"use\":\"sig\"," + Rsa + "}")]   // optional members and order play no part: §3.2.1
    public void Computes_the_example(string jwk) => Thumbprint(jwk).ShouldBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");

    [Fact]
    public void Computes_the_example_of_rfc_8037_appendix_a3() =>
        Thumbprint("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")
            .ShouldBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");

    private static string Thumbprint(string jwk) => JsonWebKey.Parse(Encoding.UTF8.GetBytes(jwk)).ShouldSucceed().Thumbprint();
}
