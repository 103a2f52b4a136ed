using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>
/// One way in which a person proves something beside her password: the seam by which every such way plugs into the second step of a
/// sign-in, her account and the management API. How one comes to have it differs too much to be said here; each class has its own.
/// </summary>
public interface IAuthenticator
{
    /// <summary>Its name in addresses and in the audit, for example <c>totp</c>.</summary>
    string Name { get; }

    /// <summary>RFC 8176 values of what is done when it is used.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Whether having it makes every sign-in ask for a second step. False for what only stands in for another.</summary>
    bool IsFactor { get; }

    /// <summary>What the user has of it; null when nothing.</summary>
    ValueTask<AuthenticatorState?> DescribeAsync(TenantTransaction tx, UserId user, CancellationToken ct);

    /// <summary>
    /// Whether this answer proves her presence, and uses it up: by a conditional statement in the caller's transaction, so that of any
    /// number of submits of one answer one is right. Called through <see cref="SecondFactors"/>, which limits guessing.
    /// </summary>
    ValueTask<bool> VerifyAsync(TenantTransaction tx, UserId user, string answer, CancellationToken ct);

    /// <summary>What its attempts are counted by: their own buckets, so that guessing at one does not shut the other.</summary>
    string Counters => "second";

    /// <summary>Counts an attempt at what was sent in one run, before it is looked at; false when there is nothing to be right about.</summary>
    ValueTask<bool> BeginAsync(TenantTransaction tx, UserId user, Guid run, CancellationToken ct) => ValueTask.FromResult(true);

    /// <summary>As <see cref="VerifyAsync(TenantTransaction, UserId, string, CancellationToken)"/>; what was sent in another run than this is wrong.</summary>
    ValueTask<bool> VerifyAsync(TenantTransaction tx, UserId user, string answer, Guid run, CancellationToken ct) => VerifyAsync(tx, user, answer, ct);

    /// <summary>Removes what the user has of it.</summary>
    ValueTask RemoveAsync(TenantTransaction tx, UserId user, CancellationToken ct);
}

/// <summary>What a user has of one authenticator.</summary>
/// <param name="Left">How often it can still be used; null: without end.</param>
public sealed record AuthenticatorState(string Name, DateTimeOffset Since, DateTimeOffset? LastUsedAt, int? Left);
