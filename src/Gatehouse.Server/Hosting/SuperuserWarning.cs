using Gatehouse.Storage;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Hosting;

/// <summary>Says aloud that PostgreSQL's row-level security, the second wall between tenants, does not bind the role in use.</summary>
internal sealed partial class SuperuserWarning(ISystemDatabase database, ILogger<SuperuserWarning> log)
{
    private const string Unbound = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";

    internal async Task CheckAsync(CancellationToken ct)
    {
        if (database.Dialect != Dialect.Postgres) return;
        await using var tx = await database.ReadAsync(ct);
        if (await tx.FindValueAsync(Unbound, [], row => row.Bool(0), ct) == true) LogUnbound(log);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The PostgreSQL role is a superuser or bypasses row-level security: the second wall between tenants is off. Use an ordinary role that owns the schema.")]
    private static partial void LogUnbound(ILogger log);
}
