using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Audit;

/// <summary>Debian's rsyslog, listening with TLS on this machine and writing what it understood of each message to a file.</summary>
internal sealed class Rsyslog : IAsyncDisposable
{
    private readonly string folder;
    private ChildProcess? child;

    private Rsyslog(string folder, int port, string ca) => (this.folder, Port, Ca) = (folder, port, ca);

    internal int Port { get; }

    /// <summary>PEM of the certificate it shows, which is its own authority.</summary>
    internal string Ca { get; }

    /// <summary>A line for each message: <c>priority|app|msgid|tenant|message</c>.</summary>
    internal string[] Lines => File.Exists(Path.Combine(folder, "out")) ? File.ReadAllLines(Path.Combine(folder, "out")) : [];

    internal static Rsyslog Create()
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-rsyslog-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        var pem = certificate.ExportCertificatePem();
        File.WriteAllText(Path.Combine(folder, "cert.pem"), pem);
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        var rsyslog = new Rsyslog(folder, PostgresCluster.FreePort(), pem);
        File.WriteAllText(Path.Combine(folder, "conf"), $$"""
            global(workDirectory="{{folder}}" maxMessageSize="256k" defaultNetstreamDriver="ossl"
              defaultNetstreamDriverCAFile="{{folder}}/cert.pem" defaultNetstreamDriverCertFile="{{folder}}/cert.pem" defaultNetstreamDriverKeyFile="{{folder}}/key.pem")
            module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon" maxFrameSize="200000")
            input(type="imtcp" port="{{rsyslog.Port}}" address="127.0.0.1")
            template(name="line" type="string" string="%pri%|%app-name%|%msgid%|%structured-data%|%msg%\n")
            *.* action(type="omfile" file="{{folder}}/out" template="line")

            """);
        return rsyslog;
    }

    internal async Task StartAsync()
    {
        child = ChildProcess.Start("/usr/sbin/rsyslogd", ["-n", "-f", Path.Combine(folder, "conf"), "-i", Path.Combine(folder, "pid")]);
        await Eventually.TrueAsync(async () =>
        {
            using var probe = new System.Net.Sockets.TcpClient();
            try { await probe.ConnectAsync("127.0.0.1", Port); }
            catch (System.Net.Sockets.SocketException) { return false; }
            return true;
        }, TimeSpan.FromSeconds(20), "rsyslog listens: it is Debian's packages rsyslog and rsyslog-openssl");
    }

    internal async Task StopAsync()
    {
        if (child is not null) await child.DisposeAsync();
        child = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }
}
