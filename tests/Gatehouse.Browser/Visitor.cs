using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Microsoft.Playwright;

namespace Gatehouse.Browser;

/// <summary>
/// A person at a browser in one tenant: every page she sees is checked by axe, and measured for what must hold of all of them (nothing
/// blocked by the page's own policy, no scrolling sideways, the right direction).
/// </summary>
public sealed partial class Visitor : IAsyncDisposable
{
    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(FindUpwards("tests/peers/node_modules/axe-core/axe.min.js",
        "axe-core is missing: run npm ci in tests/peers (./test.sh does).")));

    /// <summary>Whether every page is photographed; else only those that something is wrong with. Pictures are a fifth of a walk's time.</summary>
    private static readonly bool Pictures = Environment.GetEnvironmentVariable("GATEHOUSE_SCREENSHOTS") == "1";

    /// <summary>How long a page may take on a machine that has much else to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly IBrowserContext context;
    private readonly List<(string Url, string Text)> complaints = [];
    private readonly List<string> owed = [];
    private readonly string folder;
    private readonly Look look;
    private int shots;

    private Visitor(IBrowserContext context, IPage page, TestTenant tenant, Look look, string folder) =>
        (this.context, Page, Tenant, this.look, this.folder) = (context, page, tenant, look, folder);

    public IPage Page { get; }
    public TestTenant Tenant { get; }

    public static async Task<Visitor> ComeAsync(Chromium chromium, TestTenant tenant, Look look, string journey, bool scripts = true)
    {
        var options = look.Context;
        options.JavaScriptEnabled = scripts;
        var context = await chromium.Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var folder = Path.Combine(FindUpwards("Gatehouse.slnx", "The repository's root was not found.", directory: true), "artifacts", "screenshots", journey);
        foreach (var view in look.Views.Select(v => Path.Combine(folder, v.ToString())).Where(Directory.Exists)) Directory.Delete(view, recursive: true);
        var visitor = new Visitor(context, await context.NewPageAsync(), tenant, look, folder);
        visitor.Page.Console += (_, message) => { if (message.Type == "error") visitor.Hear(message.Text, LineAndColumn().Replace(message.Location, "")); };
        visitor.Page.PageError += (_, error) => visitor.Hear(error, visitor.Page.Url);
        return visitor;
    }

    [GeneratedRegex(@":\d+:\d+$")]
    private static partial Regex LineAndColumn();

    /// <summary>What an application on another origin does wrong is its own affair.</summary>
    private void Hear(string complaint, string at)
    {
        if (Page.Url.StartsWith(Tenant.Url, StringComparison.Ordinal)) complaints.Add((at, complaint));
    }

    public async Task GoAsync(string path) => await Page.GotoAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : Tenant.Url + path);

    public async Task FillAsync(string name, string value) => await Page.FillAsync($"input[name={name}]", value);

    /// <summary>Presses the form's own button and waits for the page it leads to.</summary>
    public Task SubmitAsync(string form = "main form") => FollowAsync($"{form} button[type=submit]");

    /// <summary>
    /// Clicks, and waits for the page that leads to: a new one, for the one left is whole until the other arrives. Asked again and again, as in
    /// <see cref="ArriveAsync"/>: a load event that came before one began to wait for it never comes.
    /// </summary>
    public async Task FollowAsync(string selector)
    {
        var clock = Stopwatch.StartNew();
        double? left = null;
        while (left is null)
        {
            await Page.WaitForSelectorAsync(selector);
            try
            {
                left = await Page.EvaluateAsync<double>("performance.timeOrigin");
            }
            catch (PlaywrightException) when (clock.Elapsed < Patience)
            {
                // The page before was still leading on to this one.
            }
        }
        await Page.ClickAsync(selector);
        for (; !await IsLoadedAsync("performance.timeOrigin !== " + left.Value.ToString("R", CultureInfo.InvariantCulture)); await Task.Delay(50))
        {
            if (clock.Elapsed > Patience) throw new Xunit.Sdk.XunitException($"{selector} led nowhere from {Page.Url}, or it is still loading.");
        }
    }

    /// <summary>Address and password; what comes after them is the caller's affair.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await GoAsync("/signin");
        await FillAsync("email", email);
        await SubmitAsync();
        await FillAsync("password", password);
        await SubmitAsync();
    }

    /// <summary>The newest message to an address or a number, as the development's mailbox has it.</summary>
    public static async Task<string> MessageAsync(TestTenant tenant, string to)
    {
        using var http = new HttpClient();
        var box = await http.GetFromJsonAsync<JsonElement>(new Uri($"{tenant.Url}/dev/mailbox.json?to={Uri.EscapeDataString(to)}"));
        return box.GetProperty("items")[0].GetProperty("text").GetString()!;
    }

    /// <summary>Waits until a page that leads on by itself has led there.</summary>
    /// <param name="url"><c>**</c> stands for anything, <c>*</c> for anything without a slash.</param>
    public async Task ArriveAsync(string url)
    {
        var wanted = new Regex("^" + Regex.Escape(url).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "$");
        // Asked again and again, and not waited for: an event that came before one began to wait for it never comes.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(100))
        {
            if (wanted.IsMatch(Page.Url) && await IsLoadedAsync()) return;
        }
        throw new Xunit.Sdk.XunitException($"Still at {Page.Url}, not at {url}: {await Page.InnerTextAsync("body")}");
    }

    /// <summary>Whether the page is there whole; between two pages there is none to ask.</summary>
    private async Task<bool> IsLoadedAsync(string also = "true")
    {
        try
        {
            return await Page.EvaluateAsync<bool>($"document.readyState === 'complete' && {also}");
        }
        catch (PlaywrightException)
        {
            return false;
        }
    }

    /// <summary>Asks everything that must be true of any page. <paramref name="refused"/>: the page answered a mistake, which browsers log.</summary>
    public async Task SeeAsync(string name, bool refused = false)
    {
        shots++;
        // Nothing is wider or narrower for being dark: what only differs in that is for pictures and for axe.
        foreach (var view in look.Views.Where(v => Pictures || v.IsForAxe || v.Dark == look.Dark)) await SeeAsync(name, view);
        await ShowAsync(look);
        // The browser may log a refusal only after the page is whole: then it is heard with a later page, and is still the one expected.
        var refusals = complaints.Where(c => c.Text.Contains("status of 4", StringComparison.Ordinal) && (refused || owed.Remove(c.Url))).ToList();
        if (refused && refusals.Count == 0) owed.Add(Page.Url);
        var heard = complaints.Except(refusals).ToList();
        complaints.Clear();
        heard.ShouldBeEmpty($"{name}, {look}");
    }

    private async Task SeeAsync(string name, Look view)
    {
        await ShowAsync(view);
        if (Pictures) await PhotographAsync(name, view);
        try
        {
            await CheckAsync(name, view);
        }
        catch when (!Pictures)
        {
            await PhotographAsync(name, view);
            throw;
        }
    }

    private async Task PhotographAsync(string name, Look view)
    {
        Directory.CreateDirectory(Path.Combine(folder, view.ToString()));
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, view.ToString(), $"{shots:00}-{name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
    }

    private async Task CheckAsync(string name, Look view)
    {
        var facts = await Page.EvaluateAsync<JsonElement>(
            "() => ({ dir: document.documentElement.dir, lang: document.documentElement.lang, wide: document.documentElement.scrollWidth - innerWidth, title: document.title, h1: document.querySelectorAll('h1').length })");
        facts.GetProperty("dir").GetString().ShouldBe(view.IsRightToLeft ? "rtl" : "ltr", name);
        facts.GetProperty("lang").GetString().ShouldBe(view.Language, name);
        facts.GetProperty("wide").GetInt32().ShouldBeLessThanOrEqualTo(0, $"{name} scrolls sideways, {view}");
        facts.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace(name);
        facts.GetProperty("h1").GetInt32().ShouldBe(1, name);
        if (view.IsForAxe) (await SeriousFindingsAsync()).ShouldBeEmpty($"axe: {name}, {view}");
    }

    private async Task ShowAsync(Look view)
    {
        if (look.Views.Count == 1) return;
        await Page.SetViewportSizeAsync(view.Size.Width, view.Size.Height);
        await Page.EmulateMediaAsync(new() { ColorScheme = view.Scheme });
    }

    /// <summary>Opens the newest message of this kind in the development's mailbox, as a person does, and follows its link.</summary>
    public async Task OpenMailAsync(string to, string template, string link = "pre a")
    {
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; await Task.Delay(100))
        {
            var mail = await http.GetFromJsonAsync<JsonElement>(new Uri($"{Tenant.Url}/dev/mailbox.json?to={Uri.EscapeDataString(to)}"));
            foreach (var item in mail.GetProperty("items").EnumerateArray())
            {
                if (item.GetProperty("template").GetString() != template) continue;
                await GoAsync($"/dev/mailbox/{item.GetProperty("id").GetString()}");
                await FollowAsync(link);
                return;
            }
        }
        throw new Xunit.Sdk.XunitException($"No {template} for {to}.");
    }

    private async Task<IReadOnlyList<string>> SeriousFindingsAsync()
    {
        // Half a megabyte: once for a page, not once for each view of it.
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window")) await Page.EvaluateAsync(Axe.Value);
        // Colours that are on their way from one scheme to the other are neither's, and may be too near to each other for a moment.
        var result = await Page.EvaluateAsync<JsonElement>(
            "async () => { await Promise.allSettled(document.getAnimations().map(a => a.finished)); return axe.run(document, { resultTypes: ['violations'] }) }");
        return [.. result.GetProperty("violations").EnumerateArray()
            .Where(v => v.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(v => $"{v.GetProperty("id").GetString()}: {v.GetProperty("help").GetString()} {string.Join(" | ", v.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("html").GetString()))}")];
    }

    internal static string FindUpwards(string path, string otherwise, bool directory = false)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, path))) return directory ? at.FullName : Path.Combine(at.FullName, path);
        }
        throw new InvalidOperationException(otherwise);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
