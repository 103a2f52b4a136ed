using Microsoft.CodeAnalysis.CSharp;

namespace Gatehouse.Architecture.Rooms;

/// <summary>Who may use whom: only earlier rooms, doors never each other, and only what is public. The roof may use everything.</summary>
internal static class RoomRules
{
    internal static IReadOnlyList<string> Faults(CSharpCompilation compilation, RoomList rooms) =>
        [.. RoomReferences.Find(compilation, rooms).Select(r => Fault(r, rooms)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static string? Fault(RoomReference use, RoomList rooms)
    {
        if (rooms.BandOf(use.From) == Band.Roof) return null;
        var what = $"{use.At} {use.From} uses {use.To}'s {use.Name}";
        if (rooms.BandOf(use.From) == Band.Doors && rooms.BandOf(use.To) == Band.Doors) return $"{what}: doors never use each other";
        if (rooms.Place(use.To) > rooms.Place(use.From)) return $"{what}: {use.To} stands above {use.From}";
        return use.Exported ? null : $"{what}: internal to {use.To}";
    }
}
