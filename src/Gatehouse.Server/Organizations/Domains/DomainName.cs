using System.Collections.Frozen;
using Gatehouse.Kernel;
using Gatehouse.Users;

namespace Gatehouse.Organizations.Domains;

/// <summary>A domain that one organization can own: as addresses are compared, and neither a registry's nor a mail provider's.</summary>
internal static class DomainName
{
    // Where anybody gets an address: whoever proved such a domain would own everybody's.
    private static readonly FrozenSet<string> mail = FrozenSet.Create(StringComparer.Ordinal,
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "rocketmail.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me",
        "protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.de", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "tutanota.com", "tuta.io", "zoho.com", "mail.com",
        "fastmail.com", "hey.com", "yandex.com", "yandex.ru", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "rambler.ru", "qq.com", "163.com", "126.com", "sina.com", "naver.com", "daum.net", "hanmail.net",
        "orange.fr", "free.fr", "laposte.net", "wanadoo.fr", "libero.it", "virgilio.it", "wp.pl", "o2.pl", "onet.pl", "seznam.cz", "bluewin.ch", "comcast.net", "verizon.net", "att.net", "rediffmail.com",
        "chmail.ir", "mihanmail.ir", "mailinator.com", "guerrillamail.com", "10minutemail.com", "yopmail.com");

    // Names below which others' customers live, beside those of registries.
    private static readonly FrozenSet<string> shared = FrozenSet.Create(StringComparer.Ordinal,
        "github.io", "gitlab.io", "netlify.app", "vercel.app", "pages.dev", "workers.dev", "herokuapp.com", "fly.dev", "onrender.com", "azurewebsites.net", "cloudapp.net", "appspot.com", "web.app",
        "firebaseapp.com", "blogspot.com", "cloudfront.net", "amazonaws.com", "myshopify.com", "wordpress.com", "onmicrosoft.com", "sharepoint.com", "ngrok.io", "ngrok-free.app");

    // What registries sell below: co.uk, com.au, ac.ir. With a country of two letters after it, such a name is nobody's own.
    private static readonly FrozenSet<string> second = FrozenSet.Create(StringComparer.Ordinal,
        "co", "com", "net", "org", "ac", "edu", "gov", "mil", "sch", "id", "or", "ne", "go", "gob", "nom", "web", "info", "biz", "ltd", "plc", "me", "gouv", "asso", "ad", "ed", "gr", "lg", "school", "nic");

    private static readonly FrozenSet<string> nowhere = FrozenSet.Create(StringComparer.Ordinal, "local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "invalid", "onion", "arpa");

    /// <returns>In ASCII, lower case; or <c>domain_invalid</c>, <c>domain_shared</c>.</returns>
    internal static Result<string, Problem> Parse(string? text)
    {
        // Read as the domain of an address is, since that is what it will be compared with: a look-alike in another script is another name.
        if (text is null || text.Contains('@', StringComparison.Ordinal) || !EmailAddress.Parse("a@" + text.Trim()).TryGet(out var address, out _)) return Invalid;
        var domain = Of(address.Normalized);
        var labels = domain.Split('.');
        if (domain.Length > 253 - "_gatehouse.".Length || labels.Length < 2 || labels[^1].All(char.IsAsciiDigit) || nowhere.Contains(labels[^1])) return Invalid;
        if (mail.Contains(domain) || shared.Contains(domain) || (labels.Length == 2 && labels[1].Length == 2 && second.Contains(labels[0]))
            || (labels[0] is "yahoo" or "hotmail" or "live" or "outlook" && labels.Length is 2 or 3)) return Shared;
        return domain;
    }

    /// <summary>The domain of a normalised address.</summary>
    internal static string Of(string normalized) => normalized[(normalized.IndexOf('@') + 1)..];

    private static Problem Invalid { get; } = Problem.Invalid("domain_invalid", "A domain has at least two parts, such as example.com, without scheme, path or port.", "domain");
    private static Problem Shared { get; } = Problem.Invalid("domain_shared", "Addresses at this domain belong to many. An organization can only have a domain of its own.", "domain");
}
