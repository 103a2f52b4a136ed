using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Protocols.E164;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Users;

public sealed class ChangePhonesTests
{
    private static JsonElement Phone(JsonElement user, string number) => user.GetProperty("phones").EnumerateArray().Single(p => p.Text("number") == number);

    [Theory, BothDatabases]
    public async Task Adds_verifies_makes_primary_and_removes(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync(new { sms = new { default_country = "IR" } });
        using var admin = await server.AdminAsync(tenant);
        var created = await admin.CreateUserAsync("ann@example.com");
        created.GetProperty("phones").GetArrayLength().ShouldBe(0);
        var path = $"api/v1/users/{created.Id()}/phones";

        using var added = await admin.PostAsJsonAsync(path, new { number = "+49 (0)170 1234567" });
        var first = Phone(await added.ReadJsonAsync(HttpStatusCode.Created), "+491701234567");
        (first.GetProperty("verified").GetBoolean(), first.GetProperty("primary").GetBoolean()).ShouldBe((false, true));
        using var another = await admin.PostAsJsonAsync(path, new { number = "۰۹۱۲ ۳۴۵ ۶۷۸۹", verified = true });
        var second = Phone(await another.ReadJsonAsync(HttpStatusCode.Created), "+989123456789");
        (second.GetProperty("verified").GetBoolean(), second.GetProperty("primary").GetBoolean()).ShouldBe((true, false));

        using var verified = await admin.PostAsync($"{path}/{first.Id()}/verify", null);
        Phone(await verified.ReadJsonAsync(HttpStatusCode.OK), "+491701234567").GetProperty("verified").GetBoolean().ShouldBeTrue();
        using var refused = await admin.DeleteAsync($"{path}/{first.Id()}");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "phone_primary");
        using var primary = await admin.PostAsync($"{path}/{second.Id()}/primary", null);
        var user = await primary.ReadJsonAsync(HttpStatusCode.OK);
        (Phone(user, "+491701234567").GetProperty("primary").GetBoolean(), Phone(user, "+989123456789").GetProperty("primary").GetBoolean()).ShouldBe((false, true));
        user.GetProperty("emails").GetArrayLength().ShouldBe(1, "each address is shown once, however many numbers there are");

