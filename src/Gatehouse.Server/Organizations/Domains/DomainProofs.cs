using System.Net;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Kernel;

namespace Gatehouse.Organizations.Domains;

/// <summary>
/// Looks whether a domain says what a claim's token demands: in a TXT record at <c>_gatehouse.{domain}</c>, or in a file at
/// <c>https://{domain}/.well-known/gatehouse-domain</c>. No transaction is open meanwhile.
/// </summary>
public sealed class DomainProofs(IDomainResolver resolver, OutgoingHttp http)
{
    public const string FilePath = "/.well-known/gatehouse-domain";
    private const int MaxFileBytes = 4096;
    private static readonly TimeSpan fileLimit = TimeSpan.FromSeconds(5);

    /// <summary>A domain that can be somebody's own.</summary>
    /// <returns>In ASCII, lower case; or <c>domain_invalid</c>, <c>domain_shared</c>.</returns>
    public static Result<string, Problem> Parse(string? text) => DomainName.Parse(text);

    public static string RecordName(string domain) => $"_gatehouse.{domain}";

    public static string Value(string token) => $"gatehouse-domain-verification={token}";

    /// <returns><c>dns</c>, <c>http</c>; null where neither says it.</returns>
    internal ValueTask<string?> FindAsync(DomainClaim claim, CancellationToken ct) => FindAsync(claim.Domain, claim.Token, ct);

    /// <summary>The same for whoever else has a domain proved.</summary>
    /// <returns><c>dns</c>, <c>http</c>; null where neither says it.</returns>
    public async ValueTask<string?> FindAsync(string domain, string token, CancellationToken ct)
    {
        var value = Value(token);
        if ((await resolver.FindTextsAsync(RecordName(domain), ct)).TryGet(out var texts, out _) && texts.Contains(value, StringComparer.Ordinal)) return "dns";
        return await ReadFileAsync(domain, ct) is { } text && Says(text, value) ? "http" : null;
    }

    /// <summary>One of its lines is the value.</summary>
    internal static bool Says(string text, string value) => text.Split('\n').Any(line => line.Trim() == value);

    private async ValueTask<string?> ReadFileAsync(string domain, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(fileLimit);
        try
        {
            // https only: by plain http whoever sits on the way could answer. Redirects are not followed: they would let another site answer.
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{domain}{FilePath}");
            var (status, _, body) = await http.SendAsync(request, MaxFileBytes, limit.Token);
            return status == HttpStatusCode.OK && body is not null ? Encoding.UTF8.GetString(body) : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested) || e is System.Net.Sockets.SocketException)
        {
            return null;                                        // nobody there is nobody who says it
        }
    }
}
