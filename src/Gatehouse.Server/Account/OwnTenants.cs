using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Organizations.Domains;
using Gatehouse.Pages;
using Gatehouse.Subtenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Account;

/// <summary><c>GET /account/tenants</c>, <c>POST …/register</c>, <c>…/verify</c>, <c>…/withdraw</c>: tenants of my own, where this one allows them.</summary>
internal static class OwnTenants
{
    internal const string Path = "/account/tenants", RegisterPath = Path + "/register", VerifyPath = Path + "/verify", WithdrawPath = Path + "/withdraw";

    internal static void Map(IEndpointRouteBuilder account)
    {
        account.MapGet("/tenants", ShowAsync);
        account.MapPost("/tenants/register", RegisterAsync);
        account.MapPost("/tenants/verify", VerifyAsync);
        account.MapPost("/tenants/withdraw", WithdrawAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TenantContext tenant, Visitors visitors, MyTenants mine, CancellationToken ct) =>
        (await visitors.FindAsync(http, tenant, Path, ct)).TryGet(out var visitor, out var signIn) ? await PageAsync(Own.Of(http, tenant, visitor), mine, TenantForm.Empty, null, ct) : signIn;

    private static async Task<IResult> RegisterAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyTenants mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        var typed = new TenantForm(sent["display_name"], sent["slug"], sent["domain"]);
        return (await mine.RegisterAsync(sent.Me, typed.Slug, typed.Name, typed.Domain, ct)).TryGet(out _, out var problem) ? new SeeOther(tenant.PathBase + Path) : await PageAsync(sent.Me, mine, typed, problem, ct);
    }

    private static async Task<IResult> VerifyAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyTenants mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        return (await mine.VerifyDomainAsync(sent.Me, sent["registration"], ct)).TryGet(out _, out var problem) || problem.Status == StatusCodes.Status404NotFound
            ? new SeeOther(tenant.PathBase + Path) : await PageAsync(sent.Me, mine, TenantForm.Empty, problem with { Field = null }, ct);
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, TenantContext tenant, OwnForms forms, MyTenants mine, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, Path, ct)).TryGet(out var sent, out var elsewhere)) return elsewhere;
        // One that is over, or not hers: the list tells what is true now.
        await mine.WithdrawAsync(sent.Me, sent["registration"], ct);
        return new SeeOther(tenant.PathBase + Path);
    }

    private static async ValueTask<IResult> PageAsync(Own me, MyTenants mine, TenantForm typed, Problem? problem, CancellationToken ct) =>
        PageResult.Of<TenantsPage, TenantsModel>(new(me.Visitor.Name, me.Tenant.Settings.Subtenants.IsOpen, me.Tenant.Settings.Subtenants.DomainProof, typed, problem,
            [.. (await mine.ListAsync(me, ct)).Select(o => new TenantLine(o.Registration, o.Issuer, o.Registration.Domain is { } d && o.Registration.DomainToken is { } t ? new(DomainProofs.RecordName(d), DomainProofs.Value(t)) : null))]),
            new PageOptions(problem?.Status ?? 200));
}

public sealed record TenantForm(string Name, string Slug, string Domain)
{
    internal static TenantForm Empty { get; } = new("", "", "");
}

/// <param name="Issuer">Where it is reached; null before it is there, and after.</param>
public sealed record TenantLine(TenantRegistration Registration, string? Issuer, DomainRecord? Record);

/// <summary>The TXT record that proves a domain.</summary>
public sealed record DomainRecord(string Name, string Value);

/// <param name="Open">Whether tenants can be registered here.</param>
/// <param name="NeedsDomain">Whether a domain is asked of each.</param>
public sealed record TenantsModel(string Name, bool Open, bool NeedsDomain, TenantForm Typed, Problem? Problem, IReadOnlyList<TenantLine> Tenants);
