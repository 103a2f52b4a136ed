using Microsoft.Extensions.Logging;

namespace Gatehouse.Hosting;

/// <summary>How one process is put together: the command line's answers, or a test's.</summary>
public sealed record GatehouseAppOptions
{
    /// <summary>Settings that override every other source, <c>Section:Key</c>; the command line's.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>A JSON file of settings, below the environment. Null: <c>gatehouse.json</c> in the data directory, when there is one.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Whether <c>GATEHOUSE_…</c> variables are read. Tests that must not depend on their surroundings say no.</summary>
    public bool ReadEnvironment { get; init; } = true;

    /// <summary>Where to listen, semicolon-separated, for example <c>http://127.0.0.1:8080</c>. Null: <c>Hosting:Urls</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>The only source of time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether logs go to standard error: for verbs whose output is for programs.</summary>
    public bool LogToStandardError { get; init; }

    /// <summary>Replaces the JSON console log.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Adds to the services of all rooms; for tools that look at the product from inside, such as the API's description.</summary>
    public Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? Services { get; init; }
}
