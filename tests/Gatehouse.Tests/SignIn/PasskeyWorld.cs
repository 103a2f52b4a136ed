using System.Buffers.Text;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn;

/// <summary>A tenant with one person and her passkey's authenticator; what pages hand to <c>navigator.credentials</c> is read from them.</summary>
internal sealed class PasskeyWorld : IDisposable
{
    internal const string RpId = "localhost";

    private PasskeyWorld(SignInWorld people) => People = people;

    internal SignInWorld People { get; }
    internal PageBrowser Browser => People.Browser;
    internal SoftAuthenticator Key { get; } = new();
    internal string Origin => new Uri(People.Tenant.Url).GetLeftPart(UriPartial.Authority);

    internal static async Task<PasskeyWorld> OpenAsync(TestDatabase database = TestDatabase.Sqlite, object? settings = null) => new(await SignInWorld.OpenAsync(database, settings));

    internal static PasskeyWorld Of(SignInWorld people) => new(people);

    /// <summary>As <see cref="OpenAsync"/>, with the passkey added and nobody signed in.</summary>
    internal static async Task<PasskeyWorld> EnrolledAsync(TestDatabase database = TestDatabase.Sqlite, object? settings = null)
    {
        var world = await OpenAsync(database, settings);
        await world.AddAsync(world.Browser, world.Key);
        await world.Browser.SignOutAsync();
        return world;
    }

    internal async Task AddAsync(PageBrowser browser, SoftAuthenticator key, string email = SignInWorld.Email)
    {
        var page = (await browser.SignInAsync(email, path: "account/passkeys")).ShouldBe(HttpStatusCode.OK, "Add a passkey");
        (await browser.SubmitAsync(page, Created(page, key), "/passkeys/add")).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
    }

    internal (string Name, string Value)[] Created(PageView page, SoftAuthenticator key)
    {
        key.UserHandle = Base64Url.DecodeFromChars(Data(page, "user"));
        return [.. key.Create(RpId, Data(page, "challenge"), Origin), ("name", "My key")];
    }

    internal (string Name, string Value)[] Signed(PageView page) => Key.Get(RpId, Data(page, "challenge"), Origin);

    internal async Task<PageView> SignInAsync()
    {
        var page = await Browser.GetAsync("signin");
        return await Browser.SubmitAsync(page, Signed(page), "/signin/passkey");
    }

    internal async Task RefuseAsync(string reason, Func<PageView, (string Name, string Value)[]>? sign = null)
    {
        var page = await Browser.GetAsync("signin");
        (await Browser.SubmitAsync(page, (sign ?? Signed)(page), "/signin/passkey")).ShouldBe(HttpStatusCode.UnprocessableEntity, "This passkey did not work here");
        (await Browser.IsSignedInAsync()).ShouldBeFalse();
        (await People.AuditAsync("session.refused"))[0].Reason.ShouldBe(reason);
    }

    internal static string Data(PageView page, string name) => Regex.Match(page.Html, $"<form[^>]*data-{name}=\"([^\"]*)\"").Groups[1].Value;

    public void Dispose()
    {
        Key.Dispose();
        People.Dispose();
    }
}
