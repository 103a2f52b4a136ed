using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Operation;

/// <summary>SIGTERM: what is under way is finished and answered, nothing new is taken, the exit code says that all went well.</summary>
public sealed class ShutdownTests
{
    private const int InFlight = 6;

    [Theory, BothDatabases]
    public async Task Finishes_what_is_under_way_and_ends_with_zero(TestDatabase database)
    {
        await using var installation = await Installation.CreateAsync(database);
        await using var process = await installation.ServeAsync();
        using var tenancy = await Tenancy.FurnishAsync(installation);

        // Requests whose headers and first half have arrived: the server is in the middle of each.
        var slow = new (NetworkStream Stream, byte[] Remainder)[InFlight];
        for (var i = 0; i < InFlight; i++) slow[i] = await BeginAsync(installation, tenancy, i);
        process.Child.Terminate();

        await Eventually.TrueAsync(() => RefusedAsync(installation.Port), TimeSpan.FromSeconds(5), "no new connection is taken");
        process.Child.Ended.ShouldBeFalse("it waits for what is under way");
        foreach (var (stream, rest) in slow) await stream.WriteAsync(rest);
        foreach (var (stream, _) in slow)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            (await reader.ReadLineAsync()).ShouldBe("HTTP/1.1 201 Created");
        }
        (await process.Child.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        process.Child.ExitCode.ShouldBe(0, process.Child.Errors);

        // And it was done, not only answered.
        await using var again = await installation.ServeAsync();
        using var list = await tenancy.Admin.GetAsync("api/v1/users?limit=100");
        (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength().ShouldBe(InFlight + 1);
    }

    private static async Task<(NetworkStream, byte[])> BeginAsync(Installation installation, Tenancy tenancy, int number)
    {
        // So much of it at once that nobody takes what is left for somebody who dawdles.
        var body = Encoding.UTF8.GetBytes(new string(' ', 40_000) + $$"""{"emails":["slow{{number}}@example.com"],"password":"{{TestServer.AdminPassword}} {{number}}"}""");
        var head = Encoding.ASCII.GetBytes(string.Join("\r\n", "POST /api/v1/users HTTP/1.1", $"Host: localhost:{installation.Port}", $"Authorization: {tenancy.Admin.DefaultRequestHeaders.Authorization}",
            "Content-Type: application/json", "Expect: 100-continue", $"Content-Length: {body.Length}", "", ""));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, installation.Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(head);
        // Said when the server begins to read the body: it is in the middle of this request from now on.
        var goOn = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();
        var said = new byte[goOn.Length];
        await stream.ReadExactlyAsync(said);
        said.ShouldBe(goOn);
        await stream.WriteAsync(body.AsMemory(0, body.Length - 20));
        return (stream, body[^20..]);
    }

    private static async Task<bool> RefusedAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused) { return true; }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset) { return false; }      // in the very moment of closing
    }
}
