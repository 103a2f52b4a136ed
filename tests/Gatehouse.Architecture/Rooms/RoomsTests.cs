using Gatehouse.Architecture.Source;
using Microsoft.CodeAnalysis;

namespace Gatehouse.Architecture.Rooms;

public sealed class RoomsTests
{
    private static readonly RoomList Rooms = RoomList.Parse(File.ReadLines(Repository.PathOf("src/Gatehouse.Server/rooms.txt")), ProductCompilation.ServerRoot);

    [Fact]
    public void Rooms_use_only_what_earlier_rooms_export() => RoomRules.Faults(ProductCompilation.Server, Rooms).ShouldBeEmpty();

    [Fact]
    public void Every_folder_of_the_server_is_a_room_and_every_room_a_folder()
    {
        var folders = Repository.Files("src/Gatehouse.Server").Select(f => f.Split('/')).Where(f => f.Length > 3).Select(f => f[2]).Distinct();
        folders.Order(StringComparer.Ordinal).ShouldBe(Rooms.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_code_of_the_server_stands_outside_of_the_rooms() =>
        Repository.Files("src/Gatehouse.Server").Where(f => f.Split('/').Length == 3)
            .Where(f => (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)) && !f.EndsWith("/_Imports.razor", StringComparison.Ordinal))
            .ShouldBeEmpty();

    // A name that cannot be resolved is a reference that no rule sees.
    [Theory]
    [InlineData("Gatehouse.Kernel"), InlineData("Gatehouse.Storage"), InlineData("Gatehouse.Server"), InlineData("gatehouse")]
    public void The_compilation_the_rules_look_at_is_whole(string assembly)
    {
        var compilation = new[] { ProductCompilation.Kernel, ProductCompilation.Storage, ProductCompilation.Server, ProductCompilation.Host }
            .Single(c => c.AssemblyName == assembly);
        compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).Take(20).ShouldBeEmpty();
    }

    [Fact]
    public void Components_are_looked_at_too()
    {
        if (!Repository.Files("src/Gatehouse.Server").Any(f => f.EndsWith(".razor", StringComparison.Ordinal))) return;
        RoomReferences.Find(ProductCompilation.Server, Rooms).ShouldContain(r => r.At.Contains(".razor", StringComparison.Ordinal));
    }
}
