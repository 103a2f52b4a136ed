using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.ApiKeys;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Setup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Bench.Micro;

/// <summary>
/// Verifications of API keys in a whole server of this process, once its memory has them: secret to hash, key, owner's roles, three scopes. Held against
/// what cannot be saved: SHA-256 of the secret and one look-up in a dictionary.
/// </summary>
internal static class KeysBenchmark
{
    private const int Owners = 10, KeysEach = 30, Batch = 1000;
    private static readonly string[] scopes = ["users:read", "users:write", "clients:read"];

    internal static void Run(int rounds) => RunAsync(rounds == 0 ? 100 : rounds).GetAwaiter().GetResult();

    private static async Task RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("gatehouse-bench-").FullName;
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        await using (var app = GatehouseApp.Build(new GatehouseAppOptions
        {
            Settings = new Dictionary<string, string?> { ["Storage:DataDirectory"] = folder, ["Telemetry:AdminUrls"] = "" },
            ReadEnvironment = false,
            Urls = url,
            Logging = logging => logging.SetMinimumLevel(LogLevel.Error),
        }))
        {
            await GatehouseApp.PrepareAsync(app, CancellationToken.None);
            var first = await app.Services.GetRequiredService<FirstRun>().RunAsync(new FirstRunRequest(url, "Main", "bench@example.com", Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), "bench"), RequestFacts.None, null, CancellationToken.None);
            if (!first.TryGet(out var set, out var problem)) throw new InvalidOperationException(problem.Detail);
            await app.StartAsync();
            var secrets = await MakeKeysAsync(url, set.Automation!.Client.Id.ToString(), set.Automation.Secret!);
            await HoldAsync(app.Services.GetRequiredService<KeyVerification>(), set.Tenant.Id, secrets, rounds);
            await app.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string[]> MakeKeysAsync(string url, string client, string secret)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url + "/") };
        async Task<JsonElement> PostAsync(string path, object body)
        {
            using var answer = await http.PostAsJsonAsync(path, body);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
        using var token = await http.PostAsync("oauth2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = secret, ["resource"] = url + "/api/v1",
        }));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await token.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString());
        List<string> secrets = [];
        for (var o = 0; o < Owners; o++)
        {
            var user = (await PostAsync("api/v1/users", new { emails = new[] { $"owner{o}@example.com" } })).GetProperty("id").GetString();
            await PostAsync("api/v1/role-assignments", new { holder = user, role = "user_manager" });
            for (var k = 0; k < KeysEach; k++)
                secrets.Add((await PostAsync("api/v1/api-keys", new { owner = user, name = $"Key {k}", scopes })).GetProperty("secret").GetString()!);
        }
        return [.. secrets];
    }

    private static async Task HoldAsync(KeyVerification keys, TenantId tenant, string[] secrets, int rounds)
    {
        var floor = new ConcurrentDictionary<Guid, string>(secrets.ToDictionary(s => new Guid(SHA256.HashData(Encoding.ASCII.GetBytes(s)).AsSpan(0, 16)), s => s));
        var wrong = secrets.Select(s => string.Concat(s.AsSpan(0, 20), s[20] == 'A' ? "B" : "A", s.AsSpan(21))).ToArray();
        foreach (var secret in secrets)
            if (await keys.VerifyAsync(tenant, secret, "127.0.0.1", null, CancellationToken.None) is not { Permissions.Count: 2 }) throw new InvalidOperationException("A key is not good.");
        var address = "127.0.0.1";
        Contest.Hold(string.Create(CultureInfo.InvariantCulture, $"{Batch} verifications of {secrets.Length} keys on one thread"), rounds,
            new Contender("SHA-256 and a dictionary alone", () => { for (var i = 0; i < Batch; i++) Floor(secrets[i % secrets.Length]); }),
            new Contender("Gatehouse: a key with three scopes", () => { for (var i = 0; i < Batch; i++) Good(secrets[i % secrets.Length]); }),
            new Contender("Gatehouse: a mistyped key", () => { for (var i = 0; i < Batch; i++) Bad(wrong[i % wrong.Length]); }));

        void Floor(string secret)
        {
            Span<byte> ascii = stackalloc byte[64], hash = stackalloc byte[32];
            SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(secret, ascii)], hash);
            if (!floor.ContainsKey(new Guid(hash[..16]))) throw new InvalidOperationException("Not there.");
        }

        // From memory it completes at once.
        void Good(string secret)
        {
            var verified = keys.VerifyAsync(tenant, secret, address, null, CancellationToken.None);
            if (!verified.IsCompletedSuccessfully || verified.Result is not { Permissions.Count: 2 }) throw new InvalidOperationException("Not from memory, or not good.");
        }

        void Bad(string secret)
        {
            var verified = keys.VerifyAsync(tenant, secret, address, null, CancellationToken.None);
            if (!verified.IsCompletedSuccessfully || verified.Result is not null) throw new InvalidOperationException("A mistyped key is good.");
        }
    }
}
