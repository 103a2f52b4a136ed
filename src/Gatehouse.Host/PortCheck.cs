using System.Net;
using System.Net.Sockets;
using Gatehouse.Kernel;

namespace Gatehouse.Host;

/// <summary>Looks whether an address can be listened on before anything starts: the usual mistake deserves one line, not the server's unwinding.</summary>
internal static class PortCheck
{
    /// <exception cref="StartupException">The URL is not one, or its port is taken or not allowed.</exception>
    internal static void RequireFree(string url)
    {
        BindingAddress address;
        try { address = BindingAddress.Parse(url); }
        catch (FormatException) { throw new StartupException($"\"{url}\" is not an address to listen on; it looks like http://localhost:8080."); }
        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0) return;
        var ip = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Any;
        using var probe = new TcpListener(ip, address.Port);
        try { probe.Start(); }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException($"{url} is taken by another process. Stop it, or choose another address with --urls.", e);
        }
        catch (SocketException e)
        {
            throw new StartupException($"Cannot listen on {url}: {e.Message}.", e);
        }
    }
}
