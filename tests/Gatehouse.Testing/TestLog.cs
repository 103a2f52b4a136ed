using Microsoft.Extensions.Logging;

namespace Gatehouse.Testing;

/// <summary>Warnings and errors of the servers under test, on standard error: a 500 explains itself in the test's output.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    internal static TestLog Provider { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) System.Console.Error.WriteLine($"[{logLevel}] {formatter(state, exception)} {exception}");
    }

    public void Dispose() { }
}
