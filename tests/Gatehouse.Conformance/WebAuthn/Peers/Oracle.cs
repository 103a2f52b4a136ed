using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Protocols.WebAuthn;

namespace Gatehouse.Conformance.WebAuthn.Peers;

/// <summary>The npm library <c>@simplewebauthn/server</c>, which shares no code with us, is asked what we are asked.</summary>
internal static class Oracle
{
    internal static JsonObject Create(RegistrationResponse r, RegistrationExpectation e) => Item(e, r.Id, "create", new()
    {
        ["clientDataJSON"] = Text(r.ClientData), ["attestationObject"] = Text(r.AttestationObject), ["transports"] = new JsonArray("internal"),
    }, new() { ["algorithms"] = new JsonArray([.. e.Algorithms.Select(a => (JsonNode)a)]) });

    internal static JsonObject Get(AuthenticationResponse r, StoredCredential stored, AuthenticationExpectation e) => Item(e, r.Id, "get", new()
    {
        ["clientDataJSON"] = Text(r.ClientData), ["authenticatorData"] = Text(r.AuthenticatorData), ["signature"] = Text(r.Signature), ["userHandle"] = r.UserHandle is null ? null : Text(r.UserHandle),
    }, new() { ["credential"] = new JsonObject { ["id"] = Text(stored.Id), ["key"] = Text(stored.PublicKey), ["count"] = stored.SignCount } });

    private static JsonObject Item(CeremonyExpectation e, byte[] id, string kind, JsonObject response, JsonObject more)
    {
        more[kind] = new JsonObject { ["id"] = Text(id), ["rawId"] = Text(id), ["type"] = "public-key", ["clientExtensionResults"] = new JsonObject(), ["response"] = response };
        more["challenge"] = Text(e.Challenge.ToArray());
        more["origin"] = new JsonArray([.. e.Origins.Select(o => (JsonNode)o)]);
        if (e.TopOrigins.Count > 0) more["topOrigin"] = new JsonArray([.. e.TopOrigins.Select(o => (JsonNode)o)]);
        more["rpId"] = e.RpId;
        more["uv"] = e.RequireUserVerification;
        return more;
    }

    internal static JsonElement[] Verify(IEnumerable<JsonObject> items, params byte[][] roots) =>
        [.. Ask(new() { ["roots"] = new JsonArray([.. roots.Select(r => (JsonNode)Text(r))]), ["verify"] = new JsonArray([.. items]) }).EnumerateArray()];

    internal static JsonElement Ask(JsonObject request)
    {
        var peers = Path.Combine(Vectors.RepositoryRoot, "tests", "peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "@simplewebauthn", "server")))
            throw new DirectoryNotFoundException($"The peer is not installed: run npm ci in {peers}.");
        using var node = Process.Start(new ProcessStartInfo("node", "simplewebauthn/oracle.mjs")
        {
            WorkingDirectory = peers, RedirectStandardInput = true, RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        })!;
        node.StandardInput.Write(request.ToJsonString());
        node.StandardInput.Close();
        var reply = node.StandardOutput.ReadToEnd();
        node.WaitForExit(120_000).ShouldBeTrue();
        node.ExitCode.ShouldBe(0);
        return JsonElement.Parse(Encoding.UTF8.GetBytes(reply));
    }

    internal static bool Accepted(this JsonElement reply) => reply.GetProperty("accepted").GetBoolean();

    internal static string Error(this JsonElement reply) => reply.TryGetProperty("error", out var error) ? error.GetString()! : "";

    internal static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
