using System.Text;

namespace Gatehouse.Messaging;

/// <summary>
/// A shipped message as its writer thinks of it: what happened, one thing to do, what if it was not you. The text and the HTML part are made
/// from the same sentences, so that they cannot say different things.
/// </summary>
/// <param name="Fallback">The sentence before the bare address under the button.</param>
/// <param name="NotMe">Of a notice: the last paragraph, with a link of its own.</param>
/// <param name="WithCode">A code stands on a line of its own before the button.</param>
internal sealed record ShippedMail(string Subject, string Heading, string[] Before, string Button, string[] After, string Fallback, bool WithCode = false, NotMe? NotMe = null)
{
    private const string Paragraph = "margin:0 0 16px";
    private const string Small = "margin:0 0 8px;font-size:14px;opacity:.72";

    internal MailTemplate ToTemplate()
    {
        var text = new StringBuilder();
        foreach (var sentence in Before) text.Append(sentence).Append("\n\n");
        if (WithCode) text.Append("{{code}}\n\n");
        text.Append(Button).Append(":\n{{link}}\n");
        foreach (var sentence in After) text.Append('\n').Append(sentence).Append('\n');
        if (NotMe is not null) text.Append('\n').Append(NotMe.Sentence).Append("\n{{").Append(NotMe.Placeholder).Append("}}\n");

        var html = new StringBuilder();
        html.Append("<h1 style=\"margin:0 0 16px;font-size:20px;line-height:1.2;font-weight:650\">").Append(Heading).Append("</h1>\n");
        foreach (var sentence in Before) html.Append($"<p style=\"{Paragraph}\">").Append(sentence).Append("</p>\n");
        if (WithCode) html.Append("<p dir=\"ltr\" style=\"margin:24px 0;font-size:32px;line-height:1.2;font-weight:650;letter-spacing:4px\">{{code}}</p>\n");
        html.Append("<p style=\"margin:24px 0\"><a href=\"{{link}}\" style=\"display:inline-block;padding:12px 24px;border-radius:8px;background:{{accent}};color:{{on_accent}};font-weight:500;text-decoration:none\">")
            .Append(Button).Append("</a></p>\n");
        foreach (var sentence in After) html.Append($"<p style=\"{Paragraph}\">").Append(sentence).Append("</p>\n");
        if (NotMe is not null) html.Append($"<p style=\"{Paragraph}\">").Append(NotMe.Sentence).Append("<br>\n<a href=\"{{").Append(NotMe.Placeholder).Append("}}\" style=\"color:inherit\">").Append(NotMe.Link).Append("</a></p>\n");
        html.Append($"<p style=\"{Small}\">").Append(Fallback).Append("</p>\n")
            .Append("<p dir=\"ltr\" style=\"margin:0;font-size:12px;opacity:.72;word-break:break-all\">{{link}}</p>\n");
        return new(Subject, text.ToString(), html.ToString());
    }
}

/// <param name="Sentence">What the link does; ends with a colon.</param>
/// <param name="Link">Its words, where it needs any.</param>
/// <param name="Placeholder">Whose place the link takes.</param>
internal sealed record NotMe(string Sentence, string Link, string Placeholder = "not_me");
