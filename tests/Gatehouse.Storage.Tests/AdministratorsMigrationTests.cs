using Gatehouse.Authorization.Granting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Rbac;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Storage.Tests;

/// <summary>A database from before there were roles: whoever administered it still does, with every scope there is now.</summary>
public sealed class AdministratorsMigrationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory, BothDatabases]
    public async Task Administrators_stay_what_they_were(TestDatabase database)
    {
        await using var storage = await TestStorage.OpenAsync(database, migrate: false);
        var all = Migration.Load(Hosting.ServerAssembly.Assembly);
        await storage.Run([.. all.Where(m => m.Number < 241)]);
        var (now, ann, whole, part) = (storage.Clock.Now(), UserId.New(storage.Clock), ClientId.New(storage.Clock), ClientId.New(storage.Clock));
        string[] before = ["tenants:read", "tenants:write", "users:read", "users:write", "clients:write", "keys:write", "audit:read", "roles:read", "roles:write"];
        await using (var tx = await storage.Database.BeginAsync(storage.One, None))
        {
            await tx.ExecuteAsync("INSERT INTO role_assignments (tenant_id, user_id, role, created_at) VALUES (@tenant, @user, 'administrator', @now)", [("user", ann), ("now", now)], None);
            foreach (var (client, scopes) in new[] { (whole, before), (part, before[..3]) })
            {
                await tx.ExecuteAsync("""
                    INSERT INTO clients (tenant_id, id, name, name_search, type, first_party, enabled, administrator, redirect_uris, post_logout_redirect_uris, grant_types, id_token_algorithm, version, created_at, updated_at)
                    VALUES (@tenant, @id, 'c', 'c', 'confidential', @yes, @yes, @yes, @list, @list, @list, 'ES256', 1, @now, @now)
                    """, [("id", client), ("yes", true), ("list", new Json("[]")), ("now", now)], None);
                foreach (var scope in scopes)
                    await tx.ExecuteAsync("INSERT INTO client_scopes (tenant_id, client_id, scope) VALUES (@tenant, @client, @scope)", [("client", client), ("scope", scope)], None);
            }
            await tx.CommitAsync(None);
        }

        await storage.Run(all);
        await using var read = await storage.Database.ReadAsync(storage.One, None);
        var held = (await HeldRoleStore.ListOfAsync(read, Holder.Of(ann), None)).ShouldHaveSingleItem();
        (held.Role, held.Scope, held.EndsAt).ShouldBe((SystemRoles.Administrator, RoleScope.Tenant, null));
        async Task<List<string>> ScopesAsync(ClientId client) =>
            await read.ListAsync("SELECT scope FROM client_scopes WHERE tenant_id = @tenant AND client_id = @client ORDER BY scope", [("client", client)], row => row.Text(0), None);
        // What is newer than the old program and was not given to this client then: all of it, so that a new scope is not forgotten here.
        string[] known = ["sessions:read", "sessions:write", "clients:read", "apis:read", "apis:write", "keys:read", "mails:read"];
        (await ScopesAsync(whole)).ShouldBe(Scopes.All.Except(known), ignoreOrder: true);
        (await ScopesAsync(part)).ShouldBe(before[..3], ignoreOrder: true);
        await using var other = await storage.Database.ReadAsync(storage.Two, None);
        (await HeldRoleStore.ListOfAsync(other, Holder.Of(ann), None)).ShouldBeEmpty();
    }
}
