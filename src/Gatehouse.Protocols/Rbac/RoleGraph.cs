using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Gatehouse.Protocols.Rbac;

/// <summary>A role as it is written down.</summary>
/// <param name="Everything">It permits whatever there is, also what is registered later; its own lists say nothing then.</param>
/// <param name="Permissions">What it permits by itself.</param>
/// <param name="Includes">Roles whose permissions it has too. One that is not in the graph permits nothing.</param>
public sealed record RoleDefinition(Guid Id, bool Everything, IReadOnlyList<string> Permissions, IReadOnlyList<Guid> Includes);

/// <summary>
/// Roles that include roles (ANSI INCITS 359, general hierarchical RBAC), each with the set of all that it permits worked out. Immutable; a change of any
/// role makes another graph. Permissions are numbered and a role is a set of bits, so that asking costs one look-up and one bit.
/// </summary>
public sealed class RoleGraph
{
    private sealed record Node(RoleDefinition Written, ulong[] Bits, bool Everything);

    private readonly Dictionary<string, int> numbers;
    private readonly string[] names;
    private readonly Dictionary<Guid, Node> nodes;

    private RoleGraph(Dictionary<string, int> numbers, string[] names, Dictionary<Guid, Node> nodes) => (this.numbers, this.names, this.nodes) = (numbers, names, nodes);

    /// <summary>Works out every role's set.</summary>
    /// <param name="cycle">Roles of which each includes the next and the last the first; empty when the graph was built.</param>
    public static bool TryBuild(IReadOnlyCollection<RoleDefinition> roles, [NotNullWhen(true)] out RoleGraph? graph, out IReadOnlyList<Guid> cycle)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        Dictionary<Guid, RoleDefinition> written = new(roles.Count);
        foreach (var role in roles)
        {
            written.Add(role.Id, role);
            foreach (var permission in role.Permissions) numbers.TryAdd(permission, numbers.Count);
        }
        graph = null;
        if (!TrySort(written, out var order, out cycle)) return false;

        var width = (numbers.Count + 63) / 64;
        Dictionary<Guid, Node> nodes = new(roles.Count);
        foreach (var role in order)
        {
            var bits = new ulong[width];
            var everything = role.Everything;
            foreach (var permission in role.Permissions) bits[numbers[permission] >> 6] |= 1UL << numbers[permission];
            foreach (var id in role.Includes)
            {
                if (!nodes.TryGetValue(id, out var included)) continue;
                everything |= included.Everything;
                for (var i = 0; i < width; i++) bits[i] |= included.Bits[i];
            }
            nodes.Add(role.Id, new(role, bits, everything));
        }
        var names = new string[numbers.Count];
        foreach (var (name, number) in numbers) names[number] = name;
        graph = new(numbers, names, nodes);
        return true;
    }

    /// <summary>What is included before what includes it. Without recursion: a chain may be as long as there are roles.</summary>
    private static bool TrySort(Dictionary<Guid, RoleDefinition> written, out List<RoleDefinition> order, out IReadOnlyList<Guid> cycle)
    {
        (order, cycle) = (new(written.Count), []);
        HashSet<Guid> done = [];
        Dictionary<Guid, int> open = [];
        List<(RoleDefinition Role, int Next)> path = [];
        foreach (var root in written.Values)
        {
            if (done.Contains(root.Id)) continue;
            path.Add((root, 0));
            open.Add(root.Id, 0);
            while (path.Count > 0)
            {
                var (role, next) = path[^1];
                if (next == role.Includes.Count)
                {
                    path.RemoveAt(path.Count - 1);
                    open.Remove(role.Id);
                    done.Add(role.Id);
                    order.Add(role);
                    continue;
                }
                path[^1] = (role, next + 1);
                if (!written.TryGetValue(role.Includes[next], out var included) || done.Contains(included.Id)) continue;
                if (open.TryGetValue(included.Id, out var start))
                {
                    cycle = [.. path.Skip(start).Select(p => p.Role.Id)];
                    return false;
                }
                open.Add(included.Id, path.Count);
                path.Add((included, 0));
            }
        }
        return true;
    }

    public bool Contains(Guid role) => nodes.ContainsKey(role);

    /// <summary>The number by which <see cref="Permits(Guid, int)"/> is asked; -1 for what no role names.</summary>
    public int NumberOf(string permission) => numbers.TryGetValue(permission, out var number) ? number : -1;

    /// <summary>Whether the role permits it, by itself or by what it includes. A role that is not there permits nothing.</summary>
    public bool Permits(Guid role, string permission) => Permits(role, NumberOf(permission));

    /// <param name="permission">As <see cref="NumberOf"/> has it.</param>
    public bool Permits(Guid role, int permission) =>
        nodes.TryGetValue(role, out var node) && (node.Everything || (permission >= 0 && (node.Bits[permission >> 6] & (1UL << permission)) != 0));

    /// <summary>Whether the role permits whatever there is.</summary>
    public bool PermitsEverything(Guid role) => nodes.TryGetValue(role, out var node) && node.Everything;

    /// <summary>All that a role permits, in no order. Of one that permits everything: what is named in this graph.</summary>
    public IEnumerable<string> PermissionsOf(Guid role)
    {
        if (!nodes.TryGetValue(role, out var node)) yield break;
        for (var i = 0; i < node.Bits.Length; i++)
            for (var rest = node.Everything ? ulong.MaxValue : node.Bits[i]; rest != 0; rest &= rest - 1)
            {
                var number = (i << 6) + BitOperations.TrailingZeroCount(rest);
                if (number < names.Length) yield return names[number];
            }
    }

    /// <summary>The role and every role it includes, directly or not.</summary>
    public IReadOnlyCollection<Guid> WithIncluded(Guid role)
    {
        HashSet<Guid> reached = [];
        Stack<Guid> open = new([role]);
        while (open.TryPop(out var at))
            if (nodes.TryGetValue(at, out var node) && reached.Add(at))
                foreach (var next in node.Written.Includes) open.Push(next);
        return reached;
    }

    /// <summary>Whether all that <paramref name="wanted"/> permits is permitted by one of <paramref name="held"/>.</summary>
    public bool Covers(IReadOnlyCollection<Guid> held, Guid wanted)
    {
        foreach (var id in held)
            if (PermitsEverything(id)) return true;
        if (!nodes.TryGetValue(wanted, out var node)) return true;
        if (node.Everything) return false;
        for (var i = 0; i < node.Bits.Length; i++)
        {
            var missing = node.Bits[i];
            foreach (var id in held)
                if (missing != 0 && nodes.TryGetValue(id, out var own)) missing &= ~own.Bits[i];
            if (missing != 0) return false;
        }
        return true;
    }

    /// <summary>By which chain of inclusions a role permits something, the role itself first and the one that names it last; one of the shortest. Empty when it does not.</summary>
    public IReadOnlyList<Guid> Explain(Guid role, string permission)
    {
        if (!Permits(role, permission)) return [];
        Dictionary<Guid, Guid?> from = new() { [role] = null };
        Queue<Guid> reached = new([role]);
        while (reached.TryDequeue(out var at))
        {
            if (!nodes.TryGetValue(at, out var node)) continue;
            if (node.Written.Everything || node.Written.Permissions.Contains(permission, StringComparer.Ordinal))
            {
                List<Guid> chain = [];
                for (Guid? step = at; step is { } id; step = from[id]) chain.Insert(0, id);
                return chain;
            }
            foreach (var next in node.Written.Includes)
                if (from.TryAdd(next, at)) reached.Enqueue(next);
        }
        return [];
    }
}
