using System.Text.Json;
using Gatehouse.Testing;
using Npgsql;

namespace Gatehouse.Tests.Operation;

/// <summary>The compose file: every name in it leads somewhere, no secret is written down, and what it says to us we understand.</summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task Names_only_what_exists_and_holds_no_secret()
    {
        var compose = await ReadAsync();
        var services = compose.GetProperty("services");
        var secrets = compose.GetProperty("secrets");
        var volumes = compose.GetProperty("volumes");
        foreach (var service in services.EnumerateObject())
        {
            service.Value.GetProperty("read_only").GetBoolean().ShouldBeTrue(service.Name);
            service.Value.GetProperty("image").GetString().ShouldNotBeNull().Split(':')[1].ShouldNotBe("latest");
            foreach (var secret in service.Value.GetProperty("secrets").EnumerateArray()) secrets.TryGetProperty(secret.GetString()!, out _).ShouldBeTrue(secret.GetString());
            foreach (var mount in service.Value.GetProperty("volumes").EnumerateArray())
            {
                var source = mount.GetString()!.Split(':')[0];
                if (source.StartsWith('.')) File.Exists(Path.Combine(Folder, source)).ShouldBeTrue(source);
                else volumes.TryGetProperty(source, out _).ShouldBeTrue(source);
            }
            foreach (var variable in service.Value.GetProperty("environment").EnumerateObject()) variable.Value.GetString().ShouldNotBeNull().ShouldNotContain("password=", Case.Insensitive);
        }
        services.GetProperty("gatehouse").GetProperty("depends_on").EnumerateObject().Single().Name.ShouldBe("postgres");
        File.Exists(Path.Combine(Folder, services.GetProperty("gatehouse").GetProperty("build").GetProperty("context").GetString()!, "deploy/docker/Dockerfile")).ShouldBeTrue();
    }

    [Fact]
    public async Task Configures_us_with_settings_that_we_have()
    {
        var environment = (await ReadAsync()).GetProperty("services").GetProperty("gatehouse").GetProperty("environment");
        var documented = await File.ReadAllTextAsync(Repository.Path("docs", "config.md"));
        foreach (var variable in environment.EnumerateObject()) documented.ShouldContain($"`{variable.Name}`");
        var connection = new NpgsqlConnectionStringBuilder(environment.GetProperty("GATEHOUSE_Storage__Postgres").GetString());
        connection.Passfile.ShouldBe("/run/secrets/pgpass");
        connection.Username.ShouldBe("gatehouse");
    }

    [Fact]
    public async Task Makes_secrets_once_that_its_database_and_we_can_read()
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-compose-").FullName;
        try
        {
            File.Copy(Path.Combine(Folder, "secrets.sh"), Path.Combine(folder, "secrets.sh"));
            await ChildProcess.RunAsync("sh", [Path.Combine(folder, "secrets.sh")], TimeSpan.FromSeconds(30));
            var made = Directory.GetFiles(Path.Combine(folder, "secrets")).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText);
            made.Keys.Order().ShouldBe((await ReadAsync()).GetProperty("secrets").EnumerateObject().Select(s => s.Name).Order());
            Convert.FromBase64String(made["master_key"].Trim()).Length.ShouldBe(32);
            made["pgpass"].Trim().Split(':').ShouldSatisfyAllConditions(p => p.Length.ShouldBe(5), p => p[3].ShouldBe("gatehouse"), p => p[4].Length.ShouldBe(64));
            (File.GetUnixFileMode(Path.Combine(folder, "secrets")) & (UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)).ShouldBe(UnixFileMode.None);

            // Again: nothing changes, or a database would be lost.
            await ChildProcess.RunAsync("sh", [Path.Combine(folder, "secrets.sh")], TimeSpan.FromSeconds(30));
            foreach (var (name, text) in made) (await File.ReadAllTextAsync(Path.Combine(folder, "secrets", name))).ShouldBe(text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Folder => Repository.Path("deploy", "compose");

    private static async Task<JsonElement> ReadAsync()
    {
        var json = await ChildProcess.RunAsync("node", ["read-yaml.mjs", Path.Combine(Folder, "compose.yaml")], TimeSpan.FromSeconds(30), Repository.Path("tests", "peers"));
        return JsonDocument.Parse(json).RootElement.Clone();
    }
}
