using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn.Headless;

namespace Gatehouse.Tests.SignIn;

/// <summary>Two servers over one PostgreSQL database, and browsers and programs whose requests go now to one and now to the other, as a balancer sends them.</summary>
public sealed class TwoProcesses : IAsyncLifetime
{
    internal TestServer First { get; private set; } = null!;
    internal TestServer Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Dictionary<string, string?> settings = new() { ["Http:AllowPrivateTargets"] = "true" };
        First = await TestServer.StartAsync(TestDatabase.Postgres, new() { Settings = settings });
        Second = await TestServer.StartAsync(TestDatabase.Postgres, new() { Settings = settings, Beside = First });
    }

    internal (HttpClient Http, Balancer Balancer) Open(TestTenant tenant, bool cookies)
    {
        var balancer = new Balancer(First, Second, cookies);
        var http = new HttpClient(balancer) { BaseAddress = new Uri(tenant.Url + "/") };
        if (cookies) http.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");
        return (http, balancer);
    }

    internal (PageBrowser Browser, Balancer Balancer) Browser(TestTenant tenant)
    {
        var (http, balancer) = Open(tenant, cookies: true);
        return (new(First, tenant, http), balancer);
    }

    internal async Task<(HeadlessApp App, Balancer Balancer)> AppAsync(TestTenant tenant)
    {
        var (http, balancer) = Open(tenant, cookies: false);
        return (await HeadlessApp.OpenAsync(First, tenant, http: http), balancer);
    }

    public async Task DisposeAsync()
    {
        if (Second is not null) await Second.DisposeAsync();
        if (First is not null) await First.DisposeAsync();
    }
}

/// <summary>Sends each request to the process whose turn it is.</summary>
internal sealed class Balancer : DelegatingHandler
{
    private readonly TestServer[] processes;
    private readonly int[] served = new int[2];
    private int turn;

    internal Balancer(TestServer first, TestServer second, bool cookies)
    {
        processes = [first, second];
        InnerHandler = new SocketsHttpHandler { UseCookies = cookies, AllowAutoRedirect = false };
    }

    /// <summary>Which one serves; null: one after the other.</summary>
    internal int? At { get; set; }

    internal IReadOnlyList<int> Served => served;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var which = At ?? (Interlocked.Increment(ref turn) - 1) % 2;
        Interlocked.Increment(ref served[which]);
        // The address stays the issuer's; only who answers differs.
        var asked = request.RequestUri!;
        request.Headers.Host = asked.Authority;
        request.RequestUri = new Uri(new Uri(processes[which].ListenUrl), asked.PathAndQuery);
        var response = await base.SendAsync(request, cancellationToken);
        request.RequestUri = asked;
        return response;
    }
}
