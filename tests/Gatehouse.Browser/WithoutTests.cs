using Gatehouse.Testing;

namespace Gatehouse.Browser;

/// <summary>The same without what some people do without: scripts, a pointer, ordinary size.</summary>
[Collection(nameof(Chromium))]
public sealed class WithoutTests(Chromium chromium)
{
    private const string Email = "ann@example.com", Password = "an unlikely sequence of words";
    private static readonly Look Plain = new("en", 1280, false);

    [Fact]
    public async Task Signs_up_in_and_out_without_scripts()
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, Plain, "no-scripts", scripts: false);
        await she.GoAsync("/signup");
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await she.OpenMailAsync(Email, "verify_email");
        await she.FillAsync("password", Password);
        (await she.Page.IsVisibleAsync(".reveal")).ShouldBeFalse("what needs a script is not shown without one");
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
        await she.GoAsync("/signout");
        await she.SubmitAsync();
        (await she.Page.TextContentAsync("h1")).ShouldBe("You are signed out");
    }

    [Fact]
    public async Task Signs_in_with_the_keyboard_alone()
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, Plain, "keyboard");
        await she.GoAsync("/signup");
        await she.Page.WaitForFunctionAsync("() => document.activeElement.matches('input[name=email]')");       // it has the focus from the start
        await she.Page.Keyboard.TypeAsync(Email);
        await she.Page.Keyboard.PressAsync("Enter");
        await she.ArriveAsync("**/signup/sent*");
        await she.OpenMailAsync(Email, "verify_email");
        await she.Page.WaitForFunctionAsync("() => document.activeElement.matches('[data-passkey-start]')");
        await she.Page.Keyboard.PressAsync("Tab");              // past the passkey, to the password
        await she.Page.Keyboard.TypeAsync(Password);
        await she.Page.Keyboard.PressAsync("Tab");              // to the eye
        await she.Page.Keyboard.PressAsync("Space");
        (await she.Page.GetAttributeAsync("input[name=password]", "type")).ShouldBe("text");
        (await she.Page.GetAttributeAsync(".reveal", "aria-label")).ShouldBe("Hide password");
        await she.Page.Keyboard.PressAsync("Enter");
        await she.ArriveAsync("**/account");

        // From the top, the first stop is the way past the navigation.
        await she.GoAsync("/account");
        await she.Page.Keyboard.PressAsync("Tab");
        (await she.Page.EvaluateAsync<string>("() => document.activeElement.className")).ShouldBe("skip");
        await she.SeeAsync("skip-link");
    }

    /// <summary>WCAG 2.2 §1.4.10: at 320 CSS pixels, which is 1280 at 400 %, nothing scrolls sideways.</summary>
    [Fact]
    public async Task Reflows_on_the_narrowest_screen()
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, new Look("fa", 320, false), "narrow");
        await she.GoAsync("/signin");
        await she.SeeAsync("sign-in");
        await she.GoAsync("/signin/forgot");
        await she.SeeAsync("forgot");
    }

    [Fact]
    public async Task Sends_a_form_once_however_often_it_is_clicked()
    {
        var tenant = await NewTenantAsync();
        await using var she = await Visitor.ComeAsync(chromium, tenant, Plain, "clicks");
        await she.GoAsync("/signup");
        await she.FillAsync("email", Email);
        var posts = 0;
        she.Page.Request += (_, request) => { if (request.Method == "POST") posts++; };
        await she.Page.EvaluateAsync("() => { const b = document.querySelector('main form button[type=submit]'); b.click(); b.click(); b.click(); }");
        await she.ArriveAsync("**/signup/sent*");
        posts.ShouldBe(1);
    }

    private static async Task<TestTenant> NewTenantAsync() =>
        await (await Servers.SharedAsync(TestDatabase.Sqlite)).NewTenantAsync(new { registration = new { open = true } });
}
