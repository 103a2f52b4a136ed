using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gatehouse.Hosting;

/// <summary>Where logs go and how much of them; <c>Logging:LogLevel:{category}</c> overrides what is set here.</summary>
internal static class LogSetup
{
    internal static void Apply(ILoggingBuilder logging, IConfiguration configuration, GatehouseAppOptions options)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        // Two lines per request say nothing that the metrics do not; what went wrong in a request is logged by us.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        if (options.Logging is not null) { options.Logging(logging); return; }
        logging.AddConsole(o => (o.FormatterName, o.LogToStandardErrorThreshold) = (JsonLines.FormatterName, options.LogToStandardError ? LogLevel.Trace : LogLevel.None));
        logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
    }
}
