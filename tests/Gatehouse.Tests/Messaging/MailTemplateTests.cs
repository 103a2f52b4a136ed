using System.Text.RegularExpressions;
using Gatehouse.Messaging;

namespace Gatehouse.Tests.Messaging;

public sealed partial class MailTemplateTests
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["link"] = "https://id.example.com/reset?token=a&b=<c>",
        ["minutes"] = "30",
        ["name"] = "My phone",
        ["code"] = "1234 5678",
        ["address"] = "new@example.com",
        ["number"] = "+491701234567",
        ["device"] = "Firefox, Linux",
        ["ip"] = "192.0.2.1",
        ["time"] = "2026-11-21 09:05 UTC",
        ["prefix"] = "ghk_1234abcd",
        ["cancel"] = "https://id.example.com/cancel?token=<t>",
        ["not_me"] = "https://id.example.com/not-me?token=<t>",
        ["tenant"] = "Acme <b>&\r\nBcc: eve@example.com",
        ["email"] = "ann@example.com",
        ["accent"] = "#4f46e5",
        ["on_accent"] = "#ffffff",
    };

    public static TheoryData<string, string> Shipped()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in MailKinds.All)
            foreach (var locale in MailKinds.Locales) data.Add(kind.Name, locale);
        return data;
    }

    [Theory, MemberData(nameof(Shipped))]
    public void Ships_every_message_in_every_language(string name, string locale)
    {
        var template = MailKinds.Shipped(name, locale);
        template.Check(MailKinds.Find(name)!).ShouldBeNull();
        var message = template.Render(Values);
        foreach (var part in new[] { message.Subject, message.Text, message.Html }) part.ShouldNotContain("{{");
        message.Text.ShouldContain("\nhttps://id.example.com/reset?token=a&b=<c>\n");
        message.Html.ShouldContain("href=\"https://id.example.com/reset?token=a&amp;b=&lt;c&gt;\"");
        (locale == "fa").ShouldBe(Persian().IsMatch(message.Subject));
    }

    [Theory, MemberData(nameof(Shipped))]
    public void Lets_no_value_begin_a_line_or_an_element(string name, string locale)
    {
        var message = MailKinds.Shipped(name, locale).Render(Values);
        message.Subject.ShouldNotContain("\n");
        message.Text.ShouldNotContain("\nBcc:");
        message.Html.ShouldNotContain("<b>");
        var layout = MailLayout.Wrap(locale, message.Subject, Values["tenant"], message.Html);
        layout.ShouldContain(locale == "fa" ? "dir=\"rtl\"" : "dir=\"ltr\"");
        layout.ShouldNotContain("<b>");
    }

    [Fact]
    public void Does_not_read_a_value_as_a_template() =>
        new MailTemplate("{{tenant}}", "{{link}}", "{{link}}").Render(new Dictionary<string, string> { ["tenant"] = "{{link}}", ["link"] = "{{tenant}}" })
            .ShouldBe(new MailTemplate("{{link}}", "{{tenant}}", "{{tenant}}"));

    [Theory]
    [InlineData("", "{{link}}", "{{link}}", "template_invalid", "subject")]
    [InlineData("a\r\nBcc: b", "{{link}}", "{{link}}", "template_invalid", "subject")]
    [InlineData("a", "", "{{link}}", "template_invalid", "text")]
    [InlineData("a", "{{link}}", "", "template_invalid", "html")]
    [InlineData("a", "{{link}} {{password}}", "{{link}}", "placeholder_unknown", "text")]
    [InlineData("a", "{{ link }}", "{{link}}", "placeholder_unknown", "text")]
    [InlineData("a", "{{link}} {{", "{{link}}", "placeholder_unknown", "text")]
    [InlineData("{{minutes}}", "{{link}}", "{{link}}", "placeholder_unknown", "subject")]
    [InlineData("a", "no", "{{link}}", "placeholder_missing", "text")]
    [InlineData("a", "{{link}}", "no", "placeholder_missing", "html")]
    public void Refuses_a_template_that_would_not_work(string subject, string text, string html, string code, string field) =>
        new MailTemplate(subject, text, html).Check(MailKinds.Find("password_changed")!).ShouldNotBeNull().ShouldSatisfyAllConditions(p => p.Code.ShouldBe(code), p => p.Field.ShouldBe(field));

    [Theory]
    [InlineData("ann@example.com", true)]
    [InlineData("ann+tag@example.com", true)]
    [InlineData("آنا@example.com", true)]
    [InlineData("Ann <ann@example.com>", false)]
    [InlineData("ann@example.com,bob@example.com", false)]
    [InlineData("ann@example.com\r\nBcc: bob@example.com", false)]
    [InlineData("ann", false)]
    [InlineData("", false)]
    [InlineData("\"a b\"@example.com", false)]
    public void Takes_one_plain_address(string text, bool valid) => (Recipient.Parse(text) is not null).ShouldBe(valid);

    [Theory]
    [InlineData("en", "en")]
    [InlineData("fa-IR", "fa")]
    [InlineData("FA", "fa")]
    [InlineData("de", "fa")]
    public void Chooses_the_nearest_language(string wanted, string expected) => MailKinds.NearestLocale(wanted, "fa").ShouldBe(expected);

    [Theory]
    [InlineData("#4f46e5", "#ffffff")]
    [InlineData("#000000", "#ffffff")]
    [InlineData("#ffffff", "#000000")]
    [InlineData("#ffd400", "#000000")]
    public void Writes_on_the_accent_so_that_it_can_be_read(string accent, string text) => MailLayout.TextOn(accent).ShouldBe(text);

    [Theory]
    [InlineData("", 587, "", false, "")]
    [InlineData("smtp.example.com", 587, "no-reply@example.com", false, "")]
    [InlineData("smtp.example.com", 0, "no-reply@example.com", false, "Port")]
    [InlineData("smtp.example.com", 587, "", false, "From")]
    [InlineData("smtp.example.com", 587, "A <a@example.com>", false, "From")]
    [InlineData("smtp.example.com", 587, "no-reply@example.com", true, "Mailbox")]
    public void Checks_the_settings(string host, int port, string from, bool mailbox, string refused)
    {
        var result = new MessagingOptionsValidator().Validate(null, new() { Mailbox = mailbox, Smtp = new() { Host = host, Port = port, From = from } });
        result.Succeeded.ShouldBe(refused.Length == 0);
        if (refused.Length > 0) result.FailureMessage!.ShouldContain(refused);
    }

    [GeneratedRegex("[\u0600-\u06FF]")]
    private static partial Regex Persian();
}
