using System.Net;
using Gatehouse.Testing;

namespace Gatehouse.Browser.Peers;

/// <summary>One of <c>samples/</c>, started as its README says: by its run.sh with three variables.</summary>
internal sealed class SampleApplication : IAsyncDisposable
{
    private readonly ChildProcess process;

    private SampleApplication(ChildProcess process, int port) => (this.process, Port) = (process, port);

    internal int Port { get; }
    internal string Home => Origin(Port) + "/";

    internal static string RedirectUri(int port) => Origin(port) + "/callback";
    internal static string Origin(int port) => $"http://localhost:{port}";

    internal static async Task<SampleApplication> StartAsync(string name, int port, string issuer, string clientId, string secret)
    {
        var process = ChildProcess.Start(Repository.Path("samples", name, "run.sh"), [], Repository.Path("samples", name),
            new Dictionary<string, string> { ["ISSUER"] = issuer, ["CLIENT_ID"] = clientId, ["CLIENT_SECRET"] = secret, ["PORT"] = $"{port}" });
        var sample = new SampleApplication(process, port);
        using var probe = new HttpClient { Timeout = TimeSpan.FromSeconds(90) };
        // The first start of the .NET one compiles it.
        await Eventually.TrueAsync(async () =>
        {
            if (process.Ended) throw new Xunit.Sdk.XunitException($"{name} ended with {process.ExitCode}.\n{process.Output}\n{process.Errors}");
            try
            {
                using var answer = await probe.GetAsync(new Uri(sample.Home));
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException) { return false; }      // not listening yet
        }, TimeSpan.FromMinutes(3), $"samples/{name} answers");
        return sample;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
