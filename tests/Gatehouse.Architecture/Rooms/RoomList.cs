namespace Gatehouse.Architecture.Rooms;

internal enum Band { Ground, People, Doors, Roof }

/// <summary>The rooms of the server in their order, as <c>rooms.txt</c> says.</summary>
internal sealed class RoomList
{
    private readonly Dictionary<string, (int Place, Band Band)> rooms = new(StringComparer.Ordinal);
    private readonly string sourceRoot;

    private RoomList(string sourceRoot) => this.sourceRoot = sourceRoot;

    internal IEnumerable<string> Names => rooms.Keys;
    internal int Place(string room) => rooms[room].Place;
    internal Band BandOf(string room) => rooms[room].Band;
    internal bool Has(string room) => rooms.ContainsKey(room);

    /// <param name="sourceRoot">The folder whose folders are the rooms.</param>
    internal static RoomList Parse(IEnumerable<string> lines, string sourceRoot)
    {
        var list = new RoomList(sourceRoot);
        var band = Band.Ground;
        foreach (var line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
            if (line.StartsWith("--- ", StringComparison.Ordinal)) band = Enum.Parse<Band>(line[4..], ignoreCase: true);
            else list.rooms.Add(line, (list.rooms.Count, band));
        return list;
    }

    /// <summary>The room a file stands in; null for a file outside of every room, such as generated code.</summary>
    internal string? RoomOf(string path)
    {
        if (!path.StartsWith(sourceRoot + "/", StringComparison.Ordinal)) return null;
        var rest = path[(sourceRoot.Length + 1)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && rooms.ContainsKey(rest[..slash]) ? rest[..slash] : null;
    }
}
