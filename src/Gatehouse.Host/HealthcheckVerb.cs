using System.CommandLine;
using Gatehouse.Kernel;

namespace Gatehouse.Host;

/// <summary><c>gatehouse healthcheck</c>: asks a running server whether it is ready. For container images, which have no curl.</summary>
internal static class HealthcheckVerb
{
    private const int NotReady = 1;

    internal static Command Create()
    {
        var url = new Option<string>("--url") { Description = "What to ask.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080/readyz" };
        var verb = new Command("healthcheck", "Ask a running server whether it is ready.") { url };
        verb.SetAction(async (parsed, ct) =>
        {
            if (!Uri.TryCreate(parsed.GetRequiredValue(url), UriKind.Absolute, out var address)) throw new StartupException("--url is not a URL.");
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            try
            {
                using var answer = await client.GetAsync(address, ct);
                await System.Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync(ct));
                return answer.IsSuccessStatusCode ? 0 : NotReady;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                await System.Console.Error.WriteLineAsync($"gatehouse: no answer: {e.Message}");
                return NotReady;
            }
        });
        return verb;
    }
}
