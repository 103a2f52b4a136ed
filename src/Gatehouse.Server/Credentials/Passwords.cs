using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Credentials;

public enum PasswordVerdict { Right, Wrong, Throttled }

/// <summary>Setting and checking passwords; the only room that ever sees one.</summary>
public sealed class Passwords
{
    /// <summary>Whether the tenant's policy accepts it.</summary>
    /// <returns>Null when it does; else <c>password_too_short</c>, <c>password_too_long</c>, <c>password_common</c>, <c>password_too_simple</c>.</returns>
    public Problem? CheckPolicy(TenantContext tenant, string password, string? email) => throw new NotImplementedException();

    /// <summary>Hashes outside any transaction: takes milliseconds and waits its turn at the gate.</summary>
    /// <returns>A PHC string for <see cref="SetAsync"/>; or 503 <c>busy</c> when too many already wait.</returns>
    public ValueTask<Result<string, Problem>> HashAsync(string password, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask SetAsync(TenantTransaction tx, UserId user, string phc, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>
    /// Checks a password with the same work, limits and answer whether or not the user exists (<paramref name="user"/> null). Counts
    /// failures per IP, user and tenant; a device that signed in as this user before has its own, separate allowance, so that nobody
    /// can lock her out of it. Rehashes when parameters have risen.
    /// </summary>
    /// <param name="identifier">The normalised address that was typed: the key of the counters where there is no user.</param>
    /// <param name="device">Hash of the browser's device cookie, or null.</param>
    public ValueTask<PasswordVerdict> VerifyAsync(TenantContext tenant, User? user, string identifier, string password, byte[]? device, RequestFacts request, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Remembers that this device has signed in as this user.</summary>
    public ValueTask RememberDeviceAsync(TenantTransaction tx, UserId user, byte[] device, CancellationToken ct) => throw new NotImplementedException();
}
