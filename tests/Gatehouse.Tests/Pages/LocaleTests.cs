using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Tests.Pages;

public sealed class LocaleTests
{
    private static readonly TenantContext Tenant = new(TenantId.From(Guid.Parse("019a9f3e-0000-7000-8000-000000000001")), "acme", "Acme", "http://localhost:1", TenantStatus.Active, null, new());
    private static readonly InteractionId Run = InteractionId.From(Guid.Parse("019a9f3e-0000-7000-8000-000000000002"));

    [Theory]
    [InlineData("fa", "fa")]
    [InlineData("fa-IR", "fa")]
    [InlineData("FA_ir", "fa")]
    [InlineData("en-US", "en")]
    public void Finds_the_nearest_language(string tag, string expected) => Locale.Find(tag)!.Tag.ShouldBe(expected);

    [Theory, InlineData("de"), InlineData(""), InlineData("far"), InlineData("e")]
    public void Finds_nothing_for_a_language_it_lacks(string tag) => Locale.Find(tag).ShouldBeNull();

    [Fact]
    public void Writes_numbers_and_dates_the_reader_s_way()
    {
        var time = new DateTimeOffset(2026, 11, 21, 5, 7, 0, TimeSpan.Zero);
        Locale.English.Date(time).ShouldBe("21 November 2026");
        Locale.Persian.Date(time).ShouldBe("۳۰ آبان ۱۴۰۵");
        Locale.Persian.Number(1234).ShouldStartWith("۱");
        Locale.Persian.Number(1234).ShouldEndWith("۲۳۴");
        Locale.English.Number(1234).ShouldBe("1,234");
    }

    [Fact]
    public void Prefers_in_order_the_switch_this_interaction_s_choice_the_application_an_older_choice_the_browser_and_the_tenant()
    {
        Tag(Request(query: "?lang=en", cookie: $"fa.{Run}", accept: "fa"), ["fa"]).ShouldBe("en");
        Tag(Request(cookie: $"en.{Run}", accept: "fa"), ["fa"]).ShouldBe("en");
        Tag(Request(cookie: "en", accept: "en"), ["fa"]).ShouldBe("fa");
        Tag(Request(cookie: "fa", accept: "en"), ["de"]).ShouldBe("fa");
        Tag(Request(accept: "de, fa;q=0.8, en;q=0.5"), null).ShouldBe("fa");
        Tag(Request(accept: "fa;q=0, de"), null).ShouldBe("en");
        Tag(Request(), null).ShouldBe("en");
    }

    [Fact]
    public void Offers_only_what_the_tenant_offers()
    {
        var english = Tenant with { Settings = new() { Locales = new() { Offered = ["en"], Default = "en" } } };
        LocaleChoice.For(Request(query: "?lang=fa", cookie: "fa", accept: "fa"), english, ["fa"], Run).Tag.ShouldBe("en");
    }

    [Theory, InlineData("xx"), InlineData("fa.int_nonsense"), InlineData("."), InlineData("%00")]
    public void Survives_a_broken_cookie(string cookie) => LocaleChoice.For(Request(cookie: cookie), Tenant, null, Run).ShouldNotBeNull();

    private static string Tag(HttpContext http, IReadOnlyList<string>? uiLocales) => LocaleChoice.For(http, Tenant, uiLocales, Run).Tag;

    private static DefaultHttpContext Request(string query = "", string? cookie = null, string? accept = null)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        if (cookie is not null) http.Request.Headers.Cookie = $"{Tenant.CookieName("lang")}={cookie}";
        if (accept is not null) http.Request.Headers.AcceptLanguage = accept;
        return http;
    }
}
