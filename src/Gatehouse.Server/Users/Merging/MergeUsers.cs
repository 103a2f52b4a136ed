using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Users.Merging;

/// <summary>
/// <c>POST /api/v1/users/{id}/merge</c>: makes one account of two, in one transaction. Whoever does it holds all that both hold, so that nothing comes together that she could
/// not give. With <c>preview</c> everything is done and nothing kept, so that what it says is what would happen.
/// </summary>
internal sealed class MergeUsers(IDatabase database, ICallerGuard guard, IUserReach reach, UserRemoval removal, IEnumerable<IUserMerge> parts, AuditLog audit, EventOutbox events, Mailer mailer, TimeProvider clock)
{
    private const string Keep = "keep", Take = "take";

    /// <param name="From">The account that goes.</param>
    /// <param name="OnConflict">Where both have a name, language, time zone or an attribute of one name: <c>keep</c> (default) what the account that stays has, or <c>take</c> the other's.</param>
    /// <param name="Preview">True: say what would happen, and change nothing.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? From, string? OnConflict = null, bool Preview = false);

    /// <param name="Conflicts">What both had different: members of the profile, and attributes as <c>attributes.name</c>.</param>
    internal sealed record Response(bool Preview, UserId Into, UserId From, IReadOnlyDictionary<string, int> Moved, IReadOnlyList<string> Conflicts);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/{id}/merge", HandleAsync).WithName("users.merge").WithSummary("Merge another account into this one").RequirePermission(Scopes.UsersWrite).RequireFreshProof();

