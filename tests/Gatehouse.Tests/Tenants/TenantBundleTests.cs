using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Organizations;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Tenants;

/// <summary>A tenant's bundle: all that is its, nothing of others, no secret.</summary>
public sealed class TenantBundleTests
{
    private const string Password = "a sentence nobody would guess";
    private const int Steps = 1203;

    [Theory, BothDatabases]
    public async Task Every_table_of_tenants_goes_along_or_is_left_out_for_a_reason(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        await using var tx = await server.Services.GetRequiredService<ISystemDatabase>().ReadAsync(default);
        var tables = await TenantTables.ListAsync(tx, default);
        tables.Count.ShouldBeGreaterThan(60);
        TenantBundle.Unaccounted(tables).ShouldBeEmpty("say in BundleContents whether it goes into a tenant's bundle");
        BundleContents.LeftOut.Keys.Intersect(BundleContents.Exported.Select(e => e.Table)).ShouldBeEmpty("in one list, not in both");
        BundleContents.LeftOut.Values.ShouldAllBe(reason => reason.Length > 20);
        string[] types = ["uuid", "text", "bigint", "boolean", "bytea", "timestamptz", "jsonb"];
        foreach (var (name, binary) in BundleContents.Exported)
        {
            if (tables.FirstOrDefault(t => t.Name == name) is not { } table) continue;
            foreach (var column in TenantBundle.Columns(table, binary))
            {
                types.ShouldContain(column.Type, $"{name}.{column.Name}");
                if (column.Type is "text" or "bytea" or "jsonb" && !column.Name.EndsWith("_algorithm", StringComparison.Ordinal)) new[] { "secret", "token", "hash", "sealed", "wrapped" }.ShouldNotContain(word => column.Name.Contains(word, StringComparison.Ordinal), $"{name}.{column.Name} looks like a secret");
            }
            // Pages go by the key: a table of more than one row without one would be written in part.
            (table.Key.Count > 0 || name is "organization_schemas" or "workspace_schemas").ShouldBeTrue($"{name} has no key");
        }
    }

    [Theory, BothDatabases]
    public async Task Holds_what_is_the_tenants_and_nothing_of_anothers(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var (mine, other) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        var (mineSeed, otherSeed) = (await SeedAsync(server, mine, "alpha"), await SeedAsync(server, other, "beta"));
        using var admin = await server.AdminAsync();
        var bundle = await ExportAsync(admin, mine, "?password_hashes=true");

        var manifest = JsonDocument.Parse(bundle["manifest.json"]).RootElement;
        (manifest.GetProperty("format").GetString(), manifest.GetProperty("tenant").GetProperty("id").GetString()).ShouldBe(("gatehouse_tenant_bundle", mine.Id));
        manifest.GetProperty("tenant").GetProperty("settings").GetProperty("brand").GetProperty("accent").GetString().ShouldBe("#0f766e");
        foreach (var file in manifest.GetProperty("files").EnumerateArray())
        {
            var content = bundle[file.GetProperty("name").GetString()!];
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(file.GetProperty("sha256").GetString(), file.ToString());
            (content.LongLength, content.LongCount(b => b == '\n')).ShouldBe((file.GetProperty("bytes").GetInt64(), file.GetProperty("rows").GetInt64()), file.ToString());
            foreach (var line in Lines(content)) JsonDocument.Parse(line).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
        }
        manifest.GetProperty("left_out").GetProperty("signing_keys").GetString().ShouldNotBeNullOrEmpty();

        Lines(bundle["users.ndjson"]).Count().ShouldBe(2);
        Lines(bundle["answered_steps.ndjson"]).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("step").GetString()).Distinct().Count().ShouldBe(Steps, "every page, each row once");
        Lines(bundle["passwords.ndjson"]).ShouldHaveSingleItem().ShouldContain("$argon2id$");
        foreach (var kind in new[] { "user_emails", "organizations", "organization_members", "invitations", "groups", "group_members", "clients", "client_scopes", "apis", "api_scopes", "permissions", "roles", "role_permissions", "held_roles", "mail_templates", "tenant_domains" })
            bundle[$"{kind}.ndjson"].Length.ShouldBeGreaterThan(2, kind);

