using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Vault;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Console;

/// <summary>
/// Carries a new secret from the answer to a form to the page that shows it, so that a reload repeats the look and not the form. In a
/// cookie that only we can read, for one application and one administrator, which the page that shows it removes: the secret is neither in
/// an address nor in the database, and a reload finds nothing.
/// </summary>
internal sealed class SecretHandover(TenantVault vault, TimeProvider clock)
{
    private const string Purpose = "secret";
    private const int TimeBytes = sizeof(long);

    // As long as a redirect takes on a bad line.
    private static readonly TimeSpan lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Seals it; the caller gives the result to the browser once the secret is stored.</summary>
    internal async ValueTask<string> SealAsync(TenantTransaction tx, Visitor visitor, ClientId client, string secret, CancellationToken ct)
    {
        var plain = new byte[TimeBytes + Encoding.UTF8.GetByteCount(secret)];
        BinaryPrimitives.WriteInt64BigEndian(plain, clock.Now().Add(lifetime).ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(secret, plain.AsSpan(TimeBytes));
        return Base64Url.EncodeToString(await vault.SealAsync(tx, Place(visitor, client), plain, ct));
    }

    internal static void Give(HttpContext http, TenantContext tenant, string sealedSecret) =>
        http.Response.Cookies.Append(tenant.CookieName(Purpose), sealedSecret, Cookie(tenant, lifetime));

    /// <returns>The secret, to be shown now and never again; null when none is under way to this application's page.</returns>
    internal async ValueTask<string?> TakeAsync(TenantTransaction tx, HttpContext http, TenantContext tenant, Visitor visitor, ClientId client, CancellationToken ct)
    {
        if (http.Request.Cookies[tenant.CookieName(Purpose)] is not { } sent) return null;
        http.Response.Cookies.Append(tenant.CookieName(Purpose), "", Cookie(tenant, TimeSpan.Zero));
        if (!Base64Url.IsValid(sent)) return null;
        try
        {
            var plain = await vault.OpenAsync(tx, Place(visitor, client), Base64Url.DecodeFromChars(sent), ct);
            return BinaryPrimitives.ReadInt64BigEndian(plain) > clock.Now().ToUnixTimeSeconds() ? Encoding.UTF8.GetString(plain.AsSpan(TimeBytes)) : null;
        }
        catch (CryptographicException)
        {
            // Another application's or administrator's, or not ours at all: a cookie is what a browser says it is.
            return null;
        }
    }

    private static SealedAt Place(Visitor visitor, ClientId client) => new("console_handover", Purpose, $"{visitor.User.Id}:{client}");

    private static CookieOptions Cookie(TenantContext tenant, TimeSpan maxAge) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", Secure = tenant.IsHttps, MaxAge = maxAge };
}
