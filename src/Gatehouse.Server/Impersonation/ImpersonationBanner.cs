using Gatehouse.Http;
using Gatehouse.Pages;
using Gatehouse.Storage;
using Gatehouse.Users;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Impersonation;

/// <summary>Stands above every page while somebody acts as another in this browser, with the way out.</summary>
internal sealed class ImpersonationBanner(Impersonations impersonations, UserDirectory users, IDatabase database) : IPageBanners
{
    public async ValueTask<PageBanner?> FindAsync(HttpContext http, TenantContext tenant, Locale locale, CancellationToken ct)
    {
        if (await impersonations.FindCurrentAsync(http, tenant, ct) is not { } acting) return null;
        await using var read = await database.ReadAsync(tenant.Id, ct);
        var user = await users.FindAsync(read, acting.Session.UserId, ct);
        var words = ImpersonationTexts.For(locale);
        return new(words.Banner(user?.PrimaryEmail?.Address ?? user?.DisplayName ?? acting.Session.UserId.ToString()), ImpersonationPages.EndPath, words.End);
    }
}
