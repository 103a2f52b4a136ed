using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Tenants;

/// <summary>An export lasts as long as its reader likes; no tenant keeps the others from theirs by reading slowly.</summary>
public sealed class ExportAttackTests
{
    [Fact]
    public async Task Who_reads_slowly_waits_alone()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        var (slow, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        // More than what is written ahead of a reader who takes nothing.
        using (var admin = await server.AdminAsync(slow))
            for (var i = 0; i < 80; i++)
            {
                using var made = await admin.PostAsJsonAsync("api/v1/organizations", new { slug = $"org-{i}", display_name = "Org", metadata = new { noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(11_000)) } });
                made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
            }
        using var narrow = new SocketsHttpHandler
        {
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                await socket.ConnectAsync(context.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var normal = await server.AdminAsync(slow);
        using var reader = new HttpClient(narrow) { BaseAddress = normal.BaseAddress };
        foreach (var (name, values) in normal.DefaultRequestHeaders) reader.DefaultRequestHeaders.Add(name, values);

        using var first = await reader.GetAsync($"api/v1/tenants/{slow.Id}/export", HttpCompletionOption.ResponseHeadersRead);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 3; i++)
        {
            using var more = await reader.GetAsync($"api/v1/tenants/{slow.Id}/export", HttpCompletionOption.ResponseHeadersRead);
            await more.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "exports_too_many");
        }
        using var theirs = await server.AdminAsync(other);
        using var export = await theirs.GetAsync($"api/v1/tenants/{other.Id}/export");
        export.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await export.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(1000);
    }
}
