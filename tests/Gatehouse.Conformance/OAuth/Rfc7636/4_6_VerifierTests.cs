using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Conformance.OAuth.Rfc7636;

/// <summary>RFC 7636 §4.4 to §4.6, RFC 9700 §4.8.2: the code goes to whoever began the request.</summary>
public sealed class VerifierTests
{
    [Theory, BothDatabases]
    public async Task Needs_the_right_verifier(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Spa);
        foreach (var verifier in (string?[])[null, "wrong", new string('a', 43), Gatehouse.Protocols.OAuth.Pkce.Challenge(Visitor.Verifier)])
        {
            (string, string)[] form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", World.Callback)];
            using var answer = await world.TokenAsync(world.Spa, verifier is null ? form : [.. form, ("code_verifier", verifier)]);
            await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        }
        using var right = await world.RedeemAsync(world.Spa, code);
        await right.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Refuses_a_verifier_when_the_request_had_no_challenge(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Web, r => { r["code_challenge"] = null; r["code_challenge_method"] = null; });
        using var answer = await world.RedeemAsync(world.Web, code);
        await answer.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Theory, BothDatabases]
    public async Task Is_for_every_public_client(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        (await world.NewVisitor().AuthorizeAsync(world.Spa, r => { r["code_challenge"] = null; r["code_challenge_method"] = null; })).ShouldBeError("invalid_request");
    }

    [Theory, BothDatabases]
    public async Task May_be_left_out_by_a_confidential_client_which_then_names_its_redirect_uri(TestDatabase database)
    {
        var world = await World.SharedAsync(database);
        var code = await world.NewVisitor().CodeAsync(world.Web, r => { r["code_challenge"] = null; r["code_challenge_method"] = null; });
        using var without = await world.TokenAsync(world.Web, ("grant_type", "authorization_code"), ("code", code));
        await without.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        using var with = await world.TokenAsync(world.Web, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", World.Callback));
        await with.ReadJsonAsync(HttpStatusCode.OK);
    }
}
