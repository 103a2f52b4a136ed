using Gatehouse.Kernel;
using Microsoft.Extensions.Configuration;

namespace Gatehouse.Hosting;

/// <summary>Where settings come from: command line, then <c>GATEHOUSE_…</c> variables, then the file, then the options' defaults.</summary>
internal static class Settings
{
    internal const string EnvironmentPrefix = "GATEHOUSE_";

    internal static void Read(IConfigurationManager configuration, GatehouseAppOptions options)
    {
        ((IConfigurationBuilder)configuration).Sources.Clear();
        // First without the file: where the file is depends on the data directory, which the stronger sources may name.
        var stronger = new ConfigurationBuilder();
        AddStronger(stronger, options);
        var data = stronger.Build()["Storage:DataDirectory"] ?? "data";
        var file = options.ConfigurationFile ?? Path.Combine(data, "gatehouse.json");
        if (options.ConfigurationFile is not null && !File.Exists(file)) throw new StartupException($"The settings file {file} does not exist.");
        if (File.Exists(file))
        {
            try { configuration.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false); }
            catch (InvalidDataException e) { throw new StartupException($"The settings file {file} is not valid JSON: {e.InnerException?.Message ?? e.Message}", e); }
        }
        AddStronger(configuration, options);
    }

    private static void AddStronger(IConfigurationBuilder to, GatehouseAppOptions options)
    {
        if (options.ReadEnvironment) to.AddEnvironmentVariables(EnvironmentPrefix);
        to.AddInMemoryCollection(options.Settings);
    }
}
