using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Account;

/// <summary>What a person sent by a form of her account's pages, and who she is.</summary>
internal sealed record OwnForm(PageForm Form, Own Me)
{
    internal string this[string name] => Form[name];

    internal IReadOnlyList<string> All(string name) => Form.All(name);
}

/// <summary>With what every form of the account's pages begins: it is one of ours, and she who sent it is let in.</summary>
internal sealed class OwnForms(Forms forms, Visitors visitors)
{
    /// <param name="page">Where she comes back to after signing in; the form is lost then.</param>
    /// <returns>What she sent; or what to answer instead, which handlers return unchanged.</returns>
    internal async ValueTask<Result<OwnForm, Elsewhere>> ReadAsync(HttpContext http, TenantContext tenant, string page, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant, ct)).TryGet(out var form, out var refusal)) return new Elsewhere(refusal);
        return (await visitors.FindAsync(http, tenant, page, ct)).TryGet(out var visitor, out var signIn) ? new OwnForm(form, Own.Of(http, tenant, visitor)) : signIn;
    }

    /// <summary>The same for what a stolen session must not be enough for (<see cref="Visitors.FindFreshAsync"/>).</summary>
    /// <param name="repeatable">Fields that may come more than once.</param>
    internal async ValueTask<Result<OwnForm, Elsewhere>> ReadFreshAsync(HttpContext http, TenantContext tenant, string page, CancellationToken ct, string[]? repeatable = null)
    {
        if (!(await forms.ReadAsync(http, tenant, ct, repeatable)).TryGet(out var form, out var refusal)) return new Elsewhere(refusal);
        return (await visitors.FindFreshAsync(http, tenant, page, ct)).TryGet(out var visitor, out var signIn) ? new OwnForm(form, Own.Of(http, tenant, visitor)) : signIn;
    }
}
