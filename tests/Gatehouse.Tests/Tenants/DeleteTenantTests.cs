using System.Net;
using System.Net.Http.Json;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Tenants;

/// <summary>Deleting a tenant: an export first, a time in which it can be undone, then gone.</summary>
public sealed class DeleteTenantTests
{
    [Theory, BothDatabases]
    public async Task Asks_for_an_export_waits_and_can_be_undone(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var tenant = await server.NewTenantAsync();
        var path = $"api/v1/tenants/{tenant.Id}";
        using var client = server.Client(tenant);
        using (var admin = await server.AdminAsync())
        {
            await (await admin.DeleteAsync(path)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "export_missing");
            await TenantBundleTests.ExportAsync(admin, tenant);
            using var deleted = await admin.DeleteAsync(path);
            var view = await deleted.ReadJsonAsync(HttpStatusCode.Accepted);
            view.Text("status").ShouldBe("deleting");
            (view.GetProperty("delete_after").GetDateTimeOffset() - server.Clock.GetUtcNow()).TotalDays.ShouldBe(7, 0.01);
            await (await client.GetAsync(".well-known/openid-configuration")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tenant_suspended");
            await (await admin.DeleteAsync(path)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_deleting");
            await (await admin.PostAsync(path + "/resume", null)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "tenant_deleting");
            await (await admin.PostAsJsonAsync("api/v1/tenants", new { slug = tenant.Slug, display_name = "Thief" })).ShouldBeProblemAsync(HttpStatusCode.Conflict, "slug_taken");
            (await admin.ListTextsAsync("api/v1/tenants?filter=" + Uri.EscapeDataString("status eq \"deleting\""), "id")).ShouldBe([tenant.Id]);
            // The last copy can be taken while nothing changes any more.
            (await TenantBundleTests.ExportAsync(admin, tenant)).ShouldContainKey("manifest.json");

            using var restored = await admin.PostAsync(path + "/restore", null);
            (await restored.ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("active");
            (await client.GetAsync(".well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.OK);
            using var again = await admin.DeleteAsync(path + "?grace_days=2");
            again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
        var job = server.Services.GetRequiredService<DueDeletions>();
        server.Clock.Advance(TimeSpan.FromHours(47));
        await job.RunAsync(default);
        using (var admin = await server.AdminAsync()) (await admin.GetJsonAsync(path)).Text("status").ShouldBe("deleting");
        server.Clock.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(job.RunAsync(default), job.RunAsync(default));
        using (var admin = await server.AdminAsync())
        {
            await (await admin.PostAsync(path + "/restore", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
            (await client.GetAsync(".well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await admin.GetJsonAsync($"api/v1/audit?action=tenant.deleted&target={tenant.Id}")).GetProperty("items").GetArrayLength().ShouldBe(1, "once");
            (await admin.PostAsJsonAsync("api/v1/tenants", new { slug = tenant.Slug, display_name = "Again" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    [Theory, BothDatabases]
    public async Task Does_without_an_export_where_somebody_says_why_and_one_of_many_counts(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync();
        var path = $"api/v1/tenants/{tenant.Id}?without_export=true&reason=It%20was%20a%20trial";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.DeleteAsync(path)));
        answers.Count(a => a.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        var entry = (await admin.GetJsonAsync($"api/v1/audit?action=tenant.deletion_scheduled&target={tenant.Id}")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        entry.GetProperty("details").GetProperty("without_export").GetString().ShouldBe("It was a trial");
        // And sooner, for whoever cannot wait.
        (await admin.DeleteAsync(path + "&grace_days=0")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.GetAsync($"api/v1/tenants/{tenant.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("?grace_days=91", "grace_invalid")]
    [InlineData("?grace_days=-1", "grace_invalid")]
    [InlineData("?without_export=yes", "without_export_invalid")]
    [InlineData("?without_export=true", "reason_invalid")]
    [InlineData("?without_export=true&reason=%20", "reason_invalid")]
    [InlineData("?reason=because", "reason_invalid")]
    public async Task Refuses_what_is_no_deletion(string query, string code)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync();
        await (await admin.DeleteAsync($"api/v1/tenants/{server.Main.Id}{query}")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code);
    }

    [Theory, BothDatabases]
    public async Task Only_those_above_restore(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (tenant, beside) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var neighbour = await server.AdminAsync(beside);
        await (await neighbour.PostAsync($"api/v1/tenants/{tenant.Id}/restore", null)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
        using var reader = server.Client();
        reader.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("tenants:read"));
        await (await reader.PostAsync($"api/v1/tenants/{tenant.Id}/restore", null)).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        using var admin = await server.AdminAsync();
        using var nothing = await admin.PostAsync($"api/v1/tenants/{tenant.Id}/restore", null);
        (await nothing.ReadJsonAsync(HttpStatusCode.OK)).Text("status").ShouldBe("active");
    }
}
