using Gatehouse.Storage;

namespace Gatehouse.Credentials;

/// <summary>What of this room's tables goes with time.</summary>
internal static class CredentialsPruning
{
    private const string CountersOf = "SELECT DISTINCT tenant_id FROM rate_counters WHERE window_ends_at < @cutoff LIMIT 1000";
    private const string Counters = """
        DELETE FROM rate_counters WHERE tenant_id = @tenant AND (bucket, key_hash) IN
          (SELECT bucket, key_hash FROM rate_counters WHERE tenant_id = @tenant AND window_ends_at < @cutoff LIMIT 2000)
        """;

    private const string LinksOf = "SELECT DISTINCT tenant_id FROM one_time_links WHERE expires_at < @cutoff LIMIT 1000";
    private const string Links = """
        DELETE FROM one_time_links WHERE tenant_id = @tenant AND token_hash IN
          (SELECT token_hash FROM one_time_links WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    private const string DevicesOf = "SELECT DISTINCT tenant_id FROM known_devices WHERE last_used_at < @cutoff LIMIT 1000";
    private const string Devices = """
        DELETE FROM known_devices WHERE tenant_id = @tenant AND (user_id, device_hash) IN
          (SELECT user_id, device_hash FROM known_devices WHERE tenant_id = @tenant AND last_used_at < @cutoff LIMIT 2000)
        """;

    private const string EnrolmentsOf = "SELECT DISTINCT tenant_id FROM totp_enrolments WHERE expires_at < @cutoff LIMIT 1000";
    private const string Enrolments = """
        DELETE FROM totp_enrolments WHERE tenant_id = @tenant AND (user_id, browser_hash) IN
          (SELECT user_id, browser_hash FROM totp_enrolments WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    // A count of what one run was sent must outlive the code: an hour, as runs do.
    private const string CodesOf = "SELECT DISTINCT tenant_id FROM one_time_codes WHERE expires_at < @cutoff LIMIT 1000";
    private const string Codes = """
        DELETE FROM one_time_codes WHERE tenant_id = @tenant AND (purpose, run_id, subject_hash) IN
          (SELECT purpose, run_id, subject_hash FROM one_time_codes WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    private const string ChallengesOf = "SELECT DISTINCT tenant_id FROM passkey_challenges WHERE expires_at < @cutoff LIMIT 1000";
    private const string Challenges = """
        DELETE FROM passkey_challenges WHERE tenant_id = @tenant AND (purpose, subject_id) IN
          (SELECT purpose, subject_id FROM passkey_challenges WHERE tenant_id = @tenant AND expires_at < @cutoff LIMIT 2000)
        """;

    internal static ExpiredRows[] Tables { get; } =
    [
        new("rate_counters", CountersOf, Counters, TimeSpan.Zero),
        new("passkey_challenges", ChallengesOf, Challenges, TimeSpan.Zero),
        // A day longer than it worked: time for an administrator to see what was sent.
        new("one_time_links", LinksOf, Links, TimeSpan.FromDays(1)),
        new("totp_enrolments", EnrolmentsOf, Enrolments, TimeSpan.Zero),
        new("one_time_codes", CodesOf, Codes, TimeSpan.FromHours(1)),
        // As long as the browser keeps its cookie.
        new("known_devices", DevicesOf, Devices, TimeSpan.FromDays(400)),
    ];
}
