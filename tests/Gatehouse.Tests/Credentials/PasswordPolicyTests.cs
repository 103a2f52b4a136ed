using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Tests.Credentials;

public sealed class PasswordPolicyTests
{
    private static readonly CommonPasswords Common = new();
    private static readonly PasswordPolicy Policy = new(Common);

    private static string? Check(string password, string? email = null, PasswordSettings? rules = null) => Policy.Check(
        new TenantContext(TenantId.New(TimeProvider.System), "acme", "Acme Motors", "https://acme.example", TenantStatus.Active, null,
            TenantSettings.Default with { Passwords = rules ?? new() }), password, email)?.Code;

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("пароль для входа сюда")]
    [InlineData("🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋x")]             // counted by code point
    [InlineData("mein hund frisst 14 gurken")]
    public void Accepts_long_ones_of_any_composition(string password) => Check(password).ShouldBeNull();

    [Theory]
    [InlineData("fourteen chars", "password_too_short")]
    [InlineData("", "password_too_short")]
    [InlineData("🐎🔋📎🐎🔋📎🐎🔋", "password_too_short")]        // 16 UTF-16 units are 8 characters
    public void Refuses_by_length_and_text(string password, string code) => Check(password).ShouldBe(code);

    [Fact]
    public void Refuses_half_of_a_surrogate_pair() => Check("half of a surrogate " + '\uD83D' + " pair").ShouldBe("password_invalid");

    [Fact]
    public void Refuses_more_than_the_longest() =>
        (Check(new string('x', 128) + "abcdefgh" + new string('y', 120)), Check(new string('x', 150) + new string('y', 107)), Check(new string('x', 100_000)))
            .ShouldBe((null, "password_too_long", "password_too_long"));

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("ｐａｓｓｗｏｒｄ")]                // normalised first
    [InlineData("password123456789")]
    [InlineData("!!!dragon!!!2026")]
    [InlineData("passwordpassword")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("12341234123412341234")]
    [InlineData("1234567890123456")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("ponmlkjihgfedcba")]
    [InlineData("gatehouse-12345")]
    [InlineData("acme-acme-2026!!")]
    [InlineData("Acme Motors 2026")]
    [InlineData("AcmeMotors!!2026")]
    [InlineData("ann.example.12345")]
    [InlineData("ann.example@example.com")]
    public void Refuses_what_is_tried_first(string password) => Check(password, "ann.example@example.com", new() { MinLength = 8 }).ShouldBe("password_common");

    [Fact]
    public void Accepts_common_ones_where_the_tenant_does() => Check("passwordpassword", rules: new() { RefuseCommon = false }).ShouldBeNull();

    [Fact]
    public void Asks_for_classes_only_where_the_tenant_does()
    {
        var rules = new PasswordSettings { RequiredClasses = 3 };
        Check("correct horse battery", rules: rules).ShouldBe("password_too_simple");
        Check("Correct horse battery", rules: rules).ShouldBeNull();
    }

    [Fact]
    public void Ships_a_list_worth_having() => Common.Count.ShouldBeGreaterThan(40_000);
}
