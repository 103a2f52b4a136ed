using Gatehouse.Organizations;
using Gatehouse.Pages;
using Gatehouse.Storage;

namespace Gatehouse.SignIn;

/// <summary>
/// The colour of the organization she goes on in, on the pages after she has proved that she belongs to it. Not before, though an application may name one: a
/// page that changed its colour for every organization there is would tell strangers which there are.
/// </summary>
internal sealed class OrganizationAccent(IDatabase database, OrganizationDirectory organizations)
{
    internal async ValueTask SetAsync(Run run, CancellationToken ct)
    {
        var demand = run.Interaction.Demand.Organization;
        if (run.Interaction.Proved is not { } proved || demand.IsNone) return;
        await using var read = await database.ReadAsync(run.Tenant.Id, ct);
        PageAccent.Set(run.Http, (await organizations.StandAsync(read, proved.User, demand, proved.Organization, ct)).Organization?.Settings.Accent);
    }
}
