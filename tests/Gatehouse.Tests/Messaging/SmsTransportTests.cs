using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Messaging;

public sealed class SmsTransportTests
{
    private static readonly object Germany = new { sms = new { allowed_countries = new[] { "DE" } } };

    private static Task<TestServer> StartAsync(TestDatabase kind, Dictionary<string, string?> settings)
    {
        settings["Messaging:Mailbox"] = "false";
        return TestServer.StartAsync(kind, new TestServerOptions { Settings = settings });
    }

    private static Task<TestServer> TwilioAsync(TestDatabase kind, SmsProvider provider) => StartAsync(kind, new()
    {
        ["Messaging:Sms:Provider"] = "twilio", ["Messaging:Sms:Twilio:Url"] = provider.Url, ["Messaging:Sms:Twilio:AccountSid"] = "AC1",
        ["Messaging:Sms:Twilio:ApiKey"] = "SK1", ["Messaging:Sms:Twilio:Secret"] = "s3cret", ["Messaging:Sms:Twilio:From"] = "Acme",
    });

    private static async Task<List<(string State, bool Sealed, int Attempts)>> RowsAsync(TestServer server, TenantContext tenant)
    {
        await using var tx = await server.Services.GetRequiredService<IDatabase>().ReadAsync(tenant.Id, default);
        return await tx.ListAsync("SELECT state, sealed, attempts FROM mails WHERE tenant_id = @tenant ORDER BY id", [],
            row => (row.Text(0), row.BytesOrNull(1) is not null, row.Int(2)), default);
    }

    private static async Task UntilAsync(TestServer server, TenantContext tenant, Func<List<(string State, bool Sealed, int Attempts)>, bool> happened)
    {
        List<(string, bool, int)> rows = [];
        try
        {
            await Eventually.TrueAsync(async () => happened(rows = await RowsAsync(server, tenant)), TimeSpan.FromSeconds(15), "the messages are as they should be");
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new Xunit.Sdk.XunitException($"{e.Message} They are {string.Join(", ", rows)}.");
        }
    }

