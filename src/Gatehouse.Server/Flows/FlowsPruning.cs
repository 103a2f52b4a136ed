using Gatehouse.Storage;

namespace Gatehouse.Flows;

/// <summary>An interaction is forgotten when nobody can go on with it: finished ones too, whose time runs out like any other's.</summary>
internal static class FlowsPruning
{
    private const string ExpiredOf = "SELECT DISTINCT tenant_id FROM interactions WHERE expires_at < @cutoff LIMIT 1000";
    private const string Expired = """
        DELETE FROM interactions WHERE tenant_id = @tenant AND id IN
          (SELECT id FROM interactions WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows Table { get; } = new("interactions", ExpiredOf, Expired, TimeSpan.Zero);
}
