using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Account;

/// <summary>Who does something to her own account, and from where: what every operation of this room begins with, whether a page or the API calls it.</summary>
internal sealed record Own(TenantContext Tenant, Visitor Visitor, RequestFacts Request, string Language)
{
    /// <summary>Hash of the device cookie, if the browser has one: what is typed in a browser of hers is counted apart from what strangers guess.</summary>
    internal byte[]? Device { get; private init; }

    internal UserId Id => Visitor.User.Id;

    /// <summary>As whom she gives something away on a page of ours, where nothing bounds her but what she holds; a caller of the API brings its own bounds.</summary>
    internal Caller InPerson => new(Tenant.Id, "user", Id.ToString()) { Scopes = Scopes.All };

    internal static Own Of(HttpContext http, TenantContext tenant, Visitor visitor) =>
        new(tenant, visitor, RequestFacts.Of(http), visitor.User.Locale ?? LocaleChoice.For(http, tenant).Tag) { Device = DeviceCookie.Hash(http, tenant) };

    /// <summary>Lets handlers of the account API ask for it by parameter: the guard has found the visitor before.</summary>
    public static ValueTask<Own?> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<Visitor>() is { } visitor && http.Features.Get<TenantContext>() is { } tenant ? Of(http, tenant, visitor) : null);

    /// <summary>An entry of something she did to herself.</summary>
    internal AuditEntry Entry(string action) => Entry(action, "user", Id.ToString());

    internal AuditEntry Entry(string action, string targetKind, string targetId) =>
        new(action, AuditOutcome.Success, AuditActor.User(Id), targetKind, targetId, Request);
}
