using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Storage.Tests;

public sealed class SqliteFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Keeps_a_new_database_and_its_log_from_other_accounts()
    {
        if (OperatingSystem.IsWindows()) return;
        var above = Directory.CreateTempSubdirectory("gatehouse-file-");
        var folder = Path.Combine(above.FullName, "data");
        await using (var services = Storage(folder))
        {
            await services.GetRequiredService<MigrationRunner>().RunAsync(Migration.Load(Gatehouse.Hosting.ServerAssembly.Assembly), contract: false, CancellationToken.None);
            File.GetUnixFileMode(folder).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
            File.GetUnixFileMode(Path.Combine(folder, "gatehouse.db")).ShouldBe(OwnerOnly);
            File.GetUnixFileMode(Path.Combine(folder, "gatehouse.db-wal")).ShouldBe(OwnerOnly);
        }

        // What an operator decided stays so, and so does what is in it.
        File.SetUnixFileMode(Path.Combine(folder, "gatehouse.db"), OwnerOnly | UnixFileMode.GroupRead);
        var length = new FileInfo(Path.Combine(folder, "gatehouse.db")).Length;
        await using (var services = Storage(folder)) _ = services.GetRequiredService<IDatabase>();
        new FileInfo(Path.Combine(folder, "gatehouse.db")).Length.ShouldBe(length);
        File.GetUnixFileMode(Path.Combine(folder, "gatehouse.db")).ShouldBe(OwnerOnly | UnixFileMode.GroupRead);
        above.Delete(recursive: true);
    }

    private static ServiceProvider Storage(string folder)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Storage:DataDirectory"] = folder }).Build());
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddStorage();
        return services.BuildServiceProvider();
    }
}
