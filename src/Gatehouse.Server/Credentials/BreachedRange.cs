using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>
/// Asks a service of Have I Been Pwned's shape for the hashes that begin as this password's does (k-anonymity: five of forty digits leave this
/// process, and the answer is padded so that its length tells nothing). Everything about it is suspect: time, size, form; what is not a whole
/// answer is none.
/// </summary>
internal sealed partial class BreachedRange : IDisposable
{
    private const int PrefixDigits = 5, SuffixDigits = 35, MaxAnswerBytes = 1 << 20, MaxConnections = 16;
    private static readonly TimeSpan Respite = TimeSpan.FromMinutes(1);

    private readonly HttpClient client;
    private readonly TimeSpan timeout;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private long failedAt;      // UTC ticks; 0: never

    public BreachedRange(IOptions<CredentialsOptions> options, TimeProvider clock, ILogger<BreachedRange> log)
    {
        (timeout, this.clock, this.log) = (options.Value.BreachedRangeTimeout, clock, log);
        IsConfigured = options.Value.BreachedRangeUrl.Length > 0;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxConnectionsPerServer = MaxConnections,           // more wait within their own time-out
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            // No trace of a request: its address holds a part of the hash, and no trace's id belongs with a stranger.
            ActivityHeadersPropagator = null,
        })
        {
            BaseAddress = IsConfigured ? new Uri(options.Value.BreachedRangeUrl) : null,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        client.DefaultRequestHeaders.Add("Add-Padding", "true");
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Gatehouse");
    }

    internal bool IsConfigured { get; }

    /// <summary>Whether it failed a moment ago: who can do without does not wait for it again.</summary>
    internal bool IsResting => clock.GetUtcNow().UtcTicks - Volatile.Read(ref failedAt) < Respite.Ticks;

    /// <returns>Null when the service did not say.</returns>
    internal async ValueTask<bool?> ContainsAsync(byte[] password, CancellationToken ct)
    {
#pragma warning disable CA5350 // SHA-1 is what the service speaks; it guards nothing here.
        var digits = Convert.ToHexString(SHA1.HashData(password));
#pragma warning restore CA5350
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(timeout);
        try
        {
            using var answer = await client.GetAsync(new Uri(digits[..PrefixDigits], UriKind.Relative), limited.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return Failed($"answered {(int)answer.StatusCode}");
            var found = Find(await answer.Content.ReadAsByteArrayAsync(limited.Token), digits[PrefixDigits..]);
            return found ?? Failed("answered something else than a list of hashes");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed("did not answer in time");
        }
        catch (HttpRequestException e)
        {
            return Failed($"could not be asked ({e.HttpRequestError})");
        }
    }

    private bool? Failed(string what)
    {
        Volatile.Write(ref failedAt, clock.GetUtcNow().UtcTicks);
        LogFailed(log, what);
        return null;
    }

    /// <summary>Lines <c>SUFFIX:count</c>; those with count 0 are padding.</summary>
    /// <returns>Null when it is no such list. An empty one is none either: no prefix is without hashes.</returns>
    internal static bool? Find(ReadOnlySpan<byte> answer, string suffix)
    {
        Debug.Assert(suffix.Length == SuffixDigits);
        var (found, any) = (false, false);
        foreach (var range in answer.Split((byte)'\n'))
        {
            var line = answer[range];
            if (line.EndsWith("\r"u8)) line = line[..^1];
            if (line.IsEmpty) continue;
            if (line.Length <= SuffixDigits + 1 || line[SuffixDigits] != ':' || line.Length > SuffixDigits + 20) return null;
            var same = true;
            for (var i = 0; i < SuffixDigits; i++)
            {
                if (!char.IsAsciiHexDigit((char)line[i])) return null;
                same &= char.ToUpperInvariant((char)line[i]) == suffix[i];
            }
            var seen = false;
            foreach (var c in line[(SuffixDigits + 1)..])
            {
                if (!char.IsAsciiDigit((char)c)) return null;
                seen |= c != '0';
            }
            found |= same && seen;
            any = true;
        }
        return any ? found : null;
    }

    public void Dispose() => client.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service that knows breached passwords {What}.")]
    private static partial void LogFailed(ILogger log, string what);
}
