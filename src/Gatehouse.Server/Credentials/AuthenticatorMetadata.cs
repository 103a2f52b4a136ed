using System.Net;
using Gatehouse.Kernel;
using Gatehouse.Protocols.WebAuthn;
using Gatehouse.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Credentials;

/// <summary>
/// The list of authenticator models that this process holds, and what is wrong with it. Only a verified list is held, and none that is older
/// than the one before: an attacker between us and the service must not take back what was said of a broken model.
/// </summary>
internal sealed partial class AuthenticatorMetadata : IDisposable
{
    internal const string CacheName = "authenticator-metadata.jwt";
    private static readonly TimeSpan retry = TimeSpan.FromHours(1);

    private readonly AuthenticatorMetadataOptions options;
    private readonly MetadataTrust trust;
    private readonly string cache;
    private readonly TimeProvider clock;
    private readonly ILogger<AuthenticatorMetadata> log;
    // The operator's own address, not a tenant's; no redirect, so that it stays that one. Bounded in size and time.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = TimeSpan.FromMinutes(2), MaxResponseContentBufferSize = MetadataBlob.MaxLength,
    };

    private readonly SemaphoreSlim turn = new(1);
    private volatile MetadataState state = new(null, null, null);
    private DateTimeOffset? askedAt;
    private DateTime fileTime;
    private bool cacheRead;

    public AuthenticatorMetadata(IOptions<AuthenticatorMetadataOptions> options, IOptions<StorageOptions> storage, TimeProvider clock, ILogger<AuthenticatorMetadata> log)
    {
        (this.options, this.clock, this.log) = (options.Value, clock, log);
        trust = options.Value.Trust();
        cache = Path.Combine(storage.Value.DataDirectory, CacheName);
    }

    internal MetadataState State => state;

    internal string Source => options.File.Length > 0 ? "file" : options.Url.Length > 0 ? "url" : "none";

    /// <summary>The list, where it is not out of date.</summary>
    internal MetadataBlob? Usable => state.Blob is { } blob && clock.Now() < new DateTimeOffset(blob.NextUpdate.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero) + options.Grace ? blob : null;

    /// <summary>One turn: reads or fetches when it is time to.</summary>
    internal async Task RefreshAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (options.File.Length > 0) await ReadFileAsync(ct);
            else if (options.Url.Length > 0) await FetchAsync(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ReadFileAsync(CancellationToken ct)
    {
        var file = new FileInfo(options.File);
        if (!file.Exists) Fail("The file is not there.");
        else if (file.Length > MetadataBlob.MaxLength) Fail("The file is longer than any list.");
        else if (file.LastWriteTimeUtc != fileTime)
        {
            Take(await File.ReadAllBytesAsync(file.FullName, ct));
            fileTime = file.LastWriteTimeUtc;
        }
    }

    private async Task FetchAsync(CancellationToken ct)
    {
        if (!cacheRead)
        {
            cacheRead = true;
            if (new FileInfo(cache) is { Exists: true, Length: <= MetadataBlob.MaxLength }) Take(await File.ReadAllBytesAsync(cache, ct));
        }
        var now = clock.Now();
        var late = state.Problem is not null || state.Blob is null || DateOnly.FromDateTime(now.UtcDateTime) > state.Blob.NextUpdate;
        if (askedAt is { } last && now < last + (late ? retry : options.Refresh)) return;
        askedAt = now;
        try
        {
            using var response = await http.GetAsync(new Uri(options.Url), ct);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Fail($"The service answered {(int)response.StatusCode}.");
                return;
            }
            var bytes = await response.Content.ReadAsByteArrayAsync(ct);
            if (!Take(bytes)) return;
            var fresh = cache + ".new";
            await File.WriteAllBytesAsync(fresh, bytes, ct);
            File.Move(fresh, cache, overwrite: true);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Fail("The service could not be reached, or its answer is longer than any list.");
        }
    }

    /// <returns>Whether it is newer than what was held.</returns>
    private bool Take(byte[] bytes)
    {
        var now = clock.Now();
        if (!MetadataBlob.Verify(bytes, trust, now).TryGet(out var blob, out var error))
        {
            Fail(error.Detail);
            return false;
        }
        var held = state.Blob;
        if (held is not null && blob.Number < held.Number)
        {
            Fail("The list is older than the one that is held.");
            return false;
        }
        if (held?.Number == blob.Number)
        {
            state = state with { Problem = null };
            return false;
        }
        state = new(blob, now, null);
        LogTaken(log, blob.Number, blob.Count, blob.NextUpdate);
        return true;
    }

    private void Fail(string problem)
    {
        if (state.Problem != problem) LogFailed(log, problem);
        state = state with { Problem = problem };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Authenticator metadata {Number} is in force: {Count} models, next update {NextUpdate}.")]
    private static partial void LogTaken(ILogger log, long number, int count, DateOnly nextUpdate);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Authenticator metadata was not renewed: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);

    public void Dispose()
    {
        http.Dispose();
        turn.Dispose();
    }
}

/// <param name="Problem">Why the last attempt brought nothing; null when it did.</param>
internal sealed record MetadataState(MetadataBlob? Blob, DateTimeOffset? TakenAt, string? Problem);

/// <summary>Keeps the list up to date. Each process for itself.</summary>
internal sealed class AuthenticatorMetadataJob(AuthenticatorMetadata metadata, TimeProvider clock, ILogger<AuthenticatorMetadataJob> log) : RepeatingJob(TimeSpan.FromMinutes(1), clock, log)
{
    protected override Task RunOnceAsync(CancellationToken ct) => metadata.RefreshAsync(ct);
}
