using System.IO.Compression;
using System.Net;
using Gatehouse.Pages;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Pages;

public sealed class AssetTests
{
    [Fact]
    public async Task Serves_the_style_sheet_compressed_and_for_ever_without_a_tenant()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        foreach (var (coding, open) in new (string, Func<Stream, Stream>)[]
        {
            ("br", s => new BrotliStream(s, CompressionMode.Decompress)), ("gzip", s => new GZipStream(s, CompressionMode.Decompress)), ("identity", s => s),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Asset.Style.Path) { Headers = { Host = "nobody.example", AcceptEncoding = { new(coding) } } };
            using var response = await client.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Headers.CacheControl!.ToString().ShouldContain("immutable");
            response.Headers.Vary.ShouldContain("Accept-Encoding");
            response.Content.Headers.ContentEncoding.ShouldBe(coding == "identity" ? [] : [coding]);
            response.Content.Headers.ContentLength.ShouldNotBeNull();
            using var reader = new StreamReader(open(await response.Content.ReadAsStreamAsync()));
            (await reader.ReadToEndAsync()).ShouldBe(StyleTokens.Css);
        }
    }

    [Fact]
    public async Task Refuses_a_coding_that_the_browser_excludes()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Asset.Style.Path) { Headers = { AcceptEncoding = { new("br", 0), new("gzip", 0.5) } } };
        using var response = await client.SendAsync(request);
        response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
    }

    [Fact]
    public async Task Serves_each_tenant_its_own_colours()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var teal = await server.NewTenantAsync(new { brand = new { accent = "#0f766e" } });
        using var client = server.Client(teal);
        var page = await client.GetStringAsync("signin/forgot");
        page.ShouldContain($"/t/{teal.Slug}/assets/brand.css?accent=0f766e");
        using var named = await client.GetAsync("assets/brand.css?accent=0f766e");
        named.Headers.CacheControl!.ToString().ShouldContain("immutable");
        (await named.Content.ReadAsStringAsync()).ShouldContain("--accent:#0f766e");
        // What the address names is all that it depends on: the same for ever. What is no colour is the tenant's.
        using var other = await client.GetAsync("assets/brand.css?accent=c2410c");
        other.Headers.CacheControl!.ToString().ShouldContain("immutable");
        (await other.Content.ReadAsStringAsync()).ShouldContain("--accent:#c2410c");
        using var none = await client.GetAsync("assets/brand.css?accent=red%7D");
        none.Headers.CacheControl!.ToString().ShouldNotContain("immutable");
        (await none.Content.ReadAsStringAsync()).ShouldContain("--accent:#0f766e");
    }

    /// <summary>The budget of a first visit: page, style, script, icon. Everything else would be a request more.</summary>
    [Fact]
    public async Task Transfers_the_sign_in_page_in_less_than_30_kB()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var browser = PageBrowser.Open(server, await server.NewTenantAsync());
        var page = await browser.GetAsync("signin");
        var bytes = System.Text.Encoding.UTF8.GetByteCount(page.Html) + Asset.All.Sum(a => a.Brotli.Length);
        bytes.ShouldBeLessThan(30_000);
        System.Text.RegularExpressions.Regex.Matches(page.Html, "(?:src|href)=\"(https?:)?//").ShouldBeEmpty("nothing comes from elsewhere");
    }
}