    /// <returns>200; 403 <c>scope_escalation</c>, <c>permission_escalation</c>; 404 <c>user_not_found</c>; 409 <c>emails_too_many</c>, <c>phones_too_many</c>, <c>memberships_too_many</c>, <c>workspace_members_too_many</c>,
    /// <c>groups_of_user_too_many</c>, <c>assignments_too_many</c>, <c>last_administrator</c>, <c>last_owner</c>; 412 <c>version_mismatch</c>; 422 <c>from_invalid</c>, <c>on_conflict_invalid</c>, <c>attributes_invalid</c>.</returns>
    internal static Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string id, Request request, TenantContext tenant, Caller caller, RequestFacts facts, MergeUsers merging, CancellationToken ct) =>
        merging.RunAsync(id, request, tenant, caller, facts, ct);

    private async Task<Results<Ok<Response>, ProblemHttpResult>> RunAsync(string id, Request request, TenantContext tenant, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if (request.OnConflict is not (null or Keep or Take)) return Problem.Invalid("on_conflict_invalid", $"on_conflict is {Keep} or {Take}.", "on_conflict").ToHttp();
        if (!UserId.TryParse(id, out var intoId)) return UserProblems.NotFound.ToHttp();
        if (!UserId.TryParse(request.From, out var fromId) || fromId == intoId) return FromInvalid.ToHttp();
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // In one order, whichever stays: two merges of the same two, in opposite directions at once, would wait for each other.
        foreach (var one in new[] { intoId, fromId }.OrderBy(u => u.Value)) await UserStore.HoldAsync(tx, one, ct);
        if (await UserStore.FindAsync(tx, intoId, ct) is not { } into) return UserProblems.NotFound.ToHttp();
        if (await UserStore.FindAsync(tx, fromId, ct) is not { } from) return FromInvalid.ToHttp();
        foreach (var one in new[] { intoId, fromId })
            if (await guard.MayChangeAsync(tx, one, caller, ct) is { } escalation) return escalation.ToHttp();

        var before = await reach.BeforeAsync(tx, intoId, ct);
        var merge = new UserMerge(tenant, into, from, caller, facts);
        Dictionary<string, int> moved = new(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (!(await part.MoveAsync(tx, merge, ct)).TryGet(out var count, out var problem)) return problem.ToHttp();
            moved[part.Kind] = count;
        }
        // Together they may reach what neither did alone: a group of the one holds something for an organization of the other.
        if (await guard.MayChangeAsync(tx, intoId, caller, ct) is { } more) return more.ToHttp();
        if (!(await MoveOwnAsync(tx, merge, request.OnConflict == Take, moved, ct)).TryGet(out var conflicts, out var refused)) return refused.ToHttp();
        Dictionary<string, string> details = moved.ToDictionary(m => m.Key, m => m.Value.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
        details["from"] = fromId.ToString();
        await audit.AppendAsync(tx, new("user.merged", AuditOutcome.Success, AuditActor.Of(caller), "user", intoId.ToString(), facts, details), ct);
        await MergeStore.InsertAsync(tx, fromId, intoId, clock.Now(), ct);
        if (await removal.RemoveAsync(tx, fromId, AuditActor.Of(caller), facts, new Dictionary<string, string>(StringComparer.Ordinal) { ["merged_into"] = intoId.ToString() }, ct) is { } kept) return kept.ToHttp();
        await events.PublishAsync(tx, new UserUpdated(intoId), ct);
        await events.PublishAsync(tx, new UserMerged(fromId, intoId), ct);
        if (await reach.CheckAsync(tx, intoId, before, caller, ct) is { } beyond) return beyond.ToHttp();
        foreach (var address in new[] { into.PrimaryEmail, from.PrimaryEmail })
            if (address is not null) await mailer.QueueAsync(tx, tenant, new Mail(address.Address, "accounts_merged", into.Locale ?? tenant.Settings.Locales.Default, new Dictionary<string, string> { ["link"] = tenant.Url("/account") }), ct);
        if (!request.Preview) await tx.CommitAsync(ct);
        return TypedResults.Ok(new Response(request.Preview, intoId, fromId, moved, conflicts));
    }

    /// <summary>Addresses, numbers and profile. Written over the versions that were read, so that nothing changes under it.</summary>
    private async ValueTask<Result<IReadOnlyList<string>, Problem>> MoveOwnAsync(TenantTransaction tx, UserMerge merge, bool take, Dictionary<string, int> moved, CancellationToken ct)
    {
        var (into, from) = (merge.Into, merge.From);
        if (into.Emails.Count + from.Emails.Count > UserEmails.MaxPerUser) return Problem.Conflict("emails_too_many", $"Together they have more than {UserEmails.MaxPerUser} addresses. Remove some first.");
        if (into.Phones.Count + from.Phones.Count > UserPhones.MaxPerUser) return UserPhones.TooMany;
        List<string> conflicts = [];
        string? Choose(string member, string? stays, string? goes)
        {
            if (stays is not null && goes is not null && stays != goes) conflicts.Add(member);
            return take ? goes ?? stays : stays ?? goes;
        }
        var merged = into with
        {
            DisplayName = Choose("display_name", into.DisplayName, from.DisplayName), GivenName = Choose("given_name", into.GivenName, from.GivenName), FamilyName = Choose("family_name", into.FamilyName, from.FamilyName),
            Locale = Choose("locale", into.Locale, from.Locale), Zoneinfo = Choose("zoneinfo", into.Zoneinfo, from.Zoneinfo),
        };
        var (attributes, others) = ((JsonObject)JsonNode.Parse(into.Attributes)!, (JsonObject)JsonNode.Parse(from.Attributes)!);
        foreach (var (name, value) in others)
        {
            var has = attributes.ContainsKey(name);
            if (has && !JsonNode.DeepEquals(attributes[name], value)) conflicts.Add(UserFields.AttributePrefix + name);
            if (!has || take) attributes[name] = value?.DeepClone();
        }
        using var document = JsonDocument.Parse(attributes.ToJsonString());
        if (!UserAttributes.Parse(document.RootElement).TryGet(out var whole, out var invalid)) return invalid;
        if (!await UserStore.TryUpdateAsync(tx, merged with { Attributes = whole.Json }, clock.Now(), ct) || !await UserStore.TryUpdateAsync(tx, from, clock.Now(), ct)) return ETags.Changed;
        moved["emails"] = await MergeStore.MoveEmailsAsync(tx, from.Id, into.Id, ct);
        moved["phones"] = await MergeStore.MovePhonesAsync(tx, from.Id, into.Id, ct);
        if (into.Phones.Count == 0 && from.PrimaryPhone is { } phone) await PhoneStore.MakePrimaryAsync(tx, into.Id, phone.Id, ct);
        return conflicts;
    }

    private static Problem FromInvalid { get; } = Problem.Invalid("from_invalid", "from is the id of another user of this tenant.", "from");
}
