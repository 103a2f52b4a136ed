using System.Globalization;
using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Tests.BadInput;

/// <summary>
/// The short form of the fuzzer in <c>tests/peers/api/fuzz.mjs</c>, which reads the descriptions and sends each operation what fits, what nearly fits and what does
/// not: no answer of 500 or more and no refusal that is not a problem. What is answered and not described is printed.
/// </summary>
public sealed class DescribedApiTests
{
    // More of them, or others, on demand: each seed makes requests of its own.
    private static readonly int Requests = Asked("GATEHOUSE_FUZZ_REQUESTS", 4000), Seed = Asked("GATEHOUSE_FUZZ_SEED", 1);

    private static int Asked(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : usual;

    [Theory, BothDatabases]
    public async Task Answers_as_described_whatever_comes(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var asked = new { gatehouse = server.Url, token = await server.TokenAsync([.. Gatehouse.Http.Scopes.All]), seed = Seed, requests = Requests };
        var said = await ChildProcess.RunAsync("node", ["fuzz.mjs"], TimeSpan.FromMinutes(4) * Math.Max(1, Requests / 4000.0), Repository.Path("tests", "peers", "api"), input: JsonSerializer.Serialize(asked));
        var summary = JsonDocument.Parse(said).RootElement;
        summary.GetProperty("requests").GetInt32().ShouldBe(Requests);
        // It went past the doors.
        summary.GetProperty("reached").GetInt32().ShouldBeGreaterThan(summary.GetProperty("operations").GetInt32() / 3, said);
        summary.GetProperty("statuses").EnumerateObject().Count().ShouldBeGreaterThan(8, said);
    }
}
