using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Gatehouse.Setup;

/// <summary>
/// <c>GET, POST /setup?token=…</c>: names the tenant and makes its first administrator, who is signed in at once. The link's secret
/// stands in for an antiforgery token: another site cannot know it.
/// </summary>
internal static class SetupPages
{
    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(SetupLink.Path, ShowAsync).AllowNoTenant().ExcludeFromDescription();
        pages.MapPost(SetupLink.Path, SubmitAsync).AllowNoTenant().ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(HttpContext http, SetupLink link, CancellationToken ct)
    {
        string? token = http.Request.Query[SetupLink.TokenField];
        return await link.IsGoodAsync(token, ct) ? Show(new(token!, "", "", null), 200) : Invalid();
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, RequestFacts facts, Forms forms, SetupLink link, FirstRun firstRun,
        SessionDirectory sessions, IOptions<TenantOptions> options, CancellationToken ct)
    {
        if (!(await forms.ReadAsync(http, tenant: null, ct)).TryGet(out var form, out var refusal)) return refusal;
        if (!await link.IsGoodAsync(form[SetupLink.TokenField], ct)) return Invalid();
        var issuer = options.Value.Url.Length > 0 ? options.Value.Url : $"{http.Request.Scheme}://{HostText.Normalize(http.Request.Host.Value ?? "")}";
        string? secret = null;
        var result = await firstRun.RunAsync(new FirstRunRequest(issuer, form["display_name"], form["email"], form["password"]), facts,
            async (tx, made, stop) => (_, secret) = await sessions.StartAsync(tx, made.Tenant, made.Administrator.Id, ["pwd"], http, stop), ct);
        if (!result.TryGet(out var outcome, out var problem))
        {
            if (problem.Code == "already_set_up") return Invalid();
            return Show(new(form[SetupLink.TokenField], form["display_name"], form["email"], problem.Code), problem.Status == 503 ? 503 : 422);
        }
        sessions.SetCookie(http, outcome.Tenant, secret!);
        http.Response.Headers.Location = outcome.Tenant.Url("/console");
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static PageResult Show(SetupModel model, int status) => PageResult.Of<SetupPage, SetupModel>(model, new PageOptions(Status: status));

    // Whether the link is wrong, old or used is the same to whoever does not own the server.
    private static PageResult Invalid() =>
        PageResult.Of<ErrorPage, ErrorModel>(new("link_invalid"), new PageOptions(Status: StatusCodes.Status403Forbidden));
}

/// <param name="Problem">Code of what is wrong with what was typed.</param>
public sealed record SetupModel(string Token, string DisplayName, string Email, string? Problem);
