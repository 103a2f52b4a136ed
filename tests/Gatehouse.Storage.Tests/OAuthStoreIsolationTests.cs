using Gatehouse.Applications;
using Gatehouse.Kernel;
using Gatehouse.OAuth;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of the OAuth room's stores: tenant one owns the rows; tenant two asks with everything it could have learnt.</summary>
public sealed class OAuthStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] CodeHash = Secret.Hash("code"), TokenHash = Secret.Hash("token");

    private static async Task<Grant> GrantAsync(TestStorage storage)
    {
        var now = storage.Clock.Now();
        var grant = new Grant(GrantId.New(storage.Clock), ClientId.New(storage.Clock), UserId.New(storage.Clock), SessionId.New(storage.Clock), ["openid", "email"],
            ["https://orders.example.com/"], now, ["pwd"], now, now.AddDays(1), 0, null);
        await storage.InAsync(storage.One, async tx =>
        {
            await GrantStore.InsertAsync(tx, grant, None);
            await GrantStore.InsertCodeAsync(tx, CodeHash, new AuthorizationCode(grant, "https://app.example.com/cb", "challenge", "nonce", now.AddSeconds(30), null), None);
            await RefreshTokenStore.InsertAsync(tx, TokenHash, grant.Id, 1, now, now.AddHours(1), None);
            return true;
        });
        return grant;
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_neither_finds_nor_changes_grants_codes_and_tokens(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var grant = await GrantAsync(storage);
        var now = storage.Clock.Now();
        await storage.InAsync(storage.Two, async tx =>
        {
            (await GrantStore.FindCodeAsync(tx, CodeHash, None)).ShouldBeNull();
            (await GrantStore.RedeemCodeAsync(tx, CodeHash, now, None)).ShouldBeFalse();
            (await GrantStore.BeginAsync(tx, grant.Id, now, now.AddDays(1), None)).ShouldBeFalse();
            (await GrantStore.RevokeAsync(tx, grant.Id, "eve", now, None)).ShouldBeFalse();
            (await GrantStore.RevokeOfSessionAsync(tx, grant.SessionId, "eve", now, None)).ShouldBeEmpty();
            (await GrantStore.RevokeOfUserAsync(tx, grant.UserId, null, "eve", now, None)).ShouldBeEmpty();
            (await GrantStore.RevokeOfUserAndClientAsync(tx, grant.UserId, grant.ClientId, "eve", now, None)).ShouldBeEmpty();
            (await GrantStore.RevokeOfClientAsync(tx, grant.ClientId, "eve", now, None)).ShouldBeEmpty();
            (await RefreshTokenStore.FindAsync(tx, TokenHash, None)).ShouldBeNull();
            (await RefreshTokenStore.RotateAsync(tx, grant.Id, 0, now, None)).ShouldBeFalse();
            (await RefreshTokenStore.RepeatAsync(tx, grant.Id, -1, now, now.AddDays(-1), now.AddDays(1), None)).ShouldBeFalse();
            (await RefreshTokenStore.FindRotationAsync(tx, grant.Id, -1, None)).ShouldBeNull();
            return true;
        });

        await storage.InAsync(storage.One, async tx =>
        {
            var code = (await GrantStore.FindCodeAsync(tx, CodeHash, None)).ShouldNotBeNull();
            (code.RedirectUri, code.Challenge, code.Nonce, code.RedeemedAt).ShouldBe(("https://app.example.com/cb", "challenge", "nonce", null));
            code.Grant.Scopes.ShouldBe(grant.Scopes);
            code.Grant.RevokedAt.ShouldBeNull();
            (await GrantStore.RedeemCodeAsync(tx, CodeHash, now, None)).ShouldBeTrue();
            (await GrantStore.RedeemCodeAsync(tx, CodeHash, now, None)).ShouldBeFalse();
            (await GrantStore.BeginAsync(tx, grant.Id, now, now.AddDays(1), None)).ShouldBeTrue();
            (await RefreshTokenStore.RotateAsync(tx, grant.Id, 1, now, None)).ShouldBeTrue();
            (await RefreshTokenStore.RotateAsync(tx, grant.Id, 1, now, None)).ShouldBeFalse();
            (await RefreshTokenStore.RepeatAsync(tx, grant.Id, 1, now, now, now, None)).ShouldBeTrue();
            (await RefreshTokenStore.RepeatAsync(tx, grant.Id, 1, now, now, now, None)).ShouldBeFalse();
            (await RefreshTokenStore.FindRotationAsync(tx, grant.Id, 1, None)).ShouldBe(now);
            (await GrantStore.RevokeOfUserAsync(tx, grant.UserId, null, "admin", now, None)).ShouldHaveSingleItem().ShouldBe(grant.Id);
            (await RefreshTokenStore.RotateAsync(tx, grant.Id, 2, now, None)).ShouldBeFalse();
            return true;
        });
    }

    [Theory, BothDatabases]
    public async Task Another_tenant_neither_finds_nor_changes_consents_and_denials(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var (user, client, interaction) = (UserId.New(storage.Clock), ClientId.New(storage.Clock), InteractionId.New(storage.Clock));
        await storage.InAsync(storage.One, async tx =>
        {
            await ConsentStore.GiveAsync(tx, user, client, ["email", "openid"], now, None);
            await ConsentStore.GiveAsync(tx, user, client, ["openid"], now, None);
            (await ConsentStore.AnswerAsync(tx, interaction, true, now, None)).ShouldBeTrue();
            (await ConsentStore.AnswerAsync(tx, interaction, false, now, None)).ShouldBeFalse();
            await DenialStore.InsertAsync(tx, "token", now.AddMinutes(1), None);
            return true;
        });
        await storage.InAsync(storage.Two, async tx =>
        {
            (await ConsentStore.ListScopesAsync(tx, user, client, None)).ShouldBeEmpty();
            (await ConsentStore.ListOfUserAsync(tx, user, None)).ShouldBeEmpty();
            (await ConsentStore.FindAnswerAsync(tx, interaction, None)).ShouldBeNull();
            (await ConsentStore.DeleteAsync(tx, user, client, None)).ShouldBeFalse();
            await ConsentStore.DeleteOfUserAsync(tx, user, None);
            await ConsentStore.DeleteOfClientAsync(tx, client, None);
            (await DenialStore.ListLiveAsync(tx, "", now, 10, None)).ShouldBeEmpty();
            return true;
        });
        await storage.InAsync(storage.One, async tx =>
        {
            (await ConsentStore.ListScopesAsync(tx, user, client, None)).ShouldBe(["email", "openid"]);
            (await ConsentStore.FindAnswerAsync(tx, interaction, None)).ShouldBe(true);
            (await DenialStore.ListLiveAsync(tx, "", now, 10, None)).ShouldHaveSingleItem().Id.ShouldBe("token");
            (await DenialStore.ListLiveAsync(tx, "", now.AddMinutes(1), 10, None)).ShouldBeEmpty();
            return true;
        });
    }

    [Theory, BothDatabases]
    public async Task An_assertion_is_used_up_in_its_own_tenant_only_and_forgotten_when_it_ends(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var now = storage.Clock.Now();
        var client = new Client(ClientId.New(storage.Clock), "Job", ClientType.Confidential, false, true, [], [], [], ["client_credentials"], [], "ES256", false, 1, now, now) { Keys = new("ES256", null, "https://keys.example.com/") };
        foreach (var tenant in (TenantId[])[storage.One, storage.Two]) await storage.InAsync(tenant, async tx => await ClientStore.InsertAsync(tx, client, None));
        Task<bool> UseAsync(TenantId tenant) => storage.InAsync(tenant, tx => ClientAssertions.TryUseAsync(tx, client.Id, "one", now.AddMinutes(1), None));
        (await UseAsync(storage.One)).ShouldBeTrue();
        (await UseAsync(storage.One)).ShouldBeFalse();
        (await UseAsync(storage.Two)).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => ClientStore.SetKeysAsync(tx, client, null, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => ClientStore.FindAsync(tx, client.Id, None)))!.Keys.ShouldBe(client.Keys);

        var prune = new PruneOAuth(storage.Database, null!, storage.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<PruneOAuth>.Instance);
        await prune.PruneAsync(storage.One, None);
        (await UseAsync(storage.One)).ShouldBeFalse();
        storage.Clock.Advance(TimeSpan.FromMinutes(2));
        await prune.PruneAsync(storage.One, None);
        (await UseAsync(storage.One)).ShouldBeTrue("nothing is left of it");
        (await UseAsync(storage.Two)).ShouldBeFalse("the other tenant's is its own");
    }

    [Theory, BothDatabases]
    public async Task Forgets_what_expired_a_day_ago_and_nothing_else(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var grant = await GrantAsync(storage);
        var prune = new PruneOAuth(storage.Database, null!, storage.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<PruneOAuth>.Instance);
        storage.Clock.Advance(TimeSpan.FromHours(23));
        await prune.PruneAsync(storage.One, None);
        (await storage.InAsync(storage.One, tx => GrantStore.FindCodeAsync(tx, CodeHash, None))).ShouldNotBeNull();
        storage.Clock.Advance(TimeSpan.FromHours(2));
        await prune.PruneAsync(storage.Two, None);
        (await storage.InAsync(storage.One, tx => GrantStore.FindCodeAsync(tx, CodeHash, None))).ShouldNotBeNull();
        await prune.PruneAsync(storage.One, None);
        (await storage.InAsync(storage.One, tx => GrantStore.FindCodeAsync(tx, CodeHash, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => RefreshTokenStore.FindAsync(tx, TokenHash, None))).ShouldBeNull();
        (await storage.InAsync(storage.One, tx => GrantStore.RevokeAsync(tx, grant.Id, "still there", storage.Clock.Now(), None))).ShouldBeTrue();
        storage.Clock.Advance(TimeSpan.FromDays(1));
        await prune.PruneAsync(storage.One, None);
        (await storage.InAsync(storage.One, tx => GrantStore.RevokeAsync(tx, grant.Id, "gone", storage.Clock.Now(), None))).ShouldBeFalse();
    }
}
