using Gatehouse.Account;
using Gatehouse.ApiKeys;
using Gatehouse.Applications;
using Gatehouse.Audit;
using Gatehouse.Authorization;
using Gatehouse.Caching;
using Gatehouse.Claims;
using Gatehouse.Console;
using Gatehouse.Credentials;
using Gatehouse.Events;
using Gatehouse.Flows;
using Gatehouse.Groups;
using Gatehouse.Http;
using Gatehouse.Impersonation;
using Gatehouse.Invitations;
using Gatehouse.Jobs;
using Gatehouse.Keys;
using Gatehouse.Messaging;
using Gatehouse.OAuth;
using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Sessions;
using Gatehouse.Setup;
using Gatehouse.SignIn;
using Gatehouse.Storage;
using Gatehouse.Subtenants;
using Gatehouse.Tenants;
using Gatehouse.Users;
using Gatehouse.Vault;
using Gatehouse.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Hosting;

/// <summary>The list of rooms, in order: what is in this product and nothing else. No scanning.</summary>
internal static class Rooms
{
    internal static void AddRooms(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddStorage();
        services.AddVault();
        services.AddHttp();
        services.AddCaching();
        services.AddEvents();
        services.AddAudit();
        services.AddTenants();
        services.AddKeys();
        services.AddMessaging();
        services.AddJobs();
        services.AddPages();
        services.AddUsers();
        services.AddCredentials();
        services.AddOrganizations();
        services.AddGroups();
        services.AddApplications();
        services.AddSessions();
        services.AddWorkspaces();
        services.AddAuthorizationRoom();
        services.AddClaims();
        services.AddApiKeys();
        services.AddImpersonation();
        services.AddInvitations();
        services.AddFlows();
        services.AddSubtenants();
        services.AddSetup();
        services.AddSignIn();
        services.AddAccount();
        services.AddOAuth();
        services.AddConsole();
    }

    internal static void MapRooms(this IEndpointRouteBuilder root)
    {
        var api = root.MapGroup("/api/v1");
        root.MapVault(api);
        root.MapHttp(api);
        root.MapCaching(api);
        root.MapEvents(api);
        root.MapAudit(api);
        root.MapTenants(api);
        root.MapKeys(api);
        root.MapMessaging(api);
        root.MapJobs(api);
        root.MapPages(api);
        root.MapUsers(api);
        root.MapCredentials(api);
        root.MapOrganizations(api);
        root.MapGroups(api);
        root.MapApplications(api);
        root.MapSessions(api);
        root.MapWorkspaces(api);
        root.MapAuthorization(api);
        root.MapClaims(api);
        root.MapApiKeys(api);
        root.MapImpersonation(api);
        root.MapInvitations(api);
        root.MapFlows(api);
        root.MapSubtenants(api);
        root.MapSetup(api);
        root.MapSignIn(api);
        root.MapAccount(api);
        root.MapOAuth(api);
        root.MapConsole(api);
    }
}
