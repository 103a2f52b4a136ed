using System.Net;
using Gatehouse.Messaging;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Messaging;

/// <summary>What pumping would cost: each limit, alone, and what reaching it does to the others.</summary>
public sealed class SmsLimitTests
{
    private static object Settings(object? limits = null, params string[] countries) => new { limits = limits ?? new { }, sms = new { allowed_countries = countries.Length > 0 ? countries : ["DE"] } };

    [Theory, BothDatabases]
    public async Task Shows_what_was_sent_where_mail_is_shown(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var (tenant, other) = (await server.NewTenantAsync(Settings()), await server.NewTenantAsync(Settings()));
        (await server.TextAsync(tenant)).ShouldBeTrue();
        (await server.TextAsync(tenant, "+49 170 7654321", locale: "fa", template: "verify_phone")).ShouldBeTrue();
        (await server.TextAsync(tenant, "+49 170 1111111", forNobody: true)).ShouldBeTrue();
        (await server.TextAsync(tenant, "+49 170 2222222", commit: false)).ShouldBeTrue();
        (await server.TextsAsync(tenant)).ShouldHaveSingleItem().ShouldEndWith("\n\n@localhost #123456");
        (await server.TextsAsync(tenant, "+491707654321")).ShouldHaveSingleItem().ShouldContain("تأیید");
        (await server.TextsAsync(tenant, "+491701111111")).ShouldBeEmpty();
        (await server.TextsAsync(other)).ShouldBeEmpty();

        using var client = server.Client(tenant);
        (await client.GetStringAsync("dev/mailbox")).ShouldContain("Text message: 123456 is your sign-in code");
        using var json = await client.GetAsync("dev/mailbox.json");
        var items = (await json.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items");
        items.GetArrayLength().ShouldBe(2);
        (await client.GetStringAsync($"dev/mailbox/{items[1].GetProperty("id").GetString()}")).ShouldNotContain("<iframe");
    }

    [Theory, BothDatabases]
    public async Task Sends_nowhere_until_the_tenant_has_said_whereto(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        (await server.TextAsync(await server.NewTenantAsync())).ShouldBeFalse();
        var tenant = await server.NewTenantAsync(Settings(null, "US"));
        (await server.TextAsync(tenant)).ShouldBeFalse();
        (await server.TextAsync(tenant, "+1 876 555 1234")).ShouldBeFalse("Jamaica shares the code of the United States");
        (await server.TextAsync(tenant, "+1 212 555 1234")).ShouldBeTrue();
    }

    [Theory, BothDatabases]
    public async Task Limits_one_number_and_gives_back_what_the_others_counted(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync(Settings(new { sms_per_number_hour = 2, sms_per_tenant_hour = 3 }));
        foreach (var expected in new[] { true, true, false, false, false }) (await server.TextAsync(tenant)).ShouldBe(expected);
        // Three refusals have not used up the tenant's third.
        (await server.TextAsync(tenant, "+49 170 7654321")).ShouldBeTrue();
        (await server.TextAsync(tenant, "+49 170 7654322")).ShouldBeFalse();
    }

    [Theory, BothDatabases]
    public async Task Limits_numbers_that_begin_alike(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync(Settings(new { sms_per_prefix_hour = 5 }));
        var sent = 0;
        // A pump: each number once, each from another network.
        for (var i = 0; i < 20; i++) if (await server.TextAsync(tenant, $"+49 1701 5000{i:00}", network: $"198.51.100.{i}")) sent++;
        sent.ShouldBe(5);
        (await server.TextAsync(tenant, "+49 1601 500000")).ShouldBeTrue("other numbers have their own");
    }

    [Theory, BothDatabases]
    public async Task Limits_a_network_and_the_tenant(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync(Settings(new { sms_per_ip_hour = 3, sms_per_tenant_hour = 100, sms_per_tenant_day = 4 }));
        for (var i = 0; i < 5; i++) (await server.TextAsync(tenant, $"+49 170 200000{i}")).ShouldBe(i < 3);
        (await server.TextAsync(tenant, "+49 170 3000000", network: "198.51.100.1")).ShouldBeTrue();
        (await server.TextAsync(tenant, "+49 170 3000001", network: "198.51.100.2")).ShouldBeFalse("the tenant's day");
    }

    [Theory, BothDatabases]
    public async Task Counts_what_nobody_gets_apart(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync(Settings(new { sms_per_tenant_hour = 2, sms_per_prefix_hour = 2 }));
        for (var i = 0; i < 6; i++) (await server.TextAsync(tenant, $"+49 170 200000{i}", forNobody: true)).ShouldBe(i < 2);
        (await server.TextAsync(tenant)).ShouldBeTrue("invented numbers must not use up what real ones need");
    }

    [Theory, BothDatabases]
    public async Task Gives_exactly_the_share_to_many_at_once(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var tenant = await server.NewTenantAsync(Settings(new { sms_per_tenant_hour = 7, sms_per_ip_hour = 1000, sms_per_prefix_hour = 1000 }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => server.TextAsync(tenant, $"+49 170 40000{i:00}"))));
        answers.Count(sent => sent).ShouldBe(7);
    }

    [Theory]
    [InlineData("sign_in_code", "en")]
    [InlineData("sign_in_code", "fa")]
    [InlineData("reset_code", "en")]
    [InlineData("reset_code", "fa")]
    [InlineData("recovery_code", "en")]
    [InlineData("recovery_code", "fa")]
    [InlineData("verify_phone", "en")]
    [InlineData("verify_phone", "fa")]
    public void Stays_short_whatever_the_tenant_is_called(string template, string locale)
    {
        SmsKinds.All.Count().ShouldBe(5);
        var text = SmsKinds.Write(template, locale, "A tenant\nwith a very long name that would cost a fortune", "id.example.com", "123456", 10);
        text.ShouldContain("123456");
        text.ShouldEndWith("\n\n@id.example.com #123456");
        text.Split('\n').Length.ShouldBe(locale == "en" ? 3 : 4);
        // GSM 03.38: two parts of 153 letters; beyond its alphabet three of 67 characters.
        text.Length.ShouldBeLessThanOrEqualTo(locale == "en" ? 306 : 3 * 67);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fa")]
    public void A_notice_has_neither_code_nor_link(string locale)
    {
        var text = SmsKinds.Write("recovery_started", locale, "A tenant\nwith a very long name that would cost a fortune", "id.example.com", "", 720);
        text.ShouldNotContain("\n");
        text.ShouldNotContain("id.example.com");
        text.Any(char.IsDigit).ShouldBeFalse();
        text.Length.ShouldBeLessThanOrEqualTo(2 * 67);
    }
}
