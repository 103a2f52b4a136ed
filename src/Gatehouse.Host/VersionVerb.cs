using System.CommandLine;
using System.Reflection;

namespace Gatehouse.Host;

/// <summary><c>gatehouse version</c>.</summary>
internal static class VersionVerb
{
    internal static Command Create()
    {
        var verb = new Command("version", "Print the version.");
        verb.SetAction(_ => System.Console.Out.WriteLine(typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion));
        return verb;
    }
}
