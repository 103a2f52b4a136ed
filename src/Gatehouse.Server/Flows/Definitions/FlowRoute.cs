using System.Text.Json;
using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Flows.Definitions;

/// <summary>A definition as the management API shows it.</summary>
/// <param name="Version">0: the product's own.</param>
/// <param name="CreatedBy">Who wrote it; null for the product's.</param>
internal sealed record FlowView(string Kind, long Version, JsonElement Definition, DateTimeOffset? CreatedAt, string? CreatedBy);

/// <summary>What is wrong at one place of a definition.</summary>
internal sealed record FlowFault(string Field, string Detail);

/// <summary>What a path <c>/flows/{kind}</c> names.</summary>
internal static class FlowRoute
{
    internal static readonly Problem NotFound = Problem.NotFound("flow_not_found", "The kinds of flows are sign_in and registration.");
    internal static readonly Problem VersionNotFound = Problem.NotFound("flow_version_not_found", "The flow has no such version, or it is older than the hundred that are kept.");

    internal static bool Exists(string kind) => kind is FlowDefinition.SignIn or FlowDefinition.Registration;

    internal static FlowView Shipped(TenantContext tenant, string kind) => new(kind, 0, Element(ShippedFlow.Of(tenant, kind).Json), null, null);

    internal static FlowView Of(string kind, FlowVersion version) => new(kind, version.Version, Element(version.Definition), version.CreatedAt, version.CreatedBy);

    /// <summary>Conditions that speak of roles which the tenant does not have: nobody would ever meet them.</summary>
    internal static async ValueTask<List<Problem>> FindUnknownRolesAsync(TenantContext tenant, FlowDefinition definition, Roles roles, CancellationToken ct)
    {
        List<Problem> faults = [];
        for (var i = 0; i < definition.Steps.Count; i++)
            foreach (var role in definition.Steps[i].When?.RolesNamed ?? [])
                if (!await roles.ExistsAsync(tenant.Id, role, ct)) faults.Add(Problem.Invalid("flow_invalid", "role is a list of keys of roles that exist.", $"steps[{i}].when.role"));
        return faults;
    }

    /// <summary>The first fault in RFC 9457's own members, all of them in <c>errors</c>.</summary>
    internal static ProblemHttpResult Refuse(IReadOnlyList<Problem> problems)
    {
        var result = problems[0].ToHttp();
        result.ProblemDetails.Extensions["errors"] = problems.Select(p => new FlowFault(p.Field!, p.Detail)).ToArray();
        return result;
    }

    private static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
