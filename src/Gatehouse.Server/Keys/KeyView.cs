using System.Text.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Keys;

/// <summary>A key as the management API shows it; never its private half.</summary>
/// <param name="Id">Also the <c>kid</c> of what it signs.</param>
/// <param name="RetiresAt">When a retiring key leaves the JWKS, or a retired one left it.</param>
internal sealed record KeyView(KeyId Id, string Algorithm, string State, DateTimeOffset CreatedAt, DateTimeOffset ActivatesAt, DateTimeOffset? RetiresAt, JsonElement PublicKey)
{
    internal static KeyView Of(SigningKeyRow row)
    {
        using var document = JsonDocument.Parse(row.PublicJwk);
        return new(row.Id, row.Algorithm, SigningKeyStore.Name(row.State), row.CreatedAt, row.ActivatesAt, row.RetiresAt, document.RootElement.Clone());
    }
}

internal sealed record KeyList(IReadOnlyList<KeyView> Items, string? Next);
