using Gatehouse.Architecture.Source;

namespace Gatehouse.Architecture.Rooms;

/// <summary>Faults planted in a small building: each rule catches its own.</summary>
public sealed class RoomRulesTests
{
    private static readonly RoomList Rooms = RoomList.Parse(["# order", "Http", "--- people", "Users", "Sessions", "--- doors", "SignIn", "OAuth", "--- roof", "Hosting"], "/p");

    private const string Users = """
        namespace P.Users;
        public sealed class UserDirectory
        {
            internal UserDirectory(int size) { }
            public UserDirectory() { }
            public string Name { get; internal set; } = "";
            public int this[int at] => at;
            internal static int Count => 0;
            internal sealed class Nested;
            public static UserDirectory operator +(UserDirectory a, UserDirectory b) => a;
        }
        internal sealed class UserStore { public static int Rows => 0; public const int Limit = 3; }
        public class Open { protected internal Open(int x) { } public Open() { } }
        """;

    private static IReadOnlyList<string> Faults(string path, string text) =>
        RoomRules.Faults(ProductCompilation.FromMemory(("/p/Users/Users.cs", Users), ("/p/OAuth/Codes.cs", "namespace P.OAuth; public sealed class Codes;"),
            ("/p/Hosting/Pipeline.cs", "namespace P.Hosting; public static class Pipeline { public static int Order => 1; }"), (path, text)), Rooms);

    [Theory]
    [InlineData("var d = new UserDirectory(); d.Name.ToString(); _ = d[1]; _ = d + d;")]
    [InlineData("_ = new Open();")]
    public void A_later_room_may_use_what_is_public(string body) => Faults("/p/Sessions/S.cs", Method("P.Users", body)).ShouldBeEmpty();

    [Theory]
    [InlineData("_ = UserStore.Rows;", "internal to Users")]
    [InlineData("const int Limit = UserStore.Limit;", "internal to Users")]
    [InlineData("_ = nameof(UserStore);", "internal to Users")]
    [InlineData("_ = typeof(UserStore);", "internal to Users")]
    [InlineData("_ = UserDirectory.Count;", "internal to Users")]
    [InlineData("_ = new UserDirectory(3);", "internal to Users")]
    [InlineData("UserDirectory d = new(3);", "internal to Users")]
    [InlineData("new UserDirectory().Name = \"\";", "internal to Users")]
    [InlineData("_ = new UserDirectory { Name = \"\" };", "internal to Users")]
    [InlineData("object o = new List<UserDirectory.Nested>();", "internal to Users")]
    [InlineData("foreach (UserStore s in Array.Empty<object>()) { }", "internal to Users")]
    public void An_internal_declaration_stays_in_its_room(string body, string fault) =>
        Faults("/p/Sessions/S.cs", Method("P.Users", body)).ShouldContain(f => f.Contains(fault));

    [Theory]
    [InlineData("public sealed class S : P.Hosting.Base;")]
    [InlineData("[P.Hosting.Mark] public sealed class S;")]
    [InlineData("public sealed class S(P.Hosting.Base b) { public override string ToString() => b.ToString()!; }")]
    [InlineData("public sealed class S { public P.Hosting.Base? B; }")]
    [InlineData("public sealed class S<T> where T : P.Hosting.Base;")]
    public void A_declaration_counts_as_use(string declaration) =>
        RoomRules.Faults(ProductCompilation.FromMemory(
            ("/p/Hosting/Base.cs", "namespace P.Hosting; public class Base; public sealed class MarkAttribute : System.Attribute;"),
            ("/p/Sessions/S.cs", "namespace P.Sessions; " + declaration)), Rooms).ShouldContain(f => f.Contains("stands above"));

    [Theory]
    [InlineData("Users", "_ = P.Hosting.Pipeline.Order;")]
    [InlineData("Users", "_ = Order;")]
    public void An_earlier_room_never_uses_a_later_one(string room, string body) =>
        Faults($"/p/{room}/S.cs", "using static P.Hosting.Pipeline; " + Method("P.OAuth", body)).ShouldContain(f => f.Contains("Hosting stands above Users"));

    [Fact]
    public void A_door_never_uses_an_earlier_door() =>
        RoomRules.Faults(ProductCompilation.FromMemory(("/p/SignIn/Page.cs", "namespace P.SignIn; public sealed class Page;"),
            ("/p/OAuth/Authorize.cs", "namespace P.OAuth; public sealed class Authorize { P.SignIn.Page? page; }")), Rooms)
            .ShouldHaveSingleItem().ShouldContain("doors never use each other");

    [Fact]
    public void An_alias_hides_nothing() =>
        Faults("/p/Sessions/S.cs", "using Store = P.Users.UserStore; namespace P.Sessions; class S { int x = Store.Rows; }").ShouldContain(f => f.Contains("UserStore"));

    [Fact]
    public void The_roof_may_use_everything() => Faults("/p/Hosting/H.cs", Method("P.Users", "_ = UserStore.Rows; _ = new P.OAuth.Codes();")).ShouldBeEmpty();

    private static string Method(string use, string body) => $"using {use}; namespace P.Here; internal static class Caller {{ static void M() {{ {body} }} }}";
}
