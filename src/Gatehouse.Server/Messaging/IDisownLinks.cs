using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Messaging;

/// <summary>
/// Makes the link in a notice by which its reader says that it was not her. A seam, since what the link does belongs to a later room
/// (Credentials), and every notice must have one whoever queues it.
/// </summary>
public interface IDisownLinks
{
    /// <returns>An absolute address, of no use but to the holder of the mailbox that the notice goes to.</returns>
    ValueTask<string> IssueAsync(TenantTransaction tx, TenantContext tenant, UserId about, Mail notice, CancellationToken ct);
}
