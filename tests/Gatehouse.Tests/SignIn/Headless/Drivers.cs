using System.Net;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

public enum Drive { Pages, Api }

/// <summary>Where a sign-in stands: the step that is asked, or <c>done</c>; and what was wrong with the last answer.</summary>
internal sealed record Stand(string At, string? Problem = null);

/// <summary>Signs somebody in, over the pages or over the JSON API: what one can do, the other can, and what one refuses, the other does.</summary>
internal abstract class Driver : IDisposable
{
    internal static async Task<Driver> OpenAsync(Drive drive, TestServer server, TestTenant tenant) =>
        drive == Drive.Pages ? new PageDriver(PageBrowser.Open(server, tenant)) : new ApiDriver(await HeadlessApp.OpenAsync(server, tenant));

    internal abstract Task<Stand> BeginAsync();

    internal abstract Task<Stand> AnswerAsync(string step, string field, string value);

    /// <summary>The key of a code app that is being set up.</summary>
    internal abstract string Key { get; }

    internal abstract IReadOnlyList<string> RecoveryCodes { get; }

    internal async Task<Stand> PasswordAsync(string email, string password = PageBrowser.Password)
    {
        await BeginAsync();
        (await AnswerAsync("identifier", "email", email)).ShouldBe(new Stand("password"));
        return await AnswerAsync("password", "password", password);
    }

    public abstract void Dispose();
}

internal sealed class PageDriver(PageBrowser browser) : Driver
{
    private PageView page = null!;

    internal PageBrowser Browser => browser;
    internal PageView Page => page;
    internal byte[] EnrolKey => TwoStepWorld.KeyOf(page);
    internal override string Key => Protocols.Otp.KeyText.Encode(TwoStepWorld.KeyOf(page));
    internal override IReadOnlyList<string> RecoveryCodes => TwoStepWorld.CodesOf(page);

    internal override async Task<Stand> BeginAsync() => Read(await browser.GetAsync("signin"));

    internal override async Task<Stand> AnswerAsync(string step, string field, string value)
    {
        if (step == "recovery_code" && !page.Address.Query.Contains("way=recovery_code", StringComparison.Ordinal))
            page = await browser.GetAsync(page.Address.AbsoluteUri + "&way=recovery_code");
        return Read(await browser.SubmitAsync(page, [(field, value)], step == "identifier" ? "/signin?" : step == "email_code" ? "/signin/email" : null));
    }

    private Stand Read(PageView shown)
    {
        page = shown;
        var at = page.Address.AbsolutePath[(page.Address.AbsolutePath.LastIndexOf("/signin", StringComparison.Ordinal) is >= 0 and var i ? i : 0)..] switch
        {
            "/signin" => "identifier",
            "/signin/password" => "password",
            "/signin/email" => "email_code",
            "/signin/code" => page.Address.Query.Contains("way=recovery_code", StringComparison.Ordinal) ? "recovery_code" : "totp",
            "/signin/enrol" when page.Text.Contains("Your recovery codes", StringComparison.Ordinal) => "done",
            "/signin/enrol" => "enrol_totp",
            "/signin/new-password" => "new_password",
            var path when path.EndsWith("/account", StringComparison.Ordinal) => "done",
            var path => path,
        };
        return new(at, page.Status != HttpStatusCode.UnprocessableEntity ? null
            : page.Text.Contains("password is wrong", StringComparison.Ordinal) ? "credentials_wrong"
            : page.Text.Contains("is wrong or has been used", StringComparison.Ordinal) || page.Text.Contains("is wrong, has been used", StringComparison.Ordinal) ? "code_wrong"
            : page.Text.Contains("Enter the code.", StringComparison.Ordinal) ? "code_missing"
            : page.Text.Contains("You have used this password here before.", StringComparison.Ordinal) ? "password_used_before"
            : page.Text.Contains("Use at least 15 characters.", StringComparison.Ordinal) ? "password_too_short" : page.Text);
    }

    public override void Dispose() => browser.Dispose();
}

internal sealed class ApiDriver(HeadlessApp app) : Driver
{
    private JsonElement last;

    internal HeadlessApp App => app;
    internal override string Key => last.GetProperty("steps")[0].GetProperty("data").GetProperty("key").GetString()!;
    internal override IReadOnlyList<string> RecoveryCodes => [.. last.GetProperty("recovery_codes").EnumerateArray().Select(c => c.GetString()!)];
    internal string Code => last.GetProperty("authorization_code").GetString()!;

    internal override async Task<Stand> BeginAsync() => Read(await app.StartAsync());

    internal override async Task<Stand> AnswerAsync(string step, string field, string value) => Read(await app.AnswerAsync(step, (field, value)));

    private Stand Read((HttpStatusCode Status, JsonElement Body) answer)
    {
        last = answer.Body;
        if (answer.Status == HttpStatusCode.OK)
            return last.GetProperty("state").GetString() == "completed" ? new("done") : new(HeadlessApp.Open(last)[0]);
        var code = last.GetProperty("code").GetString();
        var step = last.TryGetProperty("step", out var named) ? named.GetString()! : code!;
        if (last.TryGetProperty("flow", out var flow)) last = flow;
        return new(step, code);
    }

    public override void Dispose() => app.Dispose();
}
