using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Protocols.Rbac;

namespace Gatehouse.Conformance.Rbac;

/// <summary>The engine beside the plainest reading of what it should do, on random roles, rings, places and times.</summary>
public sealed class RoleGraphPropertyTests
{
    private const int Roles = 9, Permissions = 70, Places = 3;
    private static readonly DateTimeOffset day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed record Scenario(IReadOnlyList<RoleDefinition> Written, IReadOnlyList<HeldRole> Held, string Asked, Place Place, DateTimeOffset Now, Guid Wanted)
    {
        public override string ToString() =>
            string.Join('\n', Written.Select(r => $"{Short(r.Id)}{(r.Everything ? "*" : "")}: {string.Join(' ', r.Permissions)} > {string.Join(' ', r.Includes.Select(Short))}"))
            + "\n" + string.Join('\n', Held) + $"\n{Asked} at {Place} {Now:O} wanted {Short(Wanted)}";

        private static string Short(Guid id) => id.ToString()[^2..];
    }

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, (byte)number]);

    private static readonly Gen<RoleScope> scopes =
        from kind in Gen.Choose(0, 3)
        from id in Gen.Choose(1, Places)
        select kind == 0 ? RoleScope.Tenant : new RoleScope((ScopeKind)kind, Id(100 + id));

    private static readonly Gen<Guid?> ids = from id in Gen.Choose(0, Places) select id == 0 ? (Guid?)null : Id(100 + id);

    private static readonly Gen<DateTimeOffset?> times = from hours in Gen.Choose(-3, 3) select hours == 0 ? (DateTimeOffset?)null : day.AddHours(hours);

    private static readonly Gen<HeldRole> held =
        from role in Gen.Choose(1, Roles + 1)       // one more than there are
        from scope in scopes
        from starts in times
        from ends in times
        from number in Gen.Choose(1, 1000)
        select new HeldRole(Id(role), scope, starts, ends, null, Id(number));

    private static Gen<RoleDefinition> RoleOf(int number, bool ringFree) =>
        from everything in Gen.Frequency((1, Gen.Constant(true)), (30, Gen.Constant(false)))
        from permissions in Gen.Choose(0, Permissions).ListOf(3)
        from includes in Gen.Choose(1, Roles + 1).ListOf(2)
        select new RoleDefinition(Id(number), everything, [.. permissions.Distinct().Select(p => $"thing{p}:do")],
            [.. includes.Distinct().Where(i => !ringFree || i > number).Select(Id)]);

    private static Gen<Scenario> Scenarios(bool ringFree) =>
        from written in Gen.CollectToList(Enumerable.Range(1, Roles), n => RoleOf(n, ringFree))
        from holdings in held.ListOf(5)
        from asked in Gen.Choose(0, Permissions + 2)
        from organization in ids
        from workspace in ids
        from application in ids
        from hours in Gen.Choose(-4, 4)
        from wanted in Gen.Choose(1, Roles + 1)
        select new Scenario([.. written], [.. holdings], $"thing{asked}:do", new(organization, workspace, application), day.AddHours(hours), Id(wanted));

    private static void Check(bool ringFree, Func<Scenario, bool> holds) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Arb.From(Scenarios(ringFree)), holds));

    // ---- the plain reading

    private static HashSet<Guid> Reachable(Scenario s, Guid from)
    {
        HashSet<Guid> seen = [];
        void Walk(Guid at)
        {
            if (s.Written.FirstOrDefault(r => r.Id == at) is not { } role) return;
            foreach (var next in role.Includes)
                if (seen.Add(next)) Walk(next);
        }
        Walk(from);
        return seen;
    }

    private static bool PermitsPlainly(Scenario s, Guid role, string permission) =>
        s.Written.Where(r => r.Id == role || Reachable(s, role).Contains(r.Id)).Any(r => r.Everything || r.Permissions.Contains(permission));

    private static bool Counts(Scenario s, HeldRole h)
    {
        var here = h.Scope.Kind == ScopeKind.Tenant
            || (h.Scope.Kind == ScopeKind.Organization && s.Place.Organization == h.Scope.Id)
            || (h.Scope.Kind == ScopeKind.Workspace && s.Place.Workspace == h.Scope.Id)
            || (h.Scope.Kind == ScopeKind.Application && s.Place.Application == h.Scope.Id);
        var begun = h.StartsAt is null || s.Now >= h.StartsAt.Value;
        var over = h.EndsAt is not null && s.Now >= h.EndsAt.Value;
        return here && begun && !over;
    }

    private static RoleGraph Build(Scenario s) => RoleGraph.TryBuild([.. s.Written], out var graph, out _) ? graph : throw new InvalidOperationException("a ring");

    // ---- the properties

    [Fact]
    public void Permits_what_the_plain_reading_permits() => Check(ringFree: true, s =>
        Build(s).Permit(s.Held, s.Asked, s.Place, s.Now) == s.Held.Any(h => Counts(s, h) && PermitsPlainly(s, h.Role, s.Asked)));

    [Fact]
    public void Finds_a_ring_exactly_where_there_is_one() => Check(ringFree: false, s =>
    {
        var ring = s.Written.Any(r => Reachable(s, r.Id).Contains(r.Id));
        var built = RoleGraph.TryBuild([.. s.Written], out _, out var cycle);
        if (built) return !ring && cycle.Count == 0;
        // What it names is a ring indeed.
        return ring && cycle.Count > 0 && cycle.Select((id, i) => s.Written.First(r => r.Id == id).Includes.Contains(cycle[(i + 1) % cycle.Count])).All(follows => follows);
    });

    [Fact]
    public void Covers_a_role_exactly_when_each_of_its_permissions_is_held() => Check(ringFree: true, s =>
    {
        var all = s.Written.SelectMany(r => r.Permissions).Append("nobody:named").Distinct().ToList();
        var inForce = s.Held.Where(h => Counts(s, h)).ToList();
        // What permits everything permits what nobody has named yet: only its like covers it.
        var plainly = all.Where(p => PermitsPlainly(s, s.Wanted, p)).All(p => inForce.Any(h => PermitsPlainly(s, h.Role, p)));
        return Build(s).Cover(s.Held, s.Wanted, s.Place, s.Now) == plainly;
    });

    [Fact]
    public void Lists_exactly_what_it_permits_and_each_reason_holds() => Check(ringFree: true, s =>
    {
        var graph = Build(s);
        var effective = graph.ListEffective(s.Held, s.Place, s.Now);
        var named = s.Written.SelectMany(r => r.Permissions).Distinct().Where(p => graph.Permit(s.Held, p, s.Place, s.Now)).ToHashSet();
        return named.SetEquals(effective.Keys) && effective.All(e => e.Value.Count > 0 && e.Value.All(reason =>
        {
            var chain = reason.Roles;
            var last = s.Written.First(r => r.Id == chain[^1]);
            return Counts(s, reason.Held) && chain[0] == reason.Held.Role && (last.Everything || last.Permissions.Contains(e.Key))
                && chain.Skip(1).Select((id, i) => s.Written.First(r => r.Id == chain[i]).Includes.Contains(id)).All(follows => follows);
        }));
    });

    [Fact]
    public void A_chain_as_long_as_there_may_be_roles_is_walked_without_deep_recursion()
    {
        const int length = 100_000;
        var chain = Enumerable.Range(1, length).Select(i => new RoleDefinition(Id(i), false, i == length ? ["deep:end"] : [], i < length ? [Id(i + 1)] : [])).ToList();
        RoleGraph.TryBuild(chain, out var graph, out _).ShouldBeTrue();
        graph!.Permits(Id(1), "deep:end").ShouldBeTrue();
        graph.Explain(Id(length - 2), "deep:end").ShouldBe([Id(length - 2), Id(length - 1), Id(length)]);
        chain[^1] = chain[^1] with { Includes = [Id(1)] };
        RoleGraph.TryBuild(chain, out _, out var ring).ShouldBeFalse();
        ring.Count.ShouldBe(length);
    }
}
