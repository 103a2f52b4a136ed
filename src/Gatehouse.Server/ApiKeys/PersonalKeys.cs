using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Events;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;

namespace Gatehouse.ApiKeys;

/// <summary>A person's key as she sees it: never its secret.</summary>
/// <param name="Prefix">The beginning of its secret.</param>
/// <param name="Scopes">The most it may do.</param>
/// <param name="AllowedAddresses">Networks from which it may be used; none: from everywhere.</param>
/// <param name="LastUsedAt">To within a minute or so; null: never.</param>
public sealed record PersonalKey(ApiKeyId Id, string Name, string Prefix, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedAddresses, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, string? LastUsedFrom,
    DateTimeOffset CreatedAt);

/// <summary>One just made.</summary>
/// <param name="Secret">Shown this once; only its hash is kept.</param>
public sealed record IssuedPersonalKey(PersonalKey Key, string Secret);

/// <summary>What a person asks for.</summary>
/// <param name="ExpiresAt">Null: after the longest life the tenant allows.</param>
public sealed record WantedKey(string? Name, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? AllowedAddresses, DateTimeOffset? ExpiresAt);

/// <summary>
/// A person's own keys, for the room in which she manages them herself. She makes one by the permission that the management API asks of her for it, and it never has
/// what she does not hold while she makes it. She takes hers away whatever she holds.
/// </summary>
public sealed class PersonalKeys
{
    private readonly IDatabase database;
    private readonly CreateKey.Making making;
    private readonly KeyAuthority authority;
    private readonly AuditLog audit;
    private readonly EventOutbox events;
    private readonly TimeProvider clock;

    internal PersonalKeys(IDatabase database, CreateKey.Making making, KeyAuthority authority, AuditLog audit, EventOutbox events, TimeProvider clock) =>
        (this.database, this.making, this.authority, this.audit, this.events, this.clock) = (database, making, authority, audit, events, clock);

    /// <summary>Those that are good, newest first: as many as one owner may have.</summary>
    public async ValueTask<IReadOnlyList<PersonalKey>> ListAsync(TenantId tenant, UserId person, CancellationToken ct)
    {
        await using var tx = await database.ReadAsync(tenant, ct);
        return [.. (await ApiKeyStore.ListLiveAsync(tx, OwnerOf(person), clock.Now(), ct)).AsEnumerable().Reverse().Select(k => new PersonalKey(k.Id, k.Name, k.Prefix, k.Scopes, k.AllowedAddresses, k.ExpiresAt, k.LastUsedAt, k.LastUsedFrom, k.CreatedAt))];
    }

    /// <summary>What she may let a key of hers do now, in ordinal order; null: she may make none, or not here (<see cref="ApiKeySettings.InAccount"/>).</summary>
    public async ValueTask<IReadOnlyList<string>?> FindOfferAsync(TenantContext tenant, UserId person, CancellationToken ct)
    {
        if (!tenant.Settings.ApiKeys.InAccount) return null;
        await using var tx = await database.ReadAsync(tenant.Id, ct);
        return await authority.FindOfferAsync(tx, person, ct);
    }

    /// <param name="caller">She, with what her token or her session carries.</param>
    /// <returns>The key; 403 <c>own_api_keys_closed</c>, <c>scope_escalation</c>, <c>permission_escalation</c>; 409 <c>api_keys_too_many</c>; 422 <c>name_invalid</c>, <c>scopes_invalid</c>,
    /// <c>scope_unknown</c>, <c>addresses_invalid</c>, <c>expires_at_invalid</c>.</returns>
    public async ValueTask<Result<IssuedPersonalKey, Problem>> MakeAsync(TenantContext tenant, UserId person, WantedKey wanted, Caller caller, RequestFacts facts, CancellationToken ct)
    {
        if (await FindOfferAsync(tenant, person, ct) is not { } offered) return Closed;
        var request = new CreateKey.OrganizationRequest(wanted.Name, [.. wanted.Scopes ?? []], null, [.. wanted.AllowedAddresses ?? []], wanted.ExpiresAt);
        if (!(await making.MakeAsync(OwnerOf(person), request, tenant, caller, facts, ct, offered)).TryGet(out var made, out var problem)) return problem;
        var key = made.Key;
        return new IssuedPersonalKey(new(key.Id, key.Name, key.Prefix, key.Scopes, key.AllowedAddresses, key.ExpiresAt, null, null, key.CreatedAt), made.Secret);
    }

    /// <returns>Null when it works no more; 404 <c>api_key_not_found</c>, also for somebody else's; 409 <c>api_key_ended</c>.</returns>
    public async ValueTask<Problem?> RevokeAsync(TenantId tenant, UserId person, ApiKeyId id, RequestFacts facts, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant, ct);
        if (await ApiKeyStore.FindAsync(tx, id, ct) is not { } key || key.Owner != OwnerOf(person)) return KeyProblems.NotFound;
        if (!await RevokeKey.RevokeAsync(tx, key, authority, audit, events, AuditActor.User(person), facts, clock.Now(), null, ct)) return KeyProblems.Ended;
        await tx.CommitAsync(ct);
        return null;
    }

    private static KeyOwner OwnerOf(UserId person) => new(KeyOwnerKind.User, person.Value);

    private static Problem Closed { get; } = Problem.Forbidden("own_api_keys_closed", "You may not make API keys here. Ask an administrator.");
}
