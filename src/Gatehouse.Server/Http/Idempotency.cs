using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Http;

/// <summary>Metadata of an endpoint that honours <c>Idempotency-Key</c>.</summary>
public sealed record IdempotentEndpoint;

public static class IdempotencyMetadata
{
    /// <summary>
    /// Lets a caller repeat a create safely with <c>Idempotency-Key</c>: the same key and the same request give the first answer again.
    /// Acted upon by the conventions that the management API's endpoints share; the handler itself does nothing for it.
    /// </summary>
    public static TBuilder Idempotent<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new IdempotentEndpoint());
}

/// <summary>
/// Carries out a request with an <c>Idempotency-Key</c> at most once in 24 hours and gives its first answer to every repetition
/// (draft-ietf-httpapi-idempotency-key-header). Three steps, each a transaction: claim the key; run the handler, whose audit entry marks
/// the key in the handler's own transaction; store the answer, sealed, because it may hold a secret that is shown once.
/// </summary>
/// <remarks>
/// What a crash leaves: before the handler commits, a lease of a minute, then a repetition carries the request out. After it commits and
/// before the answer is stored, the request has happened and its answer is lost: repetitions get 409 <c>idempotency_answer_lost</c> and
/// never a second resource. Only 2xx answers are kept; a refused request changed nothing and its key is free again.
/// </remarks>
internal sealed class Idempotency(IDatabase database, TenantVault vault, TimeProvider clock)
{
    internal const string Header = "Idempotency-Key", ReplayedHeader = "Idempotency-Replayed";
    internal const int MaxKeyLength = 255;

    /// <summary>How long an answer is remembered.</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>How long a request may take before another with its key may try. Safe at any length: the late one cannot commit.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    internal async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var header = http.Request.Headers[Header];
        if (header.Count == 0) { await next(http); return; }
        if (header.Count > 1 || header[0] is not { Length: > 0 and <= MaxKeyLength } key || key.Any(c => c is < ' ' or > '~'))
        {
            await Problem.BadRequest("idempotency_key_invalid", $"{Header} is given once and has 1 to {MaxKeyLength} printable ASCII characters.").ToHttp().ExecuteAsync(http);
            return;
        }

        var tenant = http.Features.GetRequiredFeature<TenantContext>().Id;
        var body = await RequestBody.ReadAsync(http.Request, RequestBody.MaxBytes, http.RequestAborted);
        var claim = IdempotencyClaim.Of(http, tenant, http.Features.GetRequiredFeature<Caller>(), key, body, clock.Now());
        if (await BeginAsync(claim, http.RequestAborted) is { } settled) { await settled.ExecuteAsync(http); return; }
        http.Features.Set(claim);
        await CarryOutAsync(http, claim, next);
    }

    /// <returns>Null when this request is to be carried out; else what to answer instead.</returns>
    private async ValueTask<IResult?> BeginAsync(IdempotencyClaim claim, CancellationToken ct)
    {
        var now = clock.Now();
        await using var tx = await database.BeginAsync(claim.Tenant, ct);
        if (!await IdempotencyStore.TryClaimAsync(tx, claim, now, ct))
        {
            // The row may be gone again when the request that held it was refused just now.
            if (await IdempotencyStore.FindAsync(tx, claim.KeyHash, ct) is not { } row) return InProgress.ToHttp();
            if (!row.RequestHash.AsSpan().SequenceEqual(claim.RequestHash))
                return Problem.Invalid("idempotency_key_reused", $"This {Header} came with another request before. Use a new key for a new request.").ToHttp();
            if (row.State == "done") return Answer.Read(await vault.OpenAsync(tx, Place(claim), row.Answer!, ct));
            if (row.State == "committed" && row.LeaseUntil <= now)
                return Problem.Conflict("idempotency_answer_lost", "The request was carried out, but its answer was lost when the server stopped. Look for what it made.").ToHttp();
            if (row.LeaseUntil > now || !await IdempotencyStore.TryTakeOverAsync(tx, claim, row.Owner, now, ct)) return InProgress.ToHttp();
        }
        await tx.CommitAsync(ct);
        return null;
    }

    private async Task CarryOutAsync(HttpContext http, IdempotencyClaim claim, RequestDelegate next)
    {
        var output = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var captured = new MemoryStream();
        var capture = new StreamResponseBodyFeature(captured);
        http.Features.Set<IHttpResponseBodyFeature>(capture);
        var finished = false;
        try
        {
            await next(http);
            await capture.CompleteAsync();
            finished = true;
        }
        catch (IdempotencyLeaseLostException)
        {
            SecurityHeaders.StartAnew(http);
        }
        finally
        {
            http.Features.Set(output);
            // A caller that hung up must not leave a request that happened without its answer.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), clock);
            await SettleAsync(claim, finished ? Answer.Of(http.Response, captured.ToArray()) : null, patience.Token);
        }
        if (finished) await output.Stream.WriteAsync(captured.ToArray(), http.RequestAborted);
        else await InProgress.ToHttp().ExecuteAsync(http);
    }

    private async ValueTask SettleAsync(IdempotencyClaim claim, Answer? answer, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(claim.Tenant, ct);
        if (answer is { Status: >= 200 and <= 299 })
            await IdempotencyStore.StoreAnswerAsync(tx, claim, await vault.SealAsync(tx, Place(claim), answer.Write(), ct), ct);
        else await IdempotencyStore.ReleaseAsync(tx, claim, ct);
        await tx.CommitAsync(ct);
    }

    private static SealedAt Place(IdempotencyClaim claim) => new("idempotency_keys", "answer", Convert.ToHexStringLower(claim.KeyHash));

    private static readonly Problem InProgress =
        Problem.Conflict("idempotency_in_progress", $"A request with this {Header} is being carried out. Repeat yours in a moment to get its answer.");

    /// <summary>A first answer, kept whole.</summary>
    internal sealed record Answer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body) : IResult
    {
        internal static Answer Of(HttpResponse response, byte[] body) =>
            new(response.StatusCode, response.ContentType, response.Headers.Location, response.Headers.ETag, body);

        internal static Answer Read(byte[] json) => JsonSerializer.Deserialize(json, IdempotencyJson.Default.Answer)!;

        internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, IdempotencyJson.Default.Answer);

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            (response.StatusCode, response.ContentType, response.ContentLength) = (Status, ContentType, Body.Length);
            if (Location is not null) response.Headers.Location = Location;
            if (ETag is not null) response.Headers.ETag = ETag;
            response.Headers[ReplayedHeader] = "true";
            await response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }
}

[JsonSerializable(typeof(Idempotency.Answer))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
