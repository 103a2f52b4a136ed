using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;
using Gatehouse.Tests.Workspaces;

namespace Gatehouse.Tests.Groups;

/// <summary>Who belongs to a group by what is true of her.</summary>
public sealed class GroupRuleTests
{
    private static async Task<string> GroupAsync(RoleWorld world, string name)
    {
        using var made = await world.Admin.PostAsJsonAsync("api/v1/groups", new { name });
        return (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    private static async Task<string> PersonAsync(RoleWorld world, string email, object? attributes = null, bool verified = false)
    {
        using var made = await world.Admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { email }, email_verified = verified, attributes });
        return (await made.ReadJsonAsync(HttpStatusCode.Created)).Id();
    }

    private static async Task RuleAsync(RoleWorld world, string group, string rule)
    {
        using var put = await world.Admin.PutAsJsonAsync($"api/v1/groups/{group}/rule", new { rule });
        var job = (await put.ReadJsonAsync(HttpStatusCode.Accepted)).Text("job");
        await Eventually.TrueAsync(async () => (await world.Admin.JsonAsync($"jobs/{job}")).Text("state") == "done", TimeSpan.FromSeconds(30), "everybody is under the rule");
        (await world.Admin.JsonAsync($"jobs/{job}")).GetProperty("failed").GetInt64().ShouldBe(0);
    }

