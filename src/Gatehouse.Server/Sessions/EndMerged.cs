using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Users.Merging;

namespace Gatehouse.Sessions;

/// <summary>Who is signed in signs in again, as whom she is then; the sessions of the account that goes end with it.</summary>
internal sealed class EndMerged(SessionDirectory sessions) : IUserMerge
{
    public string Kind => "sessions_ended";

    public async ValueTask<Result<int, Problem>> MoveAsync(TenantTransaction tx, UserMerge merge, CancellationToken ct) =>
        await sessions.RevokeAllAsync(tx, merge.Into.Id, null, "merged", ct) + await sessions.RevokeAllAsync(tx, merge.From.Id, null, "merged", ct);
}
