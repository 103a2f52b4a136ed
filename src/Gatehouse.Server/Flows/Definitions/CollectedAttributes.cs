using Gatehouse.Groups.Rules;
using Gatehouse.Http;

namespace Gatehouse.Flows.Definitions;

/// <summary>What the flows in force ask people to say of themselves.</summary>
internal sealed class CollectedAttributes(FlowDirectory flows) : ISelfWrittenAttributes
{
    public async ValueTask<IReadOnlyCollection<string>> ListAsync(TenantContext tenant, CancellationToken ct)
    {
        List<string> names = [];
        foreach (var kind in (string[])[FlowDefinition.SignIn, FlowDefinition.Registration])
            names.AddRange((await flows.FindAsync(tenant, kind, ct)).Steps.OfType<CollectStep>().SelectMany(s => s.Fields).Where(f => !f.IsClaim).Select(f => f.Name));
        return names;
    }
}
