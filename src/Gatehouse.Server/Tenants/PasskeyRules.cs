using Gatehouse.Http;

namespace Gatehouse.Tenants;

/// <summary>What <see cref="PasskeySettings"/> may say.</summary>
internal static class PasskeyRules
{
    private const int MaxRelated = 5, MaxFrames = 20, MaxModels = 200, MaxOriginLength = 300;

    internal static void Check(PasskeySettings p, Action<string, string> fault)
    {
        if (p.RpId is null || (p.RpId.Length > 0 && !IsDomain(p.RpId))) fault("passkeys.rp_id", "A domain in small letters, for example example.com, or empty.");
        Origins("passkeys.related_origins", p.RelatedOrigins, MaxRelated, fault);
        Origins("passkeys.frame_origins", p.FrameOrigins, MaxFrames, fault);
        var asked = p.Attestation is PasskeySettings.NoAttestation or PasskeySettings.IndirectAttestation or PasskeySettings.DirectAttestation;
        if (!asked) fault("passkeys.attestation", $"One of {PasskeySettings.NoAttestation}, {PasskeySettings.IndirectAttestation}, {PasskeySettings.DirectAttestation}.");
        Models("passkeys.aaguids_allowed", p.AaguidsAllowed, fault);
        Models("passkeys.aaguids_denied", p.AaguidsDenied, fault);
        // Fails now and not at the first passkey: without being asked, browsers leave the model out.
        if (!asked || p.Attestation == PasskeySettings.DirectAttestation) return;
        const string needs = "This needs passkeys.attestation direct: browsers say the model only then.";
        if (p.AaguidsAllowed is { Count: > 0 }) fault("passkeys.aaguids_allowed", needs);
        if (p.AaguidsDenied is { Count: > 0 }) fault("passkeys.aaguids_denied", needs);
        if (p.RequireKnown) fault("passkeys.require_known", needs);
        if (p.RequireCertified) fault("passkeys.require_certified", needs);
    }

    private static void Origins(string field, IReadOnlyList<string>? origins, int most, Action<string, string> fault)
    {
        if (origins is null || origins.Count > most || origins.Distinct(StringComparer.Ordinal).Count() != origins.Count || !origins.All(IsOrigin))
            fault(field, $"At most {most} origins, each once, written as browsers do: https://example.org, without a slash at the end.");
    }

    private static void Models(string field, IReadOnlyList<string>? models, Action<string, string> fault)
    {
        if (models is null || models.Count > MaxModels || models.Distinct(StringComparer.OrdinalIgnoreCase).Count() != models.Count || !models.All(m => Guid.TryParseExact(m, "D", out _)))
            fault(field, $"At most {MaxModels} AAGUIDs, each once, for example ee882879-721c-4913-9775-3dfcce97072a.");
    }

    /// <summary>Exactly as a browser writes it, because it is compared as text.</summary>
    private static bool IsOrigin(string? text) =>
        text is { Length: <= MaxOriginLength } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.HostNameType == UriHostNameType.Dns && text == $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";

    private static bool IsDomain(string text) =>
        text.Length <= 253 && Uri.CheckHostName(text) == UriHostNameType.Dns && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && (text == "localhost" || text.Contains('.', StringComparison.Ordinal)) && text[^1] != '.';
}
