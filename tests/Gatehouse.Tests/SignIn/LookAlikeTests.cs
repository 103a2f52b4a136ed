using System.Net;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Users;

namespace Gatehouse.Tests.SignIn;

/// <summary>
/// Addresses that look like somebody's. Each is hers, and then every message goes to the address that is stored; or is another's, and then none of hers goes there;
/// or is none at all. The rule stands in docs/guides/registration.md.
/// </summary>
public sealed class LookAlikeTests
{
    public static TheoryData<string, string> Hers => new()
    {
        { "kim@example.com", "KIM@EXAMPLE.COM" },
        { "kim@example.com", "ｋｉｍ＠ｅｘａｍｐｌｅ．ｃｏｍ" },           // full width
        { "kim@example.com", "\u212Aim@example.com" },                  // the Kelvin sign is a K
        { "finn@example.com", "\uFB01nn@example.com" },                 // a ligature
        { "sam@example.com", "\u017Fam@example.com" },                  // the long s
        { "jörg@example.com", "jo\u0308rg@example.com" },               // a combining mark that composes
        { "ann@b\u00FCcher.example", "ann@xn--bcher-kva.example" },     // the host's other spelling
        { "ann@xn--bcher-kva.example", "ann@BU\u0308CHER.example" },
        { "ann@example.com", "ann@example\u3002com" },                  // an ideographic full stop in the host
        { "ann@example.com", " ann@example.com\u00A0" },
    };

    public static TheoryData<string, string> Anothers => new()
    {
        { "ann@example.com", "\u0430nn@example.com" },                  // a Cyrillic a
        { "ann@example.com", "ann@ex\u0430mple.com" },
        { "ann@example.com", "\u03B1nn@example.com" },                  // a Greek alpha
        { "ann@example.com", "ann\u0301@example.com" },                 // an acute on the last n
        { "ian@example.com", "\u0131an@example.com" },                  // no dot
        { "ian@example.com", "\u0130an@example.com" },                  // a capital with a dot
        { "strasse@example.com", "stra\u00DFe@example.com" },           // no folding of one letter into two
        { "ann@fass.example", "ann@fa\u00DF.example" },
        { "annb@example.com", "ann.b@example.com" },                    // dots mean something to most hosts
        { "ann@example.com", "ann+x@example.com" },
        { "ann@example.com", "ann@example.com.evil.example" },
    };

    public static TheoryData<string, string> Nobodys => new()
    {
        { "ann@example.com", "an\u200Bn@example.com" },                 // zero width
        { "ann@example.com", "an\u200Dn@example.com" },
        { "ann@example.com", "ann@exam\u200Bple.com" },
        { "ann@example.com", "\u202Emoc.elpmaxe@nna" },                 // written backwards
        { "ann@example.com", "an\u00ADn@example.com" },                 // a soft hyphen
        { "ann@example.com", "ann@example.com." },
        { "ann@example.com", "ann@example.com\u0000@evil.example" },
        { "ann@example.com", "ann@evil.example@example.com" },
        { "ann@example.com", "\"ann\"@example.com" },
    };

    [Theory, MemberData(nameof(Hers))]
    public async Task Is_hers_and_only_her_stored_address_gets_mail(string owner, string typed)
    {
        using var world = await OpenAsync(owner);
        var known = await SignUpAsync(world, typed);
        (await world.AuditAsync("registration.requested")).Select(e => e.Reason).ShouldBe(["already_registered"]);
        (await world.MailsAsync(Sent(owner))).ShouldBe(["already_registered"]);
        using var stranger = world.AnotherBrowser();
        known.Shape().ShouldBe((await stranger.SubmitAsync(await stranger.GetAsync("signup"), [("email", "free@example.com")])).Shape());
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin/forgot"), [("email", typed)]);
        (await world.MailsAsync(Sent(owner))).ShouldBe(["reset_password", "already_registered"]);
        (await world.Browser.SignInAsync(typed)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, MemberData(nameof(Anothers))]
    public async Task Is_another_s_and_gets_nothing_that_is_hers(string owner, string typed)
    {
        using var world = await OpenAsync(owner);
        await SignUpAsync(world, typed);
        (await world.AuditAsync("registration.requested")).Select(e => e.Reason).ShouldBe(["link_sent"]);
        (await world.MailsAsync(Sent(owner))).ShouldBeEmpty("she is not concerned");
        await world.Browser.SubmitAsync(await world.Browser.GetAsync("signin/forgot"), [("email", typed)]);
        (await world.AuditAsync("password.reset_requested")).Select(e => e.Reason).ShouldBe(["unknown_user"]);
        (await world.MailsAsync(Sent(owner))).ShouldBeEmpty();
        (await world.MailsAsync(Sent(typed))).ShouldBe(["verify_email"]);
        (await world.Browser.SignInAsync(typed)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "her password is not this one's");
        // It becomes an account of its own, and signs in to nobody else's.
        var account = await world.Browser.SubmitAsync(await world.Browser.GetAsync(await world.LinkAsync("verify_email", Sent(typed))), [("password", PageBrowser.Password)], "/signup/verify");
        account.ShouldBe(HttpStatusCode.OK, "Your account").Text.ShouldNotContain($" {owner} ");
        using var hers = world.AnotherBrowser();
        (await hers.SignInAsync(owner)).ShouldBe(HttpStatusCode.OK, "Your account");
    }

    [Theory, MemberData(nameof(Nobodys))]
    public async Task Is_no_address(string owner, string typed)
    {
        using var world = await OpenAsync(owner);
        var form = await world.Browser.GetAsync("signup");
        using (var refused = await world.Browser.SendAsync(form, [("email", typed)])) refused.StatusCode.ShouldBeOneOf(HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest);
        using (var refused = await world.Browser.SendAsync(await world.Browser.GetAsync("signin/forgot"), [("email", typed)])) refused.StatusCode.ShouldBeOneOf(HttpStatusCode.UnprocessableEntity, HttpStatusCode.BadRequest);
        (await world.AuditAsync("registration.requested")).ShouldBeEmpty();
        (await world.MailsAsync(Sent(owner))).ShouldBeEmpty();
    }

    /// <summary>As it is stored and sent to.</summary>
    private static string Sent(string address) => EmailAddress.Parse(address).TryGet(out var parsed, out _) ? parsed.Address : address;

    private static async Task<SignInWorld> OpenAsync(string owner)
    {
        var world = await SignInWorld.OpenAsync();
        await SignInWorld.NewUserAsync(world.Server, world.Tenant, owner == SignInWorld.Email ? "somebody@example.com" : owner);
        return world;
    }

    private static async Task<PageView> SignUpAsync(SignInWorld world, string typed) =>
        (await world.Browser.SubmitAsync(await world.Browser.GetAsync("signup"), [("email", typed)])).ShouldBe(HttpStatusCode.OK, "Check your mail");
}
