using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Credentials;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Tests.Pages;
using Gatehouse.Tests.SignIn;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Tests.Credentials;

/// <summary>Which authenticators a tenant takes, over HTTP: lists, metadata with an authority of the test's own, synced passkeys.</summary>
public sealed class AuthenticatorPolicyTests
{
    private static readonly string[] NoModels = [];

    private static DateOnly Soon => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddDays(20).UtcDateTime);

    private static async Task<PageView> AddAsync(PasskeyWorld world, SoftAuthenticator key)
    {
        var page = await world.Browser.GetAsync("account/passkeys");
        if (page.Html.Contains("name=\"email\"", StringComparison.Ordinal) || !page.Html.Contains("data-challenge", StringComparison.Ordinal)) page = await world.Browser.SignInAsync(SignInWorld.Email, path: "account/passkeys");
        return await world.Browser.SubmitAsync(page, world.Created(page, key), "/passkeys/add");
    }

    private static async Task ChangeAsync(PasskeyWorld world, object passkeys)
    {
        using var admin = await world.People.Server.AdminAsync();
        using var patched = await admin.PatchAsJsonAsync($"api/v1/tenants/{world.People.Tenant.Id}/settings", new { passkeys });
        await patched.ReadJsonAsync(HttpStatusCode.OK);
    }

    [Theory, BothDatabases]
    public async Task Takes_no_synced_passkey_where_the_tenant_does_not(TestDatabase database)
    {
        using var world = await PasskeyWorld.EnrolledAsync(database);
        await ChangeAsync(world, new { allow_synced = false });
        await world.RefuseAsync("webauthn_backup_refused");
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var key = new SoftAuthenticator();
        (await AddAsync(world, key)).ShouldBe(HttpStatusCode.UnprocessableEntity, "Passkeys that are copied to your other devices cannot be used here");
        (await world.People.AuditAsync("passkey.added"))[0].Reason.ShouldBe("webauthn_backup_refused");
        using var bound = new SoftAuthenticator { Flags = 0x05 };
        (await AddAsync(world, bound)).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
    }

    [Fact]
    public async Task Keeps_to_the_tenant_s_lists_of_models()
    {
        using var vendor = new SoftVendor();
        using var key = vendor.NewAuthenticator();
        using var other = new SoftAuthenticator();
        using var world = await PasskeyWorld.OpenAsync(settings: new { passkeys = new { attestation = "direct", aaguids_allowed = new[] { vendor.Aaguid } } });
        var page = await world.Browser.SignInAsync(SignInWorld.Email, path: "account/passkeys");
        PasskeyWorld.Data(page, "attestation").ShouldBe("direct");
        (await AddAsync(world, other)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        (await AddAsync(world, key)).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
        await ChangeAsync(world, new { aaguids_allowed = NoModels, aaguids_denied = new[] { vendor.Aaguid } });
        using var second = vendor.NewAuthenticator();
        (await AddAsync(world, second)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        await world.Browser.SignOutAsync();
        await world.RefuseAsync("webauthn_model_refused", asked => key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(asked, "challenge"), world.Origin));
    }

    [Fact]
    public async Task Fails_closed_without_metadata()
    {
        using var vendor = new SoftVendor();
        using var key = vendor.NewAuthenticator();
        using var world = await PasskeyWorld.OpenAsync(settings: new { passkeys = new { attestation = "direct", require_known = true } });
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await AddAsync(world, key)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        (await world.People.AuditAsync("passkey.added"))[0].Reason.ShouldBe("webauthn_model_refused");
        using var admin = await world.People.Server.AdminAsync(world.People.Tenant);
        var state = await (await admin.GetAsync("api/v1/authenticator-metadata")).ReadJsonAsync(HttpStatusCode.OK);
        (state.GetProperty("source").GetString(), state.GetProperty("usable").GetBoolean(), state.GetProperty("number").ValueKind).ShouldBe(("none", false, JsonValueKind.Null));
        using var unknown = await admin.GetAsync($"api/v1/authenticator-metadata/{vendor.Aaguid}");
        await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, "authenticator_unknown");
        await world.People.Server.ShouldNeedAsync(world.People.Tenant, "GET", "api/v1/authenticator-metadata", "sessions:read");
        await world.People.Server.ShouldNeedAsync(world.People.Tenant, "GET", $"api/v1/authenticator-metadata/{vendor.Aaguid}", "sessions:read");
    }

    /// <summary>A file and its authorities; the server reads the file again when it changes.</summary>
    [Theory, BothDatabases]
    public async Task Takes_what_the_metadata_knows_and_nothing_that_it_forbids(TestDatabase database)
    {
        using var service = new SoftMetadata();
        using var vendor = new SoftVendor();
        using var forger = new SoftVendor();
        var folder = Directory.CreateTempSubdirectory("gatehouse-metadata-").FullName;
        var (file, roots) = (Path.Combine(folder, "list.jwt"), Path.Combine(folder, "roots.pem"));
        await File.WriteAllTextAsync(roots, service.Root.ExportCertificatePem());
        async Task PublishAsync(long number, params (string, string)[] statuses) =>
            await File.WriteAllTextAsync(file, service.Sign(SoftMetadata.Payload(number, Soon, SoftMetadata.Entry(vendor, statuses))));
        await PublishAsync(5, ("NOT_FIDO_CERTIFIED", "2024-01-01"));
        await using var server = await TestServer.StartAsync(database, new TestServerOptions
        {
            Settings = new Dictionary<string, string?> { ["AuthenticatorMetadata:File"] = file, ["AuthenticatorMetadata:Roots"] = roots, ["AuthenticatorMetadata:SignerName"] = "mds.fidoalliance.org" },
        });
        using var people = await SignInWorld.OpenAsync(server, new { registration = new { open = true }, passkeys = new { attestation = "direct", require_known = true } });
        using var world = PasskeyWorld.Of(people);
        using var admin = await server.AdminAsync(people.Tenant);
        async Task<JsonElement> StateAsync() => await (await admin.GetAsync("api/v1/authenticator-metadata")).ReadJsonAsync(HttpStatusCode.OK);
        async Task TurnAsync() => await server.Services.GetRequiredService<AuthenticatorMetadata>().RefreshAsync(CancellationToken.None);
        await Eventually.TrueAsync(async () => (await StateAsync()).GetProperty("number").ValueKind == JsonValueKind.Number, TimeSpan.FromSeconds(20), "the list is read");
        var model = await (await admin.GetAsync($"api/v1/authenticator-metadata/{vendor.Aaguid}")).ReadJsonAsync(HttpStatusCode.OK);
        (model.GetProperty("description").GetString(), model.GetProperty("certified").GetBoolean()).ShouldBe(("Soft Key 1", false));

        // Only what the model's own authority stands behind.
        await world.Browser.SignInAsync(SignInWorld.Email);
        using var key = vendor.NewAuthenticator();
        using var unknown = forger.NewAuthenticator();
        using var claimed = new SoftAuthenticator { Aaguid = vendor.Aaguid, Flags = 0x05 };
        using var self = new SoftAuthenticator { Aaguid = vendor.Aaguid, Flags = 0x05, Attest = SoftVendor.Self };
        foreach (var (bad, reason) in new[] { (unknown, "webauthn_model_refused"), (claimed, "webauthn_attestation_untrusted"), (self, "webauthn_attestation_untrusted") })
        {
            (await AddAsync(world, bad)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
            (await people.AuditAsync("passkey.added"))[0].Reason.ShouldBe(reason);
        }
        (await AddAsync(world, key)).ShouldBe(HttpStatusCode.OK, "Your passkey is added");
        var listed = await (await admin.GetAsync($"api/v1/users/{people.UserId}/passkeys")).ReadJsonAsync(HttpStatusCode.OK);
        (listed.GetProperty("items")[0].GetProperty("attested").GetBoolean(), listed.GetProperty("items")[0].GetProperty("aaguid").GetGuid()).ShouldBe((true, vendor.Aaguid));

        // Certification, when it is asked for.
        await ChangeAsync(world, new { require_certified = true });
        using var second = vendor.NewAuthenticator();
        (await AddAsync(world, second)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        await PublishAsync(6, ("NOT_FIDO_CERTIFIED", "2024-01-01"), ("FIDO_CERTIFIED_L1", "2024-02-01"));
        await TurnAsync();
        (await AddAsync(world, second)).ShouldBe(HttpStatusCode.OK, "Your passkey is added");

        // Revoked: no new ones, and those there are open nothing. An older list does not bring it back.
        await PublishAsync(8, ("FIDO_CERTIFIED_L1", "2024-02-01"), ("REVOKED", "2024-03-01"));
        await TurnAsync();
        using var third = vendor.NewAuthenticator();
        (await AddAsync(world, third)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        await PublishAsync(7, ("FIDO_CERTIFIED_L1", "2024-02-01"));
        await TurnAsync();
        var state = await StateAsync();
        (state.GetProperty("number").GetInt64(), state.GetProperty("problem").GetString()).ShouldBe((8, "The list is older than the one that is held."));
        (await AddAsync(world, third)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        await world.Browser.SignOutAsync();
        await world.RefuseAsync("webauthn_model_refused", asked => key.Get(PasskeyWorld.RpId, PasskeyWorld.Data(asked, "challenge"), world.Origin));

        // Out of date: nothing new, until there is a new list.
        await PublishAsync(9, ("FIDO_CERTIFIED_L1", "2024-02-01"));
        await TurnAsync();
        server.Clock.Advance(TimeSpan.FromDays(36));
        using var later = await server.AdminAsync(people.Tenant);
        (await (await later.GetAsync("api/v1/authenticator-metadata")).ReadJsonAsync(HttpStatusCode.OK)).GetProperty("usable").GetBoolean().ShouldBeFalse();
        await world.Browser.SignInAsync(SignInWorld.Email);
        (await AddAsync(world, third)).ShouldBe(HttpStatusCode.UnprocessableEntity, "This kind of device cannot be used here");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>From an address: fetched in the background, kept beside the data, and believed after a restart without the service.</summary>
    [Fact]
    public async Task Fetches_the_list_and_keeps_it()
    {
        using var service = new SoftMetadata();
        using var vendor = new SoftVendor();
        var folder = Directory.CreateTempSubdirectory("gatehouse-metadata-").FullName;
        var roots = Path.Combine(folder, "roots.pem");
        await File.WriteAllTextAsync(roots, service.Root.ExportCertificatePem());
        var answer = service.Sign(SoftMetadata.Payload(3, Soon, SoftMetadata.Entry(vendor)));
        await using var web = await SmallWeb.StartAsync(() => answer);
        Dictionary<string, string?> settings = new() { ["AuthenticatorMetadata:Url"] = web.Url, ["AuthenticatorMetadata:Roots"] = roots };
        await using var server = await TestServer.StartAsync(TestDatabase.Sqlite, new TestServerOptions { Settings = settings });
        var metadata = server.Services.GetRequiredService<AuthenticatorMetadata>();
        var cache = Path.Combine(server.DataDirectory, "authenticator-metadata.jwt");
        await Eventually.TrueAsync(() => Task.FromResult(metadata.State.Blob?.Number == 3 && File.Exists(cache)), TimeSpan.FromSeconds(20), "the list is fetched");

        // A forged, an older and an overlong answer change nothing.
        using var forger = new SoftMetadata();
        string[] wrong = [forger.Sign(SoftMetadata.Payload(99, new DateOnly(2040, 1, 1))), service.Sign(SoftMetadata.Payload(2, new DateOnly(2040, 1, 1))), new('x', 33 * 1024 * 1024)];
        foreach (var bad in wrong)
        {
            answer = bad;
            server.Clock.Advance(TimeSpan.FromHours(25));
            await metadata.RefreshAsync(CancellationToken.None);
            (metadata.State.Blob!.Number, metadata.State.Problem is not null).ShouldBe((3, true));
        }
        new FileInfo(cache).Length.ShouldBeLessThan(100_000);

        // Another process with the same folder, while the service is away, believes what was kept; and the forged file it does not.
        await web.DisposeAsync();
        async Task<long?> AfterRestartAsync()
        {
            using var again = new AuthenticatorMetadata(server.Services.GetRequiredService<IOptions<AuthenticatorMetadataOptions>>(), server.Services.GetRequiredService<IOptions<StorageOptions>>(), TimeProvider.System,
                server.Services.GetRequiredService<ILogger<AuthenticatorMetadata>>());
            await again.RefreshAsync(CancellationToken.None);
            again.State.Problem.ShouldNotBeNull();
            return again.State.Blob?.Number;
        }

        (await AfterRestartAsync()).ShouldBe(3);
        await File.WriteAllTextAsync(cache, wrong[0]);
        (await AfterRestartAsync()).ShouldBeNull();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("AuthenticatorMetadata:Url", "http://mds.example/")]
    [InlineData("AuthenticatorMetadata:Url", "ftp://x")]
    [InlineData("AuthenticatorMetadata:Roots", "/nowhere/roots.pem")]
    [InlineData("AuthenticatorMetadata:Refresh", "00:01:00")]
    [InlineData("AuthenticatorMetadata:Grace", "91.00:00:00")]
    public async Task Does_not_start_with_a_wrong_setting(string name, string value) =>
        await Should.ThrowAsync<OptionsValidationException>(() => TestServer.StartAsync(TestDatabase.Sqlite, new TestServerOptions { Settings = new Dictionary<string, string?> { [name] = value } }));
}
