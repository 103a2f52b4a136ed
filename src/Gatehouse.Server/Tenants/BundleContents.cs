using System.Collections.Frozen;

namespace Gatehouse.Tenants;

/// <summary>
/// Which of a tenant's tables go into its bundle, and why the others do not. A table that is in neither list fails the export and a test: whoever adds one decides
/// here. Of what goes, no <c>bytea</c> column does unless it is named: hashes and sealed values are nobody's but this server's.
/// </summary>
internal static class BundleContents
{
    private const string Live = "Lives for minutes or days on this server only: runs, sessions, tokens, codes and links.";
    private const string Secret = "A secret, or what would open one. Made anew where the data goes.";
    private const string Machinery = "How this server does its work: turns, counters, queues, indexes.";
    private const string Trail = "The audit has an export of its own (GET /api/v1/audit/export), which can be verified; this one could not.";
    private const string Older = "What an older program reads; the same stands in held_roles.";

    /// <summary>Exported only where it is asked for.</summary>
    internal const string Passwords = "passwords";

    /// <summary>What goes, in this order, so that whoever reads it finds first what later files speak of; with the binary columns that are no secret.</summary>
    internal static IReadOnlyList<(string Table, string[] Binary)> Exported { get; } =
    [
        ("tenant_domains", []), ("users", []), ("user_emails", []), ("user_phones", []), ("user_notices_off", []), ("user_deletions", []), ("user_merges", []), (Passwords, []), ("passkeys", ["credential_id", "public_key"]), ("sms_factors", []),
        ("accepted_terms", []), ("answered_steps", []),
        ("organizations", []), ("organization_schemas", []), ("organization_members", []), ("organization_domains", []), ("domain_owners", []), ("organization_requests", []), ("invitations", []),
        ("workspace_schemas", []), ("workspace_templates", []), ("workspaces", []), ("workspace_members", []),
        ("groups", []), ("group_members", []), ("group_nestings", []), ("group_rules", []), ("group_rule_members", []),
        ("apis", []), ("api_scopes", []), ("permissions", []), ("clients", []), ("client_scopes", []), ("consents", []), ("claim_rules", []),
        ("roles", []), ("role_permissions", []), ("role_inclusions", []), ("held_roles", []), ("api_keys", []),
        ("flow_versions", []), ("flow_states", []), ("mail_templates", []), ("organization_mail_templates", []), ("trail_retention", []),
    ];

    /// <summary>Text that proves or opens something, in tables that go.</summary>
    internal static FrozenSet<string> Withheld { get; } = FrozenSet.Create(StringComparer.Ordinal, "organization_domains.token");

    internal static FrozenDictionary<string, string> LeftOut { get; } = Reasons(
        (Live, ["interactions", "session_answers", "sessions", "trusted_devices", "known_devices", "grants", "authorization_codes", "refresh_tokens", "denied_tokens", "consent_answers", "client_assertions",
            "passkey_challenges", "one_time_links", "one_time_codes", "totp_enrolments", "recoveries", "pending_emails", "pending_phones", "invitation_batches", "invitation_batch_rows", "tenant_exports",
            "tenant_registrations", "impersonations"]),
        (Secret, ["totp_secrets", "recovery_codes", "password_history", "client_secrets", "api_key_secrets", "signing_keys", "tenant_data_keys", "flow_keys", "trail_person_keys", "trail_streams"]),
        (Machinery, ["outbox_events", "idempotency_keys", "rate_counters", "mail_quotas", "mails", "jobs", "job_rows", "role_turns", "group_turns", "user_index_state", "user_indexed", "user_terms"]),
        (Trail, ["audit_entries", "audit_inbox", "audit_heads", "audit_counts", "audit_signed_heads", "audit_signing_keys", "audit_holds", "audit_trimmed", "trail_addresses"]),
        (Older, ["role_assignments", "role_holders"]));

    private static FrozenDictionary<string, string> Reasons(params (string Reason, string[] Tables)[] groups) =>
        groups.SelectMany(g => g.Tables.Select(t => KeyValuePair.Create(t, g.Reason))).ToFrozenDictionary(StringComparer.Ordinal);
}
