using Gatehouse.Testing;

namespace Gatehouse.Tests.Operation;

/// <summary>
/// The container's build file read as text: no container engine is needed, and none is asked. What it runs is run by
/// <see cref="PublishTests"/>.
/// </summary>
public sealed class DockerfileTests
{
    private static readonly string[] known = ["FROM", "ARG", "WORKDIR", "COPY", "RUN", "LABEL", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"];
    private readonly (string Word, string Arguments)[] lines = Read();

    [Fact]
    public void Knows_every_instruction_and_fetches_nothing_by_address()
    {
        lines.Select(l => l.Word).Except(known).ShouldBeEmpty();
        foreach (var (word, rest) in lines.Where(l => l.Word is "COPY")) rest.ShouldNotContain("://", customMessage: word);
    }

    [Fact]
    public void Builds_in_one_stage_and_ships_another_from_named_versions()
    {
        var bases = lines.Where(l => l.Word == "FROM").Select(l => l.Arguments.Split(' ').First(p => !p.StartsWith("--", StringComparison.Ordinal))).ToArray();
        bases.Length.ShouldBe(2);
        foreach (var image in bases)
        {
            image.ShouldStartWith("mcr.microsoft.com/dotnet/");
            image.Split(':').Length.ShouldBe(2, image);
            image.ShouldNotEndWith(":latest");
        }
        bases[1].ShouldNotContain("sdk");
    }

    [Fact]
    public void Runs_as_a_user_without_rights_and_writes_only_to_its_volume()
    {
        Final("USER").ShouldBe("1654:1654");
        Final("VOLUME").ShouldBe("""["/data"]""");
        Final("ENV").ShouldContain("GATEHOUSE_Storage__DataDirectory=/data");
        Shipped().ShouldNotContain(l => l.Word == "RUN");
    }

    [Fact]
    public void Starts_the_program_itself_so_that_signals_reach_it()
    {
        Final("ENTRYPOINT").ShouldBe("""["/app/gatehouse"]""");
        Final("CMD").ShouldBe("""["serve"]""");
        Final("HEALTHCHECK").ShouldEndWith("""CMD ["/app/gatehouse", "healthcheck"]""");
    }

    [Fact]
    public void Holds_no_secret() =>
        lines.Where(l => l.Word is "ENV" or "ARG").ShouldAllBe(l => !l.Arguments.Contains("KEY", StringComparison.OrdinalIgnoreCase) && !l.Arguments.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) && !l.Arguments.Contains("SECRET", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Copies_only_what_a_checkout_has() => File.ReadAllLines(Repository.Path(".dockerignore")).ShouldBe([".git", "artifacts", "data", "**/bin", "**/obj", "**/node_modules", "**/TestResults"]);

    [Fact]
    public async Task Runs_commands_that_shellcheck_has_nothing_against()
    {
        // What RUN gives to /bin/sh, as one script: its variables come from ARG.
        var script = string.Join('\n', ["#!/bin/sh", "TARGETARCH=amd64", .. lines.Where(l => l.Word == "RUN").Select(l => l.Arguments)]) + "\n";
        await ChildProcess.RunAsync("shellcheck", ["--shell=sh", "-"], TimeSpan.FromSeconds(60), input: script);
        foreach (var file in (string[])["deploy/docker/publish.sh", "deploy/compose/role.sh", "deploy/compose/secrets.sh", "run.sh", "test.sh", "samples/aspnet/run.sh", "samples/node-express/run.sh"])
            await ChildProcess.RunAsync("shellcheck", ["--severity=warning", Repository.Path(file)], TimeSpan.FromSeconds(60));
    }

    private string Final(string word) => Shipped().Last(l => l.Word == word).Arguments;

    private IEnumerable<(string Word, string Arguments)> Shipped() => lines[Array.FindLastIndex(lines, l => l.Word == "FROM")..];

    private static (string, string)[] Read()
    {
        var text = string.Join('\n', File.ReadAllLines(Repository.Path("deploy", "docker", "Dockerfile")).Where(l => l.Length > 0 && l[0] != '#')).Replace("\\\n", " ", StringComparison.Ordinal);
        return [.. text.Split('\n').Select(l => (l[..l.IndexOf(' ')], l[(l.IndexOf(' ') + 1)..].Trim()))];
    }
}
