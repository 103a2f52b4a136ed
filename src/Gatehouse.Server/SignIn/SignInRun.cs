using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SignIn;

/// <summary>
/// Finds the interaction a step belongs to: named in the address, bound to this browser, neither expired nor finished. What a step
/// needs to know of the steps before stands there and in no form.
/// </summary>
internal sealed class SignInRun(Interactions interactions, IDatabase database)
{
    internal const string Parameter = "interaction";

    /// <returns>The run, or the page that says it has expired and offers a new one. Steps return that unchanged.</returns>
    internal async ValueTask<Result<Interaction, PageResult>> FindAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, CancellationToken ct) =>
        await FindIfAnyAsync(tx, http, tenant, ct) is { } interaction ? interaction : Expired();

    /// <summary>The run as steps want it, read in a transaction of its own: what they change, they change on condition of what they found.</summary>
    internal async ValueTask<Result<Run, PageResult>> FindAsync(HttpContext http, TenantContext tenant, CancellationToken ct) =>
        await FindIfAnyAsync(http, tenant, ct) is { } interaction
            ? new Run(http, tenant, RequestFacts.Of(http), interaction, DeviceCookie.Ensure(http, tenant), Headless: false)
            : Expired();

    /// <summary>For pages that also stand alone (registration, a forgotten password).</summary>
    internal ValueTask<Interaction?> FindIfAnyAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, CancellationToken ct) =>
        FindIfAnyAsync(tx, http, tenant, http.Request.Query[Parameter], ct);

    /// <summary>For pages that only show: in a read of its own.</summary>
    internal async ValueTask<Interaction?> FindIfAnyAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await FindIfAnyAsync(tx, http, tenant, ct);
    }

    /// <summary>For what comes by a link from an e-mail, which names the run it was asked for in.</summary>
    internal async ValueTask<Interaction?> FindIfAnyAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, string? id, CancellationToken ct) =>
        InteractionId.TryParse(id, out var parsed) ? await interactions.FindAsync(tx, tenant, http, parsed, ct) : null;

    internal static PageResult Expired() => ErrorResult.Of(StatusCodes.Status400BadRequest, "interaction_expired", "/signin");

    internal static PageOptions Options(Interaction? interaction, int status = StatusCodes.Status200OK) =>
        new(status, interaction?.Demand.UiLocales, interaction?.Id);

    /// <summary>A path of this room that belongs to a run.</summary>
    internal static string Path(string path, InteractionId? interaction) => interaction is { } id ? $"{path}{(path.Contains('?') ? '&' : '?')}{Parameter}={id}" : path;

    /// <summary>After a form: to another page of ours, by GET.</summary>
    internal static IResult SeeOther(TenantContext tenant, string path) => new SeeOther(tenant.PathBase + path);
}
