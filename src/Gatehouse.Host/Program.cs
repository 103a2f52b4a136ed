using System.CommandLine;
using Gatehouse.Host;

var root = new RootCommand("Gatehouse: an identity server. One process, many tenants, OAuth 2.1 and OpenID Connect.")
{
    ServeVerb.Create(), BootstrapVerb.Create(), MigrateVerb.Create(), AuditVerb.Create(), KeysVerb.Create(), BreachedVerb.Create(), HealthcheckVerb.Create(), VersionVerb.Create(),
};
var parsed = root.Parse(args);
// The host itself listens to SIGTERM and waits for what is under way; the parser's own handler would end the process two seconds later.
var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
if (parsed.Errors.Count == 0) return await Failures.ToExitCodeAsync(() => parsed.InvokeAsync(invocation));
foreach (var error in parsed.Errors) await System.Console.Error.WriteLineAsync(error.Message);
await System.Console.Error.WriteLineAsync("Run with --help to see the options.");
return Failures.BadUsage;
