using System.Net;
using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Authorization;

/// <summary>What a management token of a person must not be enough for when it is five minutes old; programs are not asked.</summary>
public sealed class FreshProofTests
{
    public static TheoryData<string, string> Marked => new()
    {
        { "DELETE", "users/{0}" }, { "PUT", "users/{0}/password" }, { "POST", "users/{0}/password-reset" }, { "DELETE", "users/{0}/two-step" }, { "DELETE", "users/{0}/passkeys/pky_01h455vb4pex5vsknk084sn02q" }, { "POST", "users/{0}/emails" }, { "POST", "users/{0}/emails/eml_01h455vb4pex5vsknk084sn02q/primary" },
        { "POST", "users/{0}/emails/eml_01h455vb4pex5vsknk084sn02q/verify" }, { "PUT", "users/{0}/roles/administrator" }, { "DELETE", "users/{0}/roles/administrator" },
        { "POST", "users/{0}/phones" }, { "POST", "users/{0}/phones/phn_01h455vb4pex5vsknk084sn02q/verify" }, { "DELETE", "users/{0}/phones/phn_01h455vb4pex5vsknk084sn02q" },
        { "POST", "recoveries/rcv_01h455vb4pex5vsknk084sn02q/approve" }, { "DELETE", "recoveries/rcv_01h455vb4pex5vsknk084sn02q" },
        { "PUT", "flows/sign_in" }, { "POST", "flows/sign_in/roll-back" }, { "PUT", "tenants/tnt_01h455vb4pex5vsknk084sn02q/settings" }, { "PATCH", "tenants/tnt_01h455vb4pex5vsknk084sn02q/settings" }, { "DELETE", "tenants/tnt_01h455vb4pex5vsknk084sn02q" }, { "POST", "clients/cli_01h455vb4pex5vsknk084sn02q/secrets" },
        { "POST", "clients" }, { "PATCH", "clients/cli_01h455vb4pex5vsknk084sn02q" }, { "PUT", "groups/grp_01h455vb4pex5vsknk084sn02q/members/{0}" }, { "PUT", "groups/grp_01h455vb4pex5vsknk084sn02q/groups/grp_01h455vb4pex5vsknk084sn02r" },
    };

    [Theory, MemberData(nameof(Marked))]
    public async Task Asks_a_person_for_a_fresh_proof_and_no_program(string method, string path)      // RFC 9470 §3
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync();
        var context = await server.ContextAsync(tenant);
        using var parent = await server.AdminAsync(tenant);
        var ann = (await parent.CreateUserAsync("ann@example.com")).Id();
        (await parent.PutAsync($"api/v1/users/{ann}/roles/administrator", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent, "a program's token has nobody to ask");
        var app = (await parent.CreateClientAsync(new { scopes = Scopes.All })).ClientId();
        var claims = await server.ClaimsAsync();
        (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) = (tenant.Url, tenant.Url + "/api/v1", ann, app);

        async Task<HttpResponseMessage> CallAsync(long? age, params string[] amr)
        {
            claims["auth_time"] = age is { } seconds ? server.Clock.GetUtcNow().ToUnixTimeSeconds() - seconds : null;
            if (age is null) claims.Remove("auth_time");
            claims["amr"] = new JsonArray([.. amr.Select(a => (JsonNode)a)]);
            using var http = server.Client(tenant);
            using var request = new HttpRequestMessage(new HttpMethod(method), "api/v1/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, path, "usr_01h455vb4pex5vsknk084sn02q"));
            if (method is "PUT" or "POST" or "PATCH") request.Content = System.Net.Http.Json.JsonContent.Create(new { });
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + await server.SignAsync(claims, tenant: context));
            return await http.SendAsync(request);
        }

        foreach (var age in (long?[])[301, 100_000, null])
        {
            using var stale = await CallAsync(age, "pwd");
            await stale.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
            stale.Challenge().ShouldContain("error=\"insufficient_user_authentication\"");
            stale.Challenge().ShouldContain("max_age=\"300\"");
        }
        using var fresh = await CallAsync(10, "pwd");
        fresh.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized);
        fresh.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden);
    }
}
