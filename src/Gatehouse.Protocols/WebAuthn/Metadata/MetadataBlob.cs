using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;

namespace Gatehouse.Protocols.WebAuthn;

/// <summary>
/// The FIDO Alliance's list of authenticator models, verified: Metadata Service 3.0 §3.1.6, §3.2. Nothing is fetched; that a number never goes
/// back, and what follows from a list that is out of date, are the caller's to see to.
/// </summary>
public sealed class MetadataBlob
{
    /// <summary>The FIDO Alliance's has some 8 MiB, most of it pictures.</summary>
    public const int MaxLength = 32 * 1024 * 1024;
    private const int MaxEntries = 20_000, MaxListed = 200, MaxDescription = 200;

    private readonly Dictionary<Guid, MetadataEntry> byModel = [];
    private readonly Dictionary<string, MetadataEntry> byKey = new(StringComparer.OrdinalIgnoreCase);

    private MetadataBlob(long number, DateOnly nextUpdate) => (Number, NextUpdate) = (number, nextUpdate);

    /// <summary>Grows with every issue.</summary>
    public long Number { get; }

    /// <summary>When the next issue will be there at the latest.</summary>
    public DateOnly NextUpdate { get; }

    /// <summary>How many models it knows by number.</summary>
    public int Count => byModel.Count;

    /// <summary>§3.2: the signature, whose certificates lead to one of the roots; then the contents.</summary>
    public static Result<MetadataBlob, WebAuthnError> Verify(ReadOnlySpan<byte> jwt, MetadataTrust trust, DateTimeOffset at)
    {
        if (!MetadataSignature.Verify(jwt, trust, at).TryGet(out var payload, out var error)) return error;
        if (!StrictJson.TryParseObject(payload, out var root)) return Invalid("The contents are not one strict JSON object.");
        if (!root.TryGetProperty("no", out var no) || no.ValueKind != JsonValueKind.Number || !no.TryGetInt64(out var number) || number < 0) return Invalid("no is missing or not a number.");
        if (Text(root, "nextUpdate") is not { } next || !TryDate(next, out var nextUpdate)) return Invalid("nextUpdate is missing or not a date.");
        if (!root.TryGetProperty("entries", out var entries) || entries.ValueKind != JsonValueKind.Array || entries.GetArrayLength() > MaxEntries) return Invalid("entries is missing, or has more than we read.");
        var blob = new MetadataBlob(number, nextUpdate);
        foreach (var item in entries.EnumerateArray())
            if (!blob.TryAdd(item)) return Invalid("An entry does not have its form, or a model is there twice.");
        return blob;
    }

    public MetadataEntry? Find(Guid aaguid) => byModel.GetValueOrDefault(aaguid);

    /// <summary>By its number; where that is zero (U2F), by the key of the attestation certificate.</summary>
    public MetadataEntry? Find(AttestedAuthenticator authenticator) =>
        authenticator.Aaguid != Guid.Empty ? Find(authenticator.Aaguid)
        : authenticator.Attestation.Path is [var own, ..] ? byKey.GetValueOrDefault(new X509SubjectKeyIdentifierExtension(own.PublicKey, critical: false).SubjectKeyIdentifier!)
        : null;

    private bool TryAdd(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("statusReports", out var reports) || reports.ValueKind != JsonValueKind.Array || reports.GetArrayLength() > MaxListed) return false;
        List<MetadataStatus> statuses = [];
        foreach (var report in reports.EnumerateArray())
        {
            // A report that cannot be read might be the one that forbids: better no list than one with a hole.
            if (report.ValueKind != JsonValueKind.Object || Text(report, "status") is not { } status) return false;
            DateOnly? since = null;
            if (Text(report, "effectiveDate") is { } date)
            {
                if (!TryDate(date, out var day)) return false;
                since = day;
            }
            byte[]? certificate = null;
            if (Text(report, "certificate") is { Length: > 0 } encoded && !TryDecode(encoded, out certificate)) return false;
            statuses.Add(new(status, since, certificate));
        }

        Guid? model = null;
        if (Text(item, "aaguid") is { } aaguid)
        {
            if (!Guid.TryParseExact(aaguid, "D", out var parsed) || parsed == Guid.Empty) return false;
            model = parsed;
        }
        List<string> keys = [];
        if (item.TryGetProperty("attestationCertificateKeyIdentifiers", out var identifiers))
        {
            if (identifiers.ValueKind != JsonValueKind.Array || identifiers.GetArrayLength() > MaxListed) return false;
            foreach (var identifier in identifiers.EnumerateArray())
            {
                if (identifier.ValueKind != JsonValueKind.String) return false;
                keys.Add(identifier.GetString()!);
            }
        }
        var entry = new MetadataEntry(model, "", [], statuses);
        if (item.TryGetProperty("metadataStatement", out var statement))
        {
            if (statement.ValueKind != JsonValueKind.Object) return false;
            var description = Text(statement, "description") ?? "";
            entry = entry with { Description = description.Length <= MaxDescription ? description : description[..MaxDescription], Anchors = Roots(statement) };
        }
        // UAF entries have neither: nobody here asks for them.
        if (model is { } known && !byModel.TryAdd(known, entry)) return false;
        return keys.All(k => byKey.TryAdd(k, entry));
    }

    private static List<byte[]> Roots(JsonElement statement)
    {
        List<byte[]> roots = [];
        if (!statement.TryGetProperty("attestationRootCertificates", out var list) || list.ValueKind != JsonValueKind.Array) return roots;
        // What is no base64 can stand behind nothing; the model stays known, and unprovable.
        foreach (var item in list.EnumerateArray().Take(MaxListed))
            if (item.ValueKind == JsonValueKind.String && TryDecode(item.GetString()!, out var der)) roots.Add(der!);
        return roots;
    }

    private static bool TryDecode(string text, out byte[]? bytes)
    {
        // Vendors' line breaks are known to be inside; the decoder ignores white space.
        var buffer = new byte[text.Length / 4 * 3 + 3];
        bytes = Convert.TryFromBase64String(text, buffer, out var length) ? buffer[..length] : null;
        return bytes is not null;
    }

    private static bool TryDate(string text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static WebAuthnError Invalid(string detail) => new(WebAuthnError.MetadataInvalid, detail);
}
