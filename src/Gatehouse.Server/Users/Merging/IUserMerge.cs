using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Users.Merging;

/// <summary>Two accounts that become one.</summary>
/// <param name="Into">The one that stays.</param>
/// <param name="From">The one that goes: what nobody moves is deleted with it.</param>
public sealed record UserMerge(TenantContext Tenant, User Into, User From, Caller Caller, RequestFacts Facts);

/// <summary>
/// What a room keeps of a person that a merge moves to another account; asked in the order of the rooms, before the account goes. Nobody moves what proves who
/// somebody is: passwords, passkeys and second steps go with the account that had them. Whether the caller may is asked before: she holds all that both hold.
/// </summary>
public interface IUserMerge
{
    /// <summary>What is moved, as the answer names it: <c>memberships</c>.</summary>
    string Kind { get; }

    /// <returns>How many moved; a problem undoes the merge.</returns>
    ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct);
}
