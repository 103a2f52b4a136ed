using Gatehouse.Kernel;

namespace Gatehouse.Authorization;

/// <summary>A verified access token for one of our own APIs: what it says, not yet whether that is still so.</summary>
/// <param name="Client">The client it was issued to.</param>
/// <param name="User">The person it speaks for; null where the client speaks for itself.</param>
/// <param name="Session">The session it was issued under, when it was one that a person is in.</param>
/// <param name="Grant">The <c>gid</c> claim.</param>
/// <param name="AuthenticatedAt">When its person last proved who she is (<c>auth_time</c>); null where nobody did.</param>
/// <param name="Methods">What she did then (<c>amr</c>).</param>
internal sealed record AccessToken(string JwtId, ClientId Client, UserId? User, SessionId? Session, string? Grant, IReadOnlyList<string> Scopes,
    DateTimeOffset? AuthenticatedAt, IReadOnlyList<string> Methods);