        var text = string.Join('\n', bundle.Values.Select(Encoding.UTF8.GetString));
        text.ShouldContain("alpha");
        text.ShouldNotContain("beta");
        foreach (var id in otherSeed.Ids) text.ShouldNotContain(id);
        foreach (var secret in mineSeed.Secrets) text.ShouldNotContain(secret);
        text.ShouldNotContain(Password);

        // Without being asked for, hashes stay.
        var without = await ExportAsync(admin, mine);
        without.ShouldNotContainKey("passwords.ndjson");
        string.Join('\n', without.Values.Select(Encoding.UTF8.GetString)).ShouldNotContain("$argon2");

        var listed = (await admin.GetJsonAsync($"api/v1/tenants/{mine.Id}/exports")).GetProperty("items");
        listed.GetArrayLength().ShouldBe(2);
        listed[1].GetProperty("password_hashes").GetBoolean().ShouldBeTrue();
        using var inside = await server.AdminAsync(mine);
        foreach (var chain in new[] { admin, inside })
            (await chain.GetJsonAsync($"api/v1/audit?action=tenant.exported&target={mine.Id}")).GetProperty("items").GetArrayLength().ShouldBe(2, "both sides know who took a copy");
    }

    [Fact]
    public async Task Gives_hashes_and_files_only_to_whom_that_is_permitted()
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        var (tenant, beside) = (await server.NewTenantAsync(), await server.NewTenantAsync());
        using var some = server.Client();
        some.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("tenants:read", "tenants:export"));
        (await ExportAsync(some, tenant)).ShouldContainKey("manifest.json");
        await (await some.GetAsync($"api/v1/tenants/{tenant.Id}/export?password_hashes=true")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "export_passwords_required");
        await (await some.GetAsync($"api/v1/tenants/{tenant.Id}/export?password_hashes=yes")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "password_hashes_invalid");
        using var reader = server.Client();
        reader.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("tenants:read", "tenants:write"));
        await (await reader.GetAsync($"api/v1/tenants/{tenant.Id}/export")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient_scope");
        using var neighbour = await server.AdminAsync(beside);
        foreach (var path in new[] { "export", "exports" })
            await (await neighbour.GetAsync($"api/v1/tenants/{tenant.Id}/{path}")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tenant_not_found");
        using var own = await server.AdminAsync(tenant);
        (await ExportAsync(own, tenant)).ShouldContainKey("users.ndjson");
        using var nobody = server.Client();
        (await nobody.GetAsync($"api/v1/tenants/{tenant.Id}/export")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    internal static async Task<Dictionary<string, byte[]>> ExportAsync(HttpClient admin, TestTenant tenant, string query = "")
    {
        using var answer = await admin.GetAsync($"api/v1/tenants/{tenant.Id}/export{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        Dictionary<string, byte[]> files = [];
        foreach (var entry in zip.Entries)
        {
            using var copy = new MemoryStream();
            await using var content = await entry.OpenAsync();
            await content.CopyToAsync(copy);
            files.Add(entry.FullName, copy.ToArray());
        }
        return files;
    }

    private static IEnumerable<string> Lines(byte[] content) => Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>One of everything that the API makes, all of it named after the tenant.</summary>
    private static async Task<(List<string> Ids, List<string> Secrets)> SeedAsync(TestServer server, TestTenant tenant, string mark)
    {
        using var admin = await server.AdminAsync(tenant);
        List<string> ids = [tenant.Id, tenant.Slug], secrets = [];
        using (var set = await admin.PatchAsJsonAsync($"api/v1/tenants/{tenant.Id}/settings", new { brand = new { accent = "#0f766e" } })) set.StatusCode.ShouldBe(HttpStatusCode.OK, await set.Content.ReadAsStringAsync());
        var ann = (await admin.CreateUserAsync($"ann@{mark}.example", new { password = Password })).Id();
        var bob = (await admin.CreateUserAsync($"bob@{mark}.example")).Id();
        // More than two pages, ordered by text within one user.
        (TenantId.TryParse(tenant.Id, out var at) & UserId.TryParse(ann, out var user)).ShouldBeTrue();
        await using (var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(at, default))
        {
            foreach (var step in Enumerable.Range(0, Steps))
                await tx.ExecuteAsync("INSERT INTO answered_steps (tenant_id, user_id, step, answered_at) VALUES (@tenant, @user, @step, @now)", [("user", user), ("step", $"{mark} {step}"), ("now", server.Clock.GetUtcNow())], default);
            await tx.CommitAsync(default);
        }
        var organization = (await admin.CreateOrganizationAsync($"{mark}-org")).Id();
        await admin.AddMemberAsync(organization, ann);
        using var invited = await admin.PostAsJsonAsync($"api/v1/organizations/{organization}/invitations", new { email = $"guest@{mark}.example" });
        await invited.ReadJsonAsync(HttpStatusCode.Created);
        using var claimed = await admin.PostAsJsonAsync($"api/v1/organizations/{organization}/domains", new { domain = $"{mark}-firm.example" });
        secrets.Add((await claimed.ReadJsonAsync(HttpStatusCode.Created)).Text("value")!.Split('=')[1]);
        using var group = await admin.PostAsJsonAsync("api/v1/groups", new { name = $"{mark} group" });
        var groupId = (await group.ReadJsonAsync(HttpStatusCode.Created)).Id();
        (await admin.PutAsync($"api/v1/groups/{groupId}/members/{bob}", null)).IsSuccessStatusCode.ShouldBeTrue();
        var client = await admin.CreateClientAsync(new { name = $"{mark} app", scopes = new[] { "openid", "profile" } });
        secrets.Add(client.GetProperty("secret").GetString()!);
        using var api = await admin.PostAsJsonAsync("api/v1/apis", new { identifier = $"https://{mark}.example/api", name = $"{mark} API", scopes = new[] { new { name = $"{mark}:read", description = "" } } });
        var apiId = (await api.ReadJsonAsync(HttpStatusCode.Created)).Id();
        using var permissions = await admin.PutAsJsonAsync($"api/v1/apis/{apiId}/permissions", new { permissions = new[] { new { name = $"{mark}:use", description = "" } } });
        permissions.StatusCode.ShouldBe(HttpStatusCode.OK, await permissions.Content.ReadAsStringAsync());
        using var role = await admin.PostAsJsonAsync("api/v1/roles", new { key = $"{mark}_role", name = $"{mark} role", permissions = new[] { $"{mark}:use" } });
        await role.ReadJsonAsync(HttpStatusCode.Created);
        using var given = await admin.PostAsJsonAsync("api/v1/role-assignments", new { holder = bob, role = $"{mark}_role" });
        await given.ReadJsonAsync(HttpStatusCode.Created);
        using var template = await admin.PutAsJsonAsync("api/v1/mail-templates/invitation/en", new { subject = $"{mark} asks", text = "{{name}} {{link}} {{time}}", html = "<p>{{name}} <a href=\"{{link}}\">{{time}}</a></p>" });
        template.IsSuccessStatusCode.ShouldBeTrue(await template.Content.ReadAsStringAsync());
        foreach (var id in new[] { ann, bob, organization, groupId, apiId, client.ClientId() })
        {
            ids.Add(id);
            // As the database writes it.
            ids.Add(Base32.TryDecode(id[(id.IndexOf('_') + 1)..], out var value) ? value.Value.ToString() : throw new FormatException(id));
        }
        return (ids, secrets);
    }
}
