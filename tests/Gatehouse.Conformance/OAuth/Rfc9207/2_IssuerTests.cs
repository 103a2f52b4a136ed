using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc9207;

/// <summary>RFC 9207 §2: every authorization response names its issuer, to the byte.</summary>
public sealed class IssuerTests
{
    [Theory, BothDatabases]
    public async Task Is_in_answers_and_in_refusals(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        foreach (var mode in (string[])["query", "fragment", "form_post"])
        {
            (await world.NewVisitor().AuthorizeAsync(world.Web, r => r["response_mode"] = mode))["iss"].ShouldBe(world.Issuer);
            (await world.NewVisitor().AuthorizeAsync(world.Web, r => { r["response_mode"] = mode; r["prompt"] = "none"; }))["iss"].ShouldBe(world.Issuer);
        }
    }
}
