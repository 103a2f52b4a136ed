using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;

namespace Gatehouse.Tests.SignIn.Headless;

/// <summary>Registers somebody, over the pages by a link or over the JSON API by a code: what one refuses, the other does.</summary>
internal abstract partial class Registrar : IDisposable
{
    internal static async Task<Registrar> OpenAsync(Drive drive, TestServer server, TestTenant tenant) =>
        drive == Drive.Pages ? new PageRegistrar(PageBrowser.Open(server, tenant)) : new ApiRegistrar(server, tenant, await HeadlessApp.OpenAsync(server, tenant));

    /// <summary>Names an address: <c>sent</c>, whatever was; or the problem.</summary>
    internal abstract Task<Stand> AskAsync(string email, string name = "Bea");

    /// <summary>Proves the address by the newest message: <c>account</c> is to be made.</summary>
    internal abstract Task<Stand> ProveAsync(string email);

    /// <summary>Answers everything that is asked then.</summary>
    internal abstract Task<Stand> AnswerAsync(params (string Name, string Value)[] values);

    internal async Task<Stand> RegisterAsync(string email, params (string Name, string Value)[] values)
    {
        (await AskAsync(email)).ShouldBe(new Stand("sent"));
        (await ProveAsync(email)).ShouldBe(new Stand("account"));
        return await AnswerAsync([("password", PageBrowser.Password), .. values]);
    }

    /// <summary>The newest code that was sent to an address; null: none was.</summary>
    internal static async Task<string?> FindCodeAsync(TestServer server, TestTenant tenant, string email)
    {
        foreach (var (template, _, text) in await Mailbox.ReadAsync(server, tenant, email))
            if (template == "verify_email_code") return CodeLine().Match(text).Groups[1].Value;
        return null;
    }

    public abstract void Dispose();

    [GeneratedRegex("^\\s*([0-9]{6})\\s*$", RegexOptions.Multiline)]
    private static partial Regex CodeLine();
}

internal sealed class PageRegistrar(PageBrowser browser) : Registrar
{
    private PageView page = null!;

    internal override async Task<Stand> AskAsync(string email, string name = "Bea")
    {
        page = await browser.GetAsync("signup");
        if (page.Status == HttpStatusCode.Forbidden) return new("closed", "registration_closed");
        page = await browser.SubmitAsync(page, [("email", email), ("name", name)]);
        return page.Address.AbsolutePath.EndsWith("/signup/sent", StringComparison.Ordinal) ? new("sent") : new("address", page.Text);
    }

    internal override async Task<Stand> ProveAsync(string email)
    {
        page = await browser.GetAsync(await Mailbox.LinkAsync(browser.Server, browser.Tenant, email, "verify_email"));
        return page.Status == HttpStatusCode.OK ? new("account") : new("account", "registration_closed");
    }

    internal override async Task<Stand> AnswerAsync(params (string Name, string Value)[] values)
    {
        var answer = await browser.SubmitAsync(page, values, "/signup/verify");
        return answer.Status switch
        {
            HttpStatusCode.Forbidden => new("account", "registration_closed"),
            HttpStatusCode.BadRequest => new("account", "email_taken"),
            HttpStatusCode.UnprocessableEntity => new("account",
                answer.Text.Contains("you have to agree", StringComparison.Ordinal) ? "terms_not_accepted"
                : answer.Text.Contains("Use at least 15 characters.", StringComparison.Ordinal) ? "password_too_short"
                : answer.Text.Contains("Fill this in.", StringComparison.Ordinal) ? "values_invalid" : answer.Text),
            _ => new(answer.Address.AbsolutePath switch { var p when p.EndsWith("/account", StringComparison.Ordinal) => "done", var p when p.EndsWith("/signin/enrol", StringComparison.Ordinal) => "enrol_totp", var p => p }),
        };
    }

    public override void Dispose() => browser.Dispose();
}

internal sealed class ApiRegistrar(TestServer server, TestTenant tenant, HeadlessApp app) : Registrar
{
    internal HeadlessApp App => app;

    /// <summary>The last answer.</summary>
    internal JsonElement Last { get; private set; }

    internal override async Task<Stand> AskAsync(string email, string name = "Bea")
    {
        var begun = await app.StartAsync(prompt: "create");
        if (begun.Status != HttpStatusCode.OK) return new("closed", begun.Body.GetProperty("code").GetString());
        HeadlessApp.Open(begun.Body).ShouldBe(["sign_up"]);
        return await NameAsync(email, name);
    }

    /// <summary>The same in the run that there is.</summary>
    internal async Task<Stand> NameAsync(string email, string name = "Bea")
    {
        Last = (await app.AnswerAsync("sign_up", ("email", email), ("name", name))).Body;
        if (Last.TryGetProperty("code", out var code)) return new(code.GetString() == "registration_closed" ? "closed" : "address", code.GetString());
        HeadlessApp.Open(Last).ShouldBe(["sign_up_code", "sign_up"]);
        return new("sent");
    }

    internal override async Task<Stand> ProveAsync(string email) => await TypeAsync((await FindCodeAsync(server, tenant, email)).ShouldNotBeNull());

    internal async Task<Stand> TypeAsync(string code)
    {
        Last = (await app.AnswerAsync("sign_up_code", ("code", code))).Body;
        return Last.TryGetProperty("code", out var problem) ? new("code", problem.GetString()) : new(HeadlessApp.Open(Last)[0].StartsWith("sign_up_pass", StringComparison.Ordinal) ? "account" : HeadlessApp.Open(Last)[0]);
    }

    internal override async Task<Stand> AnswerAsync(params (string Name, string Value)[] values)
    {
        Last = (await app.AnswerAsync("sign_up_password", values)).Body;
        if (Last.TryGetProperty("code", out var problem)) return new("account", problem.GetString());
        return new(Last.GetProperty("state").GetString() == "completed" ? "done" : HeadlessApp.Open(Last)[0]);
    }

    public override void Dispose() => app.Dispose();
}
