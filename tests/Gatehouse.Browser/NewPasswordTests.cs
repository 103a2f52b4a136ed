using System.Net;
using System.Net.Http.Json;
using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>An administrator gives a password and a link; the person who gets them chooses her own, as she sees it.</summary>
[Collection(nameof(Chromium))]
public sealed class NewPasswordTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Given = "given to her by somebody", Own = "an unlikely sequence of words", Later = "quite another sequence of words";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Chooses_her_own_in_the_middle_of_a_sign_in_and_by_a_link_that_was_mailed(Look look)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, display_name = "سارا Ahmadi", locale = look.Language });
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString();
        using var set = await admin.PutAsJsonAsync($"api/v1/users/{id}/password", new { password = Given, must_change = true });
        set.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "new-password");
        await she.SignInAsync(Email, Given);
        await she.SeeAsync("choose");
        await she.FillAsync("new_password", Given);
        await she.SubmitAsync();
        await she.SeeAsync("the-same", refused: true);
        await she.FillAsync("new_password", Own);
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");

        using var reset = await admin.PostAsJsonAsync($"api/v1/users/{id}/password-reset", new { revoke = true });
        reset.StatusCode.ShouldBe(HttpStatusCode.OK);
        await she.OpenMailAsync(Email, "administrator_reset");
        await she.SeeAsync("link");
        await she.FillAsync("password", Later);
        await she.SubmitAsync();
        await she.SeeAsync("done");
    }
}
