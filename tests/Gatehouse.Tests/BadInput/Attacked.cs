using System.Text;
using Gatehouse.Testing;
using Gatehouse.Tests.Peers;

namespace Gatehouse.Tests.BadInput;

/// <summary>A tenant with a person and an application in it, and the words to say something wrong to it.</summary>
internal sealed class Attacked
{
    internal const string Callback = "https://shop.example/callback", Home = "https://shop.example/";

    private readonly Uri root;

    private Attacked(TestServer server, PeerWorld world, string clientId, string secret) =>
        (Server, World, ClientId, Secret, root) = (server, world, clientId, secret, new Uri(world.Tenant.Url + "/"));

    internal TestServer Server { get; }
    internal PeerWorld World { get; }
    internal string ClientId { get; }
    internal string Secret { get; }

    internal static async Task<Attacked> CreateAsync(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var world = await PeerWorld.CreateAsync(server);
        var (id, secret) = await world.NewClientAsync(new { name = "Shop", type = "confidential", first_party = true, redirect_uris = new[] { Callback }, post_logout_redirect_uris = new[] { Home } });
        return new(server, world, id, secret!);
    }

    /// <summary>Tenant-relative path to request target.</summary>
    internal string Target(string path) => root.AbsolutePath.TrimEnd('/') + path;

    internal Task<RawAnswer> GetAsync(string path, params ReadOnlySpan<string> headers) =>
        RawHttp.SendAsync(root, string.Join("\r\n", [$"GET {Target(path)} HTTP/1.1", $"Host: {root.Authority}", .. headers]));

    internal Task<RawAnswer> PostAsync(string path, string body, params ReadOnlySpan<string> headers) => SendAsync("POST", path, "application/x-www-form-urlencoded", Encoding.Latin1.GetBytes(body), headers);

    internal Task<RawAnswer> SendAsync(string method, string path, string? contentType, byte[] body, params ReadOnlySpan<string> headers) =>
        RawHttp.SendAsync(root, string.Join("\r\n", [$"{method} {Target(path)} HTTP/1.1", $"Host: {root.Authority}",
            .. contentType is null ? Array.Empty<string>() : [$"Content-Type: {contentType}"], $"Content-Length: {body.Length}", .. headers]), body);

    /// <summary>A good authorization request with some of its parameters replaced, or left out where the value is null.</summary>
    internal string Authorize(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        Dictionary<string, string?> parameters = new()
        {
            ["client_id"] = ClientId, ["redirect_uri"] = Callback, ["response_type"] = "code", ["scope"] = "openid", ["state"] = "s",
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes) parameters[name] = value;
        return "/oauth2/authorize?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));
    }
}

/// <summary>What every answer to nonsense has in common.</summary>
internal static class Refusals
{
    /// <summary>A page that a person can read, with nowhere to be sent.</summary>
    internal static RawAnswer ShouldBePage(this RawAnswer answer, int status)
    {
        answer.Status.ShouldBe(status, answer.Body);
        answer["Location"].ShouldBeNull();
        answer["Refresh"].ShouldBeNull();
        answer["Content-Type"].ShouldNotBeNull().ShouldStartWith("text/html");
        answer["Content-Security-Policy"].ShouldNotBeNull();
        answer.Body.ShouldContain("<h1");
        return answer;
    }

    internal static RawAnswer ShouldBeProblem(this RawAnswer answer, int status, string code)
    {
        answer.Status.ShouldBe(status, answer.Body);
        answer["Content-Type"].ShouldBe("application/problem+json");
        answer.Body.ShouldContain($"\"code\":\"{code}\"");
        return answer;
    }

    internal static RawAnswer ShouldBeOAuthError(this RawAnswer answer, int status, string error)
    {
        answer.Status.ShouldBe(status, answer.Body);
        answer["Content-Type"].ShouldNotBeNull().ShouldStartWith("application/json");
        answer["Cache-Control"].ShouldBe("no-store");
        answer.Body.ShouldContain($"\"error\":\"{error}\"");
        return answer;
    }
}
