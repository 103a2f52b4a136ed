using System.CommandLine;
using Gatehouse.Hosting;

namespace Gatehouse.Host;

/// <summary>Options that several verbs share, and how they become settings.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> data = new("--data") { Description = "Folder of the embedded database and of master.key (Storage:DataDirectory; default ./data).", HelpName = "DIR" };
    private readonly Option<string?> config = new("--config") { Description = "JSON file of settings (default: gatehouse.json in the data folder).", HelpName = "FILE" };

    internal void AddTo(Command verb)
    {
        verb.Options.Add(data);
        verb.Options.Add(config);
    }

    /// <param name="more">The verb's own settings; null values are left to weaker sources.</param>
    internal GatehouseAppOptions Read(ParseResult parsed, params ReadOnlySpan<(string Key, string? Value)> more)
    {
        Dictionary<string, string?> settings = [];
        if (parsed.GetValue(data) is { } folder) settings["Storage:DataDirectory"] = folder;
        foreach (var (key, value) in more)
            if (value is not null) settings[key] = value;
        return new() { Settings = settings, ConfigurationFile = parsed.GetValue(config) };
    }
}
