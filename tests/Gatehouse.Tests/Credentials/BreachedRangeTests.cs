using System.Text;
using Gatehouse.Credentials;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Credentials;

/// <summary>The k-anonymity client against a service that is good, bad, slow and hostile in turn.</summary>
public sealed class BreachedRangeTests : IAsyncDisposable
{
    private const string Stolen = "plum violin gravel orbit";
    private readonly RangeServer service = new();
    private readonly TestClock clock = new();
    private readonly BreachedRange range;

    public BreachedRangeTests()
    {
        service.Known[Stolen] = 42;
        range = New(TimeSpan.FromMinutes(1));
    }

    private BreachedRange New(TimeSpan timeout) =>
        new(Options.Create(new CredentialsOptions { BreachedRangeUrl = service.Url, BreachedRangeTimeout = timeout }), clock, NullLogger<BreachedRange>.Instance);

    private ValueTask<bool?> AskAsync(string password) => range.ContainsAsync(Encoding.UTF8.GetBytes(password), default);

    [Fact]
    public async Task Sends_five_digits_and_asks_for_padding_and_nothing_else()
    {
        (await AskAsync(Stolen)).ShouldBe(true);
        (await AskAsync("another one altogether")).ShouldBe(false);
        range.IsResting.ShouldBeFalse();
        var request = service.Requests.First();
        request.ShouldStartWith($"GET /range/{RangeServer.HashOf(Stolen)[..5]} HTTP/1.1\r\n");
        request.ShouldContain("Add-Padding: true\r\n");
        request.ShouldNotContain(RangeServer.HashOf(Stolen)[..6]);
        foreach (var header in new[] { "traceparent", "cookie", "referer", "authorization" }) request.ToLowerInvariant().ShouldNotContain(header);
    }

    [Fact]
    public async Task Takes_padding_for_padding()
    {
        service.Known[Stolen] = 0;
        (await AskAsync(Stolen)).ShouldBe(false);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 22\r\nConnection: close\r\n\r\n<html>sign in</html>\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n00")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("")]
    public async Task Takes_no_other_answer_for_one(string answer)
    {
        service.Instead = _ => Task.FromResult(answer);
        (await AskAsync(Stolen)).ShouldBeNull();
        range.IsResting.ShouldBeTrue();
        clock.Advance(TimeSpan.FromMinutes(1));
        range.IsResting.ShouldBeFalse();
    }

    [Fact]
    public async Task Follows_no_redirect()
    {
        await using var elsewhere = new RangeServer();
        service.Instead = prefix => Task.FromResult($"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Url}{prefix}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        (await AskAsync(Stolen)).ShouldBeNull();
        elsewhere.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_no_endless_answer_and_waits_for_no_slow_one()
    {
        var line = new string('A', 35) + ":1\r\n";
        service.Instead = _ => Task.FromResult(RangeServer.Ok(string.Concat(Enumerable.Repeat(line, 40_000))));
        (await AskAsync(Stolen)).ShouldBeNull();

        service.Instead = async _ => { await Task.Delay(TimeSpan.FromMinutes(2)); return ""; };
        using var brief = New(TimeSpan.FromMilliseconds(500));
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        (await brief.ContainsAsync(Encoding.UTF8.GetBytes(Stolen), default)).ShouldBeNull();
        System.Diagnostics.Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_failure_of_the_service()
    {
        service.Instead = async _ => { await Task.Delay(TimeSpan.FromMinutes(2)); return ""; };
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(async () => await range.ContainsAsync(Encoding.UTF8.GetBytes(Stolen), impatient.Token));
        range.IsResting.ShouldBeFalse();
    }

    [Theory]
    [InlineData("00112233445566778899AABBCCDDEEFF012:1", true)]
    [InlineData("00112233445566778899aabbccddeeff012:1\r\n", true)]
    [InlineData("00112233445566778899AABBCCDDEEFF013:1\n00112233445566778899AABBCCDDEEFF012:100", true)]
    [InlineData("00112233445566778899AABBCCDDEEFF012:0\r\n00112233445566778899AABBCCDDEEFF011:7", false)]
    [InlineData("00112233445566778899AABBCCDDEEFF012:000", false)]
    [InlineData("00112233445566778899AABBCCDDEEFF012:1\nnonsense", null)]
    [InlineData("00112233445566778899AABBCCDDEEFF012:", null)]
    [InlineData("00112233445566778899AABBCCDDEEFF012:x", null)]
    [InlineData("00112233445566778899AABBCCDDEEFF0123:1", null)]
    [InlineData("0112233445566778899AABBCCDDEEFF012:1", null)]
    [InlineData("", null)]
    public void Reads_lines_strictly(string answer, bool? expected) =>
        BreachedRange.Find(Encoding.UTF8.GetBytes(answer), "00112233445566778899AABBCCDDEEFF012").ShouldBe(expected);

    public async ValueTask DisposeAsync()
    {
        range.Dispose();
        await service.DisposeAsync();
    }
}
