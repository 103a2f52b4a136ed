using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;

namespace Gatehouse.Flows.Hooks;

/// <summary>What a tenant's program is told.</summary>
/// <param name="Id">The same for every try of the same question: <c>webhook-id</c>.</param>
/// <param name="Kind">Of the flow.</param>
/// <param name="Email">Of whoever registers, who has no account yet; else null.</param>
/// <param name="Attributes">A JSON object.</param>
public sealed record HookQuestion(string Id, string Kind, long Version, UserId? User, string? Email, ClientId? Client, RequestFacts Request, IReadOnlyList<string> Methods, string Attributes);

/// <summary>What became of it.</summary>
/// <param name="Result"><c>continue</c>, <c>deny</c>; or why there is no answer: <c>time_out</c>, <c>unreachable</c>, <c>status_…</c>, <c>answer_invalid</c>, <c>no_key</c>.</param>
/// <param name="Allowed">Whether she goes on: as the program says, or else as the step does.</param>
/// <param name="Reason">The program's own code, for the audit.</param>
/// <param name="Attributes">A merge patch for hers; null: none.</param>
public sealed record HookAnswer(string Result, bool Allowed, string? Reason, JsonElement? Attributes, TimeSpan Took);

/// <summary>
/// Asks tenants' programs. No transaction is open meanwhile. What a tenant's program may cost this server is bounded: so many at once, each for
/// so long, each answer so large.
/// </summary>
public sealed class Hooks(IDatabase database, TenantVault vault, OutgoingHttp http, TimeProvider clock, IMeterFactory meters)
{
    public const int MaxAnswerBytes = 16 * 1024, MaxAtOnce = 16;
    private const int MaxDepth = 10, MaxReason = 40;

    private readonly ConcurrentDictionary<TenantId, SemaphoreSlim> gates = new();
    private readonly Histogram<double> durations = ProductMeter.Of(meters).CreateHistogram<double>("gatehouse.flow_hooks", "s", "Time that tenants' programs took in a flow, by result.");

    public async ValueTask<HookAnswer> AskAsync(TenantContext tenant, WebhookStep step, HookQuestion question, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var (result, allowed, reason, attributes) = await TryAsync(tenant, step, question, ct);
        var took = clock.GetElapsedTime(began);
        durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", result.StartsWith("status_", StringComparison.Ordinal) ? "status" : result));
        return new(result, allowed ?? step.AllowOnFailure, reason, attributes, took);
    }

    private async ValueTask<(string Result, bool? Allowed, string? Reason, JsonElement? Attributes)> TryAsync(TenantContext tenant, WebhookStep step, HookQuestion question, CancellationToken ct)
    {
        var keys = await ReadKeysAsync(tenant, ct);
        if (keys.Count == 0) return ("no_key", null, null, null);
        // Waiting for one's turn counts: a slow program is a slow program for everybody of its tenant, and for nobody else.
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(step.Timeout);
        var gate = gates.GetOrAdd(tenant.Id, static _ => new SemaphoreSlim(MaxAtOnce));
        try
        {
            await gate.WaitAsync(limited.Token);
            try
            {
                using var request = Sign(tenant, step, question, keys);
                var (status, type, body) = await http.SendAsync(request, MaxAnswerBytes, limited.Token);
                if (status != HttpStatusCode.OK) return ($"status_{(int)status}", null, null, null);
                return type == "application/json" && body is not null && Read(body) is { } answer ? answer : ("answer_invalid", null, null, null);
            }
            finally
            {
                gate.Release();
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ("time_out", null, null, null);
        }
        catch (HttpRequestException)
        {
            return ("unreachable", null, null, null);
        }
    }

    internal async ValueTask<List<(FlowKeyId Id, byte[] Secret)>> ReadKeysAsync(TenantContext tenant, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        List<(FlowKeyId, byte[])> keys = [];
        foreach (var key in await FlowKeyStore.ListAsync(tx, ct)) keys.Add((key.Id, await vault.OpenAsync(tx, FlowKeys.Place(key.Id), key.Sealed, ct)));
        return keys;
    }

    /// <summary>Standard Webhooks: <c>v1</c> is HMAC-SHA256 over <c>id.timestamp.body</c>, once for every key.</summary>
    private HttpRequestMessage Sign(TenantContext tenant, WebhookStep step, HookQuestion question, List<(FlowKeyId Id, byte[] Secret)> keys)
    {
        var body = Write(tenant, step, question);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{question.Id}.{timestamp}."), .. body];
        var request = new HttpRequestMessage(HttpMethod.Post, step.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("webhook-id", question.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', keys.Select(k => "v1," + Convert.ToBase64String(HMACSHA256.HashData(k.Secret, signed)))));
        request.Headers.Add("gatehouse-key-id", string.Join(' ', keys.Select(k => k.Id)));
        foreach (var (_, secret) in keys) CryptographicOperations.ZeroMemory(secret);
        return request;
    }

    private static byte[] Write(TenantContext tenant, WebhookStep step, HookQuestion question)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("flow", question.Kind);
            json.WriteString("step", step.Id);
            json.WriteNumber("version", question.Version);
            json.WriteString("tenant", tenant.Slug);
            json.WriteString("issuer", tenant.Issuer);
            if (question.User is { } user) json.WriteString("user_id", user.ToString());
            if (question.Email is { } email) json.WriteString("email", email);
            if (question.Client is { } client) json.WriteString("client_id", client.ToString());
            if (question.Request.IpAddress is { Length: > 0 } address) json.WriteString("ip_address", address);
            json.WriteStartArray("methods");
            foreach (var method in question.Methods) json.WriteStringValue(method);
            json.WriteEndArray();
            json.WritePropertyName("attributes");
            json.WriteRawValue(question.Attributes);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Strictly: an answer that is not understood is none.</summary>
    internal static (string Result, bool? Allowed, string? Reason, JsonElement? Attributes)? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return ReadDecision(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <param name="beside">Members that may stand beside those of an answer.</param>
    internal static (string Result, bool? Allowed, string? Reason, JsonElement? Attributes)? ReadDecision(JsonElement root, params ReadOnlySpan<string> beside)
    {
        try
        {
            if (root.ValueKind != JsonValueKind.Object) return null;
            foreach (var member in root.EnumerateObject())
                if (member.Name is not ("decision" or "reason" or "attributes") && !beside.Contains(member.Name)) return null;
            if (!root.TryGetProperty("decision", out var decision) || decision.ValueKind != JsonValueKind.String) return null;
            string? reason = null;
            if (root.TryGetProperty("reason", out var code) && (code.ValueKind != JsonValueKind.String || (reason = code.GetString()!).Length is 0 or > MaxReason || !reason.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))) return null;
            if (root.TryGetProperty("attributes", out var attributes) && attributes.ValueKind != JsonValueKind.Object) return null;
            return decision.GetString() switch
            {
                "continue" => ("continue", true, reason, attributes.ValueKind == JsonValueKind.Object ? attributes.Clone() : null),
                "deny" when attributes.ValueKind == JsonValueKind.Undefined => ("deny", false, reason, null),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