    [Theory, BothDatabases]
    public async Task Posts_a_form_as_Twilio_takes_it_and_keeps_nothing(TestDatabase kind)
    {
        await using var provider = new SmsProvider();
        await using var server = await TwilioAsync(kind, provider);
        var tenant = await server.NewTenantAsync(Germany);
        (await server.TextAsync(tenant, "+49 170 7654321", commit: false)).ShouldBeTrue();
        (await server.TextAsync(tenant)).ShouldBeTrue();
        await UntilAsync(server, await server.ContextAsync(tenant), rows => rows is [("sent", false, 1)]);
        var request = provider.Requests.ShouldHaveSingleItem();
        request.Line.ShouldBe("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1");
        request.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("SK1:s3cret")));
        request.Headers["Content-Type"].ShouldBe("application/x-www-form-urlencoded");
        var form = System.Web.HttpUtility.ParseQueryString(request.Body);
        (form["To"], form["From"]).ShouldBe((SmsWorld.Number, "Acme"));
        form["Body"]!.ShouldStartWith("123456 is your sign-in code for Tenant ");
        form["Body"]!.ShouldEndWith("\n\n@localhost #123456");
    }

    [Theory]
    [InlineData(400, """{"code":21211,"message":"The 'To' number +491701234567 is not a valid phone number.","status":400}""", "failed")]
    [InlineData(400, """{"code":21610,"message":"unsubscribed","status":400}""", "failed")]
    [InlineData(201, """{"sid":"SM1","status":"failed","error_code":30005}""", "failed")]
    [InlineData(302, "", "failed")]
    [InlineData(429, """{"code":20429,"message":"Too Many Requests","status":429}""", "queued")]
    [InlineData(401, """{"code":20003,"message":"Authenticate","status":401}""", "queued")]
    [InlineData(503, "<html>", "queued")]
    [InlineData(201, "not json", "sent")]
    public async Task Reads_what_Twilio_answers(int status, string answer, string state)
    {
        await using var provider = new SmsProvider { Answer = (status, answer) };
        await using var server = await TwilioAsync(TestDatabase.Sqlite, provider);
        var worker = await server.StopMailWorkerAsync();
        var tenant = await server.NewTenantAsync(Germany);
        await server.TextAsync(tenant);
        await worker.SendDueAsync(default);
        (await RowsAsync(server, await server.ContextAsync(tenant))).ShouldBe([(state, state == "queued", 1)]);
        provider.Requests.Count.ShouldBe(1, "nor is a redirect followed");
    }

    [Fact]
    public async Task Tries_again_while_the_code_works_and_not_after()
    {
        await using var provider = new SmsProvider { Answer = (500, "") };
        await using var server = await TwilioAsync(TestDatabase.Sqlite, provider);
        var worker = await server.StopMailWorkerAsync();
        var tenant = await server.NewTenantAsync(Germany);
        await server.TextAsync(tenant);
        var context = await server.ContextAsync(tenant);
        await worker.SendDueAsync(default);
        (await RowsAsync(server, context)).ShouldBe([("queued", true, 1)]);
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        await worker.SendDueAsync(default);
        (await RowsAsync(server, context)).ShouldBe([("queued", true, 2)]);
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await worker.SendDueAsync(default);
        (await RowsAsync(server, context)).ShouldBe([("failed", false, 3)]);
        provider.Requests.Count.ShouldBe(2);
        // Whoever knows the key sends once.
        var keys = provider.Requests.Select(r => r.Headers["Idempotency-Key"]).ToArray();
        keys[0].ShouldBe(keys[1]);
        keys[0].ShouldStartWith("\"");
        provider.Requests.First().Body.ShouldBe(provider.Requests.Last().Body);
    }

    [Fact]
    public async Task Posts_the_operators_own_document()
    {
        await using var provider = new SmsProvider { Answer = (200, "") };
        await using var server = await StartAsync(TestDatabase.Sqlite, new()
        {
            ["Messaging:Sms:Provider"] = "http", ["Messaging:Sms:Http:Url"] = provider.Url + "/v1/send", ["Messaging:Sms:Http:Secret"] = "k\"ey",
            ["Messaging:Sms:Http:Body"] = """{"messages":[{"receptor":"{{to_digits}}","body":"{{text}}"}],"ref":"{{id}}","n":1}""",
            ["Messaging:Sms:Http:Headers:0"] = "Authorization: Bearer {{secret}}", ["Messaging:Sms:Http:Headers:1"] = "X-Sender: acme",
        });
        var tenant = await server.NewTenantAsync(Germany);
        await server.TextAsync(tenant, locale: "fa");
        await UntilAsync(server, await server.ContextAsync(tenant), rows => rows is [("sent", false, 1)]);
        var request = provider.Requests.ShouldHaveSingleItem();
        request.Line.ShouldBe("POST /v1/send HTTP/1.1");
        (request.Headers["Authorization"], request.Headers["X-Sender"], request.Headers["Content-Type"]).ShouldBe(("Bearer k\"ey", "acme", "application/json"));
        var body = JsonDocument.Parse(request.Body).RootElement;
        body.GetProperty("messages")[0].GetProperty("receptor").GetString().ShouldBe("491701234567");
        body.GetProperty("messages")[0].GetProperty("body").GetString()!.ShouldContain("کد ورود شما");
        body.GetProperty("ref").GetString()!.ShouldStartWith("mai_");
        body.GetProperty("n").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Lets_no_value_leave_its_text()
    {
        var filled = HttpSmsTransport.Body("""{"a":"{{text}}","b":["{{to}} {{unknown}}"]}""",
            new Dictionary<string, string> { ["text"] = "\",\"a\":\"{{secret}}", ["to"] = "+1", ["secret"] = "hidden" });
        var body = JsonDocument.Parse(filled).RootElement;
        body.EnumerateObject().Count().ShouldBe(2);
        body.GetProperty("a").GetString().ShouldBe("\",\"a\":\"{{secret}}");
        body.GetProperty("b")[0].GetString().ShouldBe("+1 {{unknown}}");
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, Delivery.Sent)]
    [InlineData(HttpStatusCode.Accepted, Delivery.Sent)]
    [InlineData(HttpStatusCode.Found, Delivery.Refused)]
    [InlineData(HttpStatusCode.UnprocessableEntity, Delivery.Refused)]
    [InlineData(HttpStatusCode.Unauthorized, Delivery.Later)]
    [InlineData(HttpStatusCode.TooManyRequests, Delivery.Later)]
    [InlineData(HttpStatusCode.BadGateway, Delivery.Later)]
    public void Knows_what_a_status_means(HttpStatusCode status, object delivery) => SmsConnection.Meaning(status).ShouldBe((Delivery)delivery);

    public static TheoryData<string, SmsOptions> Faulty() => new()
    {
        { "Provider", new() { Provider = "pigeon" } },
        { "AccountSid", new() { Provider = "twilio", Twilio = new() { Secret = "x", From = "Acme" } } },
        { "Secret", new() { Provider = "twilio", Twilio = new() { AccountSid = "AC1", From = "Acme" } } },
        { "From", new() { Provider = "twilio", Twilio = new() { AccountSid = "AC1", Secret = "x" } } },
        { "From", new() { Provider = "twilio", Twilio = new() { AccountSid = "AC1", Secret = "x", From = "A name too long" } } },
        { "https", new() { Provider = "twilio", Twilio = new() { AccountSid = "AC1", Secret = "x", From = "Acme", Url = "http://api.example.com" } } },
        { "https", new() { Provider = "http" } },
        { "https", new() { Provider = "http", Http = new() { Url = "http://sms.example.com/send" } } },
        { "https", new() { Provider = "http", Http = new() { Url = "https://user:pass@sms.example.com/send" } } },
        { "no JSON", new() { Provider = "http", Http = new() { Url = "https://sms.example.com/", Body = "{" } } },
        { "{{text}}", new() { Provider = "http", Http = new() { Url = "https://sms.example.com/", Body = """{"to":"{{to}}"}""" } } },
        { "Headers", new() { Provider = "http", Http = new() { Url = "https://sms.example.com/", Headers = ["Authorization"] } } },
        { "Headers", new() { Provider = "http", Http = new() { Url = "https://sms.example.com/", Headers = ["X: a\r\nY: b"] } } },
        { "Secret", new() { Provider = "http", Http = new() { Url = "https://sms.example.com/", Headers = ["Authorization: Bearer {{secret}}"] } } },
    };

    [Theory, MemberData(nameof(Faulty))]
    public void Says_what_is_wrong_with_the_settings(string named, SmsOptions sms)
    {
        var result = new MessagingOptionsValidator().Validate(null, new() { Sms = sms });
        result.Failed.ShouldBeTrue();
        result.FailureMessage!.ShouldContain(named);
        result.FailureMessage!.ShouldStartWith("Messaging:Sms:");
    }

    [Fact]
    public void Refuses_the_mailbox_beside_a_provider() =>
        new MessagingOptionsValidator().Validate(null, new() { Mailbox = true, Sms = new() { Provider = "http", Http = new() { Url = "https://sms.example.com/" } } })
            .FailureMessage!.ShouldContain("Mailbox");
}
