using System.Net;
using System.Text.RegularExpressions;

namespace Gatehouse.Testing;

/// <summary>A page or a redirect that a <see cref="FormBrowser"/> arrived at. <paramref name="Location"/> is absolute.</summary>
public sealed record FormPage(Uri Url, HttpStatusCode Status, Uri? Location, string Html)
{
    public IReadOnlyList<HtmlForm> Forms => HtmlForm.Parse(Html);
}

/// <summary>
/// A person with a browser that runs no scripts: follows redirects inside one server, fills in what is asked, stops where the
/// application would take over.
/// </summary>
/// <param name="http">With cookies and without redirects, as <see cref="TestServer.Browser"/> makes it.</param>
public sealed partial class FormBrowser(HttpClient http)
{
    private readonly List<string> visited = [];

    /// <summary>Where it has been, for messages.</summary>
    public string Trail => string.Join(", ", visited);

    /// <summary>Runs before every request; tests that take a process away in the middle use it.</summary>
    public Func<int, Task> Before { get; init; } = _ => Task.CompletedTask;

    public async Task<FormPage> GoAsync(Uri url, IReadOnlyDictionary<string, string>? fields = null)
    {
        await Before(visited.Count);
        lock (visited) visited.Add($"{(fields is null ? "GET" : "POST")} {url.AbsolutePath}");
        using var request = new HttpRequestMessage(fields is null ? HttpMethod.Get : HttpMethod.Post, url);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Accept-Language", "en");
        // What every browser sends with a navigation; some relying parties look at it.
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Site", fields is null ? "none" : "same-origin");
        if (fields is not null)
        {
            request.Headers.Add("Origin", url.GetLeftPart(UriPartial.Authority));
            request.Content = new FormUrlEncodedContent(fields);
        }
        using var response = await http.SendAsync(request);
        return new(url, response.StatusCode, Next(url, response), await response.Content.ReadAsStringAsync());
    }

    /// <summary>Follows redirects while they stay on the server.</summary>
    public async Task<FormPage> WalkAsync(Uri url, IReadOnlyDictionary<string, string>? fields = null)
    {
        var page = await GoAsync(url, fields);
        for (var hops = 0; page.Location is { } to && to.Authority == http.BaseAddress!.Authority; hops++)
        {
            if (hops > 10) throw new Xunit.Sdk.XunitException($"Endless redirects: {Trail}");
            page = await GoAsync(to);
        }
        return page;
    }

    /// <summary>Goes through who, password and consent until the application is called; returns the address it is called at.</summary>
    public async Task<Uri> SignInAsync(Uri url, string email, string password)
    {
        var page = await WalkAsync(url);
        for (var step = 0; step < 6; step++)
        {
            if (page.Location is { } application) return application;
            if ((int)page.Status >= 400) break;
            page = await AnswerAsync(page, email, password);
        }
        throw new Xunit.Sdk.XunitException($"Sign-in ended at {page.Url} with {(int)page.Status} after {Trail}: {page.Html}");
    }

    /// <summary>Fills in and sends whatever this page asks.</summary>
    public Task<FormPage> AnswerAsync(FormPage page, string email, string password)
    {
        var posts = page.Forms.Where(f => f.Method == "post").ToArray();
        if (posts.FirstOrDefault(f => f.Inputs.Any(i => i.Type == "password")) is { } secret)
            return SubmitAsync(page, secret, (secret.Inputs.First(i => i.Type == "password").Name, password));
        if (posts.FirstOrDefault(f => f.Inputs.Any(AsksWho)) is { } who)
            return SubmitAsync(page, who, (who.Inputs.First(AsksWho).Name, email));
        if (posts.FirstOrDefault(f => f.Buttons.Any(Denies)) is { } consent)
        {
            var allow = consent.Buttons.First(b => !Denies(b));
            return SubmitAsync(page, consent, (allow.Name, allow.Value));
        }
        throw new Xunit.Sdk.XunitException($"Nothing to answer on {page.Url} ({(int)page.Status}) after {Trail}: {page.Html}");
    }

    public Task<FormPage> SubmitAsync(FormPage page, HtmlForm form, params ReadOnlySpan<(string Name, string Value)> answers)
    {
        var fields = form.Fields();
        foreach (var (name, value) in answers)
            if (name.Length > 0) fields[name] = value;
        return WalkAsync(new Uri(page.Url, form.Action), fields);
    }

    /// <summary>A redirect, or a page that a browser leaves by itself through the Refresh header (HTML §7.4.2.1).</summary>
    private static Uri? Next(Uri url, HttpResponseMessage response)
    {
        if (response.Headers.Location is { } location) return new(url, location);
        return response.Headers.TryGetValues("Refresh", out var refresh) && refresh.Single() is { } text && text.StartsWith("0;url=", StringComparison.OrdinalIgnoreCase) ? new(url, text[6..]) : null;
    }

    private static bool AsksWho(HtmlInput input) => input.Type == "email" || input.Name is "identifier" or "email";

    private static bool Denies(HtmlInput button) => DenyWord().IsMatch($"{button.Name} {button.Value}");

    [GeneratedRegex("deny|cancel|refuse", RegexOptions.IgnoreCase)]
    private static partial Regex DenyWord();
}
