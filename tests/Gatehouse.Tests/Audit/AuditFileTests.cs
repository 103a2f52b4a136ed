using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Audit;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Protocols.Jose;
using Gatehouse.Storage;
using Gatehouse.Testing;

namespace Gatehouse.Tests.Audit;

/// <summary>An exported chain is verified without its server, and forged ones are not.</summary>
public sealed class AuditFileTests
{
    private static readonly UserId Ann = UserId.New(TimeProvider.System);

    private static async Task<(TestStorage Storage, string Export, JsonWebKeySet Keys)> ExportedAsync(TestDatabase kind, bool masked = false)
    {
        var storage = await AuditWorld.OpenAsync(kind);
        for (var i = 0; i < 5; i++) await storage.AppendAsync(AuditWorld.SignIn(Ann));
        return (storage, await storage.ExportAsync(masked), await KeysAsync(storage));
    }

    private static async Task<JsonWebKeySet> KeysAsync(TestStorage storage)
    {
        await using var tx = await storage.Database.ReadAsync(storage.One, default);
        var keys = await SignedHeadStore.ListKeysAsync(tx, default);
        return Set(keys.Select(k => k.PublicJwk));
    }

    private static JsonWebKeySet Set(IEnumerable<string> jwks) =>
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes($"{{\"keys\":[{string.Join(',', jwks)}]}}")).TryGet(out var set, out var error) ? set : throw new InvalidOperationException(error.Detail);

    private static async Task<AuditFileVerification> VerifyAsync(string export, JsonWebKeySet? keys, bool older = false, params string[] heads)
    {
        using var reader = new StringReader(export);
        return await AuditFileVerifier.VerifyAsync(reader, heads, keys, older, default);
    }

    private static string[] Lines(string export) => export.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    private static string Join(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));

    private static string Edit(string export, int line, Action<JsonObject> edit)
    {
        var lines = Lines(export);
        var json = JsonNode.Parse(lines[line])!.AsObject();
        edit(json);
        lines[line] = json.ToJsonString();
        return Join(lines);
    }

    [Theory, BothDatabases]
    public async Task Verifies_what_was_exported(TestDatabase kind)
    {
        var (storage, export, keys) = await ExportedAsync(kind);
        await using var _ = storage;
        var found = await VerifyAsync(export, keys);
        found.Break.ShouldBeNull();
        (found.First, found.Entries, found.Masked).ShouldBe((1, 5, false));
        found.SignedAt.ShouldNotBeNull();
        export.ShouldContain("198.51.100.7");
        export.ShouldContain("ann@example.com");

        // The next export goes on where this one ended, and ends in a signed head of its own.
        await storage.AppendAsync(AuditWorld.SignIn(Ann));
        var next = await storage.ExportAsync(after: 5);
        var more = await VerifyAsync(next, keys);
        more.Break.ShouldBeNull();
        (more.First, more.Entries).ShouldBe((6, 2), "the key's making and the sign-in");
    }

    [Theory, BothDatabases]
    public async Task Verifies_a_masked_export_without_telling_of_anybody(TestDatabase kind)
    {
        var (storage, export, keys) = await ExportedAsync(kind, masked: true);
        await using var _ = storage;
        var found = await VerifyAsync(export, keys);
        found.Break.ShouldBeNull();
        found.Masked.ShouldBeTrue();
        foreach (var personal in new[] { "198.51.100.7", "Browser/1.0", "ann@example.com", "_key\":" }) export.ShouldNotContain(personal);
        export.ShouldContain("198.51.100.0/24");
    }

    [Fact]
    public async Task Notices_whatever_is_changed()
    {
        var (storage, export, keys) = await ExportedAsync(TestDatabase.Sqlite);
        await using var _ = storage;
        var lines = Lines(export);
        (string What, string Export)[] forged =
        [
            ("an edited action", Edit(export, 3, e => e["action"] = "session.ended")),
            ("an edited time", Edit(export, 3, e => e["at"] = "2020-01-01T00:00:00.000000Z")),
            ("an edited detail", Edit(export, 3, e => e["details"]!["method"] = "passkey")),
            ("an added detail", Edit(export, 3, e => e["details"]!["x"] = "y")),
            ("another organization", Edit(export, 3, e => e["organization_id"] = OrganizationId.New(TimeProvider.System).ToString())),
            ("another address", Edit(export, 3, e => e["ip"] = "198.51.100.8")),
            ("another address without its proof", Edit(export, 3, e => { e["ip"] = "198.51.100.8"; e.Remove("origin_key"); })),
            ("another browser", Edit(export, 3, e => e["user_agent"] = "Other/1")),
            ("another personal detail", Edit(export, 3, e => e["personal"]!["email"] = "eve@example.com")),
            ("a personal detail without its proof", Edit(export, 3, e => { e["personal"]!["email"] = "eve@example.com"; e.Remove("personal_key"); })),
            ("a changed envelope", Edit(export, 3, e => e["sealed_origin"] = "AAAA")),
            ("another hash", Edit(export, 3, e => e["hash"] = new string('0', 64))),
            ("another form", Edit(export, 3, e => e["form"] = 1)),
            ("a form of the future", Edit(export, 3, e => e["form"] = 3)),
            ("a removed entry", Join(lines.Where((_, i) => i != 3))),
            ("the first one removed", Join(lines.Where((_, i) => i != 1))),
            ("an entry twice", Join([.. lines[..4], lines[3], .. lines[4..]])),
            ("two that changed places", Join([.. lines[..3], lines[4], lines[3], .. lines[5..]])),
            ("the end cut off", Join(lines[..^1])),
            ("everything cut off", Join(lines[..1])),
            ("the end cut off and the header fitted", Edit(Join(lines[..^1]), 0, h => { h["last_seq"] = 4; h["last_hash"] = JsonNode.Parse(lines[4])!["hash"]!.GetValue<string>(); })),
            ("the same without a signed head", Edit(Join(lines[..^1]), 0, h => { h["last_seq"] = 4; h["last_hash"] = JsonNode.Parse(lines[4])!["hash"]!.GetValue<string>(); h["signed_head"] = null; })),
            ("an invented removal", Join([.. lines[..3], $$"""{"trimmed":{"first_seq":3,"last_seq":3,"checkpoint":"{{AuditId.New(DateTimeOffset.UtcNow)}}","hash":"{{JsonNode.Parse(lines[3])!["hash"]}}" } }""", .. lines[4..]])),
            ("another tenant", Edit(export, 0, h => h["tenant"] = storage.Two.ToString())),
        ];
        // A signed head kept elsewhere is what the last but two are found by.
        var head = JsonNode.Parse(lines[0])!["signed_head"]!.GetValue<string>();
        foreach (var (what, text) in forged) (await VerifyAsync(text, keys, false, head)).Break.ShouldNotBeNull(what);
        (await VerifyAsync(export, keys, false, head)).Break.ShouldBeNull();
    }

    [Fact]
    public async Task Notices_a_cut_against_an_old_head_and_lets_old_exports_be_old()
    {
        var (storage, old, keys) = await ExportedAsync(TestDatabase.Sqlite);
        await using var _ = storage;
        await storage.AppendAsync(AuditWorld.SignIn(Ann), AuditWorld.SignIn(Ann));
        var export = await storage.ExportAsync();
        var newest = JsonNode.Parse(Lines(export)[0])!["signed_head"]!.GetValue<string>();
        // Cut back to the place of an old and genuinely signed head: an old export, for all the file can tell. The newer head tells.
        (await VerifyAsync(old, keys)).Break.ShouldBeNull();
        var cut = await VerifyAsync(old, keys, false, newest);
        cut.Break.ShouldNotBeNull().Reason.ShouldContain("went on");
        (await VerifyAsync(old, keys, true, newest)).Break.ShouldBeNull();
        (await VerifyAsync(export, keys, false, newest)).Break.ShouldBeNull();
    }

    [Fact]
    public async Task Believes_no_other_key_than_the_audits()
    {
        var (storage, export, _) = await ExportedAsync(TestDatabase.Sqlite);
        await using var _1 = storage;
        using var tokens = SigningKey.Generate(JwsAlgorithm.ES256);
        var lines = Lines(export);
        var genuine = JsonNode.Parse(lines[0])!["signed_head"]!.GetValue<string>();
        Jws.Peek(genuine).TryGet(out var peeked, out _).ShouldBeTrue();
        var other = Set([Jwk(tokens, "key_tokens")]);
        (await VerifyAsync(export, other)).Break.ShouldNotBeNull().Reason.ShouldContain("not signed with a key of this audit");

        // A token's key that signs a head, a head's key that signs something else: neither counts.
        var keys = await KeysAsync(storage);
        foreach (var (type, kid) in new[] { (HeadSigner.Type, peeked!.Header.KeyId!), ("at+jwt", peeked.Header.KeyId!), (HeadSigner.Type, null!) })
        {
            var forged = Jws.Sign(tokens, type, kid, peeked.Payload.Span);
            (await VerifyAsync(Edit(export, 0, h => h["signed_head"] = forged), keys)).Break.ShouldNotBeNull(type + kid);
        }
    }

    private static string Jwk(SigningKey key, string kid)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer)) key.PublicKey.WithKeyId(kid).WritePublic(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    [Fact]
    public async Task Refuses_a_file_that_proves_nothing()
    {
        var (storage, export, keys) = await ExportedAsync(TestDatabase.Sqlite);
        await using var _ = storage;
        var excerpt = await storage.ExportAsync(filter: AuditFilter.All with { Action = "session.*" });
        foreach (var text in new[] { "", "{}\n", "[]\n", "no json\n", "{\"gatehouse_audit_export\":2}\n", excerpt, Lines(export)[0] + "\n{}\n", Lines(export)[0] + "\n{\"seq\":1}\n", Edit(export, 1, e => e.Remove("hash")), Edit(export, 1, e => e["hash"] = "xx"), Edit(export, 1, e => e["at"] = "now") })
            await Should.ThrowAsync<FormatException>(() => VerifyAsync(text, keys), text.Length > 80 ? text[..80] : text);
    }

    [Fact]
    public async Task Writes_no_formula_into_a_spreadsheet()
    {
        await using var storage = await AuditWorld.OpenAsync(TestDatabase.Sqlite);
        await storage.AppendAsync(AuditWorld.SignIn(Ann, new("198.51.100.7", "=cmd|' /C calc'!A1", "+1\r\n@x")), new AuditEntry("thing.done", AuditOutcome.Failure, AuditActor.Anonymous, "thing", "-1,\"2\"", RequestFacts.None));
        var csv = await storage.ExportAsync(format: "csv");
        csv.ShouldContain("\"'=cmd|' /C calc'!A1\"");
        csv.ShouldContain("\"'+1\r\n@x\"");
        csv.ShouldContain("\"'-1,\"\"2\"\"\"");
        csv.ShouldStartWith(AuditCsv.Header);
    }

    [Theory, BothDatabases]
    public async Task Ends_an_export_where_it_was_said_to_end(TestDatabase kind)
    {
        var (storage, _, keys) = await ExportedAsync(kind);
        await using var _1 = storage;
        // More pages than one, and a chain that moves while it is written.
        for (var i = 0; i < 6; i++) await storage.AppendAsync([.. Enumerable.Range(0, 200).Select(_ => AuditWorld.SignIn(Ann))]);
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await storage.AppendAsync(AuditWorld.SignIn(Ann));
                await storage.SealAsync();
            }
        });
        var export = await storage.ExportAsync();
        await stop.CancelAsync();
        await writer;
        var found = await VerifyAsync(export, keys);
        found.Break.ShouldBeNull();
        found.Entries.ShouldBeGreaterThanOrEqualTo(1205);
    }
}
