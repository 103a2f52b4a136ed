using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Invitations;
using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SignIn;

/// <summary>
/// <c>GET, POST /invitation?token=…</c>: behind the link of an invitation. It makes nobody a member: whoever goes on from here signs in, or registers with the invited
/// address by a message that is sent there, and accepts in her account.
/// </summary>
internal sealed class InvitationLink(Forms forms, IDatabase database, InvitationDirectory invitations, OrganizationDirectory organizations, UserDirectory users, SessionDirectory sessions, Interactions interactions, SignUpRequest signUp)
{
    private const string AccountPath = "/account/organizations";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(InvitationDirectory.Path, static (HttpContext http, TenantContext tenant, InvitationLink self, CancellationToken ct) => self.ShowAsync(http, tenant, ct));
        pages.MapPost(InvitationDirectory.Path, static (HttpContext http, TenantContext tenant, RequestFacts request, InvitationLink self, CancellationToken ct) => self.GoOnAsync(http, tenant, request, ct));
    }

    private async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var token = http.Request.Query["token"].ToString();
        var session = await sessions.FindCurrentAsync(http, tenant, ct);
        await using var read = await database.ReadAsync(tenant.Id, ct);
        if (await FindAsync(read, token, ct) is not var (invitation, organization)) return Invalid();
        PageAccent.Set(http, organization.Settings.Accent);
        // Whoever sits here with another account is told before she goes on, and what she is told is her own name.
        var user = session is null ? null : await users.FindAsync(read, session.UserId, ct);
        var hers = user?.Emails.Any(e => string.Equals(e.Normalized, invitation.Normalized, StringComparison.Ordinal)) == true;
        var other = hers ? null : user?.PrimaryEmail?.Address ?? user?.DisplayName;
        return PageResult.Of<InvitationPage, InvitationModel>(new(token, organization.DisplayName, invitation.Email, invitation.ExpiresAt, hers, other), new PageOptions(200, [invitation.Locale]));
    }

    private async Task<IResult> GoOnAsync(HttpContext http, TenantContext tenant, RequestFacts request, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out _, out var refusal)) return refusal;
        var session = await sessions.FindCurrentAsync(http, tenant, ct);
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        if (await FindAsync(tx, http.Request.Query["token"].ToString(), ct) is not var (invitation, _) || !EmailAddress.Parse(invitation.Email).TryGet(out var address, out _)) return Invalid();
        InvitationCookie.Keep(http, tenant, http.Request.Query["token"].ToString());
        var owner = await users.FindByEmailAsync(tx, address, ct);
        if (owner is not null && session?.UserId == owner.Id) return SignInRun.SeeOther(tenant, AccountPath);
        if (owner is null)
        {
            // To the address itself, whoever sits here: the link alone proves no mailbox, since it may have been passed on.
            var sent = await signUp.SendAsync(tx, tenant, new SignUpDraft(address.Address, "", invitation.Locale, null), address, null, request, ct);
            if (sent == SignUpSent.TooMany) return MailBudget.Exhausted();
            await tx.CommitAsync(ct);
            return SignInRun.SeeOther(tenant, SignUpStep.SentPath);
        }
        if (!(await interactions.StartAsync(tx, tenant, http, "account", _ => AccountPath, "{}", new SignInDemand(Reauthenticate: session is not null, LoginHint: address.Address), ct)).TryGet(out var interaction, out var tooMany)) return tooMany;
        await tx.CommitAsync(ct);
        return new SeeOther(Interactions.SignInUrl(tenant, interaction.Id));
    }

    private async ValueTask<(Invitation Invitation, Organization Organization)?> FindAsync(TenantTransaction tx, string token, CancellationToken ct) =>
        await invitations.FindByTokenAsync(tx, token, ct) is { } invitation && await organizations.FindAsync(tx, invitation.OrganizationId, ct) is { Status: OrganizationStatus.Active } organization ? (invitation, organization) : null;

    private static PageResult Invalid() => PageResult.Of<InvitationInvalidPage, InvitationInvalidModel>(new(), new PageOptions(StatusCodes.Status400BadRequest));
}

/// <param name="Hers">Whom it was sent to is signed in here.</param>
/// <param name="SignedInAs">Who is signed in here, where that is not whom it was sent to; null: nobody, or she is.</param>
public sealed record InvitationModel(string Token, string Organization, string Email, DateTimeOffset ExpiresAt, bool Hers, string? SignedInAs);

/// <summary>Used, taken back, run out, never there: one page for all, for the link is all that is known of who asks.</summary>
public sealed record InvitationInvalidModel;
