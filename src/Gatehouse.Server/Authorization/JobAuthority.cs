using Gatehouse.Applications;
using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Authorization;

/// <summary>
/// A job goes on for as long as who started it could start it, and may do no more than she may at this moment: asked as <see cref="ManagementAccess"/> asks, in her own
/// tenant, which may stand above the one the job is in.
/// </summary>
internal sealed class JobAuthority(IDatabase database, UserDirectory users, ClientDirectory clients, Authority authority, TimeProvider clock) : IJobAuthority
{
    public async ValueTask<Caller?> FindAsync(Caller startedBy, TenantId actedOn, OrganizationId? organization, string permission, CancellationToken ct)
    {
        if (!startedBy.Scopes.Contains(permission, StringComparer.Ordinal)) return null;
        await using var tx = await database.ReadAsync(startedBy.HomeTenant, ct);
        if (await HolderAsync(tx, startedBy, permission, ct) is not { } holder) return null;
        // Of a key, also what was taken from its scopes meanwhile.
        if (startedBy.Kind == "api_key")
        {
            if (await FindKeyAsync(tx, startedBy, ct) is not { } key || !key.Scopes.Contains(permission, StringComparer.Ordinal)) return null;
            startedBy = startedBy with { Scopes = [.. startedBy.Scopes.Where(s => key.Scopes.Contains(s, StringComparer.Ordinal))] };
        }
        var book = await authority.BookAsync(startedBy.HomeTenant, ct);
        var held = await authority.HeldAsync(tx, holder, ct);
        var now = clock.GetUtcNow();
        if (actedOn != startedBy.HomeTenant)
            return ManagementAccess.Above(book, held, now) is { Count: > 0 } whole ? startedBy with { Permitted = startedBy.Scopes, Until = ManagementAccess.UntilOf(whole) } : null;
        Place place = organization is { } id ? new(id.Value, null, null) : default;
        return book.Graph.Permit(held, permission, place, now) ? startedBy with { Permitted = [.. startedBy.Scopes.Where(s => book.Graph.Permit(held, s, place, now))] } : null;
    }

    private async ValueTask<Holder?> HolderAsync(TenantTransaction tx, Caller caller, string permission, CancellationToken ct)
    {
        if (caller.Kind == "client")
            return ClientId.TryParse(caller.Id, out var client) && await clients.FindAsync(tx, client, ct) is { Enabled: true } found && found.Scopes.Contains(permission, StringComparer.Ordinal) ? Holder.Of(client) : null;
        if (caller.Kind == "api_key") return (await FindKeyAsync(tx, caller, ct))?.Holder;
        return UserId.TryParse(caller.Id, out var user) && await users.FindAsync(tx, user, ct) is { Status: UserStatus.Active } ? Holder.Of(user) : null;
    }

    private async ValueTask<KeyStanding?> FindKeyAsync(TenantTransaction tx, Caller caller, CancellationToken ct) =>
        ApiKeyId.TryParse(caller.Id, out var key) ? await authority.FindStandingAsync(tx, key, ct) : null;
}
