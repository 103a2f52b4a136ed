using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Flows.Definitions;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Organizations;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;

namespace Gatehouse.Account;

/// <summary>What this place knows of me, in one piece. Secrets are not among it: what proves who I am is not told, even to me.</summary>
internal sealed class MyData(IDatabase database, UserDirectory users, SessionDirectory sessions, TrustedDevices devices, Passkeys passkeys, SecondFactors factors, Passwords passwords, IConsentRecords consents,
    Roles roles, OrganizationDirectory organizations, FlowDirectory flows, MyEmails emails, MyPhones phones, MyActivity activity, RateLimit limits, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    private const int PerDay = 10, MaxActivities = 2000;

    /// <returns>All of it; 429 <c>data_too_often</c>.</returns>
    internal async ValueTask<Result<DataView, Problem>> GatherAsync(Own me, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(me.Tenant.Id, ct);
        if (!await limits.TryTakeAsync(tx, "data.user", me.Id.ToString(), PerDay, TimeSpan.FromDays(1), ct))
            return Problem.TooMany("data_too_often", $"Your data can be downloaded {PerDay} times a day. Try again tomorrow.");
        if (await users.FindAsync(tx, me.Id, ct) is not { } user) return ETags.Changed;
        var whole = new PageRequest(PageRequest.MaxLimit, null);
        var data = new DataView(clock.Now(), me.Tenant.Issuer, ProfileView.Of(me.Tenant, user), [.. user.Emails.Select(OwnEmailView.Of)], await emails.ListPendingAsync(tx, me.Id, ct),
            [.. user.Phones.Select(OwnPhoneView.Of)], await phones.ListPendingAsync(tx, me, ct),
            [.. (await sessions.ListAsync(tx, me.Tenant, me.Id, whole, ct)).Items.Select(s => OwnSessionView.Of(s, me.Visitor.Session.Id))],
            [.. (await devices.ListAsync(tx, me.Tenant, me.Id, ct)).Select(d => OwnDeviceView.Of(d, null))], await passwords.ChangedAtAsync(tx, me.Id, ct),
            [.. (await passkeys.ListAsync(tx, me.Id, ct)).Select(OwnPasskeyView.Of)],
            [.. (await factors.DescribeAsync(tx, me.Id, ct)).Select(TwoStepMethodView.Of)],
            [.. (await roles.ListAsync(tx, me.Id, ct)).Select(r => new RoleView(r.Role, r.GrantedAt))], await flows.ListAcceptedAsync(tx, me.Id, ct),
            [.. (await consents.ListAsync(tx, me.Id, ct)).Select(ConsentView.Of)],
            [.. (await organizations.ListOfUserAsync(tx, me.Id, ct)).Select(o => OwnOrganizationView.Of(new(o, o.Id == me.Visitor.Session.OrganizationId)))],
            await UserNotices.ListAsync(tx, me.Id, ct), await ActivitiesAsync(tx, me, whole, ct));
        await audit.AppendAsync(tx, me.Entry("user.data_downloaded"), ct);
        if (user.PrimaryEmail is { } email)
            await mailer.QueueAsync(tx, me.Tenant, new Mail(email.Address, "data_downloaded", me.Language, new Dictionary<string, string> { ["link"] = me.Tenant.Url(OwnActivity.Path) }) { About = me.Id }, ct);
        await tx.CommitAsync(ct);
        return data;
    }

    /// <summary>The newest two thousand: what is older stands in the paged list.</summary>
    private async ValueTask<IReadOnlyList<ActivityView>> ActivitiesAsync(TenantTransaction tx, Own me, PageRequest page, CancellationToken ct)
    {
        List<ActivityView> all = [];
        while (all.Count < MaxActivities)
        {
            var found = await activity.ListAsync(tx, me, page, ct);
            all.AddRange(found.Items.Select(ActivityView.Of));
            if (found.Next is null || !PageRequest.Parse("200", found.Next).TryGet(out var next, out _)) break;
            page = next;
        }
        return all;
    }
}
