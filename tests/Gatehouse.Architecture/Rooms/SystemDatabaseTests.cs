using Gatehouse.Architecture.Source;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gatehouse.Architecture.Rooms;

/// <summary>The only way across tenants is held by few.</summary>
public sealed class SystemDatabaseTests
{
    private static readonly Dictionary<string, string> Holders = new()
    {
        ["Vault"] = "The master key is the installation's, checked before there is any tenant.",
        ["Http"] = "Prunes old idempotency keys of all tenants.",
        ["Events"] = "Prunes old events of all tenants.",
        ["Audit"] = "Seals what was appended, whichever tenant's, behind its transaction.",
        ["Tenants"] = "Finds tenants by address, makes them, and removes what the deleted owned.",
        ["Messaging"] = "Sends the mails of all tenants, oldest first.",
        ["Users"] = "Indexes the users of all tenants whose searchable attributes changed.",
        ["Jobs"] = "Carries out the jobs of all tenants, longest waiting first.",
        ["Credentials"] = "Reminds of the recoveries that are due, whichever tenant's.",
        ["Organizations"] = "Finds the tenants in which domains are to be checked again.",
        ["Subtenants"] = "Makes a registered tenant and ends its registration in one transaction.",
        ["Setup"] = "Makes the first tenant, before which there is none.",
    };

    private static readonly RoomList Rooms = RoomList.Parse(File.ReadLines(Repository.PathOf("src/Gatehouse.Server/rooms.txt")), ProductCompilation.ServerRoot);

    [Fact]
    public void Only_rooms_with_a_reason_hold_the_system_database()
    {
        var held = Uses(ProductCompilation.Server, Rooms).Where(u => u.Room != "Hosting").ToList();
        held.Where(u => !Holders.ContainsKey(u.Room)).Select(u => $"{u.At} {u.Room}").ShouldBeEmpty();
        Holders.Keys.Except(held.Select(u => u.Room)).ShouldBeEmpty("a reason that no room needs any more");
    }

    [Theory]
    [InlineData("internal sealed class T(Gatehouse.Storage.ISystemDatabase database) { public object O => database; }")]
    [InlineData("internal static class T { static void M(object o) { var d = (Gatehouse.Storage.ISystemDatabase)o; } }")]
    [InlineData("internal static class T { static object M(System.IServiceProvider s) => s.GetService(typeof(Gatehouse.Storage.ISystemDatabase))!; }")]
    [InlineData("using D = Gatehouse.Storage.SystemTransaction; internal static class T { static D? M() => null; }")]
    [InlineData("internal static class T { static async System.Threading.Tasks.Task M() { await using var tx = await P.Http.Open.Now(); } }")]
    public void Every_way_of_holding_it_is_seen(string text)
    {
        var rooms = RoomList.Parse(["Http", "Users"], "/p");
        var compilation = ProductCompilation.FromMemory(
            ("/p/Http/Open.cs", "namespace P.Http; public static class Open { public static System.Threading.Tasks.Task<Gatehouse.Storage.SystemTransaction> Now() => null!; }"),
            ("/p/Users/T.cs", text));
        Uses(compilation, rooms).ShouldContain(u => u.Room == "Users");
    }

    private static IEnumerable<(string Room, string At)> Uses(CSharpCompilation compilation, RoomList rooms)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (rooms.RoomOf(tree.FilePath) is not { } room) continue;
            var model = ProductCompilation.ModelOf(compilation, tree);
            foreach (var node in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>())
                if (IsSystem(model.GetTypeInfo(node).Type) || IsSystem(model.GetSymbolInfo(node).Symbol as ITypeSymbol)) yield return (room, RoomReferences.Place(node));
        }
    }

    private static bool IsSystem(ITypeSymbol? type) => type is { Name: "ISystemDatabase" or "SystemTransaction", ContainingNamespace: { } space } && space.ToString() == "Gatehouse.Storage";
}
