using Gatehouse.Protocols.OAuth;

namespace Gatehouse.Conformance.OAuth.Rfc7636;

/// <summary>RFC 7636 §4.1, §4.2, §4.6 and appendix B.</summary>
public sealed class PkceTests
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    public void Computes_and_verifies_the_example_of_appendix_B()
    {
        Pkce.Challenge(Verifier).ShouldBe(Challenge);
        Pkce.Verify(Verifier, Challenge).ShouldBeTrue();
    }

    [Theory]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")]           // one letter
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")]            // 42 characters
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]           // the challenge itself: what plain would take
    [InlineData("")]
    public void Refuses_another_verifier(string verifier) => Pkce.Verify(verifier, Challenge).ShouldBeFalse();

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Takes_verifiers_of_43_to_128_characters(int length, bool valid) => Pkce.IsVerifier(new string('a', length)).ShouldBe(valid);

    [Theory]
    [InlineData('+')]
    [InlineData('/')]
    [InlineData('=')]
    [InlineData(' ')]
    [InlineData('é')]
    public void Refuses_a_verifier_with_a_reserved_character(char reserved) => Pkce.IsVerifier(new string('a', 42) + reserved).ShouldBeFalse();

    [Theory]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", true)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN", false)]    // the same bytes, spelled otherwise
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", false)]
    public void Takes_the_one_spelling_of_a_challenge(string challenge, bool valid) => Pkce.IsChallenge(challenge).ShouldBe(valid);
}
