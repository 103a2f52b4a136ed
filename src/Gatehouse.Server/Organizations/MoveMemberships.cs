using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;

namespace Gatehouse.Organizations;

/// <summary>Who was a member with one of her accounts is one with the other.</summary>
internal sealed class MoveMemberships(OrganizationDirectory organizations) : IUserMerge
{
    public string Kind => "memberships";

    public async ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct)
    {
        var moved = 0;
        // In one order, as whoever holds several.
        foreach (var organization in (await organizations.ListOfUserAsync(tx, merge.From.Id, ct)).OrderBy(o => o.Id.Value))
        {
            if (await organizations.IsMemberAsync(tx, organization.Id, merge.Into.Id, ct)) continue;
            if (await organizations.AddMemberAsync(tx, organization.Id, merge.Into.Id, ct) is { } problem) return problem;
            moved++;
        }
        return moved;
    }
}
