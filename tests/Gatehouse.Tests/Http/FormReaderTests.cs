using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;

namespace Gatehouse.Tests.Http;

/// <summary>What becomes of a form on its way to a page's handler: one valid form, one thing spoiled at a time.</summary>
public sealed class FormReaderTests
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Form)]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED")]
    [InlineData(Form + "; charset=utf-8")]
    [InlineData(Form + "; charset=\"UTF-8\"")]
    public async Task Reads_a_form_in_UTF_8(string type)
    {
        using var world = await SignInWorld.OpenAsync();
        using var answer = await PostAsync(world, type, body => body + "&email=ann%40example.com");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.OriginalString.ShouldContain("/signin/password?interaction=");
    }

    [Fact]
    public async Task Reads_a_form_that_arrives_in_pieces()
    {
        using var world = await SignInWorld.OpenAsync();
        using var answer = await PostAsync(world, Form, body => body + "&email=ann%40example.com", chunked: true);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("&email=ann%40example.com&email=ann%40example.com")]      // the same twice: which one was meant?
    [InlineData("&email=ann%40example.com&email=eve%40example.com")]
    [InlineData("&email=ann%40example.com&csrf=")]
    [InlineData("&email=%ff%40example.com")]                             // not UTF-8
    [InlineData("&email=%c0%af%40example.com")]                          // longer than need be
    [InlineData("&email=%ed%a0%80%40example.com")]                       // half a surrogate pair
    [InlineData("&email=a%zz%40example.com")]
    [InlineData("&email=a%4")]
    [InlineData("&email=a%00%40example.com")]
    [InlineData("&email=a\u00ff")]                                       // raw bytes that are not UTF-8 (sent as Latin-1)
    public async Task Refuses_a_form_with_a_field_twice_or_in_another_encoding(string fields)
    {
        using var world = await SignInWorld.OpenAsync();
        using var answer = await PostAsync(world, Form, body => body + fields);
        await ShouldBeRefusedAsync(answer, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(Form + "; charset=utf-16")]
    [InlineData(Form + "x")]
    public async Task Refuses_another_content_type(string? type)
    {
        using var world = await SignInWorld.OpenAsync();
        using var answer = await PostAsync(world, type, body => body + "&email=ann%40example.com");
        await ShouldBeRefusedAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refuses_more_than_the_limit_and_reads_what_just_fits(bool chunked)
    {
        using var world = await SignInWorld.OpenAsync();
        string Filled(string body, int length) => body + "&email=" + new string('a', length - body.Length - "&email=".Length);
        // Kestrel counts a chunk's frame with the chunk.
        using var fits = await PostAsync(world, Form, body => Filled(body, FormReader.MaxBodyBytes - (chunked ? 256 : 0)), chunked);
        fits.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);        // read, and no address
        using var over = await PostAsync(world, Form, body => Filled(body, FormReader.MaxBodyBytes + 1), chunked);
        over.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var html = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, html);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        html.ShouldNotContain("ann@example.com");
    }

    /// <summary>Sends the first step's form with a good antiforgery token.</summary>
    /// <param name="spoil">Adds to the form as it stands on the page.</param>
    private static async Task<HttpResponseMessage> PostAsync(SignInWorld world, string? type, Func<string, string> spoil, bool chunked = false)
    {
        var page = await world.Browser.GetAsync("signin");
        var form = page.Form();
        var body = string.Join('&', form.Hidden.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Address, form.Action)) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(spoil(body))) };
        if (type is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.TransferEncodingChunked = chunked;
        return await world.Browser.Http.SendAsync(request);
    }
}
