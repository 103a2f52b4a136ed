using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Storage.Tests;

public sealed class RepeatingJobTests
{
    [Fact]
    public async Task Reports_no_fault_of_its_own_when_the_start_of_another_fails()
    {
        var log = new Lines();
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddHostedService<Waiting>().AddHostedService<Failing>();
        var host = builder.Build();
        (await Should.ThrowAsync<InvalidOperationException>(() => host.StartAsync())).Message.ShouldBe("The port is taken.");
        var job = host.Services.GetServices<IHostedService>().OfType<Waiting>().Single();
        await job.Begun;
        host.Dispose();
        await job.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(60));
        log.Written.ShouldNotContain(l => l.Level >= LogLevel.Warning && l.Text.Contains("BackgroundService", StringComparison.Ordinal), string.Join('\n', log.Written));
    }

    [Fact]
    public async Task Goes_on_after_a_turn_that_found_the_database_away()
    {
        using var job = new Faltering();
        await job.StartAsync(CancellationToken.None);
        await job.Recovered.WaitAsync(TimeSpan.FromSeconds(60));
        await job.StopAsync(CancellationToken.None);
        job.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_hide_a_bug()
    {
        using var job = new Broken();
        await job.StartAsync(CancellationToken.None);
        await Should.ThrowAsync<InvalidOperationException>(() => job.ExecuteTask!);
    }

    private sealed class Waiting(ILogger<Waiting> log) : RepeatingJob(TimeSpan.FromHours(1), TimeProvider.System, log)
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        internal Task Begun => begun.Task;

        protected override async Task RunOnceAsync(CancellationToken ct)
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
        }
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("The port is taken.");
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Faltering() : RepeatingJob(TimeSpan.FromMilliseconds(1), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)
    {
        private readonly TaskCompletionSource recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int turns;
        internal Task Recovered => recovered.Task;

        protected override Task RunOnceAsync(CancellationToken ct)
        {
            if (++turns == 1) throw new TimeoutException();
            recovered.TrySetResult();
            return Task.CompletedTask;
        }
    }

    private sealed class Broken() : RepeatingJob(TimeSpan.FromHours(1), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)
    {
        protected override Task RunOnceAsync(CancellationToken ct) => throw new InvalidOperationException();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<(LogLevel Level, string Text)> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue((logLevel, formatter(state, exception)));
        public void Dispose() { }
    }
}
