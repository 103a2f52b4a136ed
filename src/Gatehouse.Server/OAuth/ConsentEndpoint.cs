using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Events;
using Gatehouse.Flows;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Messaging;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OAuth;

/// <summary>
/// <c>GET, POST /consent</c>: asks a person whether an application may have what it asks for. The answer is stored with the interaction; the
/// authorization endpoint acts on it.
/// </summary>
internal sealed class ConsentEndpoint(AuthorizeEndpoint authorize, ClientDirectory clients, SessionDirectory sessions, UserDirectory users, ConsentAnswers answers)
{
    internal async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        if (await FindAsync(http, tenant, ct) is not { } asked) return OAuthPages.Expired();
        if (!asked.IsHers) return Onward(tenant, asked.Interaction.Id);
        if (await clients.FindAsync(tenant.Id, asked.Request.ClientId, ct) is not { Enabled: true } client) return OAuthPages.Expired();
        var apis = await clients.ListApisAsync(tenant.Id, ct);
        return PageResult.Of<ConsentPage, ConsentModel>(new(asked.Interaction.Id, client.Name, asked.Account, new Uri(asked.Request.RedirectUri).Host, Describe(asked.Request, apis)),
            new PageOptions(UiLocales: asked.Request.UiLocales, Interaction: asked.Interaction.Id));
    }

    internal async Task<IResult> AnswerAsync(HttpContext http, TenantContext tenant, RequestFacts facts, Forms forms, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (await FindAsync(http, tenant, ct) is not { } asked) return OAuthPages.Expired();
        var decision = form["decision"];
        if (decision is not ("allow" or "deny")) return ErrorResult.Of(StatusCodes.Status400BadRequest, "form_invalid");
        if (asked.IsHers) await answers.KeepAsync(tenant, asked.Interaction, asked.Request, asked.Session!.UserId, decision == "allow", LocaleChoice.For(http, tenant).Tag, facts, ct);
        return new ContinueResult(tenant.Url($"/oauth2/authorize/continue?interaction={asked.Interaction.Id}"));
    }

    // To the judge: it knows what is to be done with a request whose session is another one now.
    private static SeeOther Onward(TenantContext tenant, InteractionId id) => new(tenant.Url($"/oauth2/authorize/continue?interaction={id}"));

    private async ValueTask<Asked?> FindAsync(HttpContext http, TenantContext tenant, CancellationToken ct)
    {
        var (interaction, request) = await authorize.FindAsync(http, tenant, ct);
        if (interaction is null || request is null) return null;
        var session = await sessions.FindCurrentAsync(http, tenant, ct);
        var account = "";
        if (session is not null)
        {
            await using var tx = await answers.Database.ReadAsync(tenant.Id, ct);
            var user = await users.FindAsync(tx, session.UserId, ct);
            account = user?.PrimaryEmail?.Address ?? user?.DisplayName ?? session.UserId.ToString();
        }
        return new(interaction, request, session, account);
    }

    private static List<ConsentItem> Describe(AuthorizeRequest request, IReadOnlyList<Api> apis)
    {
        var items = new List<ConsentItem>();
        foreach (var scope in request.Scopes)
        {
            var api = AccessTarget.IsIdentityScope(scope) ? null : AccessTargets.FindApi(apis, scope);
            items.Add(new(scope, api?.Name, api?.ScopeDescriptions.GetValueOrDefault(scope)));
        }
        return items;
    }

    /// <param name="Session">The browser's session of this moment.</param>
    private sealed record Asked(Interaction Interaction, AuthorizeRequest Request, Session? Session, string Account)
    {
        internal bool IsHers => Session is not null && Interaction.SessionId == Session.Id;
    }
}

/// <summary>Keeps what was answered: for this request, and where she allowed it for later ones.</summary>
internal sealed class ConsentAnswers(IDatabase database, UserDirectory users, ClientDirectory clients, EventOutbox events, Mailer mailer, AuditLog audit, TimeProvider clock)
{
    internal IDatabase Database => database;

    internal async ValueTask KeepAsync(TenantContext tenant, Interaction interaction, AuthorizeRequest request, UserId user, bool allowed, string language, RequestFacts facts, CancellationToken ct)
    {
        await using var tx = await database.BeginAsync(tenant.Id, ct);
        // The first answer stands; a second post of the same page changes nothing.
        if (!await ConsentStore.AnswerAsync(tx, interaction.Id, allowed, interaction.ExpiresAt, ct)) return;
        if (allowed)
        {
            await ConsentStore.GiveAsync(tx, user, request.ClientId, request.Scopes, clock.Now(), ct);
            await events.PublishAsync(tx, new ConsentGiven(user, request.ClientId, request.Scopes), ct);
            await audit.AppendAsync(tx, new AuditEntry("consent.given", AuditOutcome.Success, AuditActor.User(user), "client", request.ClientId.ToString(), facts,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["scope"] = string.Join(' ', request.Scopes) }), ct);
            await TellAsync(tx, tenant, user, request.ClientId, language, ct);
        }
        await tx.CommitAsync(ct);
    }

    /// <summary>A consent that somebody else gave in her name does not stay unseen, unless she does without the message.</summary>
    private async ValueTask TellAsync(TenantTransaction tx, TenantContext tenant, UserId id, ClientId client, string language, CancellationToken ct)
    {
        if (await users.FindAsync(tx, id, ct) is not { PrimaryEmail: { } email } user || await clients.FindAsync(tx, client, ct) is not { } application
            || !await UserNotices.WantsAsync(tx, id, UserNotices.ApplicationAllowed, ct)) return;
        await mailer.QueueAsync(tx, tenant, new Mail(email.Address, "application_allowed", user.Locale ?? language,
            new Dictionary<string, string> { ["link"] = tenant.Url("/account/applications"), ["name"] = application.Name }), ct);
    }
}

/// <summary>One line of the consent page.</summary>
/// <param name="Api">The API's name; null for OpenID Connect's own scopes.</param>
/// <param name="Description">The API owner's words; null where there are none.</param>
public sealed record ConsentItem(string Scope, string? Api, string? Description);

/// <param name="Account">Who is signed in.</param>
/// <param name="Host">Where she goes afterwards.</param>
public sealed record ConsentModel(InteractionId Interaction, string Application, string Account, string Host, IReadOnlyList<ConsentItem> Items);
