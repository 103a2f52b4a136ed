using Gatehouse.Audit;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>My passkeys: what they are called, and which of them still open my account. Adding one needs a browser's page.</summary>
internal sealed class MyPasskeys(IDatabase database, Passkeys passkeys, Passwords passwords, UserDirectory users, Mailer mailer, AuditLog audit)
{
    internal async ValueTask<IReadOnlyList<Passkey>> ListAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(me.Tenant.Id, ct);
        return await passkeys.ListAsync(tx, me.Id, ct);
    }

    /// <returns>Null when it is done; 404 <c>passkey_not_found</c>; 422 <c>passkey_name_invalid</c>.</returns>
    internal async ValueTask<Problem?> RenameAsync(Own me, PasskeyId id, string? text, CancellationToken ct)
    {
        if (PasskeyName.Parse(text ?? "") is not { } name) return Problem.Invalid("passkey_name_invalid", $"A name has 1 to {PasskeyName.MaxLength} characters and no invisible ones.", "name");
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await passkeys.RenameAsync(tx, id, me.Id, name, ct)) return NotFound;
        await audit.AppendAsync(tx, me.Entry("passkey.renamed", "passkey", id.ToString()), ct);
        await tx.CommitAsync(ct);
        return null;
    }

    /// <returns>Null when it is done; 404 <c>passkey_not_found</c>; 409 <c>passkey_last</c>: without it and without a password she would have to reset one by mail to come back.</returns>
    internal async ValueTask<Problem?> RemoveAsync(Own me, PasskeyId id, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (await passkeys.RemoveAsync(tx, id, me.Id, ct) is not { } name) return NotFound;
        // Of two removals at once the second waits here, and then counts what the first has left. In the order of a sign-in: the passkey, then its user.
        if (!await users.HoldActiveAsync(tx, me.Id, ct)) return NotFound;
        if (await passwords.ChangedAtAsync(tx, me.Id, ct) is null && (await passkeys.ListAsync(tx, me.Id, ct)).Count == 0)
            return Problem.Conflict("passkey_last", "You sign in by this passkey alone. Set a password or add another passkey first.");
        await audit.AppendAsync(tx, me.Entry("passkey.removed", "passkey", id.ToString()), ct);
        await PasskeyNotice.QueueAsync(tx, mailer, me.Tenant, me.Visitor.User, PasskeyNotice.Removed, name, me.Language, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    internal static Problem NotFound { get; } = Problem.NotFound("passkey_not_found", "You have no such passkey.");
}
