using System.Net;
using System.Text.Json;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Flows.Definitions;

/// <summary><c>POST /api/v1/flows/{kind}/preview</c>: what a definition would ask of somebody, before it is put in force. Changes nothing.</summary>
internal static class PreviewFlow
{
    /// <param name="Definition">Left out: the one in force.</param>
    /// <param name="UserId">Who signs in; left out: somebody of whom nothing is known yet. Not for registration.</param>
    /// <param name="ClientId">To which application; left out: her own account.</param>
    /// <param name="IpAddress">From where.</param>
    /// <param name="Level">What the application demands: 0 (nothing, the default) to 3.</param>
    /// <param name="Methods">RFC 8176 values of what she has proved so far, for example <c>pwd</c>.</param>
    /// <param name="Device">How well her browser is known: <c>trusted</c>, <c>known</c> or <c>new</c>; left out: as before it is known who she is.</param>
    /// <param name="Platform">What her browser runs on; <c>other</c> unless said.</param>
    internal sealed record Request(JsonElement? Definition, string? UserId, string? ClientId, string? IpAddress, int? Level, string[]? Methods, string? Device, string? Platform);

    /// <param name="DeniedBy">The step that keeps her out; null: none.</param>
    /// <param name="SecondFactors">The second steps that are asked for.</param>
    /// <param name="MetByTrust">Those that the trusted browser stands in for.</param>
    /// <param name="Collects">The fields that she would be asked for; without a user, all of the steps that apply.</param>
    internal sealed record Response(IReadOnlyList<Step> Steps, string? DeniedBy, IReadOnlyList<string> FirstFactors, IReadOnlyList<string> SecondFactors, IReadOnlyList<string> MetByTrust,
        IReadOnlyList<string> Terms, IReadOnlyList<Collected> Collects);

    /// <param name="Fields">Names of attributes and claims.</param>
    internal sealed record Collected(string Step, IReadOnlyList<string> Fields);

    internal sealed record Step(string Id, bool Applies);

    internal static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/flows/{kind}/preview", HandleAsync).WithName("flows.preview").WithSummary("Say what a flow would ask of somebody").RequirePermission(Scopes.TenantsWrite);

    /// <returns>200; 404 <c>flow_not_found</c>, <c>user_not_found</c>; 422 <c>flow_invalid</c>, <c>preview_invalid</c>.</returns>
    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(string kind, Request request, TenantContext tenant, IDatabase database, FlowDirectory flows,
        UserDirectory users, Roles roles, SecondFactors factors, CancellationToken ct)
    {
        if (!FlowRoute.Exists(kind)) return FlowRoute.NotFound.ToHttp();
        FlowDefinition? definition;
        if (request.Definition is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } wanted) definition = await flows.FindAsync(tenant, kind, ct);
        else if (!FlowReader.Read(kind, wanted).TryGet(out definition, out var problems)) return FlowRoute.Refuse(problems);
        if (await FlowRoute.FindUnknownRolesAsync(tenant, definition, roles, ct) is { Count: > 0 } unknown) return FlowRoute.Refuse(unknown);
        if (kind == FlowDefinition.Registration && request.UserId is not null) return Problem.Invalid("preview_invalid", "Who registers is no user yet.", "user_id").ToHttp();
        if (!Read(request).TryGet(out var facts, out var invalid)) return invalid.ToHttp();

        await using var tx = await database.ReadAsync(tenant.Id, ct);
        User? user = null;
        List<Collected> collects = [];
        if (request.UserId is { } text)
        {
            if (!UserId.TryParse(text, out var id) || (user = await users.FindAsync(tx, id, ct)) is null) return Problem.NotFound("user_not_found", "This tenant has no such user.").ToHttp();
            using var attributes = JsonDocument.Parse(user.Attributes);
            facts = facts with
            {
                Roles = await roles.ListKeysAsync(tx, id, ct),
                Attributes = attributes.RootElement.Clone(),
                HasSecondFactor = await factors.HasAsync(tx, id, ct),
            };
        }
        var verdict = FlowVerdict.Of(definition, facts);
        foreach (var collect in verdict.Further.OfType<CollectStep>())
            if (user is null) collects.Add(new(collect.Id, [.. collect.Fields.Select(f => f.Name)]));
            else if (collect.IsDue(user, collect.Once && await flows.HasAnsweredAsync(tx, user.Id, collect, ct))) collects.Add(new(collect.Id, [.. collect.MissingOf(user).Select(f => f.Name)]));
        return TypedResults.Ok(new Response([.. definition.Steps.Select(s => new Step(s.Id, s.Applies(facts)))], verdict.DeniedBy?.Id, verdict.FirstFactors,
            [.. verdict.SecondFactors.Where(s => !FlowVerdict.IsMetByTrust(s, facts)).Select(s => s.Id)], [.. verdict.SecondFactors.Where(s => FlowVerdict.IsMetByTrust(s, facts)).Select(s => s.Id)],
            [.. verdict.Further.OfType<TermsStep>().Select(t => t.Id)], collects));
    }

    private static Result<FlowFacts, Problem> Read(Request request)
    {
        ClientId? client = null;
        if (request.ClientId is { } text)
        {
            if (!ClientId.TryParse(text, out var parsed)) return Problem.Invalid("preview_invalid", "client_id is a client's id.", "client_id");
            client = parsed;
        }
        IPAddress? address = null;
        if (request.IpAddress is { } ip && !IPAddress.TryParse(ip, out address)) return Problem.Invalid("preview_invalid", "ip_address is an IPv4 or IPv6 address.", "ip_address");
        if (request.Level is < 0 or > 3) return Problem.Invalid("preview_invalid", "level is 0 to 3.", "level");
        if (request.Methods is { Length: > 20 }) return Problem.Invalid("preview_invalid", "methods has at most 20 values.", "methods");
        var standing = ConditionReader.Standing(request.Device);
        if (request.Device is not null && standing is null) return Problem.Invalid("preview_invalid", "device is trusted, known or new.", "device");
        if (request.Platform is { } platform && !DeviceName.Platforms.Contains(platform, StringComparer.Ordinal))
            return Problem.Invalid("preview_invalid", $"platform is one of {string.Join(", ", DeviceName.Platforms)}.", "platform");
        return new FlowFacts(client, address, request.Level ?? 0, [], default, false, request.Methods ?? [], standing, request.Platform ?? "other");
    }
}
