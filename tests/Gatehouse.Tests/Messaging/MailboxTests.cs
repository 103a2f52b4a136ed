using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Messaging;

public sealed class MailboxTests
{
    [Theory, BothDatabases]
    public async Task Shows_what_was_sent_to_an_address(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        (await server.QueueAsync(tenant, "ann@example.com")).ShouldBeTrue();
        (await server.QueueAsync(tenant, "bob@example.com", locale: "fa")).ShouldBeTrue();
        (await server.QueueAsync(tenant, "eve@example.com", commit: false)).ShouldBeTrue();

        using var client = server.Client(tenant);
        using var all = await client.GetAsync("dev/mailbox.json");
        (await all.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(m => m.GetProperty("to").GetString()).ShouldBe(["bob@example.com", "ann@example.com"]);
        using var one = await client.GetAsync("dev/mailbox.json?to=ANN@example.com");
        var message = (await one.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        message.GetProperty("subject").GetString().ShouldStartWith("Reset your password");
        message.GetProperty("links").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(tenant.Url + "/signin/reset?token=abc");
        message.GetProperty("text").GetString()!.ShouldContain("30 minutes");

        using var persian = await client.GetAsync("dev/mailbox.json?to=bob@example.com");
        message = (await persian.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0];
        message.GetProperty("text").GetString()!.ShouldContain("۳۰ دقیقه");
        message.GetProperty("html").GetString()!.ShouldContain("dir=\"rtl\"");
    }

    [Theory, BothDatabases]
    public async Task Shows_pages_that_let_a_message_do_nothing(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync();
        using var client = server.Client(tenant);
        (await client.GetStringAsync("dev/mailbox")).ShouldContain("No mail yet");
        await server.QueueAsync(tenant, "ann@example.com");
        using var json = await client.GetAsync("dev/mailbox.json");
        var id = (await json.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("id").GetString();

        using var list = await client.GetAsync("dev/mailbox");
        (await list.Content.ReadAsStringAsync()).ShouldContain($"/dev/mailbox/{id}");
        using var page = await client.GetAsync($"dev/mailbox/{id}");
        (await page.Content.ReadAsStringAsync()).ShouldContain($"<a href=\"{tenant.Url}/signin/reset?token=abc\">");
        foreach (var response in new[] { list, page })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldStartWith("default-src 'none'");
            policy.ShouldNotContain("unsafe");
        }
        using var html = await client.GetAsync($"dev/mailbox/{id}/html");
        (await html.Content.ReadAsStringAsync()).ShouldStartWith("<!doctype html>");
        html.Headers.GetValues("X-Frame-Options").ShouldBe(["SAMEORIGIN"]);
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldSatisfyAllConditions(p => p.ShouldStartWith("sandbox"), p => p.ShouldNotContain("script"));
    }

    [Theory, BothDatabases]
    public async Task Hides_another_tenants_mail(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var (one, two) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        await server.QueueAsync(one, "ann@example.com");
        using var own = server.Client(one);
        using var json = await own.GetAsync("dev/mailbox.json");
        var id = (await json.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("id").GetString();
        using var other = server.Client(two);
        using var list = await other.GetAsync("dev/mailbox.json");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
        foreach (var path in new[] { $"dev/mailbox/{id}", $"dev/mailbox/{id}/html", "dev/mailbox/mai_nonsense" })
        {
            using var response = await other.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public async Task Is_not_there_for_a_forwarded_request(string header)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        client.DefaultRequestHeaders.Add(header, header == "Via" ? "1.1 proxy" : "for=203.0.113.9");
        foreach (var path in new[] { "dev/mailbox", "dev/mailbox.json" })
        {
            using var response = await client.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Is_not_there_beside_an_SMTP_server()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new TestServerOptions
        {
            Settings = new Dictionary<string, string?> { ["Messaging:Mailbox"] = "false", ["Messaging:Smtp:Host"] = "127.0.0.1", ["Messaging:Smtp:Port"] = "1", ["Messaging:Smtp:From"] = "no-reply@example.com" },
        });
        using var client = server.Client();
        using var response = await client.GetAsync("dev/mailbox.json");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("acme.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("id.example.com", false)]
    [InlineData("localhost.example.com", false)]
    [InlineData("10.0.0.1", false)]
    public void Knows_which_hosts_are_this_machine(string host, bool loopback) => Gatehouse.Messaging.Loopback.IsHost(host).ShouldBe(loopback);

    [Theory, BothDatabases]
    public async Task Forgets_after_an_hour(TestDatabase kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        var tenant = await server.NewTenantAsync();
        await server.QueueAsync(tenant, "ann@example.com");
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        using var client = server.Client(tenant);
        using var json = await client.GetAsync("dev/mailbox.json");
        (await json.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
