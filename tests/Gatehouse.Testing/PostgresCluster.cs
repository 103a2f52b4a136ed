using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Gatehouse.Testing;

/// <summary>
/// A PostgreSQL server of this test process's own: a fresh data folder, a free port on loopback, stopped when the process ends. Tests
/// connect as an ordinary role, because row-level security does not bind a superuser.
/// </summary>
public sealed class PostgresCluster
{
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(StartAsync);
    private const string Prefix = "gatehouse-pg-", Owner = "owner";

    private static int ports;

    private readonly string binaries, folder;
    private int databases;

    private PostgresCluster(string binaries, string folder, int port) => (this.binaries, this.folder, Port) = (binaries, folder, port);

    public int Port { get; }

    /// <summary>The process's cluster, started at first use.</summary>
    public static Task<PostgresCluster> GetAsync() => Shared.Value;

    /// <summary>A new, empty database. Returns the connection string of an ordinary role that owns it.</summary>
    public Task<string> CreateDatabaseAsync() => CreateDatabaseAsync("template1");

    /// <param name="template">A database that nobody is connected to; the new one is its copy.</param>
    internal async Task<string> CreateDatabaseAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", "postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} OWNER gatehouse TEMPLATE {template}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name, "gatehouse") + ";Maximum Pool Size=40;Timeout=60;Command Timeout=120";
    }

    private string ConnectionString(string database, string user) => $"Host=127.0.0.1;Port={Port};Database={database};Username={user};GSS Encryption Mode=Disable;SSL Mode=Disable";

    private static async Task<PostgresCluster> StartAsync()
    {
        var binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;
        if (binaries is null) throw new InvalidOperationException("PostgreSQL's server is not installed: run ./test.sh, or install Debian's package postgresql.");
        await SweepAsync(binaries);
        var folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, Owner), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var port = FreePort();
        var cluster = new PostgresCluster(binaries, folder, port);
        await cluster.PrepareFolderAsync();
        await cluster.RunAsync("initdb", "-D", Path.Combine(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
        // Durability is PostgreSQL's own to prove; the tests that kill a process kill ours. Hundreds of short-lived databases keep
        // autovacuum busy all the time and gain nothing by it.
        await cluster.RunAsync("pg_ctl", "-D", Path.Combine(folder, "data"), "-w", "-t", "60", "-l", Path.Combine(folder, "log"),
            "-o", $"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=300 -c shared_buffers=128MB", "start");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Stop();
        await using var connection = new NpgsqlConnection(cluster.ConnectionString("postgres", "postgres"));
        await connection.OpenAsync();
        await using var role = new NpgsqlCommand("CREATE ROLE gatehouse LOGIN", connection);
        await role.ExecuteNonQueryAsync();
        return cluster;
    }

    /// <summary>Ends the servers of test processes that were killed, and takes their folders away: nobody else does, and they are large.</summary>
    private static async Task SweepAsync(string binaries)
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.Combine(left, Owner);
            if (!File.Exists(owner) || !int.TryParse(await File.ReadAllTextAsync(owner), CultureInfo.InvariantCulture, out var id) || Directory.Exists($"/proc/{id}")) continue;
            // First come: of two processes that sweep, one finds nothing to move, and nobody looks for it under its new name.
            var gone = Path.Combine(Path.GetTempPath(), "swept-" + Path.GetFileName(left));
            try { Directory.Move(left, gone); }
            catch (DirectoryNotFoundException) { continue; }
            var cluster = new PostgresCluster(binaries, gone, 0);
            if (File.Exists(Path.Combine(cluster.folder, "data", "postmaster.pid"))) cluster.Stop();
            else Directory.Delete(cluster.folder, recursive: true);
        }
    }

    private async Task PrepareFolderAsync()
    {
        // PostgreSQL refuses to run as root: the folder is its own user's then.
        if (Environment.UserName == "root") await ExecuteAsync("chown", "postgres", folder);
    }

    private Task RunAsync(string program, params string[] arguments) => Environment.UserName == "root"
        ? ExecuteAsync("runuser", ["-u", "postgres", "--", Path.Combine(binaries, program), .. arguments])
        : ExecuteAsync(Path.Combine(binaries, program), arguments);

    private static async Task ExecuteAsync(string program, params string[] arguments)
    {
        // pg_ctl leaves a server behind that would keep redirected pipes open: its output goes to the log file instead.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private void Stop()
    {
        RunAsync("pg_ctl", "-D", Path.Combine(folder, "data"), "-m", "immediate", "-w", "stop").GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// A port of loopback that nothing listens on. Below those that systems give to connections going out: one of these would be taken again before a server listens on it.
    /// Processes begin in different places, so that two seldom look at the same one.
    /// </summary>
    public static int FreePort()
    {
        const int First = 12_000, Count = 20_000;
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var port = First + (int)(((uint)Environment.ProcessId * 611 + (uint)Interlocked.Increment(ref ports)) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse) { }
        }
        throw new InvalidOperationException("No free port was found.");
    }
}
