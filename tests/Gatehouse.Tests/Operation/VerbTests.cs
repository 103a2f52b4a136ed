using System.Net;
using System.Text.Json;
using Gatehouse.Hosting;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Operation;

/// <summary>The program's verbs as an operator or a script meets them: what they print, where, and with which exit code they end.</summary>
public sealed class VerbTests
{
    private const int BadUsage = 2;

    [Fact]
    public async Task Bootstrap_sets_up_once_and_prints_what_a_script_needs()
    {
        using var folder = new Folder();
        string[] arguments = ["bootstrap", "--data", folder.Path, "--url", "http://localhost:8999", "--admin-email", TestServer.AdminEmail, "--password-stdin", "--automation-client", "ci"];

        var weak = await RunAsync(arguments, "password\n");
        (weak.ExitCode, weak.Output).ShouldBe((BadUsage, ""));
        weak.Errors.Trim().Split('\n')[^1].ShouldMatch(@"^gatehouse: .* \(password_too_short\)$");
        (await RunAsync(arguments, "")).Errors.ShouldContain("No password arrived on standard input.");

        var made = await RunAsync(arguments, TestServer.AdminPassword + "\n");
        made.ExitCode.ShouldBe(0, made.Errors);
        var json = JsonDocument.Parse(made.Output).RootElement;
        json.GetProperty("issuer").GetString().ShouldBe("http://localhost:8999");
        json.GetProperty("client_id").GetString().ShouldStartWith("cli_");
        json.GetProperty("client_secret").GetString().ShouldStartWith("gh_sk_");
        (made.Output + made.Errors).ShouldNotContain(TestServer.AdminPassword);

        var again = await RunAsync(arguments, TestServer.AdminPassword + "\n");
        (again.ExitCode, again.Output).ShouldBe((BadUsage, ""));
        again.Errors.ShouldContain("(already_set_up)");
    }

    [Fact]
    public async Task Migrate_says_what_it_would_do_and_then_does_it()
    {
        using var folder = new Folder();
        var plan = await RunAsync(["migrate", "--dry-run", "--data", folder.Path]);
        plan.ExitCode.ShouldBe(0, plan.Errors);
        var would = plan.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        would.Length.ShouldBeGreaterThan(10);
        would.ShouldAllBe(line => line.StartsWith("would apply ", StringComparison.Ordinal) || line.StartsWith("waits for --contract ", StringComparison.Ordinal));
        (await RunAsync(["migrate", "--dry-run", "--data", folder.Path])).Output.ShouldBe(plan.Output);

        var done = await RunAsync(["migrate", "--data", folder.Path]);
        done.ExitCode.ShouldBe(0, done.Errors);
        done.Output.ShouldBe(plan.Output.Replace("would apply ", "applied ", StringComparison.Ordinal));
        (await RunAsync(["migrate", "--data", folder.Path])).Output.ShouldContain("The schema is current.");
    }

    [Fact]
    public async Task Audit_verify_tells_a_whole_chain_from_a_changed_one_and_keys_rotate_is_written_there()
    {
        await using var installation = await Installation.CreateAsync(TestDatabase.Sqlite);
        string[] verify = ["audit", "verify", "--data", installation.Folder], rotate = ["keys", "rotate", "--tenant", "main", "--data", installation.Folder];

        // A running server links the entries.
        await using (var server = await installation.ServeAsync())
        {
            await Eventually.TrueAsync(async () => !(await RunAsync(verify)).Output.Contains("not linked yet", StringComparison.Ordinal), TimeSpan.FromSeconds(20), "the chain is sealed");
            var before = await KeysAsync(installation);
            var rotated = await RunAsync([.. rotate, "--emergency", "--algorithm", "ES256"]);
            (rotated.ExitCode, rotated.Output.Trim()).ShouldBe((0, "ES256: replaced"));
            await Eventually.TrueAsync(async () => (await KeysAsync(installation)).Intersect(before).Count() == before.Count - 1, TimeSpan.FromSeconds(10), "the running server signs with the new key");
            await Eventually.TrueAsync(async () => !(await RunAsync(verify)).Output.Contains("not linked yet", StringComparison.Ordinal), TimeSpan.FromSeconds(20), "the chain is sealed");
        }
        var whole = await RunAsync([.. verify, "--tenant", "main"]);
        whole.ExitCode.ShouldBe(0, whole.Errors);
        whole.Output.ShouldContain(" ok: ");

        await ChangeAuditAsync(installation);
        var broken = await RunAsync(verify);
        broken.ExitCode.ShouldBe(1, broken.Errors);
        broken.Output.ShouldContain(" BROKEN at entry ");
    }