        using var found = await admin.GetAsync("api/v1/users?search=%2B4917");
        (await found.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("phones").GetArrayLength().ShouldBe(2);
        foreach (var phone in new[] { first, second })
            using (var removed = await admin.DeleteAsync($"{path}/{phone.Id()}")) removed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var audit = await admin.GetAsync($"api/v1/audit?target={created.Id()}");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.Text("action"))
            .ShouldBe(["user.phone_removed", "user.phone_removed", "user.phone_made_primary", "user.phone_verified", "user.phone_added", "user.phone_added", "user.created"]);
    }

    [Theory, BothDatabases]
    public async Task Refuses_taken_invalid_and_too_many(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        var (ann, bob) = (await admin.CreateUserAsync("ann@example.com"), await admin.CreateUserAsync("bob@example.com"));
        using (var taken = await admin.PostAsJsonAsync($"api/v1/users/{bob.Id()}/phones", new { number = "+491701234567" })) taken.StatusCode.ShouldBe(HttpStatusCode.Created);
        var path = $"api/v1/users/{ann.Id()}/phones";
        foreach (var (number, status, code) in new[] { ("+49 170 1234567", HttpStatusCode.Conflict, "phone_taken"), ("0170 1234567", HttpStatusCode.UnprocessableEntity, "phone_invalid"), ("", HttpStatusCode.UnprocessableEntity, "phone_invalid") })
        {
            using var response = await admin.PostAsJsonAsync(path, new { number });
            await response.ShouldBeProblemAsync(status, code);
        }
        foreach (var wrong in new[] { "phn_00000000000000000000000001", "nonsense" })
            foreach (var (method, at) in new[] { ("DELETE", $"{path}/{wrong}"), ("POST", $"{path}/{wrong}/primary"), ("POST", $"{path}/{wrong}/verify") })
            {
                using var response = await admin.SendAsync(People.Request(method, at));
                await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "phone_not_found");
                await server.ShouldNeedAsync(tenant, method, at, "users:read");
            }
        await server.ShouldNeedAsync(tenant, "POST", path, "users:read", new { number = "+491701234568" });

        // Ten at once: five is five.
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => admin.PostAsJsonAsync(path, new { number = $"+49 170 555000{i}" })));
        answers.ShouldAllBe(a => (int)a.StatusCode < 500);
        for (var i = 0; i < 6; i++) using (await admin.PostAsJsonAsync(path, new { number = $"+49 170 666000{i}" })) { }
        using var sixth = await admin.PostAsJsonAsync(path, new { number = "+49 170 7770000" });
        await sixth.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "phones_too_many");

        using var elsewhere = await server.AdminAsync(other);
        var number0 = bob.Id();
        foreach (var (method, at) in new[] { ("POST", $"api/v1/users/{number0}/phones"), ("DELETE", $"{path}/phn_00000000000000000000000001") })
        {
            using var hidden = await elsewhere.SendAsync(People.Request(method, at, method == "POST" ? new { number = "+491709999999" } : null));
            await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user_not_found");
        }
    }

    [Theory, BothDatabases]
    public async Task Gives_an_unproved_number_to_who_proves_it(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        var (squatter, owner) = (await admin.CreateUserAsync("eve@example.com"), await admin.CreateUserAsync("ann@example.com"));
        using (await admin.PostAsJsonAsync($"api/v1/users/{squatter.Id()}/phones", new { number = "+491701234567" })) { }
        var (context, users, number) = (await server.ContextAsync(tenant), server.Services.GetRequiredService<UserDirectory>(), PhoneNumber.Parse("+491701234567")!.Value);
        UserId.TryParse(owner.Id(), out var ann).ShouldBeTrue();
        UserId.TryParse(squatter.Id(), out var eve).ShouldBeTrue();
        (await server.InAsync(context, tx => users.FindByPhoneAsync(tx, number, default))).ShouldBeNull("what is unproved is nobody's");
        (await server.InAsync(context, tx => users.AddProvedPhoneAsync(tx, ann, number, default))).ShouldBeNull();
        (await server.InAsync(context, tx => users.AddProvedPhoneAsync(tx, ann, number, default))).ShouldBeNull("saying it twice is no fault");
        (await server.InAsync(context, tx => users.AddProvedPhoneAsync(tx, eve, number, default)))!.Code.ShouldBe("phone_taken");
        var found = await server.InAsync(context, tx => users.FindByPhoneAsync(tx, number, default));
        found.ShouldNotBeNull().Id.ShouldBe(ann);
        (await server.InAsync(context, tx => users.FindAsync(tx, eve, default)))!.Phones.ShouldBeEmpty();

        var phone = found.Phones.ShouldHaveSingleItem();
        (phone.Verified, phone.Primary).ShouldBe((true, true));
        var (own, other) = (server.Services.GetRequiredService<OwnUser>(), (await server.InAsync(context, tx => users.FindAsync(tx, eve, default)))!);
        async Task<string> CodeAsync(Func<TenantTransaction, ValueTask<Result<User, Problem>>> change) => (await server.InAsync(context, change)).TryGet(out _, out var problem) ? "" : problem.Code;
        (await CodeAsync(tx => own.RemovePhoneAsync(tx, other, phone.Id, default))).ShouldBe("phone_not_found");
        (await CodeAsync(async tx => await own.MakePhonePrimaryAsync(tx, (await users.FindAsync(tx, eve, default))!, phone.Id, default))).ShouldBe("phone_not_found");
        (await CodeAsync(tx => own.RemovePhoneAsync(tx, found, phone.Id, default))).ShouldBe("");
    }
}
