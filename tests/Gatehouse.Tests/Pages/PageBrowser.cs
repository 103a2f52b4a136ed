using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Pages;

/// <summary>
/// A browser without scripts, for one tenant: keeps cookies, follows redirects and refreshes inside the tenant, fills in the forms it is
/// shown. What a person does, in as few words.
/// </summary>
internal sealed class PageBrowser(TestServer server, TestTenant tenant, HttpClient http) : IDisposable
{
    internal const string Password = "an unlikely sequence of words";

    internal TestServer Server => server;
    internal TestTenant Tenant => tenant;
    internal HttpClient Http => http;

    /// <param name="jar">Where its cookies are, for tests that carry some of them off; null: in the browser.</param>
    internal static PageBrowser Open(TestServer server, TestTenant tenant, CookieContainer? jar = null)
    {
        var http = server.Browser(tenant, jar);
        http.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");
        return new(server, tenant, http);
    }

    /// <param name="path">Relative to the tenant, or absolute.</param>
    internal async Task<PageView> GetAsync(string path) => await FollowAsync(await http.GetAsync(path.TrimStart('/')));

    /// <summary>Sends a form of the page with its own hidden fields and <paramref name="fields"/>.</summary>
    /// <param name="form">Part of the form's action; null: the page's only form.</param>
    internal async Task<PageView> SubmitAsync(PageView page, (string Name, string Value)[] fields, string? form = null) =>
        await FollowAsync(await SendAsync(page, fields, form));

    /// <summary>The same without following: the answer itself.</summary>
    internal async Task<HttpResponseMessage> SendAsync(PageView page, (string Name, string Value)[] fields, string? form = null)
    {
        var target = page.Form(form);
        Dictionary<string, string> all = new(target.Hidden, StringComparer.Ordinal);
        foreach (var (name, value) in fields) all[name] = value;
        return await http.PostAsync(new Uri(page.Address, target.Action), new FormUrlEncodedContent(all));
    }

    /// <summary>A person who signs up, follows the link in the mail and chooses a password.</summary>
    internal async Task<PageView> SignUpAsync(string email, string? name = null, string password = Password)
    {
        await SubmitAsync(await GetAsync("signup"), [("email", email), ("name", name ?? "")]);
        var link = await Mailbox.LinkAsync(server, tenant, email, "verify_email");
        return await SubmitAsync(await GetAsync(link), [("password", password)]);
    }

    internal async Task<PageView> SignInAsync(string email, string password = Password, string path = "signin")
    {
        var step = await SubmitAsync(await GetAsync(path), [("email", email)]);
        return await SubmitAsync(step, [("password", password)]);
    }

    internal async Task SignOutAsync() => await SubmitAsync(await GetAsync("signout"), []);

    /// <summary>Whether the account page shows itself without asking for a sign-in.</summary>
    internal async Task<bool> IsSignedInAsync()
    {
        using var response = await http.GetAsync("account");
        return response.StatusCode == HttpStatusCode.OK;
    }

    private async Task<PageView> FollowAsync(HttpResponseMessage response)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            var from = response.RequestMessage!.RequestUri!;
            var next = response.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.Found
                ? response.Headers.Location!
                : response.Headers.TryGetValues("Refresh", out var refresh) ? new Uri(refresh.Single().Split("url=")[1], UriKind.RelativeOrAbsolute) : null;
            if (next is null)
            {
                var page = new PageView(response.StatusCode, from, await response.Content.ReadAsStringAsync(), response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value)));
                response.Dispose();
                return page;
            }
            response.Dispose();
            var target = new Uri(from, next);
            target.Authority.ShouldBe(from.Authority, "pages lead nowhere but to their own tenant");
            response = await http.GetAsync(target);
        }
        throw new Xunit.Sdk.XunitException("More than ten redirects.");
    }

    public void Dispose() => http.Dispose();
}

/// <summary>A page as it was shown.</summary>
internal sealed partial record PageView(HttpStatusCode Status, Uri Address, string Html, IReadOnlyDictionary<string, string> Headers)
{
    internal string Title => WebUtility.HtmlDecode(TitleElement().Match(Html).Groups[1].Value);

    /// <summary>What a person reads: the body without its markup.</summary>
    internal string Text => WebUtility.HtmlDecode(WhiteSpace().Replace(Element().Replace(Body().Match(Html).Groups[1].Value, " "), " "));

    internal PageForm Form(string? action = null)
    {
        // Without scripts a hidden form stays hidden: only who names it means it.
        var forms = FormElement().Matches(Html).Where(m => action is not null || !m.Value[..m.Value.IndexOf('>', StringComparison.Ordinal)].Contains(" hidden", StringComparison.Ordinal)).Select(m => Read(m.Value)).Where(f => action is null || f.Action.Contains(action, StringComparison.Ordinal)).ToList();
        return forms.Count > 0 ? forms[0] : throw new Xunit.Sdk.XunitException($"{Address}: no form {action} in {Text}");
    }

    internal PageView ShouldBe(HttpStatusCode status, string text)
    {
        Status.ShouldBe(status, Text);
        Text.ShouldContain(text);
        return this;
    }

    /// <summary>The page without what differs from one request to the next: for asking whether two answers are the same.</summary>
    internal string Shape(params string[] different)
    {
        var shape = new StringBuilder(RequestIds().Replace(Html, "…"));
        foreach (var part in different) shape.Replace(WebUtility.HtmlEncode(part), "…").Replace(WebUtility.UrlEncode(part), "…");
        return shape.ToString();
    }

    private static PageForm Read(string form)
    {
        Dictionary<string, string> hidden = new(StringComparer.Ordinal);
        foreach (Match match in HiddenField().Matches(form)) hidden[match.Groups[1].Value] = WebUtility.HtmlDecode(match.Groups[2].Value);
        return new(WebUtility.HtmlDecode(FormAction().Match(form).Groups[1].Value), hidden);
    }

    [GeneratedRegex("<title>(.*?)</title>")] private static partial Regex TitleElement();
    [GeneratedRegex("<body.*?>(.*)</body>", RegexOptions.Singleline)] private static partial Regex Body();
    [GeneratedRegex("<[^>]*>")] private static partial Regex Element();
    [GeneratedRegex("\\s+")] private static partial Regex WhiteSpace();
    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)] private static partial Regex FormElement();
    [GeneratedRegex("action=\"([^\"]*)\"")] private static partial Regex FormAction();
    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")] private static partial Regex HiddenField();
    [GeneratedRegex("int_[0-9a-z]{26}|name=\"csrf\" value=\"[^\"]*\"|<bdi class=\"mono\">[^<]*</bdi>")] private static partial Regex RequestIds();
}

internal sealed record PageForm(string Action, IReadOnlyDictionary<string, string> Hidden);
