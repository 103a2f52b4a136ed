using System.Diagnostics.CodeAnalysis;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Protocols.WebAuthn;

namespace Gatehouse.Credentials;

/// <summary>What a page hands to <c>navigator.credentials.create</c>. Bytes are base64url.</summary>
/// <param name="Known">Credentials she has: an authenticator that holds one of them offers nothing.</param>
/// <param name="Attestation">What it is asked to prove of its model.</param>
public sealed record PasskeyCreation(string RpId, string RpName, string Challenge, string UserHandle, string UserName, string DisplayName,
    IReadOnlyList<string> Known, IReadOnlyList<long> Algorithms, bool RequireUserVerification, string Attestation);

/// <summary>What a page hands to <c>navigator.credentials.get</c>.</summary>
public sealed record PasskeyRequest(string RpId, string Challenge, bool RequireUserVerification);

/// <summary>Why nothing came of it: a code for the page, and a reason for the audit.</summary>
/// <param name="UserId">Whose passkey was presented, where it is known; for the audit alone.</param>
public sealed record PasskeyRefusal(string Code, string Reason, UserId? UserId = null);

/// <summary>Somebody proved that she holds a passkey.</summary>
/// <param name="Methods">RFC 8176 <c>amr</c> values of what was done.</param>
public sealed record PasskeyProof(UserId UserId, PasskeyId PasskeyId, IReadOnlyList<string> Methods);

/// <summary>What an authenticator made and what was found good, before it is anybody's.</summary>
public sealed class NewPasskey
{
    internal NewPasskey(RegisteredCredential made, string transports, string rpId) => (Made, Transports, RpId) = (made, transports, rpId);

    internal RegisteredCredential Made { get; }
    internal string Transports { get; }
    internal string RpId { get; }

    /// <summary>RFC 8176 <c>amr</c> values of making it.</summary>
    public IReadOnlyList<string> Methods => Passkeys.MethodsOf(Made.BackupEligible, Made.UserVerified);
}

/// <summary>What a form brings from the authenticator, as base64url texts. Nothing in it is believed before it is verified.</summary>
public sealed record PasskeyForm(string Id, string ClientData, string Data, string Signature, string UserHandle, string Transports)
{
    private const int MaxTransports = 8, MaxTransportLength = 20;

    internal bool TryReadRegistration([NotNullWhen(true)] out RegistrationResponse? response)
    {
        response = Base64UrlStrict.TryDecode(Id, out var id) && id.Length > 0 && Base64UrlStrict.TryDecode(ClientData, out var client) && Base64UrlStrict.TryDecode(Data, out var data)
            ? new(id, client, data)
            : null;
        return response is not null;
    }

    internal bool TryReadAuthentication([NotNullWhen(true)] out AuthenticationResponse? response)
    {
        response = Base64UrlStrict.TryDecode(Id, out var id) && id.Length is > 0 and <= 1023 && Base64UrlStrict.TryDecode(ClientData, out var client) && Base64UrlStrict.TryDecode(Data, out var data)
            && Base64UrlStrict.TryDecode(Signature, out var signature) && Base64UrlStrict.TryDecode(UserHandle, out var handle) && handle.Length <= Authentication.MaxUserHandleLength
            ? new(id, client, data, signature, handle.Length == 0 ? null : handle)
            : null;
        return response is not null;
    }

    /// <summary>Advice of the browser for the browser (WebAuthn §5.8.4): kept when it looks like that.</summary>
    internal string KnownTransports => string.Join(' ', Transports.Split(' ', MaxTransports + 1, StringSplitOptions.RemoveEmptyEntries)
        .Where(t => t.Length <= MaxTransportLength && t.All(c => char.IsAsciiLetterLower(c) || c == '-')).Take(MaxTransports));
}
