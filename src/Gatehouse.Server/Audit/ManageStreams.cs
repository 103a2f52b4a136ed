using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary><c>/api/v1/audit/streams</c>: where entries and signed heads are sent as they come.</summary>
internal static class ManageStreams
{
    private const int MaxStreams = 10, MaxAddress = 1000, MaxToken = 2000, MaxCa = 30_000;

    /// <param name="Kind"><c>syslog</c> (RFC 5424 over TLS, octet counting) or <c>http</c> (NDJSON by POST).</param>
    /// <param name="Content"><c>entries</c> (default) or <c>heads</c>, for http only: the signed heads.</param>
    /// <param name="Address"><c>logs.example.com:6514</c> for syslog, a https URL for http.</param>
    /// <param name="Tls">Default true. False only where the server may reach private networks (<c>Http:AllowPrivateTargets</c>).</param>
    /// <param name="Ca">PEM of the authority that a syslog receiver's certificate must come from. Default: the machine's list.</param>
    /// <param name="Token">Sent as <c>Authorization: Bearer</c> over http. Kept sealed, never shown again.</param>
    /// <param name="Personal">Sends addresses, browsers and personal details unmasked; takes <c>audit:pii</c>. Default false.</param>
    /// <param name="FromStart">Begins with the oldest entry instead of the next. Default false.</param>
    internal sealed record Request(string? Kind, string? Address, string? Content = null, bool? Tls = null, string? Ca = null, string? Token = null, bool? Personal = null, bool? FromStart = null);

    /// <param name="DeliveredSeq">Everything up to this place of the chain was taken over there.</param>
    /// <param name="Failures">Attempts in a row that failed; the next is at <paramref name="NextAttemptAt"/>.</param>
    internal sealed record Stream(string Id, string Kind, string Content, string Address, bool Tls, bool Personal, bool Enabled, long DeliveredSeq, long Failures,
        DateTimeOffset NextAttemptAt, string? LastError, DateTimeOffset? LastDeliveredAt, DateTimeOffset CreatedAt);

