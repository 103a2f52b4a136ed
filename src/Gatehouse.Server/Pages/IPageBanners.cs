using Gatehouse.Http;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>What stands above a page, with one button.</summary>
/// <param name="Action">Where the button posts: a path inside the tenant.</param>
public sealed record PageBanner(string Text, string Action, string Label);

/// <summary>Says what stands above every page of this browser. Provided by rooms that know browsers; asked with every page, so that for nearly all it costs nothing.</summary>
public interface IPageBanners
{
    ValueTask<PageBanner?> FindAsync(HttpContext http, TenantContext tenant, Locale locale, CancellationToken ct);
}