    private static async Task<string[]> MembersAsync(RoleWorld world, string group) =>
        [.. (await world.Admin.JsonAsync($"groups/{group}/members")).GetProperty("items").EnumerateArray().Select(m => $"{m.Text("user")} {m.Text("by")}").Order(StringComparer.Ordinal)];

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient caller, string user, object attributes) => caller.PatchAsJsonAsync($"api/v1/users/{user}", new { attributes });

    [Theory, BothDatabases]
    public async Task Whoever_a_rule_is_true_of_is_in_the_group_and_holds_its_roles_for_as_long(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        await world.ApiAsync("orders", "orders:read");
        await world.RoleAsync("reader", ["orders:read"]);
        var group = await GroupAsync(world, "Sales");
        await world.GiveAsync(group, "reader");
        var (ann, bob, cat) = (await PersonAsync(world, "ann@example.com", new { department = "Sales" }), await PersonAsync(world, "bob@example.com", new { department = "lab" }), await PersonAsync(world, "cat@example.com"));
        (await world.Admin.PutAsync($"api/v1/groups/{group}/members/{cat}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await world.Admin.GetAsync($"api/v1/groups/{group}/rule")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_rule_not_found");

        using (var seen = await world.Admin.PostAsJsonAsync($"api/v1/groups/{group}/rule/preview", new { rule = "attributes.department eq \"sales\"" }))
        {
            var preview = await seen.ReadJsonAsync(HttpStatusCode.OK);
            (preview.GetProperty("users").EnumerateArray().Select(u => u.GetString()).Single(), preview.GetProperty("scanned").GetInt32(), preview.GetProperty("complete").GetBoolean()).ShouldBe((ann, 3, true));
        }
        (await MembersAsync(world, group)).ShouldBe([$"{cat} hand"], "a preview changes nothing");
        await RuleAsync(world, group, "attributes.department eq \"sales\"");
        (await MembersAsync(world, group)).ShouldBe(((string[])[$"{ann} rule", $"{cat} hand"]).Order(StringComparer.Ordinal));
        var rule = await world.Admin.JsonAsync($"groups/{group}/rule");
        (rule.Text("rule"), rule.GetProperty("members").GetInt64()).ShouldBe(("attributes.department eq \"sales\"", 1));
        (await world.MayAsync(ann, "orders:read")).ShouldBeTrue();

        // At once, in the transaction that changes her.
        (await ChangeAsync(world.Admin, ann, new { department = "lab" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        (await ChangeAsync(world.Admin, bob, new { department = new[] { "lab", "sales" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.MayAsync(bob, "orders:read")).ShouldBeTrue();
        var dan = await PersonAsync(world, "dan@example.com", new { department = "sales" });
        (await world.MayAsync(dan, "orders:read")).ShouldBeTrue();
        (await world.Admin.TextsAsync($"users/{dan}/groups")).ShouldBe([group]);
        (await ChangeAsync(world.Admin, cat, new { department = "sales" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MembersAsync(world, group)).ShouldBe(((string[])[$"{bob} rule", $"{cat} hand", $"{dan} rule"]).Order(StringComparer.Ordinal));

        // One's own and the rule's are two things.
        await (await world.Admin.DeleteAsync($"api/v1/groups/{group}/members/{bob}")).ShouldBeProblemAsync(HttpStatusCode.Conflict, "group_member_by_rule");
        (await world.Admin.DeleteAsync($"api/v1/groups/{group}/members/{cat}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await MembersAsync(world, group)).ShouldContain($"{cat} rule");
        (await world.Admin.PutAsync($"api/v1/groups/{group}/members/{cat}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await RuleAsync(world, group, "attributes.department eq \"lab\" and status eq \"active\"");
        (await MembersAsync(world, group)).ShouldBe(((string[])[$"{ann} rule", $"{bob} rule", $"{cat} hand"]).Order(StringComparer.Ordinal));
        (await world.MayAsync(dan, "orders:read")).ShouldBeFalse();
        (await world.Admin.PostAsync($"api/v1/users/{bob}/disable", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MembersAsync(world, group)).ShouldNotContain($"{bob} rule");
        (await world.Admin.DeleteAsync($"api/v1/groups/{group}/rule")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await MembersAsync(world, group)).ShouldBe([$"{cat} hand"]);
        (await world.MayAsync(ann, "orders:read")).ShouldBeFalse();
        await (await world.Admin.DeleteAsync($"api/v1/groups/{group}/rule")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_rule_not_found");
        await RuleAsync(world, group, "attributes.department eq \"lab\"");
        (await world.Admin.DeleteAsync($"api/v1/groups/{group}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await world.Admin.TextsAsync($"users/{ann}/groups")).ShouldBeEmpty();
    }

    [Theory, BothDatabases]
    public async Task Addresses_count_when_they_are_proved_and_organizations_when_somebody_lets_people_in(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var (mail, club) = (await GroupAsync(world, "mail"), await GroupAsync(world, "club"));
        var (organization, open) = (await world.OrganizationAsync("acme"), await world.OrganizationAsync("open"));
        (await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{open}", new { settings = new { enrolment = "open" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await RuleAsync(world, mail, "email_domain eq \"acme.example\"");
        await RuleAsync(world, club, $"organization eq \"{organization}\"");
        var (ann, bob) = (await PersonAsync(world, "ann@acme.example", verified: true), await PersonAsync(world, "bob@acme.example"));
        await PersonAsync(world, "eve@not-acme.example", verified: true);
        (await MembersAsync(world, mail)).ShouldBe([$"{ann} rule"]);
        await world.JoinAsync(organization, bob);
        (await MembersAsync(world, club)).ShouldBe([$"{bob} rule"]);
        (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}/members/{bob}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await MembersAsync(world, club)).ShouldBeEmpty();
        // Opened since: whoever joins now does not come in by that.
        (await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{organization}", new { settings = new { enrolment = "open" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.JoinAsync(organization, ann);
        (await MembersAsync(world, club)).ShouldBeEmpty();
        (await world.Admin.PatchAsJsonAsync($"api/v1/organizations/{organization}", new { settings = new { enrolment = "invite" } })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.JoinAsync(organization, bob);
        (await MembersAsync(world, club)).ShouldBe([$"{bob} rule"]);
        (await world.Admin.DeleteAsync($"api/v1/organizations/{organization}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await MembersAsync(world, club)).ShouldBeEmpty();

        // A group of an organization has its members only, whatever its rule.
        var other = await world.OrganizationAsync("other");
        await world.JoinAsync(other, bob);
        var theirs = (await (await world.Admin.PostAsJsonAsync($"api/v1/organizations/{other}/groups", new { name = "g" })).ReadJsonAsync(HttpStatusCode.Created)).Id();
        await RuleAsync(world, theirs, "status eq \"active\"");
        (await MembersAsync(world, theirs)).ShouldBe([$"{bob} rule"]);
        foreach (var (rule, status, code) in new[]
        {
            ($"organization eq \"{open}\"", HttpStatusCode.UnprocessableEntity, "rule_organization_unknown"), ("organization eq \"org_01h455vb4pex5vsknk084sn02q\"", HttpStatusCode.UnprocessableEntity, "rule_organization_unknown"),
            ($"organization ne \"{other}\"", HttpStatusCode.UnprocessableEntity, "rule_self_editable"), ("email_domain ne \"x\"", HttpStatusCode.UnprocessableEntity, "rule_self_editable"),
        }) await (await world.Admin.PutAsJsonAsync($"api/v1/groups/{mail}/rule", new { rule })).ShouldBeProblemAsync(status, code);
    }

    [Theory, BothDatabases]
    public async Task Nobody_reaches_a_group_by_what_she_may_write_of_herself(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var group = await GroupAsync(world, "g");
        await world.SetAsync(new { account = new { visible_attributes = new[] { "nickname" }, editable_attributes = new[] { "nickname" } } });
        foreach (var (rule, status, code) in new[]
        {
            ("attributes.nickname eq \"x\"", HttpStatusCode.UnprocessableEntity, "rule_self_editable"), ("attributes.level eq 1 and attributes.nickname ne \"x\"", HttpStatusCode.UnprocessableEntity, "rule_self_editable"),
            ("display_name eq \"x\"", HttpStatusCode.BadRequest, "filter_invalid"), ("locale eq \"en\"", HttpStatusCode.BadRequest, "filter_invalid"), ("email eq \"x@example.com\"", HttpStatusCode.BadRequest, "filter_invalid"),
            ("status eq \"active\" or status eq \"disabled\"", HttpStatusCode.BadRequest, "filter_invalid"), ("", HttpStatusCode.BadRequest, "filter_invalid"), ("attributes. eq 1", HttpStatusCode.BadRequest, "filter_invalid"),
        })
        {
            await (await world.Admin.PutAsJsonAsync($"api/v1/groups/{group}/rule", new { rule })).ShouldBeProblemAsync(status, code);
            await (await world.Admin.PostAsJsonAsync($"api/v1/groups/{group}/rule/preview", new { rule })).ShouldBeProblemAsync(status, code);
        }

        // What becomes writable later lets nobody in from then on.
        await RuleAsync(world, group, "attributes.level eq 1");
        var ann = await PersonAsync(world, "ann@example.com", new { level = 1 });
        (await MembersAsync(world, group)).ShouldBe([$"{ann} rule"]);
        await world.SetAsync(new { account = new { visible_attributes = new[] { "level" }, editable_attributes = new[] { "level" } } });
        await PersonAsync(world, "bob@example.com", new { level = 1 });
        (await MembersAsync(world, group)).ShouldBe([$"{ann} rule"]);
        (await ChangeAsync(world.Admin, ann, new { level = 1, x = 1 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MembersAsync(world, group)).ShouldBeEmpty();

        // So does what a flow asks people for.
        await world.SetAsync(new { account = new { visible_attributes = Array.Empty<string>(), editable_attributes = Array.Empty<string>() } });
        using (var flow = await world.Admin.PutAsJsonAsync("api/v1/flows/registration", new
        {
            definition = new { steps = new[] { new { id = "ask", type = "collect", fields = new[] { new { attribute = "level", schema = new { type = "string", maxLength = 10 }, label = new { en = "Level" }, required = true } } } } },
        })) flow.IsSuccessStatusCode.ShouldBeTrue(await flow.Content.ReadAsStringAsync());
        await (await world.Admin.PutAsJsonAsync($"api/v1/groups/{group}/rule", new { rule = "attributes.level eq 1" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "rule_self_editable");
    }

    [Theory, BothDatabases]
    public async Task A_rule_and_what_it_asks_are_written_by_who_may_give_what_the_group_holds(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        using var two = await RoleWorld.OpenAsync(database);
        await world.RoleAsync("manager", [Scopes.GroupsRead, Scopes.GroupsWrite, Scopes.UsersRead, Scopes.UsersWrite]);
        await world.RoleAsync("grouper", [Scopes.GroupsRead, Scopes.GroupsWrite]);
        var (eve, bob) = (await world.UserAsync("eve"), await world.UserAsync("bob"));
        await world.GiveAsync(eve, "manager");
        await world.GiveAsync(bob, "grouper");
        var (chiefs, club, inner) = (await GroupAsync(world, "chiefs"), await GroupAsync(world, "club"), await GroupAsync(world, "inner"));
        await world.GiveAsync(chiefs, "auditor");
        (await world.Admin.PutAsync($"api/v1/groups/{chiefs}/groups/{inner}", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var she = await world.AsAsync(eve);
        const string rule = "attributes.chief eq true";
        foreach (var group in (string[])[chiefs, inner]) await (await she.PutAsJsonAsync($"api/v1/groups/{group}/rule", new { rule })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await she.PutAsJsonAsync($"api/v1/groups/{club}/rule", new { rule })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        // Rules tell of users, so whoever may not read those neither writes nor tries one.
        using var he = await world.AsAsync(bob);
        await (await he.PutAsJsonAsync($"api/v1/groups/{club}/rule", new { rule })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "rule_permission_missing");
        await (await he.PostAsJsonAsync($"api/v1/groups/{club}/rule/preview", new { rule })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "rule_permission_missing");
        using var earlier = await world.AsAsync(eve, TimeSpan.FromMinutes(6));
        await (await earlier.PutAsJsonAsync($"api/v1/groups/{club}/rule", new { rule })).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");
        await (await earlier.DeleteAsync($"api/v1/groups/{club}/rule")).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "fresh_proof_required");

        // Nor does she write the fact that the rule asks for: not of herself, not of somebody new, and not away.
        await RuleAsync(world, inner, rule);
        await (await ChangeAsync(she, eve, new { chief = true })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        await (await she.PostAsJsonAsync("api/v1/users", new { emails = new[] { "new@example.com" }, attributes = new { chief = true } })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        var chief = (await world.Admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { "was@example.com" } }));
        var was = (await chief.ReadJsonAsync(HttpStatusCode.Created)).Id();
        (await ChangeAsync(world.Admin, was, new { chief = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await she.PostAsJsonAsync($"api/v1/users/{eve}/merge", new { from = was })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await world.Admin.DeleteAsync($"api/v1/users/{was}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ChangeAsync(she, eve, new { chief = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MembersAsync(world, inner)).ShouldBeEmpty();
        await (await she.DeleteAsync($"api/v1/groups/{inner}/rule")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await ChangeAsync(world.Admin, bob, new { chief = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await ChangeAsync(she, bob, new { chief = false })).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_escalation");
        (await MembersAsync(world, inner)).ShouldBe([$"{bob} rule"]);

        foreach (var (method, path) in ((string, string)[])[("GET", "rule"), ("PUT", "rule"), ("DELETE", "rule"), ("POST", "rule/preview")])
        {
            var body = method is "PUT" or "POST" ? new { rule } : null;
            await (await two.Admin.SendAsync(People.Request(method, $"api/v1/groups/{club}/{path}", body))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "group_not_found");
            await world.Server.ShouldNeedAsync(world.Tenant, method, $"api/v1/groups/{club}/{path}", "users:write", body);
        }
    }

    /// <summary>Random people and rules: membership is what a plain reading of each rule says, after the jobs and after every change.</summary>
    [Theory, BothDatabases]
    public async Task Membership_is_what_a_plain_reading_of_the_rules_says(TestDatabase database)
    {
        using var world = await RoleWorld.OpenAsync(database);
        var random = new Random(20260131);
        Dictionary<string, (string? Colour, int? Size, bool Verified, string Domain)> people = [];
        (string? Colour, int? Size, bool Verified, string Domain) Someone() =>
            (random.Next(3) switch { 0 => null, 1 => "Red", _ => "blue" }, random.Next(2) == 0 ? null : random.Next(3), random.Next(2) == 0, random.Next(2) == 0 ? "a.example" : "b.example");
        async Task AddAsync()
        {
            var one = Someone();
            people.Add(await PersonAsync(world, $"p{people.Count}@{one.Domain}", new { colour = one.Colour, size = one.Size }, one.Verified), one);
        }
        for (var i = 0; i < 15; i++) await AddAsync();
        (string Text, Func<(string? Colour, int? Size, bool Verified, string Domain), bool> Plain)[] terms =
        [
            ("attributes.colour eq \"red\"", p => p.Colour == "Red"), ("attributes.colour ne \"red\"", p => p.Colour != "Red"), ("attributes.colour eq \"BLUE\"", p => p.Colour == "blue"), ("attributes.size eq 1", p => p.Size == 1),
            ("attributes.size ne 2", p => p.Size != 2), ("email_domain eq \"a.example\"", p => p.Verified && p.Domain == "a.example"), ("status eq \"active\"", _ => true), ("attributes.none eq 1", _ => false),
        ];
        List<(string Group, (string Text, Func<(string? Colour, int? Size, bool Verified, string Domain), bool> Plain)[] Terms)> rules = [];
        for (var i = 0; i < 8; i++)
        {
            var group = await GroupAsync(world, $"g{i}");
            var picked = random.GetItems(terms, random.Next(1, 4));
            await RuleAsync(world, group, string.Join(" and ", picked.Select(t => t.Text)));
            rules.Add((group, picked));
        }
        async Task CheckAsync(string when)
        {
            foreach (var (group, picked) in rules)
                (await MembersAsync(world, group)).ShouldBe([.. people.Where(p => picked.All(t => t.Plain(p.Value))).Select(p => $"{p.Key} rule").Order(StringComparer.Ordinal)], string.Join(" and ", picked.Select(t => t.Text)) + " " + when);
        }
        await CheckAsync("after the jobs");
        for (var i = 0; i < 5; i++) await AddAsync();
        foreach (var user in random.GetItems(people.Keys.ToArray(), 10).Distinct())
        {
            var next = Someone() with { Verified = people[user].Verified, Domain = people[user].Domain };
            (await ChangeAsync(world.Admin, user, new { colour = next.Colour, size = next.Size })).StatusCode.ShouldBe(HttpStatusCode.OK, user);
            people[user] = next;
        }
        await CheckAsync("after changes");
    }
}
