using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Tests.Operation;

/// <summary>A door in the wire between a server and its database: open, everything passes; cut, every connection breaks and none is taken.</summary>
internal sealed class TcpGate : IAsyncDisposable
{
    private readonly int target;
    private readonly ConcurrentDictionary<Socket, byte> sockets = [];
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    internal TcpGate(int port, int target) => (Port, this.target) = (port, target);

    internal int Port { get; }

    internal void Open()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    internal async Task CutAsync()
    {
        listener!.Stop();
        await accepting;
        foreach (var (socket, _) in sockets) socket.Close(0);
        sockets.Clear();
    }

    private async Task AcceptAsync(TcpListener from)
    {
        while (true)
        {
            try
            {
                var near = await from.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await far.ConnectAsync(IPAddress.Loopback, target);
                (sockets[near], sockets[far]) = (0, 0);
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) { return; }     // cut
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0) await to.SendAsync(buffer.AsMemory(0, read));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException) { }     // cut, or the other side has gone
    }

    public async ValueTask DisposeAsync() => await CutAsync();
}
