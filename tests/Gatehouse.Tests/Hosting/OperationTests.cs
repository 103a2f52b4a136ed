using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Gatehouse.Hosting.Telemetry;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Hosting;

public sealed class OperationTests
{
    [Theory, BothDatabases]
    public async Task Says_that_it_is_alive_and_ready(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var client = server.Client();
        using var alive = await client.GetAsync("healthz");
        (await alive.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("status").GetString().ShouldBe("alive");
        await Eventually.TrueAsync(async () => (await client.GetAsync("readyz")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(10), "it is ready");
        using var ready = await client.GetAsync("readyz");
        var checks = (await ready.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("checks");
        foreach (var check in new[] { "database", "migrations", "master_key" }) checks.GetProperty(check).GetString().ShouldBe("ok");
    }

    [Theory, BothDatabases]
    public async Task Is_not_ready_when_a_migration_is_missing(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var system = server.Services.GetRequiredService<Storage.ISystemDatabase>();
        await using (var tx = await system.BeginAsync(CancellationToken.None))
        {
            await tx.ExecuteAsync("DELETE FROM schema_migrations WHERE name = '0310_setup'", [], CancellationToken.None);
            await tx.CommitAsync(CancellationToken.None);
        }
        using var client = server.Client();
        using var ready = await client.GetAsync("readyz");
        var body = await ready.ReadJsonAsync(HttpStatusCode.ServiceUnavailable);
        body.GetProperty("checks").GetProperty("migrations").GetString().ShouldBe("1 pending");
        (await client.GetAsync("healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Serves_metrics_apart_from_the_public_listener_as_promtool_accepts_them()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Telemetry:AdminUrls"] = "http://127.0.0.1:0" } });
        using var client = server.Client();
        for (var i = 0; i < 3; i++) await client.GetAsync(".well-known/openid-configuration");
        (await client.GetAsync("metrics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await server.TokenAsync();
        using (var world = await SignInWorld.OpenAsync(server))
        {
            await world.Browser.SignInAsync(SignInWorld.Email, "not the password at all");
            await world.Browser.SignInAsync(SignInWorld.Email);
        }
        for (var i = 0; i <= 30; i++) (await client.AskForTokenAsync(server.AutomationId, "gh_sk_wrong")).Dispose();

        using var admin = new HttpClient { BaseAddress = new Uri(server.Services.GetRequiredService<AdminListener>().Urls.Single()) };
        await Eventually.TrueAsync(async () => (await admin.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK, TimeSpan.FromSeconds(10), "it is ready");
        (await admin.GetAsync("/signin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var scraped = await admin.GetAsync("/metrics");
        var text = await scraped.Content.ReadAsStringAsync();
        text.ShouldContain("http_server_request_duration_seconds_count{");
        text.ShouldContain("le=\"+Inf\"");
        text.ShouldContain("gatehouse_build_info{version=");
        text.ShouldContain("dotnet_gc_collections_total");
        // The administrator's own tokens are counted too.
        Value(text, "gatehouse_tokens_issued_total{grant_type=\"client_credentials\"}").ShouldBeGreaterThan(0);
        Value(text, "gatehouse_sign_ins_total{outcome=\"wrong\"}").ShouldBe(1);
        Value(text, "gatehouse_sign_ins_total{outcome=\"success\"}").ShouldBe(1);
        Value(text, "gatehouse_rate_limited_total{limit=\"client_secret\"}").ShouldBe(1);
        foreach (var state in (string[])["running", "waiting"]) Value(text, $"gatehouse_password_hashes{{state=\"{state}\"}}").ShouldBe(0);
        await ShouldPassPromtoolAsync(text);
    }

    [Fact]
    public async Task Finishes_a_request_under_way_before_it_stops()
    {
        var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        try
        {
            // The body arrives in two parts, the first when the server begins to read it; the server is told to stop in between.
            using var admin = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(2) }) { BaseAddress = new Uri(server.ListenUrl + "/") };
            admin.DefaultRequestHeaders.Host = new Uri(server.Url).Authority;
            admin.DefaultRequestHeaders.ExpectContinue = true;
            admin.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("tenants:write"));
            var body = new SlowBody("{\"slug\":\"slow\",", "\"display_name\":\"Slow\"}");
            var answering = admin.PostAsync("api/v1/tenants", body);
            await body.Begun;
            var stopping = server.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHost>().StopAsync();
            await Task.Delay(300);
            stopping.IsCompleted.ShouldBeFalse("the server stopped under a request");
            body.Finish();
            using var answer = await answering;
            await answer.ReadJsonAsync(HttpStatusCode.Created);
            await stopping;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static double Value(string text, string series) =>
        double.Parse(text.Split('\n').Single(l => l.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task ShouldPassPromtoolAsync(string text)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("promtool (Debian package prometheus) did not start.");
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var complaints = await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        promtool.ExitCode.ShouldBe(0, complaints);
    }

    private sealed class SlowBody(string first, string second) : HttpContent
    {
        private readonly TaskCompletionSource begun = new(), finish = new();
        internal Task Begun => begun.Task;
        internal void Finish() => finish.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            begun.SetResult();
            await finish.Task;
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            Headers.ContentType ??= new("application/json");
            length = 0;
            return false;
        }
    }
}
