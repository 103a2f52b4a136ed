using Gatehouse.ApiKeys;
using Gatehouse.Authorization;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Account;

/// <summary>My API keys: what programs of mine act with in my name, as far as I may do the same.</summary>
internal sealed class MyKeys(PersonalKeys keys, Authority authority)
{
    internal ValueTask<IReadOnlyList<PersonalKey>> ListAsync(Own me, CancellationToken ct) => keys.ListAsync(me.Tenant.Id, me.Id, ct);

    /// <summary>Whether there is anything to see for her: keys, or that she may make some.</summary>
    internal async ValueTask<bool> AreThereAsync(Own me, CancellationToken ct) =>
        me.Tenant.Settings.ApiKeys.InAccount && await authority.PermitsAsync(me.Tenant.Id, me.Id, Scopes.ApiKeysWrite, ct) || (await ListAsync(me, ct)).Count > 0;

    /// <summary>What I may let a key do; null: I may make none.</summary>
    internal ValueTask<IReadOnlyList<string>?> FindOfferAsync(Own me, CancellationToken ct) => keys.FindOfferAsync(me.Tenant, me.Id, ct);

    /// <param name="caller">I, with what my token or my session carries: a key has no more.</param>
    /// <returns>The key with its secret; 403 <c>own_api_keys_closed</c>, <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>api_keys_too_many</c>; 422 <c>name_invalid</c>, <c>scopes_invalid</c>,
    /// <c>scope_unknown</c>, <c>addresses_invalid</c>, <c>expires_at_invalid</c>.</returns>
    internal ValueTask<Result<IssuedPersonalKey, Problem>> MakeAsync(Own me, Caller caller, WantedKey wanted, CancellationToken ct) => keys.MakeAsync(me.Tenant, me.Id, wanted, caller, me.Request, ct);

    /// <returns>Null when it works no more; 404 <c>api_key_not_found</c>, also for what is no key's id; 409 <c>api_key_ended</c>.</returns>
    internal ValueTask<Problem?> RevokeAsync(Own me, string? id, CancellationToken ct) => keys.RevokeAsync(me.Tenant.Id, me.Id, ApiKeyId.TryParse(id, out var key) ? key : default, me.Request, ct);
}
