using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Testing;
using Gatehouse.Tests.Authorization;
using Gatehouse.Tests.Users;
using Gatehouse.Tests.Workspaces;

namespace Gatehouse.Tests.Messaging;

public sealed class MailTemplateEndpointTests
{
    private const string Path = "api/v1/mail-templates/reset_password/en";
    private static readonly object Own = new { subject = "New password at {{tenant}}", text = "Go to\n{{link}}\n", html = "<p><a href=\"{{link}}\">Go</a></p>" };

    [Theory, BothDatabases]
    public async Task Uses_a_tenants_own_words_until_they_are_taken_back(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        var (tenant, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var admin = await server.AdminAsync(tenant);
        using var shipped = await admin.GetAsync(Path);
        (await shipped.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("customized").GetBoolean().ShouldBeFalse();

        using var put = await admin.PutAsJsonAsync(Path, Own);
        (await put.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("customized").GetBoolean().ShouldBeTrue();
        (await SubjectAsync(server, tenant)).ShouldStartWith("New password at Tenant ");
        (await SubjectAsync(server, other)).ShouldStartWith("Reset your password");
        using var elsewhere = await (await server.AdminAsync(other)).GetAsync(Path);
        (await elsewhere.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("customized").GetBoolean().ShouldBeFalse();

        foreach (var _ in new int[2])
        {
            using var deleted = await admin.DeleteAsync(Path);
            deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        (await SubjectAsync(server, tenant)).ShouldStartWith("Reset your password");
        using var audit = await admin.GetAsync("api/v1/audit?target=reset_password/en");
        (await audit.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString())
            .ShouldBe(["mail_template.reset", "mail_template.changed"]);
    }

    [Theory, BothDatabases]
    public async Task An_organization_s_invitations_have_its_own_words_or_else_the_tenants(TestDatabase kind)
    {
        using var world = await RoleWorld.OpenAsync(kind);
        using var two = await RoleWorld.OpenAsync(kind);
        var (acme, other, theirs) = (await world.OrganizationAsync("acme"), await world.OrganizationAsync("other"), await two.OrganizationAsync("acme"));
        string Of(string organization, string name = "invitation/en") => $"api/v1/organizations/{organization}/mail-templates/{name}";
        object Words(string subject) => new { subject, text = "{{name}}: {{link}}", html = "<p>{{link}}</p>" };
        async Task<string> InvitedAsync(string organization, string email)
        {
            using var invited = await world.Admin.PostAsJsonAsync($"api/v1/organizations/{organization}/invitations", new { email, locale = "en" });
            await invited.ReadJsonAsync(HttpStatusCode.Created);
            using var client = world.Server.Client(world.Tenant);
            using var json = await client.GetAsync($"dev/mailbox.json?to={email}");
            return (await json.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("subject").GetString()!;
        }

        using (var tenants = await world.Admin.PutAsJsonAsync("api/v1/mail-templates/invitation/en", Words("The tenant's"))) await tenants.ReadJsonAsync(HttpStatusCode.OK);
        var before = await world.Admin.JsonAsync(Of(acme)["api/v1/".Length..]);
        (before.GetProperty("customized").GetBoolean(), before.Text("subject")).ShouldBe((false, "The tenant's"));
        (await world.Admin.PutAsJsonAsync(Of(acme), Words("Come to {{name}}"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.Admin.JsonAsync(Of(acme)["api/v1/".Length..])).GetProperty("customized").GetBoolean().ShouldBeTrue();
        (await InvitedAsync(acme, "ann@example.com")).ShouldStartWith("Come to ");
        (await InvitedAsync(other, "bob@example.com")).ShouldBe("The tenant's");
        (await world.Admin.DeleteAsync(Of(acme))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await InvitedAsync(acme, "cat@example.com")).ShouldBe("The tenant's");

        // Only of what speaks of organizations, only of one that is there, and never of another tenant's.
        await (await world.Admin.PutAsJsonAsync(Of(acme, "reset_password/en"), Own)).ShouldBeProblemAsync(HttpStatusCode.NotFound, "mail_template_not_found");
        await (await world.Admin.PutAsJsonAsync(Of(acme), new { subject = "s", text = "no way on", html = "{{link}}" })).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "placeholder_missing");
        foreach (var place in new[] { theirs, "nonsense" })
        {
            await (await world.Admin.GetAsync(Of(place))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
            await (await world.Admin.PutAsJsonAsync(Of(place), Words("x"))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
            await (await world.Admin.DeleteAsync(Of(place))).ShouldBeProblemAsync(HttpStatusCode.NotFound, "organization_not_found");
        }
        // Its own administrators neither: the words go out under the tenant's name, with whatever links stand in them.
        var eve = await world.UserAsync("eve");
        await world.JoinAsync(acme, eve);
        await world.GiveAsync(eve, "organization_admin", new { organization = acme });
        using var she = await world.AsAsync(eve);
        await (await she.PutAsJsonAsync(Of(acme), Words("x"))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "permission_missing");
    }

    private static async Task<string> SubjectAsync(TestServer server, TestTenant tenant)
    {
        await server.QueueAsync(tenant, "ann@example.com");
        using var client = server.Client(tenant);
        using var json = await client.GetAsync("dev/mailbox.json");
        return (await json.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("subject").GetString()!;
    }

    [Theory, BothDatabases]
    public async Task Changes_only_what_the_caller_has_seen(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var shipped = await TagAsync(await admin.GetAsync(Path));
        var first = await TagAsync(await SendAsync(HttpMethod.Put, shipped));
        first.ShouldNotBe(shipped);
        (await TagAsync(await admin.GetAsync(Path))).ShouldBe(first);

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
            await (await SendAsync(method, shipped)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "version_mismatch");
        var second = await TagAsync(await SendAsync(HttpMethod.Put, first));
        (await SendAsync(HttpMethod.Delete, second)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await TagAsync(await admin.GetAsync(Path))).ShouldBe(shipped);
        // What is written after a return to the shipped words is not what was there before it.
        var third = await TagAsync(await SendAsync(HttpMethod.Put, null));
        third.ShouldNotBeOneOf(first, second);

        var races = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(HttpMethod.Put, third)));
        races.Count(r => r.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        races.Count(r => r.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(7);

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? seen)
        {
            using var request = new HttpRequestMessage(method, Path) { Content = method == HttpMethod.Put ? JsonContent.Create(Own) : null };
            if (seen is not null) request.Headers.Add("If-Match", seen);
            return await admin.SendAsync(request);
        }

        async Task<string> TagAsync(HttpResponseMessage response)
        {
            await response.ReadJsonAsync(HttpStatusCode.OK);
            return response.Headers.ETag!.Tag;
        }
    }

    [Theory, BothDatabases]
    public async Task Refuses_what_is_no_template(TestDatabase kind)
    {
        var server = await Servers.SharedAsync(kind);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        foreach (var path in new[] { "api/v1/mail-templates/nonsense/en", "api/v1/mail-templates/reset_password/de" })
        {
            using var missing = await admin.PutAsJsonAsync(path, Own);
            await missing.ShouldBeProblemAsync(HttpStatusCode.NotFound, "mail_template_not_found");
        }
        using var unknown = await admin.PutAsJsonAsync(Path, new { subject = "a", text = "{{link}} {{secret}}", html = "{{link}}" });
        await unknown.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "placeholder_unknown");
        using var empty = await admin.PutAsJsonAsync(Path, new { });
        await empty.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "template_invalid");
    }

    [Fact]
    public async Task Asks_for_the_right_to_change_the_tenant()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var client = server.Client();
        using var anonymous = await client.GetAsync(Path);
        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync(Scopes.TenantsRead));
        using var forbidden = await client.PutAsJsonAsync(Path, Own);
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
