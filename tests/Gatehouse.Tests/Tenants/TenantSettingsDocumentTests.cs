using System.Text.Json.Nodes;
using Gatehouse.Http;
using Gatehouse.Tenants;

namespace Gatehouse.Tests.Tenants;

public sealed class TenantSettingsDocumentTests
{
    [Fact]
    public void Lays_what_is_stored_over_the_defaults()
    {
        var settings = TenantSettingsDocument.Read("""{"sessions":{"idle_seconds":120},"locales":{"offered":["en"]}}""");
        settings.Sessions.ShouldBe(new SessionSettings { IdleSeconds = 120 });
        settings.Locales.Offered.ShouldBe(["en"]);
        settings.Tokens.ShouldBe(new TokenSettings());
        TenantSettingsDocument.Read("{}").ShouldBe(TenantSettings.Default);
    }

    [Fact]
    public void Survives_settings_that_a_newer_version_stored() =>
        TenantSettingsDocument.Read("""{"teleport":{"on":true},"sessions":{"idle_seconds":120,"warp":9}}""").Sessions.IdleSeconds.ShouldBe(120);

    [Fact]
    public void Stores_only_what_differs()
    {
        var document = JsonNode.Parse("""{"sessions":{"idle_seconds":120,"absolute_seconds":2592000},"brand":{"accent":"#4f46e5"},"locales":{"offered":["en","fa"]}}""")!.AsObject();
        TenantSettingsDocument.Shorten(document).ShouldBe("""{"sessions":{"idle_seconds":120}}""");
    }

    [Fact]
    public void Null_goes_back_to_the_default()
    {
        var stored = JsonNode.Parse("""{"sessions":{"idle_seconds":120},"tokens":{"code_seconds":10}}""")!.AsObject();
        var patch = JsonNode.Parse("""{"sessions":{"idle_seconds":null},"tokens":null}""")!.AsObject();
        TenantSettingsDocument.Merge(stored, patch).TryGet(out var merged, out _).ShouldBeTrue();
        TenantSettingsDocument.Shorten(merged!).ShouldBe("{}");
    }

    [Fact]
    public void Names_the_unknown_member_by_its_path()
    {
        TenantSettingsDocument.Merge([], JsonNode.Parse("""{"sessions":{"idle":1}}""")!.AsObject()).TryGet(out _, out var problem).ShouldBeFalse();
        (problem!.Code, problem.Field).ShouldBe(("member_unknown", "sessions.idle"));
    }

    [Fact]
    public void Accepts_the_defaults() => TenantSettingsValidator.Validate(TenantSettings.Default).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"sessions":{"idle_seconds":59}}""", "sessions.idle_seconds")]
    [InlineData("""{"sessions":{"idle_seconds":86400,"absolute_seconds":3600}}""", "sessions.absolute_seconds")]
    [InlineData("""{"passwords":{"min_length":7}}""", "passwords.min_length")]
    [InlineData("""{"passwords":{"max_length":1025}}""", "passwords.max_length")]
    [InlineData("""{"passwords":{"required_classes":5}}""", "passwords.required_classes")]
    [InlineData("""{"tokens":{"code_seconds":61}}""", "tokens.code_seconds")]
    [InlineData("""{"tokens":{"access_token_seconds":9}}""", "tokens.access_token_seconds")]
    [InlineData("""{"tokens":{"refresh_absolute_seconds":1000}}""", "tokens.refresh_absolute_seconds")]
    [InlineData("""{"tokens":{"refresh_grace_seconds":61}}""", "tokens.refresh_grace_seconds")]
    [InlineData("""{"keys":{"rotation_seconds":100}}""", "keys.prepublish_seconds")]
    [InlineData("""{"keys":{"retire_seconds":599}}""", "keys.retire_seconds")]
    [InlineData("""{"locales":{"offered":[]}}""", "locales.offered")]
    [InlineData("""{"locales":{"offered":["xx"]}}""", "locales.offered")]
    [InlineData("""{"locales":{"offered":["fa"]}}""", "locales.default")]
    [InlineData("""{"brand":{"accent":"red"}}""", "brand.accent")]
    [InlineData("""{"brand":{"terms_url":"http://acme.com"}}""", "brand.terms_url")]
    [InlineData("""{"brand":{"privacy_url":"javascript:alert(1)"}}""", "brand.privacy_url")]
    [InlineData("""{"limits":{"failures_per_ip":4}}""", "limits.failures_per_ip")]
    [InlineData("""{"limits":{"mails_per_address":101}}""", "limits.mails_per_address")]
    [InlineData("""{"limits":{"sms_per_number_hour":0}}""", "limits.sms_per_number_hour")]
    [InlineData("""{"limits":{"sms_prefix_digits":9}}""", "limits.sms_prefix_digits")]
    [InlineData("""{"sms":{"allowed_countries":["de"]}}""", "sms.allowed_countries")]
    [InlineData("""{"sms":{"allowed_countries":["DE","DE"]}}""", "sms.allowed_countries")]
    [InlineData("""{"sms":{"allowed_countries":null}}""", "sms.allowed_countries")]
    [InlineData("""{"sms":{"default_country":"49"}}""", "sms.default_country")]
    [InlineData("""{"passkeys":{"rp_id":"https://example.com"}}""", "passkeys.rp_id")]
    [InlineData("""{"passkeys":{"rp_id":"com"}}""", "passkeys.rp_id")]
    [InlineData("""{"passkeys":{"rp_id":null}}""", "passkeys.rp_id")]
    [InlineData("""{"passkeys":{"related_origins":["https://a.example/"]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"related_origins":["http://a.example"]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"related_origins":["https://A.example"]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"related_origins":["https://192.0.2.1"]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"related_origins":[null]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"related_origins":["https://a.example","https://a.example"]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"related_origins":["https://a.b","https://c.b","https://d.b","https://e.b","https://f.b","https://g.b"]}}""", "passkeys.related_origins")]
    [InlineData("""{"passkeys":{"frame_origins":["*"]}}""", "passkeys.frame_origins")]
    [InlineData("""{"passkeys":{"attestation":"enterprise"}}""", "passkeys.attestation")]
    [InlineData("""{"passkeys":{"attestation":"direct","aaguids_allowed":["yubikey"]}}""", "passkeys.aaguids_allowed")]
    [InlineData("""{"passkeys":{"attestation":"direct","aaguids_denied":["ee882879-721c-4913-9775-3dfcce97072a","EE882879-721C-4913-9775-3dfcce97072a"]}}""", "passkeys.aaguids_denied")]
    [InlineData("""{"passkeys":{"aaguids_allowed":["ee882879-721c-4913-9775-3dfcce97072a"]}}""", "passkeys.aaguids_allowed")]
    [InlineData("""{"passkeys":{"attestation":"indirect","aaguids_denied":["ee882879-721c-4913-9775-3dfcce97072a"]}}""", "passkeys.aaguids_denied")]
    [InlineData("""{"passkeys":{"require_known":true}}""", "passkeys.require_known")]
    [InlineData("""{"passkeys":{"require_certified":true}}""", "passkeys.require_certified")]
    public void Refuses_what_is_out_of_range_at_its_field(string document, string field) =>
        TenantSettingsValidator.Validate(TenantSettingsDocument.Read(document)).Select(p => p.Field).ShouldBe([field]);
}
