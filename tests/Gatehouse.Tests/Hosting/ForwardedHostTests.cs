using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Hosting;

/// <summary>The host names the tenant, so whoever may choose it chooses the tenant.</summary>
public sealed class ForwardedHostTests
{
    [Theory]
    [InlineData("false", HttpStatusCode.OK)]
    [InlineData("true", HttpStatusCode.NotFound)]
    public async Task Believes_a_proxys_forwarded_host_only_when_told_to(string trusted, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new()
        {
            Settings = new Dictionary<string, string?> { ["Http:TrustedProxies"] = "127.0.0.1", ["Http:TrustForwardedHost"] = trusted },
        });
        using var client = server.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "nobody.example");
        using var answer = await client.GetAsync(".well-known/openid-configuration");
        answer.StatusCode.ShouldBe(status);
    }
}
