using System.Collections;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Http;

/// <summary>
/// What every log line of a request carries: <c>request_id</c> and, once it is known, <c>tenant</c>. Read when a line is written, so that
/// lines after tenant routing name the tenant and requests that log nothing pay nothing.
/// </summary>
internal sealed class RequestScope(HttpContext http) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => http.Features.Get<TenantContext>() is null ? 1 : 2;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("request_id", http.TraceIdentifier),
        1 => new("tenant", http.Features.Get<TenantContext>()?.Slug),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"request_id:{http.TraceIdentifier}";
}