    [Fact]
    public async Task Healthcheck_asks_whether_the_server_is_ready()
    {
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite);
        var ready = await RunAsync(["healthcheck", "--url", server.ListenUrl + "/readyz"]);
        // It asks for an answer within seconds, which a busy machine may not have.
        for (var again = 0; again < 5 && ready.ExitCode != 0; again++) ready = await RunAsync(["healthcheck", "--url", server.ListenUrl + "/readyz"]);
        ready.ExitCode.ShouldBe(0, ready.Errors);
        ready.Output.ShouldContain("\"ready\"");
        (await RunAsync(["healthcheck", "--url", server.ListenUrl + "/nothing-there"])).ExitCode.ShouldBe(1);
        var nobody = await RunAsync(["healthcheck", "--url", $"http://127.0.0.1:{PostgresCluster.FreePort()}/readyz"]);
        (nobody.ExitCode, nobody.Output).ShouldBe((1, ""));
        nobody.Errors.ShouldStartWith("gatehouse: no answer: ");
    }

    [Fact]
    public async Task Breached_compile_makes_a_list_and_check_tells_what_is_on_it()
    {
        using var folder = new Folder();
        var (source, list) = (Path.Combine(folder.Path, "hashes.txt"), Path.Combine(folder.Path, "breached.list"));
        var hashes = Enumerable.Range(0, 2000).Select(i => Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.UTF8.GetBytes($"listed {i}")))).Order(StringComparer.Ordinal).ToList();
        await File.WriteAllLinesAsync(source, hashes.Select((h, i) => $"{h}:{i % 3 + 1}"));
        var made = await RunAsync(["breached", "compile", "--in", source, "--out", list]);
        made.ExitCode.ShouldBe(0, made.Errors);
        made.Output.ShouldMatch(@": 2,000 hashes in [\d,]+ bytes \(2\d\.\d bits each\), mapped: at most that much memory; false positives [4-9]\.\de-7, written in \d");
        (await RunAsync(["breached", "compile", "--in", source, "--out", list + "2", "--min-count", "3", "--false-positive", "0.001"])).Output.ShouldContain(": 666 hashes");

        var whole = await RunAsync(["breached", "check", "--list", list]);
        (whole.ExitCode, whole.Output.Trim().Split('\n')[^1]).ShouldBe((0, "whole"));
        var found = await RunAsync(["breached", "check", "--list", list, "--password-stdin"], "listed 7\n");
        (found.ExitCode, found.Output.Trim().Split('\n')[^1]).ShouldBe((1, "listed"));
        found.Output.ShouldNotContain("listed 7");
        var absent = await RunAsync(["breached", "check", "--list", list, "--password-stdin"], "nobody has this one\n");
        (absent.ExitCode, absent.Output.Trim().Split('\n')[^1]).ShouldBe((0, "not listed"));

        await File.WriteAllLinesAsync(source, hashes.AsEnumerable().Reverse());
        var unsorted = await RunAsync(["breached", "compile", "--in", source, "--out", list]);
        (unsorted.ExitCode, unsorted.Output).ShouldBe((BadUsage, ""));
        unsorted.Errors.ShouldStartWith("gatehouse: Line 2 comes before the line above it");
        var bytes = await File.ReadAllBytesAsync(list);
        bytes[200] ^= 1;
        await File.WriteAllBytesAsync(list, bytes);
        var damaged = await RunAsync(["breached", "check", "--list", list]);
        damaged.ExitCode.ShouldBe(BadUsage);
        damaged.Errors.ShouldStartWith("gatehouse: The list is damaged");
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        var version = await RunAsync(["version"]);
        version.ExitCode.ShouldBe(0);
        version.Output.Trim().ShouldMatch(@"^\d+\.\d+\.\d+\S*$");
    }

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("nonsense", "'nonsense'")]
    [InlineData("bootstrap", "Option '--url' is required.")]
    [InlineData("keys rotate", "Option '--tenant' is required.")]
    [InlineData("keys rotate --tenant nobody", "There is no tenant \"nobody\".")]
    [InlineData("keys rotate --tenant main --algorithm none", "'none'")]
    [InlineData("audit verify --tenant nobody", "There is no tenant \"nobody\".")]
    [InlineData("healthcheck --url ::", "--url is not a URL.")]
    [InlineData("serve --urls nonsense", "is not an address to listen on")]
    [InlineData("migrate --config missing.json", "missing.json")]
    [InlineData("breached compile --in missing.txt --out list", "missing.txt")]
    [InlineData("breached compile --in missing.txt --out list --false-positive 0.5", "--false-positive is from 1e-12 to 0.01.")]
    [InlineData("breached check --list missing.list", "missing.list")]
    public async Task Says_in_one_line_what_is_wrong_with_the_command(string command, string complaint)
    {
        using var folder = new Folder();
        var arguments = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (arguments is ["keys" or "audit", _, "--tenant", ..] or ["serve" or "migrate", ..]) arguments = [.. arguments, "--data", folder.Path];
        if (arguments is ["audit", ..]) (await RunAsync(["migrate", "--data", folder.Path])).ExitCode.ShouldBe(0);
        var refused = await RunAsync(arguments);
        refused.ExitCode.ShouldBe(BadUsage);
        if (arguments is not ["serve", ..]) refused.Output.ShouldBeEmpty();      // whose log is there
        refused.Errors.ShouldContain(complaint);
        refused.Errors.ShouldNotContain("   at ");
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string? input = null)
    {
        await using var child = ChildProcess.Start(Installation.Program, arguments, environment: new Dictionary<string, string> { ["GATEHOUSE_Telemetry__AdminUrls"] = "" }, input: input);
        (await child.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue(string.Join(' ', arguments));
        return (child.ExitCode, child.Output, child.Errors);
    }

    private static async Task<List<string>> KeysAsync(Installation installation)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(installation.Url + "/oauth2/jwks"));
        return [.. (await answer.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!)];
    }

    /// <summary>What somebody with the file and a shell can do: take the trigger away and rewrite history.</summary>
    private static async Task ChangeAuditAsync(Installation installation)
    {
        await using var app = GatehouseApp.Build(new GatehouseAppOptions { Settings = installation.Settings, ReadEnvironment = false });
        await using var tx = await app.Services.GetRequiredService<ISystemDatabase>().BeginAsync(default);
        await tx.ExecuteAsync("DROP TRIGGER audit_entries_update", [], default);
        (await tx.ExecuteAsync("UPDATE audit_entries SET action = 'nothing.happened' WHERE action = 'tenant.set_up'", [], default)).ShouldBe(1);
        await tx.CommitAsync(default);
    }

    private sealed class Folder : IDisposable
    {
        internal string Path { get; } = Directory.CreateTempSubdirectory("gatehouse-verb-").FullName;
        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
