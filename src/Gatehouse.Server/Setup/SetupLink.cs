using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Tenants;

namespace Gatehouse.Setup;

/// <summary>
/// The link by which an empty server is set up: whoever reads the server's log is its owner. Renewed at every start, stored hashed, and
/// void with the first run: there is no default password anywhere.
/// </summary>
public sealed class SetupLink(ISystemDatabase database, TenantDirectory tenants, TimeProvider clock)
{
    internal const string Path = "/setup", TokenField = "token";

    private const string Renew = """
        INSERT INTO setup_tokens (id, token_hash, created_at) VALUES ('setup', @hash, @now)
        ON CONFLICT (id) DO UPDATE SET token_hash = @hash, created_at = @now
        """;
    private const string Select = "SELECT token_hash FROM setup_tokens WHERE id = 'setup'";
    private const string Remove = "DELETE FROM setup_tokens WHERE id = 'setup'";

    /// <summary>Makes a new link and voids the one before.</summary>
    /// <param name="baseUrl">Where a browser on the operator's machine reaches this server.</param>
    /// <returns>Null when the server is set up already.</returns>
    public async ValueTask<string?> RenewAsync(string baseUrl, CancellationToken ct)
    {
        if (await tenants.AnyAsync(ct)) return null;
        var token = Secret.New(Secret.LinkPrefix);
        await using var tx = await database.BeginAsync(ct);
        await tx.ExecuteAsync(Renew, [("hash", Secret.Hash(token)), ("now", clock.Now())], ct);
        await tx.CommitAsync(ct);
        return $"{baseUrl}{Path}?{TokenField}={token}";
    }

    internal async ValueTask<bool> IsGoodAsync(string? token, CancellationToken ct)
    {
        if (!Secret.HasShape(token, Secret.LinkPrefix) || await tenants.AnyAsync(ct)) return false;
        await using var tx = await database.ReadAsync(ct);
        return await tx.FindAsync(Select, [], row => row.Bytes(0), ct) is { } hash && Secret.Matches(token!, hash);
    }

    /// <summary>Voids the link, in the transaction of the first run.</summary>
    internal static ValueTask<int> RemoveAsync(SystemTransaction tx, CancellationToken ct) => tx.ExecuteAsync(Remove, [], ct);
}
