using System.Net;
using System.Net.Http.Json;
using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Browser;

/// <summary>Codes that are sent, as a person sees them: by mail, typed; by mail, the link, here and on another device; by text message.</summary>
[Collection(nameof(Chromium))]
public sealed class SentCodeTests(Chromium chromium)
{
    private const string Email = "sara.ahmadi@example.com", Password = "an unlikely sequence of words", Number = "+491701234567";

    public static TheoryData<Look> Looks => [.. Look.All];

    [Theory, MemberData(nameof(Looks))]
    public async Task Signs_in_by_the_code_and_by_the_link(Look look)
    {
        var (_, tenant, _) = await NewTenantAsync("password", "passkey", "email_code");
        await using (var she = await Visitor.ComeAsync(chromium, tenant, look, "mail-code"))
        {
            await AskAsync(she);
            await she.SeeAsync("sent");
            await she.FillAsync("code", "12345");
            await she.SubmitAsync();
            await she.SeeAsync("wrong", refused: true);
            await she.FillAsync("code", (await Visitor.MessageAsync(tenant, Email)).Split('\n').First(l => l.Length == 6 && l.All(char.IsAsciiDigit)));
            await she.SubmitAsync();
            await she.ArriveAsync("**/account");
        }
        await using (var she = await Visitor.ComeAsync(chromium, tenant, look, "mail-link"))
        {
            await AskAsync(she);
            await she.OpenMailAsync(Email, "sign_in_code");
            await she.SeeAsync("link");
            await she.SubmitAsync();
            await she.ArriveAsync("**/account");
        }
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Shows_the_code_where_the_link_was_opened_elsewhere(Look look)
    {
        var (_, tenant, _) = await NewTenantAsync("email_code");
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "mail-link-asking");
        await using var phone = await Visitor.ComeAsync(chromium, tenant, look, "mail-link-elsewhere");
        await she.GoAsync("/signin");
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await phone.OpenMailAsync(Email, "sign_in_code");
        await phone.SeeAsync("elsewhere");
        await she.FillAsync("code", (await phone.Page.TextContentAsync(".big-code"))!.Trim());
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Sends_the_second_steps_code_to_her_telephone(Look look)
    {
        var (server, tenant, user) = await NewTenantAsync("password", "sms_code");
        using (var admin = await server.AdminAsync(tenant))
        using (var added = await admin.PostAsJsonAsync($"api/v1/users/{user}/phones", new { number = Number, verified = true }))
        {
            var phone = (await added.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("phones")[0].GetProperty("id").GetString();
            (UserId.TryParse(user, out var id) & PhoneId.TryParse(phone, out var to) & TenantId.TryParse(tenant.Id, out var at)).ShouldBeTrue();
            await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(at, default);
            (await server.Services.GetRequiredService<SmsAuthenticator>().TryEnableAsync(tx, id, to, default)).ShouldBeTrue();
            await tx.CommitAsync(default);
        }
        await using var she = await Visitor.ComeAsync(chromium, tenant, look, "sms-code");
        await she.GoAsync("/signin");
        await she.SeeAsync("address-or-number");
        await she.FillAsync("email", Email);
        await she.SubmitAsync();
        await she.FillAsync("password", Password);
        await she.SubmitAsync();
        await she.SeeAsync("offer");
        await she.SubmitAsync();
        await she.SeeAsync("sent");
        await she.FillAsync("code", (await Visitor.MessageAsync(tenant, Number)).Split('#')[^1].Trim());
        await she.SubmitAsync();
        await she.ArriveAsync("**/account");
    }

    private static async Task AskAsync(Visitor she)
    {
        await she.GoAsync("/signin");
        await she.FillAsync("email", Email);
        await she.SubmitAsync("main form[action*='/signin?']");
        await she.SeeAsync("password");
        await she.SubmitAsync("main form[action*='/signin/send']");
    }

    private static async Task<(TestServer Server, TestTenant Tenant, string User)> NewTenantAsync(params string[] methods)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var tenant = await server.NewTenantAsync(new { sign_in = new { methods }, sms = new { allowed_countries = new[] { "DE" } } });
        using var admin = await server.AdminAsync(tenant);
        using var created = await admin.PostAsJsonAsync("api/v1/users", new { emails = new[] { Email }, email_verified = true, display_name = "Sara Ahmadi", password = Password });
        return (server, tenant, (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()!);
    }
}
