using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Testing;

/// <summary>The last errors of the servers under test, so that a failed expectation can say why a 500 came.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private const int Kept = 5;
    private static readonly ConcurrentQueue<string> Errors = new();

    internal static TestLog Provider { get; } = new();

    /// <summary>What the servers last complained of; empty when nothing.</summary>
    internal static string Recent => Errors.IsEmpty ? "" : "\nRecent errors of the servers under test:\n" + string.Join('\n', Errors);

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        Errors.Enqueue($"[{logLevel}] {formatter(state, exception)} {exception}");
        while (Errors.Count > Kept) Errors.TryDequeue(out _);
    }

    public void Dispose() { }
}
