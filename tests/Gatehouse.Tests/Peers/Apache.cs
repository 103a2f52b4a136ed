using System.Globalization;
using System.Net.Sockets;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Peers;

/// <summary>
/// Debian's Apache with <c>mod_auth_openidc</c>, a certified relying party, in front of one protected page: its own folder, its own
/// port on loopback, in the foreground, ended by its process id.
/// </summary>
internal sealed class Apache : IAsyncDisposable
{
    private const string Modules = "/usr/lib/apache2/modules";
    private readonly ChildProcess process;
    private readonly string folder;

    private Apache(ChildProcess process, string folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

    internal int Port { get; }
    internal Uri Url(string path) => new(Origin(Port) + path);

    /// <summary>Known before it starts: the client must be registered with these.</summary>
    internal static string RedirectUri(int port) => Origin(port) + "/protected/callback";
    internal static string Goodbye(int port) => Origin(port) + "/goodbye";

    internal static async Task<Apache> StartAsync(int port, string issuer, string clientId, string clientSecret)
    {
        if (!File.Exists($"{Modules}/mod_auth_openidc.so")) throw new FileNotFoundException("Debian's packages apache2 and libapache2-mod-auth-openidc are not installed: run ./test.sh.");
        var folder = Directory.CreateTempSubdirectory("gatehouse-apache-").FullName;
        // Its workers run as another user when it is started by root.
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Path.Combine(folder, "site", "protected"));
        await File.WriteAllTextAsync(Path.Combine(folder, "site", "goodbye"), "Goodbye");
        await File.WriteAllTextAsync(Path.Combine(folder, "site", "protected", "page.shtml"), """Remote user: <!--#echo var="REMOTE_USER" --> Name: <!--#echo var="OIDC_CLAIM_name" -->""");
        var configuration = Path.Combine(folder, "apache.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port, issuer, clientId, clientSecret));
        var apache = new Apache(ChildProcess.Start("/usr/sbin/apache2", ["-DFOREGROUND", "-f", configuration], folder), folder, port);
        await Eventually.TrueAsync(apache.ListensAsync, TimeSpan.FromSeconds(20), "Apache listens");
        return apache;
    }

    /// <summary>What it complained about, for messages.</summary>
    internal string Errors => File.Exists(Path.Combine(folder, "error.log")) ? File.ReadAllText(Path.Combine(folder, "error.log")) : process.Errors;

    private static string Configuration(string folder, int port, string issuer, string clientId, string clientSecret) => string.Create(CultureInfo.InvariantCulture, $"""
        ServerRoot {folder}
        ServerName 127.0.0.1
        Listen 127.0.0.1:{port}
        PidFile {folder}/apache.pid
        DefaultRuntimeDir {folder}
        ErrorLog {folder}/error.log
        LogLevel warn auth_openidc:info
        {(Environment.UserName == "root" ? "User www-data\nGroup www-data" : "")}
        LoadModule mpm_event_module {Modules}/mod_mpm_event.so
        LoadModule authn_core_module {Modules}/mod_authn_core.so
        LoadModule authz_core_module {Modules}/mod_authz_core.so
        LoadModule authz_user_module {Modules}/mod_authz_user.so
        LoadModule mime_module {Modules}/mod_mime.so
        LoadModule include_module {Modules}/mod_include.so
        LoadModule auth_openidc_module {Modules}/mod_auth_openidc.so
        StartServers 1
        TypesConfig /etc/mime.types
        DocumentRoot {folder}/site
        AddType text/html .shtml
        AddOutputFilter INCLUDES .shtml
        OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
        OIDCClientID {clientId}
        OIDCClientSecret {clientSecret}
        OIDCRedirectURI {RedirectUri(port)}
        OIDCCryptoPassphrase a-passphrase-of-this-test-only
        OIDCScope "openid email profile"
        OIDCPKCEMethod S256
        OIDCRemoteUserClaim email
        <Directory {folder}/site>
          Options +Includes
          Require all granted
        </Directory>
        <Location /protected>
          AuthType openid-connect
          Require valid-user
        </Location>
        """);

    private static string Origin(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private async Task<bool> ListensAsync()
    {
        if (process.Ended) throw new Xunit.Sdk.XunitException($"Apache ended with {process.ExitCode}: {process.Errors} {Errors}");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(System.Net.IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException) { return false; }      // not yet
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
