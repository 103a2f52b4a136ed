using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.Audit;

/// <summary>
/// Makes what the audit tells of a person unreadable for ever, by destroying her key. What happened stays, under her id, which then names
/// nobody; the chain stays whole.
/// </summary>
public sealed class AuditErasure
{
    private readonly IDatabase database;
    private readonly AuditSealer sealer;
    private readonly PersonKeys persons;
    private readonly AuditLog audit;

    internal AuditErasure(IDatabase database, AuditSealer sealer, PersonKeys persons, AuditLog audit) => (this.database, this.sealer, this.persons, this.audit) = (database, sealer, persons, audit);

    /// <returns>Whether there was anything to erase; or 409 <c>audit_on_hold</c>.</returns>
    public async Task<Result<ErasedPerson, Problem>> EraseAsync(TenantId tenant, UserId person, AuditActor actor, RequestFacts facts, CancellationToken ct)
    {
        // What is still on its way would be sealed under a new key.
        await sealer.SealAllAsync(tenant, ct);
        await using var tx = await database.BeginAsync(tenant, ct);
        await AuditStore.LockHeadAsync(tx, ct);
        if (await RetentionStore.IsHeldAsync(tx, person.ToString(), ct))
            return Problem.Conflict("audit_on_hold", "A legal hold keeps what the audit tells of this person. Release it first.");
        var had = await persons.DestroyAsync(tx, person.ToString(), ct);
        await facts.JoinAsync(tx, ct);
        await sealer.AppendNowAsync(tx, audit.Row(new("audit.person_erased", AuditOutcome.Success, actor, "user", person.ToString(), facts)), ct);
        await tx.CommitAsync(ct);
        return new ErasedPerson(person, had);
    }
}

/// <param name="Erased">False: the audit told nothing of her.</param>
public sealed record ErasedPerson(UserId Person, bool Erased);
