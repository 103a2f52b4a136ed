using Gatehouse.Kernel;

namespace Gatehouse.Groups;

/// <summary>Which groups of a tenant hold which, all at once, while nobody changes it.</summary>
internal sealed class GroupTree
{
    private readonly Dictionary<GroupId, List<GroupId>> outer = [], inner = [];

    internal GroupTree(IEnumerable<(GroupId Outer, GroupId Inner)> nestings)
    {
        foreach (var (holder, held) in nestings) Add(holder, held);
    }

    internal void Add(GroupId holder, GroupId held)
    {
        if (InnerOf(holder).Contains(held)) return;
        (inner.TryGetValue(holder, out var below) ? below : inner[holder] = []).Add(held);
        (outer.TryGetValue(held, out var above) ? above : outer[held] = []).Add(holder);
    }

    internal IReadOnlyList<GroupId> InnerOf(GroupId group) => inner.GetValueOrDefault(group) ?? (IReadOnlyList<GroupId>)[];

    /// <summary>Every group that holds it, directly or not; not itself.</summary>
    internal IReadOnlySet<GroupId> Above(GroupId group) => Reach(outer, group);

    /// <summary>Every group in it, directly or not; not itself.</summary>
    internal IReadOnlySet<GroupId> Below(GroupId group) => Reach(inner, group);

    /// <summary>How many groups the longest chain through this one has.</summary>
    internal int Levels(GroupId group) => Longest(outer, group, []) + Longest(inner, group, []) - 1;

    private static HashSet<GroupId> Reach(Dictionary<GroupId, List<GroupId>> next, GroupId from)
    {
        HashSet<GroupId> seen = [];
        Stack<GroupId> open = new([from]);
        while (open.TryPop(out var at))
            foreach (var group in next.GetValueOrDefault(at) ?? [])
                if (seen.Add(group)) open.Push(group);
        return seen;
    }

    // Recursion no deeper than nesting was allowed to be.
    private static int Longest(Dictionary<GroupId, List<GroupId>> next, GroupId from, Dictionary<GroupId, int> known)
    {
        if (known.TryGetValue(from, out var length)) return length;
        length = 1;
        foreach (var group in next.GetValueOrDefault(from) ?? []) length = Math.Max(length, 1 + Longest(next, group, known));
        return known[from] = length;
    }
}
