using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Credentials;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;
using Gatehouse.Users;

namespace Gatehouse.Setup;

/// <summary>What a first run needs to know.</summary>
/// <param name="Issuer">The server's own base URL; becomes the issuer of tenant <c>main</c>.</param>
/// <param name="AutomationClient">Name of a service account with the administrator role; null: none.</param>
public sealed record FirstRunRequest(string Issuer, string DisplayName, string AdminEmail, string Password, string? AutomationClient = null);

/// <summary>What a first run made. The secret of <paramref name="Automation"/> is shown here and never again.</summary>
public sealed record FirstRunOutcome(TenantContext Tenant, User Administrator, RegisteredClient? Automation);

/// <summary>
/// Turns an empty database into a server: tenant <c>main</c>, its first administrator and, for unattended installs, a service account.
/// One transaction; of two that race, one wins and the other is told <c>already_set_up</c>.
/// </summary>
public sealed class FirstRun(ISystemDatabase database, TenantDirectory tenants, TenantCreation creation, UserDirectory users,
    Passwords passwords, Roles roles, ClientRegistration clients, AuditLog audit, TimeProvider clock)
{
    /// <summary>The first tenant's name in paths and subdomains; it cannot be deleted.</summary>
    public const string MainSlug = "main";

    /// <summary>Whether nobody has set this server up yet.</summary>
    public async ValueTask<bool> IsNeededAsync(CancellationToken ct) => !await tenants.AnyAsync(ct);

    /// <param name="also">Work of the caller in the same transaction, for example beginning the administrator's session.</param>
    /// <returns>What was made; or <c>already_set_up</c>, or what is wrong with the address, the name, the e-mail or the password.</returns>
    public async ValueTask<Result<FirstRunOutcome, Problem>> RunAsync(FirstRunRequest request, RequestFacts facts,
        Func<TenantTransaction, FirstRunOutcome, CancellationToken, ValueTask>? also, CancellationToken ct)
    {
        if (!await IsNeededAsync(ct)) return AlreadySetUp;
        if (!TenantAddress.Parse(request.Issuer).TryGet(out _, out var badIssuer)) return badIssuer;
        if (!EmailAddress.Parse(request.AdminEmail).TryGet(out var email, out var badEmail)) return badEmail;
        // The tenant does not exist yet; its policy will be the default one.
        var future = new TenantContext(TenantId.New(clock), MainSlug, request.DisplayName, request.Issuer, TenantStatus.Active, null, TenantSettings.Default);
        if (!(await passwords.HashNewAsync(future, request.Password, email.Address, ct)).TryGet(out var phc, out var badPassword)) return badPassword;

        using var supplies = creation.Prepare();
        await using var system = await database.BeginAsync(ct);
        if (!(await creation.CreateAsync(system, supplies, MainSlug, request.DisplayName, request.Issuer, null, ct)).TryGet(out var tenant, out var refused))
            // Both are conditional inserts that a process racing with this one can win; nothing else can hold them before the first run.
            return refused.Code is "slug_taken" or "domain_taken" ? AlreadySetUp : refused;
        var tx = system.For(tenant.Id);
        if (!(await users.CreateAsync(tx, email, verified: true, displayName: null, locale: null, ct)).TryGet(out var administrator, out var notCreated)) return notCreated;
        await passwords.SetAsync(tx, administrator.Id, phc, ct);
        await roles.MakeAdministratorAsync(tx, administrator.Id, ct);
        RegisteredClient? automation = null;
        if (request.AutomationClient is { } name)
        {
            var wanted = new NewClient(name, ClientType.Confidential, FirstParty: true, [], [], ["client_credentials"], Scopes.All, Administrator: true);
            if (!(await clients.CreateAsync(tx, wanted, ct)).TryGet(out automation, out var notRegistered)) return notRegistered;
        }
        await audit.AppendAsync(tx, new AuditEntry("tenant.set_up", AuditOutcome.Success, AuditActor.User(administrator.Id), "tenant", tenant.Id.ToString(), facts), ct);
        var outcome = new FirstRunOutcome(tenant, administrator, automation);
        if (also is not null) await also(tx, outcome, ct);
        await SetupLink.RemoveAsync(system, ct);
        await system.CommitAsync(ct);
        return outcome;
    }

    private static Problem AlreadySetUp => Problem.Conflict("already_set_up", "This server has been set up already; sign in instead.");
}