    internal sealed record StreamList(IReadOnlyList<Stream> Items);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/audit/streams", ListAsync).WithName("audit.streams.list").WithSummary("List streams").RequirePermission(Scopes.AuditRead);
        api.MapPost("/audit/streams", CreateAsync).WithName("audit.streams.create").WithSummary("Send entries or heads elsewhere").RequirePermission(Scopes.AuditWrite).Idempotent();
        api.MapGet("/audit/streams/{id}", GetAsync).WithName("audit.streams.get").WithSummary("Read a stream's state").RequirePermission(Scopes.AuditRead);
        api.MapDelete("/audit/streams/{id}", DeleteAsync).WithName("audit.streams.delete").WithSummary("End a stream").RequirePermission(Scopes.AuditWrite);
        api.MapPost("/audit/streams/{id}/pause", PauseAsync).WithName("audit.streams.pause").WithSummary("Pause a stream").RequirePermission(Scopes.AuditWrite);
        api.MapPost("/audit/streams/{id}/resume", ResumeAsync).WithName("audit.streams.resume").WithSummary("Resume a stream").RequirePermission(Scopes.AuditWrite);
    }

    internal static async Task<Ok<StreamList>> ListAsync(TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TypedResults.Ok(new StreamList([.. (await StreamStore.ListAsync(tx, ct)).Select(Of)]));
    }

    /// <returns>200; 404 <c>stream_not_found</c>.</returns>
    internal static async Task<Results<Ok<Stream>, ProblemHttpResult>> GetAsync(string id, TenantContext tenant, IDatabase database, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return TryId(id, out var name) && await StreamStore.FindAsync(tx, name, ct) is { } stream ? TypedResults.Ok(Of(stream)) : NotFound().ToHttp();
    }

    /// <returns>201; 403 <c>audit_pii_required</c>; 409 <c>streams_too_many</c>; 422 <c>stream_kind_invalid</c>, <c>stream_address_invalid</c>, <c>stream_tls_required</c>,
    /// <c>stream_ca_invalid</c>, <c>stream_token_invalid</c>, <c>stream_content_invalid</c>.</returns>
    internal static async Task<Results<Created<Stream>, ProblemHttpResult>> CreateAsync(Request request, TenantContext tenant, Caller caller, RequestFacts facts,
        IDatabase database, TenantVault vault, OutgoingSockets sockets, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        if (Check(request, sockets.AllowsPrivate) is { } wrong) return wrong.ToHttp();
        if (request.Personal == true && !AuditMask.SeesPersons(caller)) return PiiRequired.ToHttp();
        var (id, now, heads) = (Guid.CreateVersion7(clock.GetUtcNow()), clock.Now(), request.Content == AuditStream.Heads);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Takes turns, so that two at once do not exceed what one may not.
        var head = await AuditStore.LockHeadAsync(tx, ct);
        if ((await StreamStore.ListAsync(tx, ct)).Count >= MaxStreams) return Problem.Conflict("streams_too_many", $"A tenant has at most {MaxStreams} streams.").ToHttp();
        var token = request.Token is null ? null : await vault.SealAsync(tx, StreamJob.TokenPlace(id), Encoding.UTF8.GetBytes(request.Token), ct);
        var stream = new AuditStream(id, request.Kind!, request.Content ?? AuditStream.Entries, request.Address!, request.Kind == AuditStream.Http ? request.Address!.StartsWith("https:", StringComparison.OrdinalIgnoreCase) : request.Tls ?? true,
            request.Ca, token, request.Personal ?? false, true, request.FromStart == true || heads ? 0 : head.Seq, 0, now, null, null, now);
        await StreamStore.InsertAsync(tx, stream, ct);
        await audit.AppendAsync(tx, new("audit.stream_created", AuditOutcome.Success, AuditActor.Of(caller), "audit_stream", Name(id), facts,
            new Dictionary<string, string> { ["kind"] = stream.Kind, ["content"] = stream.Content, ["to"] = stream.Address, ["personal"] = stream.Personal ? "true" : "false" }), ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created(tenant.Url($"/api/v1/audit/streams/{Name(id)}"), Of(stream));
    }

    /// <returns>204; 404 <c>stream_not_found</c>.</returns>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (!TryId(id, out var name) || !await StreamStore.DeleteAsync(tx, name, ct)) return NotFound().ToHttp();
        await audit.AppendAsync(tx, new("audit.stream_deleted", AuditOutcome.Success, AuditActor.Of(caller), "audit_stream", id, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <returns>204; 404 <c>stream_not_found</c>.</returns>
    internal static Task<Results<NoContent, ProblemHttpResult>> PauseAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct) =>
        SetAsync(id, false, tenant, caller, facts, database, audit, clock, ct);

    /// <returns>204; 403 <c>audit_pii_required</c>; 404 <c>stream_not_found</c>. What failed before is forgotten.</returns>
    internal static Task<Results<NoContent, ProblemHttpResult>> ResumeAsync(string id, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct) =>
        SetAsync(id, true, tenant, caller, facts, database, audit, clock, ct);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(string id, bool enabled, TenantContext tenant, Caller caller, RequestFacts facts, IDatabase database, AuditLog audit, TimeProvider clock, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // Who may not see persons does not send them on either, whoever began it.
        if (enabled && TryId(id, out var paused) && !AuditMask.SeesPersons(caller) && await StreamStore.FindAsync(tx, paused, ct) is { Personal: true }) return PiiRequired.ToHttp();
        if (!TryId(id, out var name) || !await StreamStore.SetEnabledAsync(tx, name, enabled, clock.Now(), ct)) return NotFound().ToHttp();
        await audit.AppendAsync(tx, new(enabled ? "audit.stream_resumed" : "audit.stream_paused", AuditOutcome.Success, AuditActor.Of(caller), "audit_stream", id, facts), ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static Problem PiiRequired { get; } = Problem.Forbidden("audit_pii_required", $"Sending what tells of persons takes the scope {Scopes.AuditPii}.");

    private static Problem? Check(Request request, bool allowsPrivate)
    {
        if (request.Kind is not (AuditStream.Syslog or AuditStream.Http)) return Problem.Invalid("stream_kind_invalid", "kind is syslog or http.", "kind");
        var syslog = request.Kind == AuditStream.Syslog;
        if (request.Content is not (null or AuditStream.Entries or AuditStream.Heads) || (syslog && request.Content == AuditStream.Heads)) return Problem.Invalid("stream_content_invalid", "content is entries, or over http heads.", "content");
        if (request.Address is not { Length: > 0 and <= MaxAddress } address || (syslog ? StreamAddress.Parse(address) is null : !OutgoingHttp.IsTarget(address)))
            return Problem.Invalid("stream_address_invalid", "address is host and port of a syslog receiver, such as logs.example.com:6514, or a https URL.", "address");
        if (syslog && request.Tls == false && !allowsPrivate) return Problem.Invalid("stream_tls_required", "Entries leave this server only through TLS.", "tls");
        if (request.Token is not null && (syslog || request.Token.Length is 0 or > MaxToken || request.Token.Any(c => c is <= ' ' or > '~'))) return Problem.Invalid("stream_token_invalid", $"token is for http and has 1 to {MaxToken} printable ASCII characters.", "token");
        return request.Ca is null || (syslog && request.Ca.Length <= MaxCa && IsPem(request.Ca)) ? null : Problem.Invalid("stream_ca_invalid", "ca is for syslog and holds certificates in PEM.", "ca");
    }

    private static bool IsPem(string text)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(text);
            foreach (var one in found) one.Dispose();
            return found.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static Problem NotFound() => Problem.NotFound("stream_not_found", "There is no such stream.");

    private static bool TryId(string text, out Guid id) => Guid.TryParseExact(text, "N", out id);

    private static string Name(Guid id) => id.ToString("N");

    private static Stream Of(AuditStream s) => new(Name(s.Id), s.Kind, s.Content, s.Address, s.Tls, s.Personal, s.Enabled, s.Cursor, s.Failures, s.NextAttemptAt, s.LastError, s.LastDeliveredAt, s.CreatedAt);
}
