using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.OAuth;
using Gatehouse.Organizations;
using Gatehouse.Organizations.Domains;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;

namespace Gatehouse.Storage.Tests;

/// <summary>Every method of <see cref="OrganizationStore"/> and <see cref="MemberStore"/>: tenant one owns the rows; tenant two asks.</summary>
public sealed class OrganizationStoreIsolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    internal static async Task<UserId> NewUserAsync(TestStorage storage, TenantId tenant, string address)
    {
        var now = storage.Clock.Now();
        var user = new User(UserId.New(storage.Clock), UserStatus.Active, null, null, null, null, [new UserEmail(EmailId.New(storage.Clock), address, address, true, true)], "{}", 1, now, now);
        (await storage.InAsync(tenant, tx => UserStore.TryInsertAsync(tx, user, None))).ShouldBeTrue();
        return user.Id;
    }

    internal static async Task<Organization> NewOrganizationAsync(TestStorage storage, TenantId tenant, string slug)
    {
        var now = storage.Clock.Now();
        var made = new Organization(OrganizationId.New(storage.Clock), slug, $"The {slug}", OrganizationStatus.Active, """{"a":1}""", 1, now, now);
        (await storage.InAsync(tenant, tx => OrganizationStore.TryInsertAsync(tx, made, None))).ShouldBeTrue();
        return made;
    }

    [Theory, BothDatabases]
    public async Task Organizations_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var acme = await NewOrganizationAsync(storage, storage.One, "acme");
        await NewOrganizationAsync(storage, storage.Two, "acme");
        var now = storage.Clock.Now();
        (await storage.InAsync(storage.Two, tx => OrganizationStore.FindAsync(tx, acme.Id, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => OrganizationStore.FindBySlugAsync(tx, "acme", None)))!.Id.ShouldNotBe(acme.Id);
        foreach (var status in (OrganizationStatus?[])[null, OrganizationStatus.Active])
            foreach (var search in (string?[])[null, "the a"])
                (await storage.InAsync(storage.Two, tx => OrganizationStore.ListAsync(tx, search, status, null, 10, None))).ShouldNotContain(o => o.Id == acme.Id);
        (await storage.InAsync(storage.Two, tx => OrganizationStore.TryUpdateAsync(tx, acme with { Slug = "mine" }, now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => OrganizationStore.HoldAsync(tx, acme.Id, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => OrganizationStore.DeleteAsync(tx, acme.Id, 1, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => OrganizationStore.FindAsync(tx, acme.Id, None))).ShouldNotBeNull().Slug.ShouldBe("acme");
        (await storage.InAsync(storage.One, tx => OrganizationStore.ListAsync(tx, "acm", OrganizationStatus.Active, null, 10, None))).ShouldHaveSingleItem();
        (await storage.InAsync(storage.One, tx => OrganizationStore.TryUpdateAsync(tx, acme with { Slug = "ours" }, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => OrganizationStore.HoldAsync(tx, acme.Id, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => OrganizationStore.DeleteAsync(tx, acme.Id, 2, None))).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Members_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var acme = await NewOrganizationAsync(storage, storage.One, "acme");
        var (ann, eve) = (await NewUserAsync(storage, storage.One, "ann@example.com"), await NewUserAsync(storage, storage.Two, "eve@example.com"));
        var now = storage.Clock.Now();
        (await storage.InAsync(storage.One, tx => MemberStore.TryInsertAsync(tx, acme.Id, ann, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => MemberStore.TryInsertAsync(tx, acme.Id, ann, now, None))).ShouldBeFalse();
        // Both references carry the tenant: neither another tenant's user nor another tenant's organization.
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.One, tx => MemberStore.TryInsertAsync(tx, acme.Id, eve, now, None)));
        await Should.ThrowAsync<System.Data.Common.DbException>(() => storage.InAsync(storage.Two, tx => MemberStore.TryInsertAsync(tx, acme.Id, eve, now, None)));

        (await storage.InAsync(storage.Two, tx => MemberStore.FindAsync(tx, acme.Id, ann, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => MemberStore.FindActiveAsync(tx, acme.Id, ann, None))).ShouldBeNull();
        (await storage.InAsync(storage.Two, tx => MemberStore.ListAsync(tx, acme.Id, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => MemberStore.ListOldestAsync(tx, acme.Id, null, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => MemberStore.ListOfUserAsync(tx, ann, 10, None))).ShouldBeEmpty();
        (await storage.InAsync(storage.Two, tx => MemberStore.CountOfUserAsync(tx, ann, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => MemberStore.CountAsync(tx, acme.Id, None))).ShouldBe(0);
        (await storage.InAsync(storage.Two, tx => MemberStore.DeleteAsync(tx, acme.Id, ann, None))).ShouldBeFalse();
        (await storage.InAsync(storage.Two, tx => MemberStore.DeleteOfUserAsync(tx, ann, None))).ShouldBeEmpty();

        (await storage.InAsync(storage.One, tx => MemberStore.FindActiveAsync(tx, acme.Id, ann, None))).ShouldNotBeNull().Slug.ShouldBe("acme");
        (await storage.InAsync(storage.One, tx => MemberStore.ListAsync(tx, acme.Id, null, 10, None))).ShouldHaveSingleItem().UserId.ShouldBe(ann);
        (await storage.InAsync(storage.One, tx => MemberStore.CountAsync(tx, acme.Id, None))).ShouldBe(1);
        (await storage.InAsync(storage.One, tx => MemberStore.DeleteOfUserAsync(tx, ann, None))).ShouldBe([acme.Id]);
    }

    [Theory, BothDatabases]
    public async Task What_sessions_and_grants_hold_of_an_organization_stays_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var (organization, user, now) = (OrganizationId.New(storage.Clock), UserId.New(storage.Clock), storage.Clock.Now());
        var live = LiveSince.At(now, new SessionSettings());
        var session = new Session(SessionId.New(storage.Clock), user, now, now, now, now.AddDays(1), ["pwd"], "192.0.2.1", "agent") { OrganizationId = organization };
        var grant = new Grant(GrantId.New(storage.Clock), ClientId.New(storage.Clock), user, session.Id, ["openid"], [], now, ["pwd"], now, now.AddDays(1), 0, null) { OrganizationId = organization };
        await storage.InAsync(storage.One, async tx => { await SessionStore.InsertAsync(tx, session, Secret.Hash("s"), None); await GrantStore.InsertAsync(tx, grant, None); return true; });
        await storage.InAsync(storage.Two, async tx =>
        {
            (await SessionStore.ChooseAsync(tx, session.Id, user, null, None)).ShouldBeFalse();
            await SessionStore.LeaveAsync(tx, organization, user, None);
            await SessionStore.LeaveAsync(tx, organization, None);
            (await GrantStore.FindOrganizationAsync(tx, grant.Id, user, None)).ShouldBeNull();
            (await GrantStore.RevokeOfMemberAsync(tx, organization, user, "eve", now, None)).ShouldBeEmpty();
            (await GrantStore.RevokeOfOrganizationAsync(tx, organization, "eve", now, None)).ShouldBeEmpty();
            return true;
        });
        await storage.InAsync(storage.One, async tx =>
        {
            (await SessionStore.FindAsync(tx, session.Id, live, None))!.OrganizationId.ShouldBe(organization);
            (await SessionStore.ChooseAsync(tx, session.Id, UserId.New(storage.Clock), null, None)).ShouldBeFalse("somebody else's");
            (await GrantStore.FindOrganizationAsync(tx, grant.Id, user, None)).ShouldBe(organization);
            (await GrantStore.FindOrganizationAsync(tx, grant.Id, UserId.New(storage.Clock), None)).ShouldBeNull();
            (await GrantStore.RevokeOfMemberAsync(tx, organization, user, "left", now, None)).ShouldBe([grant.Id]);
            (await GrantStore.RevokeOfOrganizationAsync(tx, organization, "left", now, None)).ShouldBeEmpty("over already");
            await SessionStore.LeaveAsync(tx, organization, user, None);
            (await SessionStore.FindAsync(tx, session.Id, live, None))!.OrganizationId.ShouldBeNull();
            return true;
        });
    }

    [Theory, BothDatabases]
    public async Task Domains_and_requests_stay_in_the_tenant(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database);
        var acme = await NewOrganizationAsync(storage, storage.One, "acme");
        var theirs = await NewOrganizationAsync(storage, storage.Two, "acme");
        var ann = await NewUserAsync(storage, storage.One, "ann@example.com");
        var now = storage.Clock.Now();
        (await storage.InAsync(storage.One, tx => DomainStore.TryInsertAsync(tx, acme.Id, "acme.example", "token", now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => DomainStore.TryInsertAsync(tx, acme.Id, "acme.example", "token", now, None))).ShouldBeFalse();
        (await storage.InAsync(storage.One, tx => RequestStore.TryInsertAsync(tx, acme.Id, ann, now, None))).ShouldBeTrue();
        var claim = (await storage.InAsync(storage.One, tx => DomainStore.FindAsync(tx, acme.Id, "acme.example", None)))!;
        (await storage.InAsync(storage.One, tx => DomainStore.FoundAsync(tx, claim, "dns", now, now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.One, tx => DomainStore.TryOwnAsync(tx, acme.Id, "acme.example", None))).ShouldBeTrue();
        await storage.InAsync(storage.Two, async tx =>
        {
            (await DomainStore.FindAsync(tx, acme.Id, "acme.example", None)).ShouldBeNull();
            (await DomainStore.ListAsync(tx, acme.Id, 10, None)).ShouldBeEmpty();
            (await DomainStore.ListDueAsync(tx, now.AddDays(1), 10, None)).ShouldBeEmpty();
            (await DomainStore.FindOwnerAsync(tx, "acme.example", None)).ShouldBeNull();
            (await DomainStore.FoundAsync(tx, claim, "eve", now, now, None)).ShouldBeFalse();
            (await DomainStore.MissedAsync(tx, claim, now, now, None)).ShouldBeFalse();
            (await DomainStore.LostAsync(tx, claim, None)).ShouldBeFalse();
            (await DomainStore.TryClaimAsync(tx, claim, now.AddDays(1), now, None)).ShouldBeFalse();
            (await DomainStore.DeleteAsync(tx, acme.Id, "acme.example", None)).ShouldBeFalse();
            (await RequestStore.ListAsync(tx, acme.Id, null, 10, None)).ShouldBeEmpty();
            (await RequestStore.DeleteAsync(tx, acme.Id, ann, None)).ShouldBeFalse();
            return true;
        });
        // The same domain is another tenant's too, by a claim of its own.
        (await storage.InAsync(storage.Two, tx => DomainStore.TryInsertAsync(tx, theirs.Id, "acme.example", "token", now, None))).ShouldBeTrue();
        (await storage.InAsync(storage.Two, tx => DomainStore.TryOwnAsync(tx, theirs.Id, "acme.example", None))).ShouldBeTrue();
        await using (var system = await storage.System.ReadAsync(None)) (await DomainStore.FindDueTenantsAsync(system, now.AddDays(1), None)).ShouldBe([storage.One]);
        await storage.InAsync(storage.One, async tx =>
        {
            (await DomainStore.FindOwnerAsync(tx, "acme.example", None)).ShouldBe(acme.Id);
            (await DomainStore.ListDueAsync(tx, now.AddDays(1), 10, None)).ShouldHaveSingleItem().Method.ShouldBe("dns");
            (await DomainStore.TryClaimAsync(tx, claim, now.AddDays(1), now.AddDays(2), None)).ShouldBeTrue();
            (await DomainStore.TryClaimAsync(tx, claim, now.AddDays(1), now.AddDays(2), None)).ShouldBeFalse("claimed");
            (await DomainStore.LostAsync(tx, claim, None)).ShouldBeTrue();
            (await DomainStore.FindOwnerAsync(tx, "acme.example", None)).ShouldBeNull();
            (await RequestStore.ListAsync(tx, acme.Id, null, 10, None)).ShouldHaveSingleItem().UserId.ShouldBe(ann);
            return true;
        });
    }
}
